"""The calendar as a line: words, precision, place of today."""

from datetime import date

import pytest

from caprse.base import clock
from caprse.demo.calendars import NINETEEN_MONTHS, THIRTEEN_STEPS
from caprse.timeline import timeline, when_in_words
from cohorts.enums import DatePrecision, MeetingKind
from cohorts.models import Meeting


def meeting(day=None, hour=None, precision=None, as_written="", kind=MeetingKind.READING):
    known = DatePrecision.DATE if day else DatePrecision.UNKNOWN
    return Meeting(
        kind=kind,
        title="Étape",
        day=day,
        starts_at=clock.at(day, *hour) if hour else None,
        precision=precision or (DatePrecision.DATETIME if hour else known),
        as_written=as_written,
    )


APRIL = date(2025, 4, 8)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (meeting(APRIL, (15, 30)), "mardi 8 avril 2025, 15 h 30"),
        (meeting(APRIL), "mardi 8 avril 2025"),
        (meeting(date(2027, 4, 1), precision=DatePrecision.MONTH), "avril 2027"),
        (meeting(date(2026, 7, 1), precision=DatePrecision.MONTH, as_written="Juillet 2026 ?"), "Juillet 2026 ?"),
        (meeting(), "Date à confirmer"),
    ],
)
def test_dates_are_said_as_precisely_as_they_are_known(step, words):
    assert when_in_words(step).replace("\xa0", " ") == words


def states(meetings, today):
    return [stop.state for stop in timeline(meetings, today)]


def test_a_step_is_next_until_the_end_of_its_day():
    steps = [meeting(date(2025, 3, 4)), meeting(APRIL, (15, 30)), meeting(date(2025, 6, 11))]
    assert states(steps, APRIL) == ["past", "next", "later"]
    assert states(steps, date(2025, 4, 9)) == ["past", "past", "next"]


def test_nothing_is_next_once_all_is_over():
    steps = [meeting(date(2025, 3, 4)), meeting(date(2025, 6, 11)), meeting(date(2025, 9, 25))]
    stops = timeline(steps, APRIL, over=True)
    assert [stop.state for stop in stops] == ["past", "later", "later"]
    assert [stop.today_before for stop in stops] == [False, True, False]


def test_a_month_lasts_to_its_end_and_an_unknown_date_never_passes():
    month = meeting(date(2026, 7, 1), precision=DatePrecision.MONTH)
    assert states([month, meeting()], date(2026, 7, 31)) == ["next", "later"]
    assert states([month, meeting()], date(2026, 8, 1)) == ["past", "next"]


def test_the_two_calendars_of_the_demonstration():
    assert len(THIRTEEN_STEPS) == 13
    assert [step["kind"] for step in THIRTEEN_STEPS].count(MeetingKind.REGROUPEMENT) == 5
    first, last = NINETEEN_MONTHS[0]["day"], NINETEEN_MONTHS[-1]["day"]
    assert (last.year - first.year) * 12 + last.month - first.month == 19
