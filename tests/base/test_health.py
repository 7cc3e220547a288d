"""The health page tells the truth about each part, and nothing about people."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from caprse.base import clock, outbox
from caprse.base.models import Heartbeat, OutboxMessage
from caprse.base.tasks import QUEUE

ALL_WELL = {"database": "ok", "queue": "ok", "mail": "ok", "storage": "ok", "seal": "ok", "conventions": "ok"}


@pytest.fixture
def beating(db):
    Heartbeat.objects.create(name=QUEUE, at=clock.real_now())


def ask(client):
    response = client.get(reverse("health"))
    return response.status_code, response.json()


def test_all_is_well(client, beating):
    assert ask(client) == (200, ALL_WELL)


def test_a_queue_that_never_beat(client, db):
    assert ask(client) == (503, ALL_WELL | {"queue": "no heartbeat yet"})


def test_a_queue_gone_silent(client, beating):
    with clock.real_time_shifted(timedelta(seconds=61)):
        assert ask(client) == (503, ALL_WELL | {"queue": "no heartbeat for a minute"})


def test_mail_that_waits_too_long(client, beating, clock_at):
    outbox.post("test", to_ids=[1])
    clock_at(clock.now() + timedelta(minutes=14))
    assert ask(client) == (200, ALL_WELL)
    clock_at(clock.now() + timedelta(minutes=2))
    assert ask(client) == (503, ALL_WELL | {"mail": "1 waiting or failed"})


def test_a_storage_that_refuses(client, beating, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("/srv/secret: no space left")

    monkeypatch.setattr(default_storage, "save", full)
    assert ask(client) == (503, ALL_WELL | {"storage": "OSError"})


def test_the_probe_leaves_no_file(client, beating):
    ask(client)
    assert default_storage.listdir("health")[1] == []


def test_it_is_asked_by_get_only(client, beating):
    assert client.post(reverse("health")).status_code == 405
    assert OutboxMessage.objects.count() == 0


def test_a_real_worker_and_its_timetable_keep_it_well(client, worker, eventually):
    assert eventually(lambda: ask(client) == (200, ALL_WELL), within=60)
    worker.stop()
    with clock.real_time_shifted(timedelta(seconds=61)):
        assert ask(client) == (503, ALL_WELL | {"queue": "no heartbeat for a minute"})
