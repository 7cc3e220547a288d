"""The background worker and its timetable."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caprse.settings")

app = Celery("caprse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "reminders": {"task": "caprse.tasks.remind", "schedule": crontab(minute=5), "options": {"expires": 3000}},
    "heartbeat": {"task": "caprse.base.tasks.beat", "schedule": 20.0, "options": {"expires": 40}},
    "sweep": {"task": "caprse.base.tasks.sweep", "schedule": 60.0, "options": {"expires": 120}},
    "conventions": {
        "task": "conventions.tasks.resume_unfinished",
        "schedule": 600.0,
        "options": {"expires": 1200},
    },
}


@beat_init.connect
def first_heartbeat(sender, **kwargs):
    """The health page does not wait for the timetable's first round."""
    app.send_task("caprse.base.tasks.beat", expires=40)
