"""Who signs for a party: named, changed midway, sent their link again."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import User
from conventions.models import Signatory, TrailEntry
from conventions.services import sending, signatories
from conventions.services.sending import NotReady
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of
from tests.harness.pages import text_of
from tests.test_access_matrix import contents

GOOD = {
    "first_name": "Odette",
    "last_name": "Fauré",
    "email": "odette.faure@example.org",
    "address_basis": "known",
    "quality": "Présidente",
    "power": "Statuts, article 12",
    "power_basis": "statutes",
}
CHANGED = {**GOOD, "why": "Nouvelle présidente"}


def party_of(convention, role="structure"):
    return convention.parties.get(role=role)


def url_of(convention, role="structure"):
    return reverse("signatory_edit", args=["ici", convention.public_id, party_of(convention, role).pk])


def resend_url(convention):
    signatory = Signatory.objects.current().get(party=party_of(convention))
    return reverse("signatory_resend", args=["ici", convention.public_id, signatory.public_id])


def test_naming_a_signatory_in_a_draft(ours, admin):
    draft = ours.draft_convention
    assert admin.post(url_of(draft), GOOD).url == draft.url("convention_edit")
    named = Signatory.objects.get(party=party_of(draft))
    assert (named.full_name, named.email, named.power) == ("Odette Fauré", GOOD["email"], GOOD["power"])
    assert not User.objects.get(email=GOOD["email"]).has_usable_password()
    assert TrailEntry.objects.filter(convention=draft).count() == 0


@pytest.mark.parametrize("missing", GOOD)
def test_what_is_missing_is_said_and_nothing_changes(ours, admin, missing):
    before = contents()
    response = admin.post(url_of(ours.draft_convention), {**GOOD, missing: ""})
    assert response.status_code == 422
    kept = next(value for name, value in GOOD.items() if name != missing)
    assert kept in text_of(response)
    assert contents() == before


@pytest.mark.parametrize(
    "address", ["contact@asso.example", "Accueil.ei@asso.example", "asso-jardins2@example.org", "direction@si.example"]
)
def test_a_box_that_several_read_is_refused_until_somebody_asked_the_person(ours, admin, address):
    before, form = contents(), {**GOOD, "email": address}
    for basis in ("known", "domain", "written"):
        response = admin.post(url_of(ours.draft_convention), {**form, "address_basis": basis})
        assert response.status_code == 422
        assert "plusieurs personnes lisent" in text_of(response)
    assert contents() == before
    assert admin.post(url_of(ours.draft_convention), {**form, "address_basis": "spoken"}).status_code == 302
    assert Signatory.objects.get(party=party_of(ours.draft_convention)).address_basis == "spoken"


def test_a_shared_box_proposed_from_an_account_is_told_before_freezing(ours, admin):
    draft = do.complete(ours.draft_convention)
    Signatory.objects.filter(party=party_of(draft)).update(email="accueil@si.example", address_basis="account")
    assert "a l’air d’une boîte partagée" in text_of(admin.get(draft.url("convention_edit")))
    with pytest.raises(NotReady, match="accueil@si.example"):
        sending.freeze(convention=draft, by=None)
    Signatory.objects.filter(party=party_of(draft)).update(address_basis="spoken")
    assert sending.freeze(convention=draft, by=None).state == "freezing"


@pytest.mark.parametrize("address", ["claire.martin@si.example", "cmartin@contact.example", "direction.martin@x.org"])
def test_the_address_of_one_person_is_taken_as_it_is(ours, admin, address):
    draft = ours.draft_convention
    assert admin.post(url_of(draft), {**GOOD, "email": address}).url == draft.url("convention_edit")
    assert Signatory.objects.get(party=party_of(draft)).email == address


def test_an_address_proposed_from_an_account_says_so_until_it_is_changed(ours, admin):
    draft = ours.draft_convention
    proposed = Signatory.objects.get(party=party_of(draft, "region"))
    assert proposed.address_basis == "account"
    form = {**GOOD, "email": proposed.email, "address_basis": "account"}
    assert admin.post(url_of(draft, role="region"), form).status_code == 302
    other = admin.post(url_of(draft, role="region"), {**form, "email": "autre@example.org"})
    assert other.status_code == 422
    assert "plus l’adresse du compte" in text_of(other)
    stranger = admin.post(url_of(draft), {**GOOD, "address_basis": "account"})
    assert stranger.status_code == 422


def test_what_was_known_of_an_address_does_not_pass_to_another(sent, admin):
    party = party_of(sent, "region")
    signatory = Signatory.objects.current().get(party=party)
    assert signatory.address_basis == "account"
    fields = {name: getattr(signatory, name) for name in signatories.FIELDS} | {"email": "autre.personne@example.org"}
    named = signatories.name_signatory(party=party, by=None, why="Changement", **fields)
    assert named.address_basis == ""


def test_who_prepares_gives_their_own_address_for_their_own_organisation_only(ours, admin):
    draft, mine = ours.draft_convention, {**GOOD, "email": "REGION_ADMIN@ours.example.org"}
    before = contents()
    response = admin.post(url_of(draft), mine)
    assert response.status_code == 422
    assert "votre propre adresse" in text_of(response)
    assert contents() == before
    assert admin.post(url_of(draft, role="region"), mine).status_code == 302


def test_changing_the_signatory_once_sent_sends_a_new_link_and_closes_the_old(
    sent, admin, ceremony, run_queue, mailoutbox
):
    page = text_of(admin.get(url_of(sent)))
    assert "un nouveau lien partira" in page
    run_queue()
    mailoutbox.clear()
    admin.post(url_of(sent), CHANGED)
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[GOOD["email"]]]
    assert Client().get(ceremony.link).status_code == 410
    entry = TrailEntry.objects.get(convention=sent, kind="signatory_replaced")
    assert entry.data["former"] == ceremony.signatory.public_id
    assert GOOD["email"] not in str(entry.data)


def test_who_has_signed_stays(sent, admin):
    signatory = Signatory.objects.current().with_context().get(party=party_of(sent))
    do.sign_as(signatory)
    before = contents()
    response = admin.post(url_of(sent), CHANGED, follow=True)
    assert "rien n’a été changé" in text_of(response)
    response = admin.post(resend_url(sent), follow=True)
    assert "rien n’est parti" in text_of(response)
    assert contents() == before


def test_sending_the_link_again(sent, admin, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    signatory = Signatory.objects.current().get(party=party_of(sent))
    response = admin.post(resend_url(sent), follow=True)
    assert signatory.full_name in text_of(response)
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[signatory.email]]
    assert "/signer/" in mailoutbox[0].body
    assert not re.search(r"/signer/[\w-]{20,}", text_of(response))


def test_nothing_is_sent_before_the_convention_is(frozen, admin, run_queue, mailoutbox):
    response = admin.post(resend_url(frozen), follow=True)
    assert "rien n’est parti" in text_of(response)
    run_queue()
    assert mailoutbox == []


def test_nobody_else_names_who_signs(ours):
    before = contents()
    for who, status in (("facilitator@ours", 403), ("legal_representative@ours", 403), ("region_admin@stranger", 404)):
        response = browser_of(f"{who}.example.org").post(url_of(ours.draft_convention), GOOD)
        assert response.status_code == status, who
    assert contents() == before


def test_a_party_of_another_convention_does_not_exist_here(ours, admin):
    elsewhere = ours.convention.parties.get(role="region")
    url = reverse("signatory_edit", args=["ici", ours.draft_convention.public_id, elsewhere.pk])
    before = contents()
    assert admin.post(url, GOOD).status_code == 404
    assert contents() == before
