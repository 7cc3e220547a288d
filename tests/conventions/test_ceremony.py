"""The ceremony, from the mail to the receipt, in a browser without account."""

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.models import PersonalLink
from conventions import documents
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, Signatory, Signature, TrailEntry
from conventions.models.conventions import LINK
from conventions.services import finishing, sending, signatories, trail
from tests import worlds_conventions as do
from tests.harness.pages import text_of
from tests.test_access_matrix import contents


def wrong(code):
    return f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06d}"


# --- The link ---------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing_however_often(ceremony):
    before = contents()
    for _ in range(10):
        page = ceremony.client.get(ceremony.link)
        assert page.status_code == 200
        assert ceremony.client.head(ceremony.link).status_code == 200
    assert contents() == before
    assert ceremony.client.get(ceremony.url()).status_code == 403


def test_the_button_opens_the_text_and_is_noted_once_per_opening(ceremony):
    ceremony.open()
    entry = TrailEntry.objects.filter(convention=ceremony.convention, kind="link_opened").get()
    assert entry.data["opening"] == "link"
    assert Signatory.objects.get(pk=ceremony.signatory.pk).opened_at == clock.now()
    page = ceremony.client.get(ceremony.url()).content.decode()
    assert do.original_of(ceremony.convention).html in page
    assert 'class="contract contract--structure"' in page


def test_the_pages_of_signing_keep_no_copy_and_tell_no_other_site(ceremony):
    ceremony.open()
    for url in (ceremony.link, ceremony.url(), ceremony.url("signing_act"), ceremony.url("signing_pdf")):
        response = ceremony.client.get(url)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["X-Robots-Tag"] == "noindex"


