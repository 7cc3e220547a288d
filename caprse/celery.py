"""The background worker and its timetable."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caprse.settings")

FIRST_TRIAL = "conventions.tasks.test_seal"

app = Celery("caprse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "reminders": {"task": "caprse.tasks.remind", "schedule": crontab(minute=5), "options": {"expires": 3000}},
    "heartbeat": {"task": "caprse.base.tasks.beat", "schedule": 20.0, "options": {"expires": 40}},
    "sweep": {"task": "caprse.base.tasks.sweep", "schedule": 60.0, "options": {"expires": 120}},
    "convention_days": {
        "task": "conventions.tasks.pass_days",
        "schedule": crontab(minute=10),
        "options": {"expires": 3000},
    },
    "conventions": {
        "task": "conventions.tasks.resume_unfinished",
        "schedule": 60.0,
        "options": {"expires": 120},
    },
    "timestamps": {
        "task": "conventions.tasks.stamp_signatures",
        "schedule": 300.0,
        "options": {"expires": 600},
    },
    "conventions_in_line": {
        "task": "conventions.tasks.keep_in_line",
        "schedule": 900.0,
        "options": {"expires": 1800},
    },
    "seal_again": {
        "task": "conventions.tasks.test_seal_again",
        "schedule": 600.0,
        "options": {"expires": 1200},
    },
    "conventions_at_night": {
        "task": "conventions.tasks.watch_over",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 14_400},
    },
}


@beat_init.connect
def first_heartbeat(sender, **kwargs):
    """The health page does not wait for the timetable's first round."""
    app.send_task("caprse.base.tasks.beat", expires=40)


@worker_ready.connect
def first_trial(sender, **kwargs):
    """A key that seals nothing is known as the worker starts, not on the day of a signature."""
    app.send_task(FIRST_TRIAL, expires=600)
