"""A cohort made from a calendar, under way on the tests' day, for the tests of whoever organises it."""

from datetime import date

from caprse.base import clock
from cohorts.calendars import THIRTEEN_STEPS, plan
from cohorts.enums import OpeningCondition
from cohorts.models import Meeting
from cohorts.services.organising import create_from_calendar

# Chapter 1 from 24 June to 26 August 2025, chapter 2 from 23 September to 25 November 2025.
START = date(2025, 2, 4)


def organised(world, name="Organisée", condition=OpeningCondition.NONE):
    """A cohort of the world's region, on the same référentiel of two chapters."""
    with clock.stopped(clock.at(date(2025, 1, 6), 9)):
        version = world.cohort.version
        return create_from_calendar(
            region=world.cohort.region,
            name=name,
            version=version,
            starts_on=START,
            steps=plan(THIRTEEN_STEPS, chapters=version.chapters.count(), start=START),
            condition=condition,
            by=None,
        )


def page(response):
    """The text of a page, with plain spaces and apostrophes."""
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").replace("&#x27;", "’")


def posted(cohort, **changes):
    """The dates of a calendar as its page sends them, some changed: `etape_4_day` for « etape-4-day »."""
    fields = {}
    for rank, meeting in enumerate(Meeting.objects.filter(cohort=cohort), start=1):
        when = meeting.when
        values = {
            "precision": when.precision,
            "day": when.day or "",
            "hour": f"{when.hour:%H:%M}" if when.hour else "",
            "as_written": when.as_written,
            "seen": when.stamp,
        }
        fields |= {f"etape-{rank}-{name}": value for name, value in values.items()}
    return {**fields, **{f"etape-{name[6:].replace('_', '-', 1)}": value for name, value in changes.items()}}
