"""Work enqueued by a service is executed: by a worker of its own, or inside the web process."""

import pytest

from caprse import embedded
from caprse.base import jobs, outbox
from caprse.base.enums import JobState, MailState
from caprse.base.models import Heartbeat, Job, OutboxMessage
from tests.harness.queue import broker


@pytest.fixture
def embedded_worker(committed_db):
    with broker("memory://embedded/"):
        running = embedded.start()
        yield running
        running.stop()


def is_over(job):
    return Job.objects.get(pk=job.pk).state not in (JobState.QUEUED, JobState.RUNNING)


def test_inside_the_process(embedded_worker, eventually, monkeypatch):
    monkeypatch.setitem(jobs._handlers, "test", lambda job: None)
    job = jobs.enqueue("test", title="Un document", by=None, region_id=1)
    eventually(lambda: is_over(job))
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_inside_the_process_the_timetable_beats_until_it_is_stopped(embedded_worker, eventually):
    assert eventually(Heartbeat.objects.first)
    embedded_worker.stop()
    assert not any(thread.is_alive() for thread in embedded_worker.threads)


def test_in_a_process_of_its_own(worker, eventually):
    outbox.post("kind_nobody_renders", to_ids=[1])
    message = eventually(OutboxMessage.objects.exclude(error="").first)
    assert (message.state, message.error) == (MailState.PENDING, "KeyError")
