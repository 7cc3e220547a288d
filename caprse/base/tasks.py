"""Envelopes: ids in, delegate, done."""

from celery import shared_task

from caprse.base import clock, jobs, outbox
from caprse.base.models import Heartbeat

QUEUE = "queue"


@shared_task
def run_job(job_id):
    jobs.run(job_id)


@shared_task
def send_mail():
    outbox.send_waiting()


@shared_task
def sweep():
    """Periodic: whatever the queue lost is taken up again."""
    jobs.sweep()
    outbox.send_waiting()


@shared_task
def beat():
    """Periodic: proves that the timetable enqueues and a worker executes."""
    Heartbeat.objects.update_or_create(name=QUEUE, defaults={"at": clock.real_now()})
