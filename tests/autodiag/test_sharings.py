"""What a structure shows: rules, what is frozen, what is never part of it, and every wall around it."""

import json
from datetime import date, timedelta

import pytest

from autodiag.enums import SharingKind
from autodiag.models import Sharing, Submission
from autodiag.rules.sharings import can_last_until, last_end, proposed_end
from autodiag.services.sharings import ChangedMeanwhile, NotShared, Preview, share, was_shown, withdraw_sharing
from autodiag.services.submission import submit
from autodiag.showing import content_to_show, drawn
from caprse.base import clock
from caprse.base.models import AuditEvent
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Organisation, Participation, User
from tests.harness.threads import at_once
from tests.worlds import TODAY, World
from tests.worlds_sharings import shared

ADVANCE = {"kind": SharingKind.STEP_FORWARD, "title": "Un carnet de bord", "text": "Chaque équipe le tient."}
SECRETS = ("Commentaire", "Motif d’accord", "Livret d’accueil", "Source du chiffre")


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def neighbour(db):
    return World("neighbour")


def actors(world, role=Role.BOARD_MEMBER):
    return world.actor(role)


def seen_by(actor, sharing):
    return Sharing.objects.visible_to(actor).filter(pk=sharing.pk).exists()


def team(key="ours", role="facilitator"):
    return Actor.of(User.objects.get(email=f"{role}@{key}.example.org"))


# --- Rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "day", "expected"),
    [
        (proposed_end, date(2025, 11, 30), date(2026, 2, 28)),
        (last_end, date(2025, 12, 31), date(2026, 12, 31)),
        (last_end, date(2024, 2, 29), date(2025, 2, 28)),
        (proposed_end, date(2025, 10, 1), date(2026, 1, 1)),
    ],
)
def test_months_are_counted_on_the_calendar(end, day, expected):
    assert end(day) == expected


def test_a_sharing_lasts_from_today_to_a_year():
    assert can_last_until(TODAY, TODAY)
    assert can_last_until(date(2026, 11, 4), TODAY)
    assert "est passé" in can_last_until(TODAY - timedelta(days=1), TODAY).reason
    assert "un an au plus" in can_last_until(date(2026, 11, 5), TODAY).reason
    assert can_last_until(proposed_end(TODAY), TODAY)


# --- What is frozen -----------------------------------------------------------------------------------------------


def transmitted():
    """A content that holds everything a chapter may hold."""
    return {
        "referentiel": "R",
        "code": "R",
        "version": 1,
        "notice": "",
        "cohort": "Cohorte",
        "structure": "Structure",
        "chapter": {"number": 1, "title": "Titre"},
        "scale": [[0, "Zéro"], [1, "Un"]],
        "score": {},
        "criteria": [
            {
                "stable_id": "x",
                "code": "1.1",
                "title": "Critère",
                "section": "Partie",
                "question": "Question ?",
                "weight": 1,
                "levels": [[0, "Description zéro"], [1, "Description un"]],
                "kind": "level",
                "value": 1,
                "na_reason": "",
                "practice": "Ce qui se fait",
                "strength": "Une force",
                "difficulty": "Une difficulté",
                "to_review": True,
                "comment": "Commentaire partagé",
                "agreement": {
                    "kind": "level",
                    "value": 1,
                    "reason": "Motif d’accord",
                    "on": "2025-05-01",
                    "voices": 3,
                    "stands": True,
                },
                "indicators": [
                    {
                        "title": "Indicateur",
                        "unit": "%",
                        "figures": [{"year": 2024, "value": "3", "unknown": False, "source": "Source du chiffre"}],
                    }
                ],
                "evidence": [{"title": "Livret d’accueil", "page": "", "number": 1, "sha256": "ab", "url": ""}],
            }
        ],
    }


@pytest.mark.parametrize("kind", [SharingKind.SYNTHESIS, SharingKind.AUTODIAG])
def test_comments_evidence_and_reasons_are_never_shown(kind):
    frozen = json.dumps(content_to_show(kind, transmitted()), ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in frozen] == []
    for kept in ("Ce qui se fait", "Une force", "Titre", "1.1"):
        assert kept in frozen


def test_a_synthesis_leaves_out_what_a_whole_autodiagnostic_holds():
    synthesis = json.dumps(content_to_show(SharingKind.SYNTHESIS, transmitted()), ensure_ascii=False)
    whole = json.dumps(content_to_show(SharingKind.AUTODIAG, transmitted()), ensure_ascii=False)
    for more in ("Une difficulté", "Question ?", "Description un", "Indicateur", "2025-05-01"):
        assert more not in synthesis
        assert more in whole


