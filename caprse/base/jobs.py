"""Background work: a row says what is to be done and how far it is; the queue only wakes a worker."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from caprse.base import clock, queue
from caprse.base.enums import JobState
from caprse.base.models import Job

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
RETRY_AFTER = timedelta(minutes=1)
MAX_ATTEMPTS = 3
_handlers = {}


class JobFailed(Exception):
    """The work cannot succeed; the message, in French, is shown to who asked."""


def handler(kind):
    """Register `function(job) -> StoredFile | None` for a kind of job. It must be idempotent."""

    def register(function):
        _handlers[kind] = function
        return function

    return register


@transaction.atomic
def enqueue(kind, *, title, by, region_id, participation_id=None, organisation_id=None, cohort_id=None, **ids):
    """Record a piece of work and wake a worker once the transaction commits.

    `title` is shown while it runs; `ids` is all the handler gets. Returns the `Job`.
    """
    job = Job.objects.create(
        kind=kind,
        title=title,
        payload=ids,
        created_by_id=getattr(by, "user_id", None),
        region_id=region_id,
        participation_id=participation_id,
        organisation_id=organisation_id,
        cohort_id=cohort_id,
        wake_after=clock.now() + RETRY_AFTER,
    )
    queue.wake("caprse.base.tasks.run_job", job.pk)
    return job


def report(job, progress, message):
    """Say how far a running job is, and keep its lease."""
    Job.objects.filter(pk=job.pk).update(progress=progress, message=message, lease_until=clock.now() + LEASE)


def claim(job_id):
    """Take a job for this worker, or None when another has it or it is over."""
    now = clock.now()
    free = Job.objects.filter(pk=job_id).filter(state=JobState.QUEUED)
    dead = Job.objects.filter(pk=job_id, state=JobState.RUNNING, lease_until__lte=now)
    taken = (free | dead).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE, message="Préparation"
    )
    return Job.objects.get(pk=job_id) if taken else None


def run(job_id):
    """Execute one job to its end, or put it back for a later try; never raises on the work's own failure."""
    job = claim(job_id)
    if job is None:
        return
    try:
        result = _handlers[job.kind](job)
    except JobFailed as error:
        finish(job, state=JobState.FAILED, message=str(error))
    except Exception:
        logger.exception("job failed id=%s kind=%s attempt=%s", job.pk, job.kind, job.attempts)
        put_back(job)
    else:
        finish(job, state=JobState.DONE, message="Terminé", result=result, progress=100)


def finish(job, *, state, message, **changes):
    Job.objects.filter(pk=job.pk).update(
        state=state, message=message[:200], finished_at=clock.now(), lease_until=None, **changes
    )


def put_back(job):
    """Back to the queue with a growing delay, or failed for good after `MAX_ATTEMPTS`."""
    if job.attempts >= MAX_ATTEMPTS:
        finish(
            job,
            state=JobState.FAILED,
            message="Nous n’avons pas réussi, après plusieurs essais. Vos réponses sont intactes ; "
            "réessayez plus tard ou prévenez votre région.",
        )
        return
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED,
        lease_until=None,
        wake_after=clock.now() + RETRY_AFTER * job.attempts,
        message="Nouvel essai dans un instant",
    )


def sweep():
    """Wake workers again for whatever the queue or a dead worker lost. Returns how many."""
    lost = list(Job.objects.recoverable(clock.now()).values_list("pk", flat=True)[:500])
    for job_id in lost:
        queue.send("caprse.base.tasks.run_job", job_id)
    return len(lost)
