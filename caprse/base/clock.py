"""The only place that reads the time. The demonstration's "today" is an offset; tests stop the clock."""

from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

PARIS = ZoneInfo("Europe/Paris")
_stopped_at = None
_real_shift = timedelta(0)


def real_now():
    """The machine's time, for sessions, certificates and the health of the queue."""
    return datetime.now(UTC) + _real_shift


@cache
def _demo_offset():
    if settings.DEMO_TODAY is None:
        return timedelta(0)
    return timedelta(days=(settings.DEMO_TODAY - day_of(real_now())).days)


def now():
    """The product's time, aware, in UTC."""
    return _stopped_at or real_now() + _demo_offset()


def day_of(moment):
    """The day of a moment, in Paris."""
    return moment.astimezone(PARIS).date()


def today():
    """The product's date in Paris."""
    return day_of(now())


def at(day, hour=0, minute=0):
    """The moment `hour:minute` of a Paris day."""
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


def end_of(day):
    """The last moment of a Paris day: a date limit includes its day."""
    return at(day + timedelta(days=1)) - timedelta(microseconds=1)


@contextmanager
def stopped(moment):
    """Stop the clock of this process at an aware moment: for tests and for loading past demonstration days."""
    global _stopped_at
    previous, _stopped_at = _stopped_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _stopped_at = previous


@contextmanager
def real_time_shifted(by):
    """Pretend in this process that the machine's time is later: for tests of what grows old."""
    global _real_shift
    previous, _real_shift = _real_shift, by
    try:
        yield
    finally:
        _real_shift = previous