def test_what_is_drawn_comes_from_the_frozen_content(ours):
    content = content_to_show(SharingKind.SYNTHESIS, transmitted())
    shown = drawn(SharingKind.SYNTHESIS, "Titre", "", content)
    assert shown.synthesis.rows[0]["answer"] == "1 – Un"
    assert "<svg" in str(shown.synthesis.picture.svg)
    assert drawn(SharingKind.DIFFICULTY, "Titre", "Mots", {}).synthesis is None
    # As the first form of the product froze it.
    old = transmitted()
    for name in ("strength", "difficulty", "agreement", "indicators", "evidence", "stable_id"):
        del old["criteria"][0][name]
    assert drawn(SharingKind.AUTODIAG, "T", "", content_to_show(SharingKind.AUTODIAG, old)).synthesis.rows


# --- Sharing, withdrawing -----------------------------------------------------------------------------------------


def test_what_was_previewed_is_kept_with_a_line_in_the_journal(ours):
    made = shared(ours, kind=SharingKind.SYNTHESIS, autodiag=ours.submitted, role=Role.LEGAL_REPRESENTATIVE)
    assert made.title == "Chapitre 1 – Titre du chapitre 1"
    assert made.cohort_id == ours.participation.cohort_id
    assert made.shared_by == ours.user(Role.LEGAL_REPRESENTATIVE)
    line = AuditEvent.objects.get(verb="sharing.made", target_id=made.pk)
    assert line.details == {"kind": "synthesis", "to": None}
    assert "Commentaire" not in json.dumps(made.content, ensure_ascii=False)


def test_transmitted_again_meanwhile_nothing_is_shared_and_the_new_preview_is_given(ours):
    path, by = ours.participation, ours.actor(Role.REFERENT)
    what = {"kind": SharingKind.SYNTHESIS, "autodiag": ours.submitted, "until": date(2026, 1, 31), "text": "Relisez"}
    before = Preview(**what)
    first = Submission.objects.get(autodiag=ours.submitted)
    content = {**first.content, "criteria": [{**row, "practice": "Corrigée"} for row in first.content["criteria"]]}
    first.pk, first.number, first.reason, first.content = None, 2, "Corrigé", content
    first.save(force_insert=True)
    with pytest.raises(ChangedMeanwhile) as met:
        share(participation=path, by=by, seen=before.stamp, **what)
    assert met.value.preview.shown.synthesis.rows[0]["practice"] == "Corrigée"
    assert not Sharing.objects.filter(text="Relisez").exists()
    made = share(participation=path, by=by, seen=met.value.preview.stamp, **what)
    assert {row["practice"] for row in made.content["criteria"]} == {"Corrigée"}


@pytest.mark.parametrize("changed", [{"text": "Autre"}, {"until": date(2026, 2, 1)}, {"title": "Autre"}])
def test_whatever_differs_from_the_preview_is_not_shared(ours, changed):
    what = {**ADVANCE, "until": date(2026, 1, 31)}
    seen = Preview(**what).stamp
    with pytest.raises(ChangedMeanwhile):
        share(participation=ours.participation, by=ours.actor(Role.REFERENT), seen=seen, **{**what, **changed})


def test_the_same_sharing_sent_twice_at_once_is_one(committed_db):
    ours = World("ours")
    path, by, what = ours.participation, ours.actor(Role.REFERENT), {**ADVANCE, "until": date(2026, 1, 31)}
    seen = Preview(**what).stamp
    given = at_once(*[lambda: share(participation=path, by=by, seen=seen, **what).pk] * 3)
    assert set(given) == {Sharing.objects.get(title=ADVANCE["title"]).pk}


def test_a_chapter_that_is_not_transmitted_is_not_shown(ours):
    with pytest.raises(NotShared, match="pas encore transmis"):
        Preview(kind=SharingKind.SYNTHESIS, autodiag=ours.draft, until=date(2026, 1, 31))


def test_a_whole_autodiagnostic_goes_to_one_structure_of_the_cohort_and_no_other(ours, neighbour):
    whole = {"kind": SharingKind.AUTODIAG, "autodiag": ours.submitted}
    with pytest.raises(NotShared, match="une seule structure"):
        shared(ours, **whole)
    for other in (World("stranger").organisation, ours.organisation):
        with pytest.raises(NotShared, match="n’est pas, ou plus, dans votre cohorte"):
            shared(ours, **whole, to_organisation=other)
    assert shared(ours, **whole, to_organisation=neighbour.organisation).pk


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), date(2026, 11, 5)])
def test_the_service_holds_the_days_too(ours, until):
    with pytest.raises(NotShared):
        shared(ours, until=until, **ADVANCE)


