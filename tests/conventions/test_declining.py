"""From one's own link: refusing to sign, and saying that somebody else should."""

from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from conventions.enums import ConventionState
from conventions.models import Refusal, Signatory, Signature, TrailEntry, WrongPerson
from conventions.services import codes, refusing, sending, signing, trail
from conventions.services.codes import SigningClosed
from tests import worlds_conventions as do
from tests.harness.ceremony import Ceremony, fresh
from tests.harness.pages import text_of
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import World

REASON = "L’article 4 nous engage au-delà de ce que notre CA a voté."
NAMED = {
    "first_name": "Lise",
    "last_name": "Arrieu",
    "email": "lise.arrieu@example.org",
    "quality": "Présidente",
    "message": "Je délègue à notre présidente.",
}


# --- Refusing ---------------------------------------------------------------------------------------------------


def test_refusing_suspends_every_link_and_tells_who_prepares(ceremony, other, run_queue, mailoutbox):
    for each in (ceremony, other):
        each.open()
    digits = other.digits()
    mailoutbox.clear()
    assert "Refuser de signer pour" in text_of(ceremony.client.get(ceremony.url("signing_refuse")))
    assert ceremony.client.post(ceremony.url("signing_refuse"), {"reason": REASON}).url == ceremony.url(
        "signing_refuse"
    )
    page = text_of(ceremony.client.get(ceremony.url("signing_refuse")))
    assert REASON in page
    assert fresh(ceremony.convention).state == ConventionState.REFUSED
    before = contents()
    for answer in (other.client.get(other.link), other.client.post(other.link), other.client.get(other.url())):
        assert answer.status_code == 410
        assert "Une partie a refusé de signer" in text_of(answer)
        assert REASON not in text_of(answer)
    assert other.send(digits).status_code == 410
    assert contents() == before
    run_queue()
    told = [mail for mail in mailoutbox if "refuse de signer" in mail.subject]
    assert [mail.to for mail in told] == [["region_admin@ours.example.org"]]
    assert REASON in told[0].body


def test_refusing_twice_is_one_refusal(ceremony, run_queue, mailoutbox):
    ceremony.open()
    for _ in range(2):
        ceremony.client.post(ceremony.url("signing_refuse"), {"reason": REASON})
    refusing.refuse(signatory=ceremony.signatory, reason="Autre", circumstances=do.HERE)
    assert Refusal.objects.get().reason == REASON
    assert TrailEntry.objects.filter(kind="refused").count() == 1
    run_queue()
    assert len([mail for mail in mailoutbox if "refuse de signer" in mail.subject]) == 1


def test_a_refusal_says_why_or_is_none(ceremony):
    ceremony.open()
    before = contents()
    answer = ceremony.client.post(ceremony.url("signing_refuse"), {"reason": "  "})
    assert answer.status_code == 422
    assert "Dites pourquoi vous refusez" in text_of(answer)
    assert contents() == before


def test_who_has_signed_refuses_no_more(ceremony):
    ceremony.open()
    ceremony.send(ceremony.digits())
    assert ceremony.client.post(ceremony.url("signing_refuse"), {"reason": REASON}).url == ceremony.url()
    with pytest.raises(SigningClosed):
        refusing.refuse(signatory=ceremony.signatory, reason=REASON, circumstances=do.HERE)
    assert fresh(ceremony.convention).state == ConventionState.OPEN
    assert not Refusal.objects.exists()


def test_the_reason_stays_out_of_the_chain_and_its_commitment_stays_in(ceremony):
    refusing.refuse(signatory=ceremony.signatory, reason=REASON, circumstances=do.HERE)
    entry = TrailEntry.objects.get(kind="refused")
    assert REASON not in str(entry.data)
    assert entry.values.get(name="reason").value == REASON
    assert trail.verify(ceremony.convention) is None


