"""Signatures still awaited are recalled, kindly, and no longer once given."""

from datetime import timedelta

import pytest

from caprse import reminders
from caprse.base import clock
from cohorts.models import Cohort, Invitation
from conventions.models import Signatory, TrailEntry
from conventions.services import sending, trail
from tests import worlds_conventions as do
from tests.worlds import World


@pytest.fixture
def opened(db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    Invitation.objects.pending().delete()
    return do.sent_convention(Cohort.objects.select_related("region", "version").get(slug="suivante"))


def recalled(mailoutbox):
    return sorted(mail.to[0] for mail in mailoutbox if "attend" in mail.subject)


def test_who_has_not_signed_after_five_days_is_reminded_with_a_link_that_works(
    opened, clock_at, run_queue, mailoutbox, client
):
    first, second = do.signatories_of(opened)
    do.sign_as(first)
    clock_at(clock.now() + timedelta(days=6))  # a Monday
    assert reminders.remind() == 1
    assert reminders.remind() == 0
    run_queue()
    assert recalled(mailoutbox) == [second.email]
    entry = TrailEntry.objects.get(convention=opened, kind="reminded")
    assert entry.data["signatory"] == second.public_id
    assert second.email not in str(entry.data)
    assert trail.verify(opened) is None
    mail = next(mail for mail in mailoutbox if "attend" in mail.subject)
    path = next(word for word in mail.body.split() if "/signer/" in word).split("8000")[-1]
    assert "attend votre signature" in client.get(path).content.decode()


def test_nobody_is_reminded_within_five_days_nor_more_than_six_times(opened, clock_at):
    clock_at(clock.now() + timedelta(days=3))
    assert reminders.remind() == 0
    start = clock.now()
    sent = []
    for day in range(60):
        clock_at(start + timedelta(days=day))
        sent.append(reminders.remind())
    assert sum(sent) == 2 * 6
    assert set(Signatory.objects.filter(party__convention=opened).values_list("reminders", flat=True)) == {6}


def test_a_signature_given_before_the_mail_leaves_stops_it(opened, clock_at, run_queue, mailoutbox):
    clock_at(clock.now() + timedelta(days=6))
    assert reminders.remind() == 2
    for signatory in do.signatories_of(opened):
        do.sign_as(signatory)
    run_queue()
    assert recalled(mailoutbox) == []
