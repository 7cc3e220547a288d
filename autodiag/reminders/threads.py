"""Exchanges whose last message no mail told of, that of the day having left before it: told the next working morning."""

from datetime import timedelta

from django.db.models import Max, Q

from autodiag.emails import place_of, thread_url
from autodiag.models import Thread
from autodiag.services.threads import THREADS_MAIL, people_awaited
from caprse.base import clock
from caprse.base.models import OutboxMessage
from caprse.base.reminders import Line, Reminder, Source, register

KIND = "exchange"
# Beyond that, the first page alone says it.
WITHIN = timedelta(days=7)


def due(today):
    """The last messages of the days before, for the people they await whom no mail told of."""
    begins = clock.at(today)
    waiting = Thread.objects.awaiting(today).filter(last_at__lt=begins, last_at__gte=begins - WITHIN)
    threads = list(waiting.with_context().order_by("pk"))
    if not threads:
        return []
    told, people = _told(begins - WITHIN), people_awaited(threads, today)
    return [
        Reminder(user_id, thread.last_pk)
        for thread in threads
        for user_id in sorted(people[thread.pk])
        if user_id not in told or told[user_id] < thread.last_at
    ]


def _told(since):
    """{person: when a mail last told them of their exchanges}."""
    mails = OutboxMessage.objects.filter(Q(kind=THREADS_MAIL) | Q(payload__refs__has_key=KIND), created_at__gte=since)
    return dict(mails.order_by().values_list("recipient_id").annotate(last=Max("created_at")))


def note(refs, today):
    """Nothing to write down: the mail itself, in the outbox, says that they were told."""


def lines(refs):
    """Those among these messages that nobody answered, took back or closed."""
    waiting = Thread.objects.awaiting(clock.today()).filter(last_pk__in=refs)
    for thread in waiting.with_context().order_by("last_at", "pk"):
        yield Line(
            title="Un échange vous attend", sentence=f"Un message sur {place_of(thread)}.", url=thread_url(thread)
        )


register(Source(kind=KIND, due=due, note=note, lines=lines))