def test_who_prepares_reads_the_reason_and_other_parties_do_not(ceremony, admin):
    refusing.refuse(signatory=ceremony.signatory, reason=REASON, circumstances=do.HERE)
    url = reverse("party", args=["ici", ceremony.convention.public_id, ceremony.signatory.party_id])
    assert REASON in text_of(admin.get(url))
    page = text_of(admin.get(ceremony.convention.get_absolute_url()))
    assert REASON in page
    assert "A refusé de signer" in page
    assert "a refusé de signer" in text_of(admin.get(ceremony.convention.url("convention_renew")))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_signing_and_refusing_at_the_same_moment_leave_one_truth(committed_db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    convention = do.sent_convention(do.Cohort.objects.select_related("region", "version").get(slug="suivante"))
    first, second = do.signatories_of(convention)
    act = do.act(first, "s", do.code_for(first, "s"))
    results = at_once(
        partial(signing.sign, signatory=first, act=act),
        partial(refusing.refuse, signatory=second, reason=REASON, circumstances=do.HERE),
    )
    assert isinstance(results[0], (Signature, SigningClosed))
    assert isinstance(results[1], Refusal)
    assert fresh(convention).state == ConventionState.REFUSED
    kinds = list(TrailEntry.objects.filter(convention=convention).order_by("seq").values_list("kind", flat=True))
    signed = Signature.objects.filter(signatory=first).exists()
    assert ("signed" in kinds) == signed
    assert kinds[-1] == "refused"


# --- « Je ne suis pas la bonne personne » -----------------------------------------------------------------------


def test_naming_somebody_else_sends_them_nothing_and_tells_who_prepares(ceremony, run_queue, mailoutbox):
    ceremony.open()
    run_queue()
    mailoutbox.clear()
    for _ in range(2):
        assert ceremony.client.post(ceremony.url("signing_wrong"), NAMED).url == ceremony.url("signing_wrong")
    told = WrongPerson.objects.get()
    assert (told.email, told.answered_at) == (NAMED["email"], None)
    run_queue()
    assert [mail.to for mail in mailoutbox] == [["region_admin@ours.example.org"]]
    assert "Aucun lien n’est parti" in mailoutbox[0].body
    assert NAMED["email"] not in mailoutbox[0].body
    assert "La délégation est prévenue" in text_of(ceremony.client.get(ceremony.url("signing_wrong")))
    assert fresh(ceremony.convention).state == ConventionState.OPEN


def test_until_it_is_answered_one_reads_and_does_not_sign(ceremony):
    ceremony.open()
    digits = ceremony.digits()
    ceremony.client.post(ceremony.url("signing_wrong"), NAMED)
    page = text_of(ceremony.client.get(ceremony.url()))
    assert "ce n’est pas à vous de signer" in page
    assert ceremony.client.post(ceremony.url("signing_code")).status_code == 410
    assert ceremony.send(digits).url == ceremony.url()
    with pytest.raises(SigningClosed, match="la délégation s’en occupe"):
        codes.ask(signatory=ceremony.signatory, session="s", circumstances=do.HERE)
    assert ceremony.signature is None


def test_following_it_names_the_other_who_receives_the_link(ceremony, admin, run_queue, mailoutbox):
    ceremony.open()
    ceremony.client.post(ceremony.url("signing_wrong"), NAMED)
    url = reverse("signatory_change", args=["ici", ceremony.convention.public_id, ceremony.signatory.public_id])
    page = text_of(admin.get(url))
    assert NAMED["email"] in page
    assert NAMED["message"] in page
    run_queue()
    mailoutbox.clear()
    form = {
        **{name: NAMED[name] for name in ("first_name", "last_name", "email", "quality")},
        "power": "Statuts, article 9",
        "power_basis": "statutes",
        "address_basis": "written",
        "why": "Nouvelle présidente",
    }
    for _ in range(2):
        assert admin.post(url, form).status_code == 302
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[NAMED["email"]]]
    told = WrongPerson.objects.get()
    assert told.followed is True
    former = Signatory.objects.get(pk=ceremony.signatory.pk)
    assert former.replaced_why == "Nouvelle présidente"
    named = Signatory.objects.current().with_context().get(party=ceremony.signatory.party)
    assert do.sign_as(named).power == "Statuts, article 9"
    assert ceremony.client.get(ceremony.url()).status_code == 410


def test_not_following_it_opens_the_page_again_to_the_same_person(ceremony, admin, run_queue, mailoutbox, read_mail):
    ceremony.open()
    ceremony.client.post(ceremony.url("signing_wrong"), NAMED)
    run_queue()
    mailoutbox.clear()
    url = reverse("wrong_person_dismiss", args=["ici", ceremony.convention.public_id, ceremony.signatory.public_id])
    assert "reste signataire" in text_of(admin.post(url, follow=True))
    assert "déjà été traitée" in text_of(admin.post(url, follow=True))
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[ceremony.signatory.email]]
    again = Ceremony(ceremony.signatory, read_mail).open()
    assert again.send(again.digits()).url == again.url()
    assert WrongPerson.objects.get().followed is False


def test_an_empty_form_names_nobody(ceremony):
    ceremony.open()
    before = contents()
    answer = ceremony.client.post(ceremony.url("signing_wrong"), {})
    assert answer.status_code == 422
    assert "Nommez la bonne personne" in text_of(answer)
    assert contents() == before


@pytest.mark.parametrize("name", ["signing_refuse", "signing_wrong"])
def test_another_s_session_declines_nothing(ceremony, other, name):
    ceremony.open()
    before = contents()
    assert ceremony.client.post(other.url(name), {"reason": REASON, **NAMED}).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("name", ["signing_refuse", "signing_wrong"])
def test_a_cancelled_convention_is_declined_by_nobody(ceremony, name):
    ceremony.open()
    sending.cancel(convention=ceremony.convention, reason="La date était fausse", by=None)
    before = contents()
    answer = ceremony.client.post(ceremony.url(name), {"reason": REASON, **NAMED})
    assert answer.status_code == 410
    assert "La date était fausse" in text_of(answer)
    assert contents() == before