def test_a_form_sent_from_another_site_opens_nothing(ceremony):
    strict = Client(enforce_csrf_checks=True)
    strict.get(ceremony.link)
    token = strict.cookies["csrftoken"].value
    forged = strict.post(ceremony.link, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://ailleurs.example"})
    assert forged.status_code == 403
    sent = strict.post(ceremony.link, {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"})
    assert sent.url == ceremony.url()


def test_a_forwarded_link_may_be_read_and_its_code_goes_to_the_registered_address_alone(ceremony, mailoutbox):
    ceremony.open()
    elsewhere = Client()
    elsewhere.post(ceremony.link)
    page = text_of(elsewhere.get(ceremony.url()))
    assert ceremony.signatory.email not in page
    assert "s…" in page
    elsewhere.post(ceremony.url("signing_code"))
    ceremony.read_mail(ceremony.signatory.email)
    assert {to for mail in mailoutbox if "code" in mail.subject for to in mail.to} == {ceremony.signatory.email}


def test_an_unknown_token_leads_nowhere(db):
    url = reverse("signing_link", args=["jeton-qui-n-existe-pas"])
    browser = Client()
    for response in (browser.get(url), browser.post(url)):
        assert response.status_code == 404
    assert not dict(browser.session)


def test_one_s_pages_are_refused_alike_whether_the_signatory_exists_or_not(ceremony):
    for name in ("signing", "signing_act", "signing_pdf"):
        here = Client().get(ceremony.url(name))
        nowhere = Client().get(reverse(name, args=["zzzzzzzzzzzz"]))
        assert here.status_code == nowhere.status_code == 403
        assert "rouvrez le lien" in text_of(here)
        assert "rouvrez le lien" in text_of(nowhere)


def test_an_opening_lasts_hours_not_days(ceremony, clock_at):
    ceremony.open()
    clock_at(clock.now() + timedelta(hours=12, seconds=1))
    closed = ceremony.client.get(ceremony.url())
    assert closed.status_code == 403
    assert ceremony.convention.reference not in text_of(closed)
    ceremony.open()
    assert ceremony.convention.reference in text_of(ceremony.client.get(ceremony.url()))


def test_the_session_of_one_signatory_opens_nothing_of_another(ceremony, other):
    ceremony.open()
    digits = ceremony.digits()
    for name in ("signing", "signing_act", "signing_pdf"):
        assert ceremony.client.get(other.url(name)).status_code == 403
    assert ceremony.client.post(other.url("signing_code")).status_code == 403
    shown = do.original_of(other.convention).pdf_sha256
    form = {"consent": "on", "code": digits, "document_sha256": shown}
    assert ceremony.client.post(other.url("signing_act"), form).status_code == 403
    assert not Signature.objects.filter(party__convention=other.convention).exists()


# --- Links that lead nowhere any more ---------------------------------------------------------------------------


def everywhere(ceremony):
    yield ceremony.client.get(ceremony.link)
    yield ceremony.client.post(ceremony.link)
    for name in ("signing", "signing_act", "signing_pdf"):
        yield ceremony.client.get(ceremony.url(name))
    yield ceremony.client.post(ceremony.url("signing_code"))
    yield ceremony.send("123456")


def test_an_address_changed_midway_closes_the_former_link_and_session_and_says_why(ceremony):
    ceremony.open()
    ceremony.digits()
    fields = {**do.stand_in(ceremony.signatory.party), "email": "nouvelle@example.org"}
    signatories.name_signatory(party=ceremony.signatory.party, by=None, **fields)
    before = contents()
    for response in everywhere(ceremony):
        assert response.status_code == 410
        assert "Une autre personne ou une autre adresse" in text_of(response)
    assert contents() == before


def test_a_cancelled_convention_gives_its_reason_even_to_who_had_signed(ceremony, other):
    for each in (ceremony, other):
        each.open()
    ceremony.send(ceremony.digits())
    assert ceremony.signature
    sending.cancel(convention=ceremony.convention, reason="La date était fausse", by=None)
    before = contents()
    for each in (ceremony, other):
        for response in (
            each.client.get(each.link),
            each.client.get(each.url()),
            each.client.get(each.url("signing_pdf")),
        ):
            assert response.status_code == 410
            assert "La date était fausse" in text_of(response)
    assert contents() == before


# --- Signing ----------------------------------------------------------------------------------------------------


def test_the_whole_ceremony_leaves_one_signature_a_receipt_and_the_frozen_bytes(ceremony, run_queue, mailoutbox):
    ceremony.open()
    digits = ceremony.digits()
    act = text_of(ceremony.client.get(ceremony.url("signing_act")))
    assert 'name="consent"' in act
    assert "checked" not in act
    assert ceremony.send(digits).url == ceremony.url()
    page = text_of(ceremony.client.get(ceremony.url()))
    assert "Vous avez signé" in page
    assert "Une signature est encore attendue" in page
    original = do.original_of(ceremony.convention)
    pdf = ceremony.client.get(ceremony.url("signing_pdf")).content
    assert documents.sha256(pdf) == original.pdf_sha256 == ceremony.signature.document_sha256
    run_queue()
    receipt = next(mail for mail in mailoutbox if "vous avez signé" in mail.subject)
    assert receipt.to == [ceremony.signatory.email]
    for fingerprint in (original.pdf_sha256, ceremony.signature.evidence_sha256, trail.head(ceremony.convention)):
        assert fingerprint in receipt.body


def test_the_evidence_says_what_was_shown_and_how_the_person_came(ceremony):
    ceremony.open()
    shown = html.unescape(ceremony.client.get(ceremony.url("signing_act")).content.decode())
    ceremony.send(ceremony.digits())
    signature = ceremony.signature
    assert signature.consent in shown
    assert signature.evidence["consent_sha256"] == documents.sha256(signature.consent)
    assert signature.evidence["identified_by"] == "personal link and code, both sent by e-mail"
    assert signature.evidence["named_by"] == trail.PRODUCT
    assert signature.evidence["ticked"] in shown
    assert signature.evidence["button"] in shown
    assert signature.evidence["version"] == 1
    assert PersonalLink.objects.get(pk=signature.evidence["link"]).target_id == ceremony.signatory.pk
    assert signature.evidence["account"] is None
    assert signature.evidence["session_sha256"] == documents.sha256(signature.nonce)
    moments = [signature.evidence[name] for name in ("opened_at", "code_asked_at", "code_sent_at", "signed_at")]
    assert moments == sorted(moments)
    last = TrailEntry.objects.filter(convention=ceremony.convention).order_by("-seq").first()
    assert set(last.values.values_list("name", flat=True)) == {"address", "agent", "ip"}


def test_unticked_terms_are_refused_and_what_was_typed_is_kept(ceremony):
    ceremony.open()
    digits = ceremony.digits()
    response = ceremony.send(digits, consent=None)
    assert response.status_code == 422
    assert "Cochez la case" in text_of(response)
    assert f'value="{digits}"' in text_of(response)
    assert ceremony.signature is None
    assert ceremony.send(digits).status_code == 302


@pytest.mark.parametrize("typed", ["", "12", "1234567", "abcdef"])
def test_a_code_that_is_no_code_is_refused_without_counting_a_try(ceremony, typed):
    ceremony.open()
    ceremony.digits()
    assert ceremony.send(typed).status_code == 422
    assert ceremony.signatory.codes.get().attempts == 0


def test_a_code_is_accepted_however_it_is_spaced(ceremony):
    ceremony.open()
    digits = ceremony.digits().replace(" ", "")
    assert ceremony.send(f" {digits[:2]} {digits[2:4]}\u00a0{digits[4:]} ").status_code == 302
    assert Signature.objects.filter(signatory=ceremony.signatory).count() == 1


def test_five_wrong_codes_kill_it_and_another_one_signs(ceremony):
    ceremony.open()
    digits = ceremony.digits()
    for left in (4, 3, 2, 1):
        assert f"reste {left} essai" in text_of(ceremony.send(wrong(digits)))
    assert "essayé 5 fois" in text_of(ceremony.send(wrong(digits)))
    assert "essayé 5 fois" in text_of(ceremony.send(digits))
    assert ceremony.signature is None
    assert ceremony.send(ceremony.digits()).status_code == 302


def test_an_old_code_says_so(ceremony, clock_at):
    ceremony.open()
    digits = ceremony.digits()
    clock_at(clock.now() + timedelta(minutes=10, seconds=1))
    response = ceremony.send(digits)
    assert response.status_code == 422
    assert "dix minutes" in text_of(response)
    assert ceremony.signature is None


def test_a_text_that_is_not_the_one_shown_is_not_signed(ceremony):
    ceremony.open()
    response = ceremony.send(ceremony.digits(), document_sha256="0" * 64)
    assert response.status_code == 422
    assert "Rien n’est signé" in text_of(response)
    assert ceremony.signature is None


def test_sending_twice_signs_once(ceremony):
    ceremony.open()
    digits = ceremony.digits()
    for _ in range(2):
        assert ceremony.send(digits).url == ceremony.url()
    assert Signature.objects.filter(signatory=ceremony.signatory).count() == 1


def test_who_has_signed_gets_no_other_code_and_leaves_no_other_trace(ceremony):
    ceremony.open()
    ceremony.send(ceremony.digits())
    before = TrailEntry.objects.count()
    assert ceremony.client.post(ceremony.url("signing_code")).url == ceremony.url()
    ceremony.open()
    assert "Vous avez signé" in text_of(ceremony.client.get(ceremony.link))
    assert ceremony.signatory.codes.count() == 1
    assert TrailEntry.objects.count() == before


def test_no_more_than_five_codes_an_hour(ceremony):
    ceremony.open()
    for _ in range(5):
        ceremony.digits()
    response = ceremony.client.post(ceremony.url("signing_code"), follow=True)
    assert "11 h" in text_of(response)
    assert ceremony.signatory.codes.count() == 5


def test_once_all_have_signed_each_link_gives_the_signed_document(ceremony, other, run_queue):
    for each in (ceremony, other):
        each.open().send(each.digits())
    run_queue()
    final = FrozenDocument.objects.get(convention=ceremony.convention, kind=DocumentKind.FINAL)
    assert ceremony.client.get(ceremony.url("signing_pdf")).content == bytes(final.pdf)
    assert "Toutes les parties ont signé" in text_of(ceremony.client.get(ceremony.url()))
    never = Client()
    assert "Vous avez signé" in text_of(never.get(ceremony.link))
    assert trail.verify(ceremony.convention) is None
    assert finishing.resume() == 0


def test_a_second_link_works_as_the_first(ceremony):
    second = reverse("signing_link", args=[links.make(LINK, ceremony.signatory.pk)])
    for link in (second, ceremony.link):
        assert ceremony.signatory.full_name in text_of(Client().get(link))
