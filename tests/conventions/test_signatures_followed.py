"""A convention being signed, followed: who got the link, opened it, signed; whose mail came back; what is left."""

import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from caprse import reminders
from caprse.base import clock, outbox
from caprse.base.enums import MailState
from caprse.base.models import OutboxMessage
from cohorts.enums import OrganisationKind
from cohorts.models import Invitation
from cohorts.services import organisations
from conventions.models import Convention, Refusal, Signatory, TrailEntry, WrongPerson
from conventions.services import following, sending
from conventions.services.following import counts_of
from tests import worlds_conventions as do
from tests.harness.pages import text_of
from tests.test_access_matrix import contents


@pytest.fixture
def two(sent):
    """The two signatories of the convention being signed."""
    Invitation.objects.pending().delete()
    return do.signatories_of(sent)


def page(admin, convention):
    return text_of(admin.get(convention.url("convention_signatures")))


def act_url(name, signatory):
    convention = signatory.party.convention
    return reverse(name, args=[convention.region.slug, convention.public_id, signatory.public_id])


def refuses(*addresses, code=550):
    """A mail server that refuses these addresses, and takes the others."""

    class Letter(EmailMessage):
        def send(self, *args, **kwargs):
            if self.to[0] in addresses:
                raise smtplib.SMTPRecipientsRefused({self.to[0]: (code, b"refused")})
            return super().send(*args, **kwargs)

    return Letter


# --- What the page says -------------------------------------------------------------------------------------------


def test_person_by_person_from_the_link_to_the_signature(sent, two, admin):
    first, second = two
    shown = page(admin, sent)
    assert "0 sur 2" in shown
    assert shown.count(">Lien envoyé<") == 2
    Signatory.objects.filter(pk=first.pk).update(opened_at=clock.now())
    assert ">Lien ouvert<" in page(admin, sent)
    do.sign_as(first)
    shown = page(admin, sent)
    assert "1 sur 2" in shown
    assert ">A signé<" in shown
    assert second.email in shown


def test_each_party_leads_to_its_page_and_each_awaited_person_to_a_signature_on_paper(sent, two, admin):
    do.sign_as(two[0])
    shown = page(admin, sent)
    for person in two:
        assert f'href="{reverse("party", args=[sent.region.slug, sent.public_id, person.party_id])}"' in shown
    assert act_url("signature_paper", two[0]) not in shown
    assert f'href="{act_url("signature_paper", two[1])}"' in shown
    assert "signé sur papier" in text_of(admin.get(act_url("signature_paper", two[1])))


def test_a_refusal_is_shown_with_its_reason_and_its_day(sent, two, admin):
    Refusal.objects.create(region=sent.region, convention=sent, signatory=two[0], reason="Le conseil s’y oppose")
    shown = page(admin, sent)
    assert ">A refusé<" in shown
    assert "Mardi 4 novembre 2025, refus : Le conseil s’y oppose" in shown


def test_who_was_replaced_stays_in_the_history(sent, two, admin):
    Signatory.objects.filter(pk=two[0].pk).update(replaced_at=clock.now(), replaced_why="A quitté la structure")
    shown = page(admin, sent)
    assert ">Remplacé·e<" in shown
    assert "A quitté la structure" in shown


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (12, "Il reste 12 jours pour signer"),
        (1, "Il reste 1 jour pour signer"),
        (0, "C’est le dernier jour"),
        (-2, "Le délai est passé"),
    ],
)
def test_what_is_left_before_the_deadline(sent, admin, days, words):
    Convention.objects.filter(pk=sent.pk).update(expires_on=clock.today() + timedelta(days=days))
    assert words in page(admin, sent)


def test_the_next_reminder_is_announced_and_how_many_left(sent, two, admin):
    assert "Aucun rappel encore ; le prochain à partir du dimanche 9 novembre 2025." in page(admin, sent)
    Signatory.objects.filter(pk=two[0].pk).update(reminders=6, reminded_on=clock.today())
    assert "6 rappels partis : il n’en partira plus." in page(admin, sent)


# --- Counts -------------------------------------------------------------------------------------------------------


def test_counts_are_those_of_the_page_and_cost_the_same_for_many(sent, two, queries):
    do.sign_as(two[0])
    with queries(3):
        one = counts_of([sent])[sent.pk]
    assert (one.parties, one.signed_parties, one.signatories, one.sent, one.signed) == (2, 1, 2, 2, 1)
    conventions = list(Convention.objects.all())
    with queries(3):
        every = counts_of(conventions)
    assert every[sent.pk] == one
    assert counts_of([]) == {}


