"""Charters outside any cohort: drafted once, signed, listed, followed; a visual identity runs from a committee alone."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import Download, OutboxMessage
from caprse.base.todo import collect
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Organisation
from conventions import lifecycle
from conventions.enums import ConventionState, Nature, TrailKind
from conventions.models import Annex, CommitteeValidation, Convention, Signatory, TrailEntry
from conventions.services import amending, charters, sending, states
from conventions.services.charters import identity_until
from tests.charters_at_hand import (
    ENGAGEMENT,
    PARTNERSHIP,
    draft,
    fresh,
    here,
    partner,
    sent,
    sign,
    signed,
    signed_from,
)
from tests.harness.pages import as_role, text_of
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import STRANGER, World

PERSON = Role.REGION_ADMIN


def new_url(region="ici"):
    return reverse("charter_new", args=[region])


def parties_of(charter):
    return list(charter.parties.order_by("pk").values_list("organisation__kind", flat=True))


# --- Begun --------------------------------------------------------------------------------------------------------


def test_a_partner_charter_is_begun_from_the_page_of_the_region(admin):
    asked = {"template": PARTNERSHIP, "organisation": partner().public_id}
    response = admin.post(new_url(), asked)
    charter = Convention.objects.get(version__template__key=PARTNERSHIP)
    assert response.url == charter.url("convention_edit")
    assert (charter.cohort, charter.nature, charter.region) == (None, Nature.CONVENTION, here())
    assert parties_of(charter) == [OrganisationKind.PARTNER, OrganisationKind.REGION]
    page = text_of(admin.get(response.url))
    assert "Préparer la charte" in page
    assert "Reprendre les participants de la cohorte" not in page
    assert list(Annex.objects.filter(convention=charter).values_list("number", "title", "binding")) == [
        (1, "Services et fréquence des rencontres", True),
        (2, "Fiche de suivi", False),
    ]


def test_sent_twice_it_is_one_and_once_signed_a_partner_may_have_another(admin, draw_anew):
    asked = {"template": PARTNERSHIP, "organisation": partner().public_id}
    for _ in range(2):
        assert admin.post(new_url(), asked).status_code == 302
    first = Convention.objects.get(version__template__key=PARTNERSHIP)
    signed(sent(first))
    admin.post(new_url(), asked)
    both = Convention.objects.filter(version__template__key=PARTNERSHIP).order_by("pk")
    assert [row.state for row in both] == [ConventionState.IN_FORCE, ConventionState.DRAFT]
    assert both[0].reference != both[1].reference


def test_begun_at_the_same_moment_it_is_one(committed_db):
    with_whom = partner()
    given = at_once(
        *[lambda: charters.draft_charter(region=here(), key=PARTNERSHIP, organisation=with_whom, by=None).pk] * 4
    )
    assert set(given) == {Convention.objects.get(version__template__key=PARTNERSHIP).pk}


WRONG = {
    "nothing": ({}, "À corriger"),
    "structure for a partner charter": ({"template": PARTNERSHIP, "who": "ours"}, "se signe avec un partenaire"),
    "partner for an engagement": ({"template": ENGAGEMENT, "who": "partner"}, "se signe avec une structure"),
    "of another region": ({"template": ENGAGEMENT, "who": "stranger"}, "À corriger"),
    "no such template": ({"template": "convention-engagements", "who": "ours"}, "À corriger"),
    "hostile": ({"template": "a\x00b", "organisation": "9" * 300}, "À corriger"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_charter_with_whom_it_is_not_made_for_is_refused_and_nothing_is_written(admin, name):
    typed, words = WRONG[name]
    who = typed.get("who")
    if who:
        organisation = partner() if who == "partner" else World(who).organisation
        typed = {"template": typed["template"], "organisation": organisation.public_id}
    before = contents()
    response = admin.post(new_url(), typed)
    assert response.status_code == 422
    assert words in text_of(response)
    assert contents() == before


def test_nobody_else_begins_one(client, db):
    before = contents()
    for role in (Role.REFERENT, Role.FACILITATOR, Role.PARTNER, Role.NATIONAL_STAFF):
        as_role(client, role)
        asked = {"template": ENGAGEMENT, "organisation": World("ours").organisation.public_id}
        assert client.post(new_url(), asked).status_code == 403
    assert contents() == before


# --- Signed, seen -------------------------------------------------------------------------------------------------


def test_a_partner_charter_lives_its_whole_life_outside_any_cohort(admin, client, draw_anew, run_queue, mailoutbox):
    charter = sent(draft(PARTNERSHIP, partner()))
    run_queue()
    asked = [mail for mail in mailoutbox if "votre signature" in mail.subject]
    assert len(asked) == 2
    assert all("La charte « Charte de partenariat » est prête" in mail.body.replace("\xa0", " ") for mail in asked)
    assert not any("chapitres" in mail.body for mail in asked)
    page = text_of(as_role(client, Role.PARTNER).get(charter.get_absolute_url()))
    assert "Charte de partenariat" in page
    charter = signed(charter)
    assert charter.state == ConventionState.IN_FORCE
    page = text_of(client.get(charter.get_absolute_url()))
    assert "En vigueur" in page
    assert client.get(charter.url("convention_pdf")).content.startswith(b"%PDF")
    run_queue()
    assert any("Toutes les parties ont signé la charte" in mail.body for mail in mailoutbox)
    assert as_role(client, Role.REFERENT).get(charter.get_absolute_url()).status_code == 404
    assert as_role(client, Role.REFERENT, "stranger").get(charter.get_absolute_url()).status_code == 404


def test_the_frozen_text_says_its_contract_number_its_revision_and_its_annexes(admin, draw_anew):
    charter = sent(draft(PARTNERSHIP, partner()))
    html = charter.documents.get().html.replace("&nbsp;", " ")
    assert f"n° {charter.reference} – révision 01" in html
    for annex in Annex.objects.filter(convention=charter):
        assert f"Annexe {annex.number} – {annex.title}" in html
        assert annex.revisions.get().sha256 in html
    assert "Rév. 01" in html


def test_who_prepares_sees_it_among_what_is_to_do(ours, admin, draw_anew):
    actor = ours.actor(PERSON)
    charter = draft(PARTNERSHIP, partner())
    titles = {todo.title for todo in collect(actor, [])}
    assert "Finir la charte" in titles
    sent(charter)
    titles = {todo.title for todo in collect(actor, [])}
    assert {"Suivre les signatures de la charte", "Lire et signer une charte"} & titles


def test_who_prepares_is_told_when_the_last_day_written_in_a_charter_nears_then_passes(ours, draw_anew):
    charter = signed_from(PARTNERSHIP, partner())
    assert charter.variables["ends_on"] == "2027-12-31"

    def asked(day, role=PERSON):
        with clock.stopped(clock.at(day, 9)):
            actor = World("ours").actor(role)
            return [(one.action, one.url) for one in collect(actor, []) if charter.reference in one.title]

    decide, note = ("Décider", charter.url("convention_life")), ("Noter sa fin", charter.url("convention_end"))
    assert asked(date(2027, 10, 31)) == []
    assert asked(date(2027, 11, 1)) == asked(date(2027, 12, 31)) == [decide]
    assert asked(date(2028, 1, 1)) == [note]
    assert asked(date(2028, 1, 1), Role.REFERENT) == []
    amending.draft_amendment(convention=charter, by=None)
    assert asked(date(2027, 12, 1)) == []
    with clock.stopped(clock.at(date(2028, 1, 2), 9)):
        sending.end(convention=charter, last_day=date(2028, 1, 1), reason="Terme", by=None)
    assert asked(date(2028, 1, 3)) == []


@pytest.mark.parametrize("said", ["", "1er mars", 2027])
def test_a_blank_of_the_same_name_that_is_no_day_asks_for_nothing(ours, draw_anew, said):
    charter = signed_from(PARTNERSHIP, partner())
    Convention.objects.filter(pk=charter.pk).update(variables={**charter.variables, "ends_on": said})
    with clock.stopped(clock.at(date(2028, 1, 1), 9)):
        assert [one for one in collect(World("ours").actor(PERSON), []) if charter.reference in one.title] == []


def test_the_list_of_a_region_holds_its_own_and_costs_the_same_with_more(admin, queries, draw_anew):
    listed = reverse("charters", args=["ici"])
    draft(PARTNERSHIP, partner())
    with queries(max=40) as few:
        page = text_of(admin.get(listed))
    assert STRANGER not in page
    assert "Charte de partenariat" in page
    organisations = Organisation.objects.filter(kind=OrganisationKind.STRUCTURE, region__slug="ici").order_by("pk")
    for organisation in list(organisations)[:2]:
        draft(ENGAGEMENT, organisation)
    with queries(max=40) as more:
        page = text_of(admin.get(listed))
    assert page.count("Charte d’engagement dans une démarche") >= 2
    assert len(more) == len(few)


def test_taking_up_the_participants_of_a_cohort_changes_nothing_of_a_charter(admin):
    charter = draft(PARTNERSHIP, partner())
    before = parties_of(charter)
    admin.post(charter.url("convention_parties"))
    assert parties_of(charter) == before


# --- The visual identity ------------------------------------------------------------------------------------------


@pytest.fixture
def engaged(ours, draw_anew):
    """An engagement charter of our structure, signed by all on the day of the tests."""
    return signed_from(ENGAGEMENT, ours.organisation)


def validated(charter, day=date(2025, 11, 4), by=None):
    by = by or World("ours").user(PERSON)
    return charters.note_validation(convention=charter, committee="Comité éthique", decided_on=day, by=by)


def test_signing_alone_grants_nothing(engaged, ours, client):
    assert engaged.state == ConventionState.SIGNED
    for day in (date(2025, 11, 4), date(2026, 11, 4)):
        assert identity_until(engaged, day) is None
    page = text_of(as_role(client, Role.REFERENT).get(engaged.url("charter_identity")))
    assert "Signer la charte ne donne pas le droit" in page


def test_it_runs_three_years_from_the_validation_and_not_a_day_more(engaged, run_queue, mailoutbox):
    validated(engaged)
    charter = fresh(engaged)
    assert charter.state == ConventionState.IN_FORCE
    assert identity_until(charter, date(2025, 11, 3)) is None
    assert identity_until(charter, date(2025, 11, 4)) == date(2028, 11, 4)
    assert identity_until(charter, date(2028, 11, 4)) == date(2028, 11, 4)
    assert identity_until(charter, date(2028, 11, 5)) is None
    run_queue()
    told = [mail for mail in mailoutbox if "est validée" in mail.subject]
    assert told
    assert all("4 novembre 2028" in mail.body for mail in told)


def test_it_is_withdrawn_when_the_charter_ends(engaged):
    validated(engaged)
    sending.end(convention=fresh(engaged), last_day=date(2025, 11, 4), reason="Arrêt", by=World("ours").user(PERSON))
    assert identity_until(fresh(engaged), date(2025, 11, 4)) is None


def test_a_second_validation_goes_on_from_its_own_day(engaged):
    validated(engaged)
    with clock.stopped(clock.at(date(2028, 10, 2), 9)):
        validated(fresh(engaged), date(2028, 10, 2))
    assert identity_until(fresh(engaged), date(2028, 11, 5)) == date(2031, 10, 2)


def test_what_the_committee_does_not_validate_is_taken_back_and_another_may_be_signed(
    engaged, ours, admin, run_queue, mailoutbox
):
    assert "Le comité n’a pas validé" in text_of(admin.get(engaged.url("charter_identity")))
    run_queue()
    mailoutbox.clear()
    url = engaged.url("convention_cancel")
    for _ in range(2):
        admin.post(url, {"reason": "Le comité demande un plan d’actions daté"})
    taken_back = fresh(engaged)
    assert taken_back.state == ConventionState.CANCELLED
    assert TrailEntry.objects.filter(convention=engaged, kind=TrailKind.CANCELLED).count() == 1
    run_queue()
    told = [mail for mail in mailoutbox if "est retirée" in mail.subject]
    assert len(told) == 2
    assert all("plan d’actions daté" in mail.body for mail in told)
    assert identity_until(taken_back, date(2025, 11, 4)) is None
    again = draft(ENGAGEMENT, ours.organisation)
    assert again.pk != engaged.pk
    assert again.state == ConventionState.DRAFT


def test_what_a_committee_validated_or_binds_by_its_signatures_is_not_taken_back(engaged, admin, draw_anew):
    validated(engaged)
    partnership = signed_from(PARTNERSHIP, partner())
    for charter in (engaged, partnership):
        before = fresh(charter).state
        admin.post(charter.url("convention_cancel"), {"reason": "Trop tard"})
        with pytest.raises(states.WrongState):
            sending.cancel(convention=fresh(charter), reason="Trop tard", by=None)
        assert fresh(charter).state == before


def test_its_end_is_told_two_months_before_once(engaged, run_queue, mailoutbox):
    validated(engaged)
    run_queue()
    mailoutbox.clear()
    for day in (date(2028, 9, 4), date(2028, 9, 5), date(2028, 9, 6)):
        with clock.stopped(clock.at(day, 9)):
            charters.tell_identities_ending()
            run_queue()
    told = [mail for mail in mailoutbox if "prend fin bientôt" in mail.subject]
    assert told
    assert len(told) == len({mail.to[0] for mail in told})
    assert all("4 novembre 2028" in mail.body for mail in told)


def test_validated_again_nobody_is_told_of_the_former_end(engaged):
    validated(engaged)
    with clock.stopped(clock.at(date(2028, 9, 6), 9)):
        validated(fresh(engaged), date(2028, 9, 6))
        assert charters.tell_identities_ending() == 0


def test_who_coordinates_is_asked_for_the_decision_until_it_is_noted(engaged, ours):
    def asked():
        return [one for one in collect(ours.actor(PERSON), []) if "comité a décidé" in one.title]

    assert [one.url for one in asked()] == [engaged.url("charter_identity")]
    validated(engaged)
    assert asked() == []


def test_a_leap_day_ends_on_the_last_of_february():
    assert lifecycle.years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_the_validation_is_noted_on_its_page_once_with_its_minutes(engaged, admin, client):
    url = engaged.url("charter_validation")
    for _ in range(2):
        minutes = SimpleUploadedFile("releve.txt", "Le comité valide.".encode(), "text/plain")
        said = {"committee": "Comité éthique", "decided_on": "2025-11-04", "decision": minutes}
        assert admin.post(url, said).url == engaged.url("charter_identity")
    row = CommitteeValidation.objects.get(convention=engaged)
    assert (row.committee, row.until) == ("Comité éthique", date(2028, 11, 4))
    assert TrailEntry.objects.filter(convention=engaged, kind=TrailKind.VALIDATED).count() == 1
    as_role(client, Role.REFERENT)
    assert "Elle peut être employée" in text_of(client.get(engaged.url("charter_identity")))
    taken = client.post(reverse("charter_decision", args=["ici", engaged.public_id, row.pk]))
    assert taken.content == "Le comité valide.".encode()
    assert Download.objects.latest("pk").acting_for == "Notre structure"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-11-03", "avant la dernière signature"),
        ("2025-11-05", "pas encore venu"),
        ("31/02/2025", "n’existe pas"),
        ("0202-01-01", "Vérifiez l’année"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_noted(engaged, admin, day, words):
    before = contents()
    response = admin.post(engaged.url("charter_validation"), {"committee": "Comité", "decided_on": day})
    assert response.status_code == 422
    assert words in text_of(response)
    assert contents() == before


def test_a_partner_charter_and_an_unsigned_one_are_not_validated(ours, admin, draw_anew):
    waiting = sent(draft(ENGAGEMENT, ours.organisation))
    partnership = signed_from(PARTNERSHIP, partner())
    for charter in (waiting, partnership):
        said = {"committee": "Comité", "decided_on": "2025-11-04"}
        assert admin.post(charter.url("charter_validation"), said).url == charter.get_absolute_url()
    assert not CommitteeValidation.objects.filter(convention__in=[waiting, partnership]).exists()


def test_noted_at_the_same_moment_it_is_one(committed_db, draw_anew):
    charter = signed_from(ENGAGEMENT, World("ours").organisation)
    by = World("ours").user(PERSON)
    given = at_once(*[lambda: validated(fresh(charter), by=by).pk] * 4)
    assert set(given) == {CommitteeValidation.objects.get(convention=charter).pk}
    kinds = OutboxMessage.objects.filter(kind=charters.VALIDATED_MAIL, payload__validation=given[0])
    assert len(set(kinds.values_list("recipient_id", flat=True))) == kinds.count()


def test_one_signature_missing_keeps_it_from_being_signed(ours, draw_anew):
    charter = sent(draft(ENGAGEMENT, ours.organisation))
    sign(Signatory.objects.current().with_context().filter(party__convention=charter).order_by("pk").first())
    assert fresh(charter).state == ConventionState.OPEN
    assert identity_until(fresh(charter), date(2025, 11, 4)) is None
