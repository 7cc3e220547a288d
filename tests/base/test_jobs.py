"""Background work: the row is the truth, whatever becomes of queues and workers."""

from datetime import timedelta

import pytest

from caprse.base import clock, files, jobs, queue
from caprse.base.enums import JobState
from caprse.base.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch):
    """`work(function)` makes it the handler of the kind `test`."""
    return lambda function: monkeypatch.setitem(jobs._handlers, "test", function)


@pytest.fixture
def sent(monkeypatch):
    """What was sent to the queue."""
    messages = []
    monkeypatch.setattr(queue, "send", lambda name, *args: messages.append((name, *args)))
    return messages


def enqueue(**ids):
    return jobs.enqueue("test", title="Un document", by=None, region_id=1, **ids)


def swept(job, sent):
    """Whether the periodic sweep sends this job again."""
    jobs.sweep()
    return ("caprse.base.tasks.run_job", job.pk) in sent


def fail(job):
    raise ValueError("broken")


def test_a_worker_is_woken_after_commit_only(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue()
        assert sent == []
    assert sent == [("caprse.base.tasks.run_job", job.pk)]


def test_the_handler_gets_ids_and_its_file_is_the_result(work):
    work(lambda job: files.store(b"x", name="x.txt", media_type="text/plain", created_by_id=job.payload["user"]))
    job = enqueue(user=7)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result.created_by_id) == (JobState.DONE, 100, 7)


def test_progress_is_written_while_it_runs(work):
    seen = []

    def halfway(job):
        jobs.report(job, 50, "Page 2 sur 4")
        seen.append(Job.objects.values_list("state", "progress", "message").get(pk=job.pk))

    work(halfway)
    jobs.run(enqueue().pk)
    assert seen == [(JobState.RUNNING, 50, "Page 2 sur 4")]


def test_a_job_done_is_not_done_again(work):
    done = []
    work(lambda job: done.append(job.pk))
    job = enqueue()
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert done == [job.pk]


def test_a_job_another_worker_holds_is_left_alone(work):
    done = []
    work(lambda job: done.append(job.pk))
    job = enqueue()
    jobs.claim(job.pk)
    jobs.run(job.pk)
    assert done == []


def test_a_job_whose_worker_died_is_taken_over(work, sent, clock_at):
    work(lambda job: None)
    job = enqueue()
    jobs.claim(job.pk)
    assert not swept(job, sent)
    clock_at(clock.now() + jobs.LEASE)
    assert swept(job, sent)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_job_the_queue_lost_is_sent_again(sent, clock_at):
    job = enqueue()
    assert not swept(job, sent)
    clock_at(clock.now() + jobs.RETRY_AFTER)
    assert swept(job, sent)


def test_a_failure_is_tried_again_later_then_given_up(work, sent, clock_at, caplog):
    work(fail)
    job = enqueue()
    for attempt in range(1, jobs.MAX_ATTEMPTS):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.QUEUED, attempt)
        assert job.wake_after == clock.now() + jobs.RETRY_AFTER * attempt
        clock_at(job.wake_after)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "Vos réponses sont intactes" in job.message


def test_an_impossible_job_says_why_and_is_not_tried_again(work, sent, clock_at):
    def impossible(job):
        raise jobs.JobFailed("Ce chapitre n’a aucune réponse.")

    work(impossible)
    job = enqueue()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Ce chapitre n’a aucune réponse.")
    clock_at(clock.now() + timedelta(days=1))
    assert not swept(job, sent)
