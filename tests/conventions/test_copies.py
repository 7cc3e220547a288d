"""Each party reaches what is its own without account, for the whole term: its copy, and annexes that change."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import OutboxMessage
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, Signatory
from conventions.services import annexes, finishing, sending, states
from conventions.services.annexes import Content
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of
from tests.harness.pages import admin_user, text_of
from tests.test_access_matrix import contents

MAIL = finishing.FINAL_MAIL


@pytest.fixture
def without_account(signed):
    return (
        Signatory.objects.with_context()
        .select_related("signature")
        .get(party__convention=signed, party__role="structure")
    )


def copy_url(signatory):
    return reverse("signatory_copy", args=["ici", signatory.party.convention.public_id, signatory.public_id])


def test_a_lost_copy_is_sent_again_once_a_day_with_a_link_that_works(
    signed, without_account, admin, run_queue, mailoutbox
):
    mailoutbox.clear()
    page = text_of(admin.get(reverse("party", args=["ici", signed.public_id, without_account.party_id])))
    assert "Renvoyer son exemplaire" in page
    for _ in range(2):
        assert "repart par courriel" in text_of(admin.post(copy_url(without_account), follow=True))
    run_queue()
    (mail,) = mailoutbox
    assert mail.to == [without_account.email]
    final = bytes(FrozenDocument.objects.get(convention=signed, kind=DocumentKind.FINAL).pdf)
    assert mail.attachments[0][1] == final
    path = re.search(r"/exemplaire/[\w-]+/", mail.body)[0]
    assert Client().get(path).content == final


def test_nothing_is_sent_to_who_has_not_signed_nor_after_the_time_it_is_kept(sent, admin, ours, clock_at):
    waiting = do.signatories_of(sent)[0]
    before = contents()
    assert "pas encore prêt" in text_of(admin.post(copy_url(waiting), follow=True))
    assert contents() == before
    sending.end(convention=ours.convention, last_day=clock.today(), reason="Fin", by=None)
    signatory = Signatory.objects.with_context().select_related("signature").get(pk=ours.signatory.pk)
    clock_at(clock.at(clock.today().replace(year=2030), 9))
    finishing.send_copy(signatory=signatory, by=None)
    clock_at(clock.at(clock.today().replace(year=2031), 9))
    with pytest.raises(states.WrongState, match="cinq ans"):
        finishing.send_copy(signatory=signatory, by=None)


@pytest.mark.parametrize(("who", "status"), [("facilitator@ours", 403), ("region_admin@stranger", 404)])
def test_nobody_else_sends_it(signed, without_account, who, status):
    before = OutboxMessage.objects.filter(kind=MAIL).count()
    assert browser_of(f"{who}.example.org").post(copy_url(without_account)).status_code == status
    assert OutboxMessage.objects.filter(kind=MAIL).count() == before


def test_who_has_no_account_reads_a_changed_annex_by_a_personal_link(
    sent, next_cohort, draw_anew, run_queue, mailoutbox
):
    sending.cancel(convention=sent, reason="Avec une annexe", by=None)
    draft = do.drafting.draft(cohort=next_cohort, by=None)
    annex = annexes.add_annex(
        convention=draft, by=admin_user(), title="Calendrier", kind="text", content=Content("Mars")
    )
    convention = do.sign_all(do.sent_convention(next_cohort))
    run_queue()
    mailoutbox.clear()
    annexes.revise_annex(annex=annex, number=1, by=admin_user(), content=Content("Avril"), note="Décalé")
    run_queue()
    signatory = Signatory.objects.get(party__convention=convention, party__role="structure")
    mail = next(mail for mail in mailoutbox if mail.to == [signatory.email])
    assert "ne demande pas d’avenant" in mail.body
    browser = Client()
    browser.post(re.search(r"/signer/[\w-]+/", mail.body)[0])
    page = text_of(browser.get(reverse("signing_annexes", args=[signatory.public_id])))
    assert "Avril" in page
    others = [mail for mail in mailoutbox if mail.to == ["region_admin@ours.example.org"]]
    assert others
    assert all("/signer/" not in mail.body for mail in others)
