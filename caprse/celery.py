"""The background worker and its timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caprse.settings")

app = Celery("caprse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "heartbeat": {"task": "caprse.base.tasks.beat", "schedule": 20.0, "options": {"expires": 40}},
    "sweep": {"task": "caprse.base.tasks.sweep", "schedule": 60.0, "options": {"expires": 120}},
}
