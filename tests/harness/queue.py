"""The queue only wakes workers, and the rows are the truth: without a worker, what is sent to it is dropped."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import redis
from django.conf import settings

from caprse import celery_app
from caprse.base import jobs, outbox
from caprse.base.enums import JobState
from caprse.base.models import Job
from tests.harness.clock import START

READY_WITHIN = 40


def pytest_configure():
    celery_app.conf.broker_url = "memory://localhost/"


@pytest.fixture
def run_queue(django_db_setup, database_of_tests):
    """`run_queue()` runs the waiting jobs, those they add too, then sends the waiting mails.

    Those the worlds were left with wait on: a PDF of each structure; a test about one says `jobs.run(job.pk)`.
    """
    ours = Job.objects.filter(state=JobState.QUEUED).exclude(public_id__in=database_of_tests.waiting_jobs)

    def run():
        tried = set()
        while waiting := set(ours.values_list("pk", flat=True)) - tried:
            for job_id in sorted(waiting):
                jobs.run(job_id)
            tried |= waiting
        outbox.send_waiting()

    return run


@contextmanager
def broker(url):
    """Send to another queue for a while."""
    before = celery_app.conf.broker_url
    try:
        celery_app.conf.broker_url = url
        celery_app._after_fork()  # forgets open connections
        yield
    finally:
        celery_app.conf.broker_url = before
        celery_app._after_fork()


class Worker:
    """A real Celery worker with its timetable, in its own process."""

    def __init__(self, folder):
        self.log = folder / "worker.log"
        # Its clock cannot be stopped: it lives the day after, so that what a test enqueues is past.
        tomorrow = (START + timedelta(days=1)).date().isoformat()
        command = [sys.executable, "-m", "celery", "-A", "caprse", "worker", "-B", "-P", "threads", "-c", "2"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "-l", "INFO", "-s", folder / "timetable", "-n", "tests@localhost"],
                env=os.environ | {"CAPRSE_DEMO_TODAY": tomorrow},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self):
        limit = time.monotonic() + READY_WITHIN
        while " ready." not in self.log.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > limit:
                pytest.fail(f"the worker does not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)

    def stop(self):
        """Stop the worker and its timetable, now."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)


@pytest.fixture
def worker(committed_db, tmp_path):
    """A running worker on the test's database and the throw-away Redis; `worker.stop()` ends it early."""
    if not settings.REDIS_URL:
        pytest.fail("ce test demande un Redis : lancez ./run test")
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
    running = Worker(tmp_path)
    try:
        running.wait_until_ready()
        with broker(settings.REDIS_URL):
            yield running
    finally:
        running.stop()


@pytest.fixture
def eventually():
    """`eventually(lambda: …, within=20)` waits until the condition holds and returns what it gave."""

    def wait(condition, *, within=20):
        limit = time.monotonic() + within
        while not (held := condition()):
            if time.monotonic() > limit:
                pytest.fail(f"still not so after {within} s")
            time.sleep(0.1)
        return held

    return wait
