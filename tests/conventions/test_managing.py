"""Preparing a convention, sending it, taking it back, putting an end to it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Clearance, Cohort
from cohorts.services import cohorts, organisations
from conventions.enums import ConventionState
from conventions.models import Convention, Party, Signatory, TrailEntry
from conventions.services import drafting
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents

GOOD = {
    "project": "CAP RSE d’ici",
    "region_name": "Région d’ici",
    "starts_on": "2026-01-13",
    "months": "15",
    "chapters": "5",
    "contact_name": "Ariane Équipe",
    "contact_email": "ariane@ours.example.org",
}


@pytest.fixture
def draft(ours):
    return ours.draft_convention


def form_of(convention, **changes):
    return {**GOOD, "revision": str(convention.revision), **changes}


# --- Beginning and writing --------------------------------------------------------------------------------------


def test_beginning_twice_leads_to_the_same_draft(ours, admin):
    cohort = Cohort.objects.get(slug="permanente", region__slug="ici")
    url = reverse("convention_draft", args=["ici", cohort.slug])
    first, second = admin.post(url).url, admin.post(url).url
    assert first == second == Convention.objects.with_context().get(cohort=cohort).url("convention_edit")
    assert admin.post(reverse("convention_draft", args=["ici", "cohorte"])).url == ours.convention.get_absolute_url()


def test_two_people_who_begin_at_once_make_one_draft(draft):
    assert drafting.draft(cohort=draft.cohort, by=None) == draft


def test_blanks_are_saved_even_when_some_are_missing(draft, admin):
    response = admin.post(draft.url("convention_edit"), form_of(draft, contact_name="", months=""), follow=True)
    assert "Le brouillon est enregistré" in text_of(response)
    saved = fresh(draft)
    assert (saved.variables["project"], saved.variables["starts_on"]) == (GOOD["project"], "2026-01-13")
    assert (saved.variables["contact_name"], saved.variables["months"]) == ("", "")
    assert "« À qui écrire » reste à remplir" in text_of(response)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_on": "2026-02-31"}, "n’existe pas"),
        ({"months": "0"}, ""),
        ({"project": "a\nb"}, "une seule ligne"),
        ({"project": "a\u202eb"}, "invisible"),
        ({"project": "x" * 161}, "161"),
        ({"revision": ""}, ""),
    ],
)
def test_a_bad_blank_says_why_keeps_the_rest_and_changes_nothing(draft, admin, change, words):
    before = contents()
    response = admin.post(draft.url("convention_edit"), form_of(draft, contact_name="Nom tapé", **change))
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Nom tapé" in text_of(response)
    assert contents() == before


def test_a_stale_save_is_refused_shows_both_texts_and_the_next_one_passes(draft, admin):
    admin.post(draft.url("convention_edit"), form_of(draft, project="Celui d’une autre"))
    response = admin.post(draft.url("convention_edit"), form_of(draft, project="Le mien"))
    assert response.status_code == 409
    page = text_of(response)
    assert "Le mien" in page
    assert "Celui d’une autre" in page
    assert fresh(draft).variables["project"] == "Celui d’une autre"
    assert f'name="revision" value="{fresh(draft).revision}"' in page
    again = admin.post(draft.url("convention_edit"), form_of(fresh(draft), project="Le mien"))
    assert again.status_code == 302
    assert fresh(draft).variables["project"] == "Le mien"


def test_participants_are_taken_up_as_they_are_now(draft, admin, ours):
    cohorts.add_structure(cohort=draft.cohort, organisation=ours.organisation)
    response = admin.post(draft.url("convention_parties"), follow=True)
    assert "Notre structure" in text_of(response)
    assert Signatory.objects.get(party__convention=draft, party__name="Notre structure").power == ""


def test_each_preview_marks_one_kind_of_party_and_holds_the_same_text(draft, admin):
    texts = set()
    for role in ("structure", "region", "national", "partner", "n’importe quoi"):
        page = text_of(admin.get(draft.url("convention_preview"), {"partie": role}))
        shown = role if role.isascii() else "structure"
        assert f"contract--{shown}" in page
        texts.add(page.split(f"contract--{shown}", 1)[1].split("Revenir à la convention")[0])
    assert len(texts) == 1
    assert "[À qui écrire]" in texts.pop()


# --- Freezing and sending ---------------------------------------------------------------------------------------


def test_freezing_is_refused_while_something_is_missing_and_says_what(draft, admin):
    before = contents()
    response = admin.post(draft.url("convention_freeze"), follow=True)
    page = text_of(response)
    assert "Le texte n’est pas figé" in page
    assert "Structure candidate : la personne qui signe reste à désigner" in page
    assert reverse("signatory_edit", args=["ici", draft.public_id, draft.parties.get(role="structure").pk]) in page
    assert "#id_contact_name" in page
    assert contents() == before


def test_from_the_draft_to_the_signatories(draft, admin, run_queue, mailoutbox):
    do.complete(draft)
    assert admin.post(draft.url("convention_freeze")).url == draft.get_absolute_url()
    assert "Fabrication et scellement en cours" in text_of(admin.get(draft.get_absolute_url()))
    run_queue()
    assert "Envoyer aux signataires" in text_of(admin.get(draft.get_absolute_url()))
    assert mailoutbox == []
    assert admin.get(draft.url("convention_edit")).url == draft.get_absolute_url()
    admin.post(draft.url("convention_send"))
    run_queue()
    sent_to = sorted(to for mail in mailoutbox for to in mail.to)
    assert sent_to == sorted(signatory.email for signatory in do.signatories_of(draft))
    assert fresh(draft).state == ConventionState.OPEN


def test_sending_twice_sends_once(frozen, admin, run_queue, mailoutbox):
    for _ in range(2):
        response = admin.post(frozen.url("convention_send"), follow=True)
    assert "a changé d’état entre-temps" in text_of(response)
    run_queue()
    assert len(mailoutbox) == 2


def test_a_frozen_text_is_written_by_nobody(frozen, admin):
    before = contents()
    for name in ("convention_edit", "convention_parties", "convention_freeze"):
        assert admin.post(frozen.url(name), form_of(frozen)).status_code == 302
    assert contents() == before


# --- Taking back ------------------------------------------------------------------------------------------------


def test_taking_back_asks_why_then_tells_those_who_had_the_link(sent, admin, run_queue, mailoutbox):
    assert admin.post(sent.url("convention_cancel"), {"reason": ""}).status_code == 422
    assert fresh(sent).state == ConventionState.OPEN
    run_queue()
    mailoutbox.clear()
    admin.post(sent.url("convention_cancel"), {"reason": "La date était fausse"})
    run_queue()
    assert sorted(to for mail in mailoutbox for to in mail.to) == sorted(s.email for s in do.signatories_of(sent))
    assert all("La date était fausse" in mail.body for mail in mailoutbox)
    assert TrailEntry.objects.filter(convention=sent, kind="cancelled").exists()
    again = admin.post(sent.url("convention_cancel"), {"reason": "Encore"}, follow=True)
    assert "ne peut plus être retirée" in text_of(again)


def test_taking_back_what_was_not_sent_tells_nobody(frozen, admin, run_queue, mailoutbox):
    admin.post(frozen.url("convention_cancel"), {"reason": "Une coquille"})
    run_queue()
    assert mailoutbox == []
    assert TrailEntry.objects.filter(convention=frozen, kind="cancelled").exists()


def test_what_all_have_signed_is_not_taken_back(ours, admin):
    before = contents()
    response = admin.post(ours.convention.url("convention_cancel"), {"reason": "Trop tard"})
    assert response.url == ours.convention.get_absolute_url()
    assert contents() == before


# --- The end ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_day", "words"),
    [
        (date(2025, 1, 31), "ne peut pas précéder la signature (samedi 1er février 2025)"),
        (date(2025, 11, 5), "aujourd’hui ou un jour passé"),
    ],
)
def test_a_day_it_may_not_end_on_is_explained(ours, admin, last_day, words):
    before = contents()
    form = {"last_day": last_day.isoformat(), "reason": "Projet arrêté"}
    response = admin.post(ours.convention.url("convention_end"), form)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Projet arrêté" in text_of(response)
    assert contents() == before


def test_once_ended_chapters_close_and_members_keep_the_rest(ours, admin, run_queue, mailoutbox):
    yesterday = clock.today() - timedelta(days=1)
    referent = browser_of("referent@ours.example.org")
    form = {"last_day": yesterday.isoformat(), "reason": "Projet arrêté"}
    response = admin.post(ours.convention.url("convention_end"), form, follow=True)
    assert "Toutes les parties sont prévenues" in text_of(response)
    run_queue()
    assert any("Projet arrêté" in mail.body for mail in mailoutbox)
    answer = {"revision": "0", "choice": "2", "practice": "Après la fin", "comment": ""}
    before = contents()
    refused = referent.post(ours.draft.url("answer_save", 3), answer)
    assert refused.status_code != 200
    assert contents() == before
    page = text_of(referent.get(ours.draft.url("criterion", 3)))
    assert "convention" in page
    for url in (
        reverse("referentiels"),
        ours.submitted.url("synthesis"),
        reverse("plan", args=["ici", ours.participation.public_id]),
        ours.convention.get_absolute_url(),
    ):
        assert referent.get(url).status_code == 200
    assert not Clearance.objects.in_force(clock.today()).filter(participation=ours.participation).exists()


def test_ending_twice_ends_once(ours, admin):
    form = {"last_day": "2025-11-03", "reason": "Projet arrêté"}
    admin.post(ours.convention.url("convention_end"), form)
    response = admin.post(ours.convention.url("convention_end"), {**form, "reason": "Autre motif"})
    assert response.url == ours.convention.get_absolute_url()
    assert ours.convention.end_reason == "Projet arrêté"


# --- Who may ----------------------------------------------------------------------------------------------------

ACTS = ("convention_edit", "convention_parties", "convention_freeze", "convention_send", "convention_cancel")


@pytest.mark.parametrize("name", [*ACTS, "convention_end"])
@pytest.mark.parametrize("who", ["facilitator", "legal_representative", "partner", "national_staff"])
def test_nobody_else_touches_it(ours, name, who):
    convention = ours.convention if name == "convention_end" else ours.draft_convention
    before = contents()
    response = browser_of(f"{who}@ours.example.org").post(convention.url(name), {"reason": "Non"})
    assert response.status_code == 403
    assert contents() == before


@pytest.mark.parametrize("name", [*ACTS, "convention_end", "convention_preview"])
def test_the_coordinator_of_another_region_finds_nothing(ours, name):
    theirs = browser_of("region_admin@stranger.example.org")
    before = contents()
    url = ours.convention.url(name)
    assert {theirs.get(url).status_code, theirs.post(url, {"reason": "Non"}).status_code} <= {404, 405}
    assert contents() == before


def test_a_right_convention_under_another_region_s_address_does_not_exist(ours, admin):
    url = ours.draft_convention.url("convention_edit").replace("/ici/", "/ailleurs/")
    response = admin.get(url)
    assert response.status_code == 404
    assert ours.draft_convention.reference not in text_of(response)


@pytest.mark.parametrize("count", [1, 3])
def test_the_workshop_costs_the_same_whatever_the_number_of_parties(draft, admin, queries, count):
    for rank in range(1, count):
        more = organisations.create_organisation(
            kind="structure", legal_name=f"Autre {rank}", region=draft.cohort.region
        )
        cohorts.add_structure(cohort=draft.cohort, organisation=more)
    drafting.add_participants(convention=draft, by=None)
    assert Party.objects.filter(convention=draft, role="structure").count() == count
    admin.get("/")
    with queries(6):
        response = admin.get(draft.url("convention_edit"))
    assert response.status_code == 200
    assert Role.REGION_ADMIN in {m.role for m in response.wsgi_request.actor.held}