@pytest.mark.parametrize("extra", [1, 3, 60])
def test_the_page_costs_the_same_whatever_the_number_of_parties(sent, two, admin, queries, extra):
    url = sent.url("convention_signatures")
    admin.get(url)
    with queries(max=25) as few:
        admin.get(url)
    for number in range(extra):
        one = organisations.create_organisation(
            kind=OrganisationKind.STRUCTURE, legal_name=f"Structure {number:02}", region=sent.region
        )
        party = sent.parties.create(region=sent.region, organisation=one, role=one.kind, name=one.legal_name)
        fields = {name: getattr(two[0], name) for name in ("first_name", "last_name", "email", "quality", "power")}
        Signatory.objects.create(region=sent.region, party=party, user=two[0].user, sent_at=clock.now(), **fields)
    with queries(max=len(few)):
        shown = text_of(admin.get(url))
    assert f"Structure {extra - 1:02}" in shown


# --- Mails that come back -----------------------------------------------------------------------------------------


def test_an_address_that_does_not_exist_is_noted_at_once_and_reminders_stop(
    sent, two, admin, monkeypatch, run_queue, clock_at, mailoutbox
):
    first, second = two
    monkeypatch.setattr(outbox, "EmailMessage", refuses(first.email))
    run_queue()
    assert Signatory.objects.get(pk=first.pk).bounced_at == clock.now()
    assert Signatory.objects.get(pk=second.pk).bounced_at is None
    message = OutboxMessage.objects.get(kind=sending.LINK_MAIL, payload__signatory=first.pk)
    assert (message.state, message.attempts) == (MailState.FAILED, 1)
    shown = page(admin, sent)
    assert ">Courriel revenu<" in shown
    assert "arrêtés : ses courriels reviennent" in shown
    clock_at(clock.now() + timedelta(days=6))
    assert reminders.remind() == 1
    run_queue()
    assert [mail.to for mail in mailoutbox if "attend" in mail.subject] == [[second.email]]


def test_a_mailbox_full_for_a_moment_is_tried_again(sent, two, monkeypatch, run_queue):
    monkeypatch.setattr(outbox, "EmailMessage", refuses(two[0].email, code=452))
    run_queue()
    assert Signatory.objects.get(pk=two[0].pk).bounced_at is None
    message = OutboxMessage.objects.get(kind=sending.LINK_MAIL, payload__signatory=two[0].pk)
    assert message.state == MailState.PENDING


def test_a_reminder_that_comes_back_stops_the_next_ones(sent, two, monkeypatch, run_queue, clock_at):
    run_queue()
    clock_at(clock.now() + timedelta(days=6))
    assert reminders.remind() == 2
    monkeypatch.setattr(outbox, "EmailMessage", refuses(two[0].user.email))
    run_queue()
    assert Signatory.objects.get(pk=two[0].pk).bounced_at is not None
    clock_at(clock.now() + timedelta(days=7))
    assert reminders.remind() == 1


def test_whoever_received_the_mail_back_says_so_once(sent, two, admin, run_queue):
    run_queue()
    for _ in range(2):
        response = admin.post(act_url("signatory_returned", two[0]), follow=True)
    assert "plus aucun rappel ne part" in text_of(response)
    assert TrailEntry.objects.get(convention=sent, kind="returned").data["signatory"] == two[0].public_id
    assert Signatory.objects.get(pk=two[0].pk).bounced_at == clock.now()
    assert OutboxMessage.objects.filter(kind=sending.LINK_MAIL).count() == 2


def test_a_link_sent_again_tries_the_address_anew(sent, two, admin, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    following.note_undelivered([two[0].pk])
    admin.post(act_url("signatory_resend", two[0]))
    assert Signatory.objects.get(pk=two[0].pk).bounced_at is None
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[two[0].email]]


@pytest.mark.parametrize("name", ["signatory_resend", "signatory_returned"])
def test_nothing_leaves_for_who_has_signed_or_was_replaced(sent, two, admin, name):
    do.sign_as(two[0])
    before = contents()
    assert "rien n’a été changé" in text_of(admin.post(act_url(name, two[0]), follow=True))
    assert contents() == before
    Signatory.objects.filter(pk=two[1].pk).update(replaced_at=clock.now())
    assert admin.post(act_url(name, two[1])).status_code == 404


# --- Reminders stop -----------------------------------------------------------------------------------------------


@pytest.fixture
def later(sent, clock_at):
    clock_at(clock.now() + timedelta(days=6))
    return sent


def test_who_refused_is_not_reminded(later, two):
    Refusal.objects.create(region=later.region, convention=later, signatory=two[0], reason="Non")
    assert reminders.remind() == 1


def test_who_says_not_to_be_the_right_person_is_not_reminded(later, two):
    WrongPerson.objects.create(region=later.region, convention=later, signatory=two[0])
    assert reminders.remind() == 1


def test_who_signs_after_others_is_not_reminded_before_their_turn(later, two):
    Signatory.objects.filter(pk=two[1].pk).update(rank=2)
    assert reminders.remind() == 1
    assert list(Signatory.objects.filter(reminders=1)) == [two[0]]


def test_an_address_that_came_back_while_the_mail_waited_receives_nothing(later, two, run_queue, mailoutbox):
    run_queue()
    assert reminders.remind() == 2
    mailoutbox.clear()
    following.note_undelivered([two[0].pk])
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[two[1].email]]
