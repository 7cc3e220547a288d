"""Templates of calendars, and the order of their dates."""

from datetime import date, time, timedelta

import pytest

from cohorts.calendars import QUARTERLY, TEMPLATES, THIRTEEN_STEPS, MeetingDate, out_of_order, plan
from cohorts.enums import DatePrecision, MeetingKind

REAL = (
    date(2024, 11, 22),
    date(2025, 3, 4),
    date(2025, 4, 8),
    date(2025, 6, 11),
    date(2025, 7, 1),
    date(2025, 9, 25),
    date(2025, 10, 14),
    date(2025, 12, 9),
    date(2026, 1, 15),
    date(2026, 3, 3),
    date(2026, 4, 7),
    date(2026, 6, 9),
)


def test_five_chapters_give_the_thirteen_steps_near_their_real_days():
    steps = plan(THIRTEEN_STEPS, chapters=5, start=REAL[0])
    assert len(steps) == 13
    assert [step.kind for step in steps[:2]] == [MeetingKind.WEBINAR, MeetingKind.KICKOFF]
    assert [step.kind for step in steps[2:12]] == [MeetingKind.READING, MeetingKind.REGROUPEMENT] * 5
    for step, real in zip(steps, REAL, strict=False):
        assert abs(step.when.day - real) <= timedelta(days=14), step.title
    assert steps[12].when == MeetingDate(DatePrecision.MONTH, date(2026, 7, 1))


def test_four_chapters_of_the_long_rhythm_last_nineteen_months():
    steps = plan(QUARTERLY, chapters=4, start=date(2025, 9, 16))
    first, last = steps[0].when.day, steps[-1].when.day
    assert (last.year - first.year) * 12 + last.month - first.month == 19
    assert [step.kind for step in steps].count(MeetingKind.CAPSULE) == 4


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("chapters", [1, 4, 7])
def test_every_certain_step_keeps_the_weekday_of_the_start_and_the_order(template, weekday, chapters):
    start = date(2026, 1, 5) + timedelta(days=weekday)
    steps = plan(template, chapters=chapters, start=start)
    assert {step.when.day.weekday() for step in steps if step.when.is_certain} == {weekday}
    assert len(steps) == len(template.opening) + chapters * len(template.block) + len(template.closing)
    assert {step.chapter for step in steps if step.kind == MeetingKind.READING} == set(range(1, chapters + 1))
    assert out_of_order([(step.title, step.when) for step in steps]) == {}


def on(day, precision=DatePrecision.DATE):
    return MeetingDate(precision, day)


APRIL, JUNE = date(2025, 4, 8), date(2025, 6, 11)


@pytest.mark.parametrize(
    ("dates", "late"),
    [
        ((on(APRIL), on(JUNE)), []),
        ((on(APRIL), on(APRIL)), []),
        ((on(JUNE), on(APRIL)), [1]),
        ((on(JUNE), MeetingDate(), on(APRIL)), [2]),
        ((on(JUNE), None, on(APRIL)), [2]),
        ((on(JUNE), on(date(2025, 6, 1), DatePrecision.MONTH)), []),
        ((on(JUNE), on(date(2025, 5, 1), DatePrecision.MONTH)), [1]),
        ((on(date(2025, 6, 1), DatePrecision.MONTH), on(JUNE)), []),
        ((on(JUNE), on(APRIL), on(APRIL)), [1, 2]),
    ],
)
def test_a_step_never_comes_before_an_earlier_one(dates, late):
    assert list(out_of_order([("Étape", when) for when in dates])) == late


def test_dates_in_words():
    exact = MeetingDate(DatePrecision.DATETIME, APRIL, time(15, 30))
    assert exact.in_words().replace("\xa0", " ") == "mardi 8 avril 2025, 15 h 30"
    assert MeetingDate(as_written="Au printemps").in_words() == "Au printemps"
