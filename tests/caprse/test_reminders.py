"""Reminders: one mail a person and a day, on working days, of what still waits when it leaves."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connections

from caprse import celery_app, tasks
from caprse.base import clock, links, outbox, reminders
from caprse.base.models import OutboxMessage
from caprse.reminders import remind
from cohorts.enums import Role
from cohorts.models import Invitation, User
from cohorts.models.invitations import LINK
from cohorts.services.invitations import accept, cancel, invite, resend
from tests.worlds import World

SENT = date(2025, 11, 4)  # a Tuesday
FIRST = date(2025, 11, 10)  # five days later is a Sunday: the Monday after
TO = "nadia@nouvelle.example.org"


@pytest.fixture
def ours(db):
    """Alone to wait for an answer: the worlds' own invitations are closed."""
    for invitation in Invitation.objects.pending().order_by("pk"):
        cancel(invitation=invitation, by=None)
    return World("ours")


@pytest.fixture
def at(clock_at):
    return lambda day, hour=9: clock_at(clock.at(day, hour))


def ask(world, **changes):
    asked = {"email": TO, "first_name": "Nadia", "last_name": "Benali", "role": Role.CONTRIBUTOR}
    scope = {"organisation": world.organisation, "by": world.user(Role.REFERENT)}
    invitation = invite(**{**asked, **scope, **changes})
    OutboxMessage.objects.all().delete()
    return invitation


def test_five_days_later_one_mail_with_a_link_that_opens(ours, at, run_queue):
    invitation = ask(ours)
    at(FIRST - timedelta(days=3))
    assert remind() == 0
    at(FIRST)
    assert remind() == 1
    run_queue()
    [sent] = mail.outbox
    assert sent.to == [TO]
    assert "Rejoindre Notre structure" in sent.body
    assert "mardi 25 novembre 2025" in sent.body
    token = re.search(r"/invitations/([\w-]+)/", sent.body)[1]
    assert links.holder(LINK, token).target_id == invitation.pk


def test_sweeping_again_the_same_day_sends_nothing_more(ours, at, run_queue):
    invitation = ask(ours)
    at(FIRST)
    assert [remind(), remind()] == [1, 0]
    at(FIRST, 17)
    assert remind() == 0
    run_queue()
    assert len(mail.outbox) == 1
    invitation.refresh_from_db()
    assert (invitation.reminders, invitation.reminded_on) == (1, FIRST)


def test_three_times_at_most_five_days_apart_and_never_once_over(ours, at):
    ask(ours)
    days = []
    for rank in range(40):
        at(SENT + timedelta(days=rank))
        if remind():
            days.append(clock.today())
    assert days == [FIRST, date(2025, 11, 17), date(2025, 11, 24)]


def test_sent_again_it_counts_anew(ours, at):
    invitation = ask(ours)
    Invitation.objects.filter(pk=invitation.pk).update(reminders=3, reminded_on=date(2025, 11, 24))
    at(date(2025, 12, 1))
    assert remind() == 0
    resend(invitation=invitation, by=None)
    assert remind() == 0
    at(date(2025, 12, 8))
    assert remind() == 1


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2025, 11, 15), 10, 0),  # Saturday
        (date(2025, 11, 16), 10, 0),  # Sunday
        (date(2025, 11, 17), 7, 0),
        (date(2025, 11, 17), 8, 1),
        (date(2025, 11, 17), 23, 1),
    ],
)
def test_only_on_working_days_from_eight(ours, at, day, hour, expected):
    ask(ours)
    at(day, hour)
    assert remind() == expected
    assert OutboxMessage.objects.count() == expected


@pytest.mark.parametrize("answer", [lambda row: accept(invitation=row), lambda row: cancel(invitation=row, by=None)])
def test_answered_or_taken_back_it_is_recalled_no_more(ours, at, run_queue, answer):
    invitation = ask(ours)
    at(FIRST)
    remind()
    answer(invitation)  # between the sweep and the sending
    run_queue()
    assert [sent for sent in mail.outbox if sent.to == [TO]] == []
    at(FIRST + timedelta(days=7))
    assert remind() == 0


def test_everything_for_a_person_is_in_one_mail(ours, at, run_queue):
    ask(ours)
    ask(World("neighbour"), by=None)
    ask(ours, role=Role.BOARD_MEMBER)
    ask(ours, email="paul@nouvelle.example.org")
    at(FIRST)
    assert remind() == 2
    run_queue()
    [hers] = [sent for sent in mail.outbox if sent.to == [TO]]
    assert "3 choses vous attendent" in hers.subject
    assert len(re.findall(r"/invitations/[\w-]+/", hers.body)) == 3
    assert len(mail.outbox) == 2


def test_one_answered_out_of_two_leaves_the_other(ours, at, run_queue):
    first = ask(ours)
    ask(ours, role=Role.BOARD_MEMBER)
    at(FIRST)
    remind()
    accept(invitation=first)
    run_queue()
    assert "une chose vous attend" in mail.outbox[0].subject
    assert "contributeur" not in mail.outbox[0].body


def test_a_failure_leaves_neither_the_mail_nor_the_count(ours, at, monkeypatch):
    invitation = ask(ours)
    at(FIRST)

    def fails(refs, today):
        raise RuntimeError("the note cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr("caprse.base.reminders.note", fails)
        assert remind() == 0
    assert not OutboxMessage.objects.exists()
    assert remind() == 1
    invitation.refresh_from_db()
    assert invitation.reminders == 1


def test_the_timetable_asks_every_hour(ours, at):
    entry = celery_app.conf.beat_schedule["reminders"]
    assert entry["task"] == tasks.remind.name
    assert len(entry["schedule"].hour) == 24
    assert len(entry["schedule"].minute) == 1
    ask(ours)
    at(FIRST)
    tasks.remind()
    assert OutboxMessage.objects.get().kind == "reminder"


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_due_is_found_in_as_many_queries_for_one_or_three(ours, at, queries, count):
    for rank in range(count):
        ask(ours, email=f"p{rank}@nouvelle.example.org")
    at(FIRST - timedelta(days=1))  # Sunday
    with queries(0):
        remind()
    at(FIRST)
    with queries(max=4):
        assert len(reminders.due(clock.today())) == count


def test_two_workers_at_once_send_one_mail(committed_db):
    invitation = ask(World("ours"))
    barrier, posted = Barrier(2), []

    def sweep():
        barrier.wait()
        with clock.stopped(clock.at(FIRST, 9)):
            posted.append(remind())
        connections.close_all()

    threads = [Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mine = OutboxMessage.objects.filter(recipient_id=invitation.user_id, kind="reminder")
    assert mine.count() == 1
    invitation.refresh_from_db()
    assert invitation.reminders == 1


def test_one_person_who_cannot_be_reminded_holds_nobody_else(ours, at, run_queue, monkeypatch, caplog):
    ask(ours)
    ask(ours, email="autre@nouvelle.example.org", last_name="Autre")
    unlucky = User.objects.get(email=TO).pk
    post_once = outbox.post_once

    def refuse(kind, *, to_id, **rest):
        if to_id == unlucky:
            raise RuntimeError("this one")
        return post_once(kind, to_id=to_id, **rest)

    monkeypatch.setattr(outbox, "post_once", refuse)
    at(FIRST)
    assert remind() == 1
    assert f"user={unlucky}" in caplog.text
    run_queue()
    assert [sent.to for sent in mail.outbox] == [["autre@nouvelle.example.org"]]
