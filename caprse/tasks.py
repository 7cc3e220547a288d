"""Envelopes of the top floor."""

from celery import shared_task

from caprse import reminders


@shared_task
def remind():
    """Periodic, every hour: reminds people of what waits for them."""
    reminders.remind()
