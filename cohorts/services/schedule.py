"""The calendar of a cohort and its rounds."""

from django.db import transaction

from caprse.base import clock, journal
from cohorts.enums import DatePrecision
from cohorts.models import Meeting, Round


@transaction.atomic
def add_meeting(
    *,
    cohort,
    position,
    kind,
    title,
    day=None,
    hour=None,
    precision=None,
    chapter=None,
    mode="",
    as_written="",
    by=None,
):
    """Add a step to a calendar. Without `precision`: an hour makes it exact, a day alone a day, nothing unknown.

    `hour` is (hours, minutes), Paris time; for a month, `day` is its first day.
    """
    if precision is None:
        known = DatePrecision.DATE if day else DatePrecision.UNKNOWN
        precision = DatePrecision.DATETIME if hour else known
    meeting = Meeting.objects.create(
        region=cohort.region,
        cohort=cohort,
        position=position,
        kind=kind,
        title=title,
        chapter=chapter,
        mode=mode,
        precision=precision,
        day=day,
        starts_at=clock.at(day, *hour) if hour else None,
        as_written=as_written,
    )
    journal.record("meeting.added", meeting, by=by)
    return meeting


@transaction.atomic
def open_round(*, cohort, chapter, opens_on, closes_on=None, by=None):
    """Set the days between which a chapter is assessed; without closing day it stays open."""
    round_ = Round.objects.create(
        region=cohort.region, cohort=cohort, chapter=chapter, opens_on=opens_on, closes_on=closes_on
    )
    journal.record("round.set", round_, by=by)
    return round_
