"""Mails wait in a table, are worded when they leave, and survive a server that refuses them."""

import pytest

from caprse.base import clock, outbox, queue
from caprse.base.enums import MailState
from caprse.base.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def wording(monkeypatch):
    """`wording(function)` makes it the renderer of the kind `test`."""
    return lambda function: monkeypatch.setitem(outbox._renderers, "test", function)


def greeting(message):
    return outbox.Mail(f"{message.recipient_id}@example.org", "Bonjour", f"Étape {message.payload['step']}")


def refuse(message):
    raise ConnectionRefusedError("smtp")


def test_a_worker_is_woken_after_commit_only(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(queue, "send", lambda *message: sent.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        outbox.post("test", to_ids=[1])
        assert sent == []
    assert sent == [("caprse.base.tasks.send_mail",)]


def test_one_mail_per_person_worded_when_it_leaves(wording, mailoutbox):
    outbox.post("test", to_ids=[1, 2, 1], step=3)
    wording(greeting)
    assert outbox.send_waiting() == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == ["1@example.org", "2@example.org"]
    assert {mail.body for mail in mailoutbox} == {"Étape 3"}


def test_a_mail_leaves_once(wording, mailoutbox):
    wording(greeting)
    outbox.post("test", to_ids=[1], step=3)
    outbox.send_waiting()
    outbox.send_waiting()
    assert len(mailoutbox) == 1
    message = OutboxMessage.objects.get()
    assert (message.state, message.sent_at) == (MailState.SENT, clock.now())


def test_the_row_keeps_ids_and_no_text(wording):
    wording(greeting)
    outbox.post("test", to_ids=[1], step=3)
    outbox.send_waiting()
    message = OutboxMessage.objects.get()
    assert message.payload == {"step": 3}
    assert (message.shown_to, message.shown_subject, message.shown_body) == ("", "", "")


def test_a_mail_no_longer_relevant_is_not_sent(wording, mailoutbox):
    wording(lambda message: None)
    outbox.post("test", to_ids=[1])
    assert outbox.send_waiting() == 0
    assert mailoutbox == []
    assert OutboxMessage.objects.get().state == MailState.SENT


def test_a_refused_mail_waits_longer_each_time_then_gives_up(wording, clock_at):
    wording(refuse)
    outbox.post("test", to_ids=[1])
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        outbox.send_waiting()
        message = OutboxMessage.objects.get()
        assert (message.attempts, message.error) == (attempt, "ConnectionRefusedError")
        assert message.lease_until == clock.now() + outbox.LEASE * 2**attempt
        clock_at(message.lease_until)
    assert message.state == MailState.FAILED


def test_one_refused_mail_does_not_hold_the_others(wording, mailoutbox):
    wording(lambda message: refuse(message) if message.recipient_id == 1 else greeting(message))
    outbox.post("test", to_ids=[1, 2], step=1)
    assert outbox.send_waiting() == 1
    assert [mail.to for mail in mailoutbox] == [["2@example.org"]]


def test_a_mail_whose_sender_died_is_taken_over(wording, mailoutbox, clock_at):
    wording(greeting)
    outbox.post("test", to_ids=[1], step=1)
    outbox.claim_next()
    assert outbox.send_waiting() == 0
    clock_at(clock.now() + outbox.LEASE)
    assert outbox.send_waiting() == 1
