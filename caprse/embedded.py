"""Background work inside the web process: a Celery worker and its timetable over the in-memory broker.

For the demonstration: no Redis, no second terminal. What waits in the queue dies with the process, and
the sweep takes it up again from the database. One process only: the in-memory broker is not shared.
"""

import threading
from dataclasses import dataclass

from celery import beat
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.core.exceptions import ImproperlyConfigured

from caprse.celery import FIRST_TRIAL, app

CONCURRENCY = 2
START_WITHIN = 10
STOP_WITHIN = 10


@dataclass(frozen=True)
class Embedded:
    """The worker and the timetable of this process."""

    worker: WorkController
    timetable: beat.Service
    threads: tuple

    def stop(self):
        """Finish the tasks at hand, then stop both threads."""
        self.timetable.stop(wait=False)
        self.worker.stop()
        for thread in self.threads:
            thread.join(STOP_WITHIN)
        worker_state.should_stop = None  # the next worker of this process starts afresh


def start():
    """Start both and return them once the worker takes tasks."""
    if not app.conf.broker_url.startswith("memory:"):
        raise ImproperlyConfigured("CAPRSE_REDIS_URL : le travail de fond embarqué n’emploie pas de Redis")
    ready = threading.Event()
    worker = WorkController(
        app=app,
        hostname="embedded@localhost",
        pool="threads",
        concurrency=CONCURRENCY,
        quiet=True,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
        ready_callback=lambda consumer: ready.set(),
    )
    timetable = beat.Service(app, scheduler_cls=beat.Scheduler, max_interval=1)
    threads = (
        threading.Thread(target=worker.start, name="worker", daemon=True),
        threading.Thread(target=timetable.start, name="timetable", daemon=True),
    )
    for thread in threads:
        thread.start()
    if not ready.wait(START_WITHIN):
        raise RuntimeError("the embedded worker does not start")
    app.send_task(FIRST_TRIAL)
    return Embedded(worker, timetable, threads)