def test_withdrawn_twice_is_withdrawn_once(ours):
    made = shared(ours, **ADVANCE)
    for _ in range(2):
        withdrawn = withdraw_sharing(sharing=made, by=ours.actor(Role.REFERENT))
    assert withdrawn.withdrawn_by == ours.user(Role.REFERENT)
    assert AuditEvent.objects.filter(verb="sharing.withdrawn", target_id=made.pk).count() == 1


def test_withdrawn_by_two_people_at_once_it_is_withdrawn_once(committed_db):
    ours = World("ours")
    made = shared(ours, **ADVANCE)
    people = (ours.actor(Role.REFERENT), ours.actor(Role.LEGAL_REPRESENTATIVE))
    acts = [lambda by=by: withdraw_sharing(sharing=made, by=by).withdrawn_by_id for by in people]
    given = at_once(*acts)
    assert set(given) == {Sharing.objects.get(pk=made.pk).withdrawn_by_id}
    assert AuditEvent.objects.filter(verb="sharing.withdrawn", target_id=made.pk).count() == 1


# --- Walls --------------------------------------------------------------------------------------------------------


def test_shown_to_the_cohort_its_structures_and_who_accompanies_it_read_it(ours, neighbour):
    made = shared(ours, **ADVANCE)
    for actor in (actors(ours), actors(neighbour), team(), team(role="region_admin")):
        assert seen_by(actor, made)
    for actor in (actors(World("stranger")), team("stranger"), team(role="national_staff"), team(role="partner")):
        assert not seen_by(actor, made)
        assert not was_shown(actor, "ici", made.public_id)


def test_shown_to_one_structure_no_third_reads_it_nor_who_accompanies(ours, neighbour):
    made = shared(ours, **ADVANCE, to_organisation=neighbour.organisation)
    assert seen_by(actors(neighbour), made)
    for actor in (actors(World("lapsed")), actors(World("stranger")), team(), team(role="region_admin")):
        assert not seen_by(actor, made)
        assert not was_shown(actor, "ici", made.public_id)


def test_another_cohort_of_the_region_reads_nothing(ours, neighbour):
    elsewhere = Participation.objects.get(cohort__slug="permanente", organisation=ours.organisation)
    made = shared(ours, **ADVANCE)
    Sharing.objects.filter(pk=made.pk).update(participation=elsewhere, cohort=elsewhere.cohort)
    assert seen_by(actors(ours), made)
    for actor in (actors(neighbour), team()):
        assert not seen_by(actor, made)
        assert not was_shown(actor, "ici", made.public_id)


def test_its_last_day_is_included_and_the_next_is_not(ours, neighbour):
    made = shared(ours, until=TODAY, **ADVANCE)
    with clock.stopped(clock.at(TODAY, 23, 59)):
        assert seen_by(actors(neighbour), made)
    with clock.stopped(clock.at(TODAY + timedelta(days=1), 0)):
        assert not seen_by(actors(neighbour), made)
        assert was_shown(actors(neighbour), "ici", made.public_id)
        assert seen_by(actors(ours), made)


@pytest.mark.parametrize("who", ["ours", "neighbour"])
def test_when_either_structure_leaves_the_cohort_nothing_is_seen(ours, neighbour, who):
    made = shared(ours, **ADVANCE)
    Participation.objects.filter(pk=World(who).participation.pk).update(left_on=TODAY)
    assert not seen_by(actors(neighbour), made)
    assert was_shown(actors(neighbour), "ici", made.public_id)
    assert seen_by(actors(ours), made)


def test_a_structure_that_left_shares_nothing_more(ours):
    Participation.objects.filter(pk=ours.participation.pk).update(left_on=TODAY)
    with pytest.raises(NotShared, match="a quitté cette cohorte"):
        shared(ours, **ADVANCE)


def test_one_who_left_is_no_longer_chosen(ours, neighbour):
    Participation.objects.filter(pk=neighbour.participation.pk).update(left_on=TODAY)
    with pytest.raises(NotShared, match="ou plus, dans votre cohorte"):
        shared(ours, **ADVANCE, to_organisation=Organisation.objects.get(pk=neighbour.organisation.pk))


def test_withdrawn_it_is_gone_for_everybody_else_at_once(ours, neighbour):
    made = shared(ours, **ADVANCE)
    withdraw_sharing(sharing=made, by=ours.actor(Role.REFERENT))
    for actor in (actors(neighbour), team(), team(role="region_admin")):
        assert not seen_by(actor, made)
        assert was_shown(actor, "ici", made.public_id)
    assert seen_by(actors(ours), made)


def test_a_chapter_is_shown_as_it_was_transmitted(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    made = shared(ours, kind=SharingKind.SYNTHESIS, autodiag=ours.autodiag(2))
    assert [row["kind"] for row in made.content["criteria"]][2:] == ["unknown", "unknown"]
