"""Viewpoints: one's own, blind until the comparison opens, then fixed; the rule of the structure; the group one speaks from."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from autodiag.enums import AnswerKind
from autodiag.models import Comparison, Viewpoint, Voice, VoiceRule
from autodiag.models.voices import comparing_of
from autodiag.rules import voices as rules
from autodiag.rules.voices import Comparing
from autodiag.services.submission import submit
from autodiag.services.viewpoints import NotNow, choose_group, decide_rule, open_comparison, save_viewpoint
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.services.people import create_person, give_role
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World
from tests.worlds_voices import BOARD, TEAM, give, speak

OPEN, BLIND, AS_THEY_COME = Comparing(opened_at=clock.at(date(2025, 10, 1), 9)), Comparing(), Comparing(blind=False)


@pytest.fixture
def ours(db):
    return World("ours")


def mine(world, position, role, chapter=2):
    rows = Viewpoint.objects.visible_to(world.actor(role)).filter(answer__autodiag=world.autodiag(chapter))
    return rows.get(answer__criterion__position=position)


def as_they_come(world, *, blind=False, revision=0):
    return decide_rule(participation=world.participation, blind=blind, revision=revision, by=world.actor(Role.REFERENT))


# --- Rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("comparing", "shows"), [(BLIND, False), (OPEN, True), (AS_THEY_COME, True)])
def test_gaps_are_read_once_open_or_as_they_come(comparing, shows):
    assert bool(rules.can_compare(comparing)) is shows
    assert shows or "à l’aveugle" in rules.can_compare(comparing).reason


@pytest.mark.parametrize(
    ("comparing", "voices", "reason"),
    [
        (BLIND, 1, ""),
        (BLIND, 0, rules.NOBODY_YET),
        (OPEN, 4, rules.ALREADY_OPEN),
        (AS_THEY_COME, 4, rules.AS_THEY_COME),
    ],
)
def test_a_comparison_opens_once_where_viewpoints_are_blind(comparing, voices, reason):
    verdict = rules.can_open(comparing, voices)
    assert (bool(verdict), verdict.reason) == (not reason, reason)


def test_viewpoints_are_given_while_the_chapter_is_worked_on(ours):
    draft, today = ours.draft, date(2025, 11, 4)
    assert rules.can_give(draft, BLIND, today)
    assert rules.can_give(draft, AS_THEY_COME, today)
    assert rules.can_give(draft, OPEN, today).reason == rules.FROZEN
    assert "a fermé" in rules.can_give(draft, BLIND, date(2025, 12, 10)).reason
    assert rules.can_give(ours.submitted, BLIND, date(2025, 5, 2)).reason == rules.TRANSMITTED


def test_the_rule_stays_while_a_blind_viewpoint_waits():
    assert not rules.can_change_rule(blind=True, waiting=True)
    assert rules.can_change_rule(blind=True, waiting=False)
    assert rules.can_change_rule(blind=False, waiting=True)


# --- Saving -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_everybody_of_the_structure_gives_one_and_changes_it(ours, role):
    give(ours, 3, role, 0, note="D’abord")
    given = give(ours, 3, role, 2, note="Ensuite")
    stored = mine(ours, 3, role)
    assert (stored.pk, stored.revision, stored.level.value, stored.note) == (given.pk, 2, 2, "Ensuite")
    assert (stored.region_id, stored.participation_id) == (ours.participation.region_id, ours.participation.pk)


def test_the_answer_of_the_structure_is_another_thing(ours):
    before = (ours.answer(3).kind, ours.answer(3).revision)
    give(ours, 3, Role.CONTRIBUTOR, 2)
    assert (ours.answer(3).kind, ours.answer(3).revision) == before


def test_the_same_values_sent_again_write_nothing(ours):
    give(ours, 3, Role.CONTRIBUTOR, 2, note="Pareil")
    before = contents()
    again = save_viewpoint(
        answer=ours.answer(3),
        revision=0,
        blind=True,
        by=ours.actor(Role.CONTRIBUTOR),
        kind=AnswerKind.LEVEL,
        level_id=mine(ours, 3, Role.CONTRIBUTOR).level_id,
        note="Pareil",
    )
    assert again.revision == 1
    assert contents() == before


def test_nothing_said_keeps_nothing(ours):
    before = contents()
    assert give(ours, 3, Role.CONTRIBUTOR, kind=AnswerKind.NONE).pk is None
    assert contents() == before


def test_another_page_of_the_same_person_is_not_written_over(ours):
    give(ours, 3, Role.CONTRIBUTOR, kind=AnswerKind.UNKNOWN, note="Premier onglet")
    values = {"kind": AnswerKind.UNKNOWN, "level_id": None, "note": "Second onglet"}
    with pytest.raises(StaleSave) as stale:
        save_viewpoint(answer=ours.answer(3), revision=0, blind=True, by=ours.actor(Role.CONTRIBUTOR), **values)
    assert stale.value.current.note == "Premier onglet"
    assert mine(ours, 3, Role.CONTRIBUTOR).note == "Premier onglet"


def test_nobody_writes_over_another_person(ours):
    give(ours, 1, Role.BOARD_MEMBER, kind=AnswerKind.UNKNOWN, note="Le mien")
    assert mine(ours, 1, Role.REFERENT).level.value == 0
    assert mine(ours, 1, Role.BOARD_MEMBER).note == "Le mien"


def newcomer_of(world, name="une"):
    """One more person of the structure, who has chosen no group yet."""
    user = create_person(email=f"{name}@nouvelle.example.org", first_name=name.title(), last_name="Nouvelle")
    give_role(user=user, role=Role.CONTRIBUTOR, organisation=world.organisation)
    return Actor.of(user)


def test_one_chooses_a_group_first(ours):
    newcomer = newcomer_of(ours)
    with pytest.raises(NotNow, match="Choisissez d’abord le groupe"):
        give(ours, 3, newcomer, 1)
    speak(ours, None, TEAM, user=newcomer)
    assert give(ours, 3, newcomer, 1).revision == 1


def test_once_the_chapter_is_transmitted_nothing_is_given(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind=AnswerKind.UNKNOWN)
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    before = contents()
    with pytest.raises(NotNow, match="Ce chapitre est transmis"):
        give(ours, 3, Role.BOARD_MEMBER, 1)
    assert contents() == before


def test_the_journal_says_who_did_something_never_what(ours):
    give(ours, 3, Role.CONTRIBUTOR, 2, note="Un secret")
    speak(ours, None, TEAM, user=newcomer_of(ours))
    lines = AuditEvent.objects.filter(verb__in=("viewpoint.saved", "voice.chosen")).order_by("pk")
    assert [line.details for line in lines][-2:] == [{"revision": 1}, {}]
    assert "Un secret" not in str(list(AuditEvent.objects.values()))


# --- Blind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
@pytest.mark.parametrize("chapter", [1, 2])
def test_one_reads_one_s_own_alone_compared_or_not(ours, role, chapter):
    own = Viewpoint.objects.visible_to(ours.actor(role)).filter(answer__autodiag=ours.autodiag(chapter))
    assert {viewpoint.voice.user for viewpoint in own} <= {ours.user(role)}
    assert set(Voice.objects.visible_to(ours.actor(role)).values_list("user", flat=True)) == {ours.user(role).pk}


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.PARTNER])
def test_nobody_outside_the_structure_reads_or_counts_any(ours, role):
    actor = ours.actor(role)
    for rows in (
        Viewpoint.objects.visible_to(actor),
        Viewpoint.objects.aggregates_for(actor),
        Voice.objects.visible_to(actor),
        VoiceRule.objects.visible_to(actor),
        Comparison.objects.visible_to(actor),
    ):
        assert not rows.exists()


def test_a_neighbour_counts_their_own_alone(ours):
    neighbour = World("neighbour")
    counted = Viewpoint.objects.aggregates_for(neighbour.actor(Role.REFERENT))
    assert set(counted.values_list("participation", flat=True)) == {neighbour.participation.pk}


def test_who_leaves_the_structure_reads_nothing_more_and_still_counts(ours):
    before = Viewpoint.objects.aggregates_for(ours.actor(Role.REFERENT)).count()
    Membership.objects.filter(user=ours.user(Role.CONTRIBUTOR)).update(until=date(2025, 11, 1))
    assert not Viewpoint.objects.visible_to(ours.actor(Role.CONTRIBUTOR)).exists()
    assert Viewpoint.objects.aggregates_for(ours.actor(Role.REFERENT)).count() == before


def test_in_two_structures_one_speaks_twice(ours):
    neighbour = World("neighbour")
    give_role(user=ours.user(Role.CONTRIBUTOR), role=Role.CONTRIBUTOR, organisation=neighbour.organisation)
    speak(neighbour, None, BOARD, user=ours.actor(Role.CONTRIBUTOR))
    give(neighbour, 3, ours.actor(Role.CONTRIBUTOR), 2)
    own = Voice.objects.visible_to(ours.actor(Role.CONTRIBUTOR))
    assert set(own.values_list("participation", "group__name")) == {
        (ours.participation.pk, TEAM),
        (neighbour.participation.pk, BOARD),
    }
    counted = Viewpoint.objects.aggregates_for(ours.actor(Role.REFERENT)).filter(participation=ours.participation)
    assert not counted.filter(answer__criterion__position=3, answer__autodiag=ours.draft).exists()


# --- Opening ------------------------------------------------------------------------------------------------------


def test_opening_freezes_the_viewpoints_of_the_chapter_alone(ours):
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert comparing_of(ours.draft).shows
    before = contents()
    with pytest.raises(NotNow, match="La comparaison est ouverte"):
        give(ours, 1, Role.CONTRIBUTOR, 2)
    assert contents() == before
    other = World("neighbour")
    assert give(other, 1, Role.CONTRIBUTOR, 2).revision == 2


def test_opening_twice_is_opening_once(ours):
    first = open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    before = contents()
    assert open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT)) == first
    assert contents() == before


def test_there_is_nothing_to_open_where_nobody_gave_anything(ours):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    with pytest.raises(NotNow, match="Personne n’a encore donné"):
        open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert not Comparison.objects.filter(autodiag=ours.draft).exists()


def test_an_opening_is_never_taken_back(ours):
    for act in (lambda rows: rows.update(opened_at=clock.now()), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(Comparison.objects.filter(participation=ours.participation))


def test_two_referents_opening_at_once_make_one_comparison(committed_db):
    ours = World("ours")
    by = ours.actor(Role.REFERENT)
    first, second = at_once(*[lambda: open_comparison(autodiag=ours.draft, by=by)] * 2)
    assert first == second
    assert Comparison.objects.filter(autodiag=ours.draft).count() == 1
    assert AuditEvent.objects.filter(verb="comparison.opened", target_id=first.pk).count() == 1


def test_a_viewpoint_saved_during_the_opening_is_before_it_or_refused(committed_db):
    ours = World("ours")
    by = ours.actor(Role.REFERENT)
    given, opened = at_once(
        lambda: give(ours, 3, Role.CONTRIBUTOR, 2), lambda: open_comparison(autodiag=ours.draft, by=by)
    )
    kept = Viewpoint.objects.filter(answer__autodiag=ours.draft, answer__criterion__position=3).exists()
    assert isinstance(opened, Comparison)
    assert isinstance(given, NotNow) is not kept
    with pytest.raises(NotNow):
        give(ours, 4, Role.CONTRIBUTOR, 2)


def test_the_first_words_of_one_person_from_two_pages_at_once_are_not_lost(committed_db):
    ours = World("ours")
    answer, by = ours.answer(3), ours.actor(Role.CONTRIBUTOR)
    said = {"kind": AnswerKind.UNKNOWN, "level_id": None}
    acts = [
        lambda note=note: save_viewpoint(answer=answer, revision=0, blind=True, by=by, note=note, **said)
        for note in ("Un", "Deux")
    ]
    errors = [result for result in at_once(*acts) if isinstance(result, Exception)]
    assert [type(error) for error in errors] == [StaleSave]
    assert mine(ours, 3, Role.CONTRIBUTOR).revision == 1


# --- The rule -----------------------------------------------------------------------------------------------------


def test_blind_until_the_structure_decides_otherwise(ours):
    assert comparing_of(ours.draft) == Comparing()


def test_the_rule_does_not_change_under_viewpoints_given_blind(ours):
    before = contents()
    with pytest.raises(NotNow, match="ont été donnés à l’aveugle"):
        as_they_come(ours)
    assert contents() == before


def test_compared_as_they_come_nothing_freezes(ours):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    rule = as_they_come(ours)
    assert (rule.blind, rule.revision, rule.decided_by) == (False, 1, ours.user(Role.REFERENT))
    assert give(ours, 3, Role.CONTRIBUTOR, 0, blind=False).revision == 1
    assert give(ours, 3, Role.CONTRIBUTOR, 2, blind=False).revision == 2
    assert comparing_of(ours.draft).shows
    with pytest.raises(NotNow, match="au fur et à mesure"):
        open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))


def test_what_was_opened_stays_frozen_under_the_other_rule(ours):
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    as_they_come(ours)
    with pytest.raises(NotNow, match="La comparaison est ouverte"):
        give(ours, 1, Role.CONTRIBUTOR, 2, blind=False)


def test_what_was_promised_blind_is_not_written_under_the_other_rule(ours):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    as_they_come(ours)
    before = contents()
    with pytest.raises(NotNow, match="règle de votre structure vient de changer"):
        give(ours, 3, Role.CONTRIBUTOR, 2)
    assert contents() == before


def test_a_rule_decided_on_an_old_page_is_refused(ours):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    as_they_come(ours)
    as_they_come(ours, blind=True, revision=1)
    before = contents()
    assert as_they_come(ours, blind=True, revision=0).revision == 2
    with pytest.raises(StaleSave):
        as_they_come(ours, revision=1)
    assert contents() == before


def test_back_to_blind_nobody_is_told_by_subtracting_two_readings(ours):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    as_they_come(ours)
    for role in (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER):
        give(ours, 3, role, 1, blind=False)
    as_they_come(ours, blind=True, revision=1)
    comparing = comparing_of(ours.draft)
    assert (comparing.blind, comparing.shows, comparing.opened_at is not None) == (True, True, True)
    for role, position in ((Role.LEGAL_REPRESENTATIVE, 3), (Role.CONTRIBUTOR, 3), (Role.CONTRIBUTOR, 4)):
        with pytest.raises(NotNow, match="La comparaison est ouverte"):
            give(ours, position, role, 2)
    groups = ours.participation.cohort.version.voice_groups
    with pytest.raises(NotNow, match="Votre groupe ne change plus"):
        choose_group(participation=ours.participation, group=groups.get(name=BOARD), by=ours.actor(Role.CONTRIBUTOR))
    assert AuditEvent.objects.filter(verb="comparison.opened", target_id=ours.draft.comparison.pk).exists()


# --- The group ----------------------------------------------------------------------------------------------------


def test_one_changes_group_while_nothing_is_compared(ours):
    newcomer = newcomer_of(ours)
    speak(ours, None, TEAM, user=newcomer)
    give(ours, 3, newcomer, 1)
    voice = speak(ours, None, BOARD, user=newcomer)
    assert (voice.group.name, Voice.objects.filter(user=newcomer.user_id).count()) == (BOARD, 1)


@pytest.mark.parametrize("opened", [True, False])
def test_a_group_whose_viewpoints_are_compared_does_not_change(ours, opened):
    newcomer = newcomer_of(ours)
    speak(ours, None, TEAM, user=newcomer)
    if opened:
        give(ours, 3, newcomer, 1)
        open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    else:
        Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
        as_they_come(ours)
        give(ours, 3, newcomer, 1, blind=False)
    before = contents()
    with pytest.raises(NotNow, match="Votre groupe ne change plus"):
        speak(ours, None, BOARD, user=newcomer)
    assert contents() == before
    assert speak(ours, None, TEAM, user=newcomer).group.name == TEAM
