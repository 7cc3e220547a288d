"""Wakes a worker once the current transaction is committed. Losing the message loses nothing: a sweep follows."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task_name, *args):
    """Send a task by name after commit; an unreachable queue is logged, never shown to the person."""
    transaction.on_commit(lambda: send(task_name, *args))


def send(task_name, *args):
    """Send a task now."""
    try:
        current_app.send_task(task_name, args=args, retry=False)
    except OperationalError as error:
        logger.warning("queue unreachable, the sweep will pick it up: %s %s", task_name, type(error).__name__)
