"""One clock: stopped by tests, shifted by the demonstration, real where it must be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from caprse.base import clock


def test_tests_live_on_a_tuesday_of_the_running_cohort():
    assert clock.now() == datetime(2025, 11, 4, 9, 0, tzinfo=UTC)
    assert clock.today() == date(2025, 11, 4)


def test_the_clock_moves_when_told(clock_at):
    clock_at(clock.at(date(2026, 7, 1), 8, 30))
    assert clock.now() == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


def test_the_day_is_the_one_in_paris(clock_at):
    clock_at(datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 1, 1)


def test_a_limit_includes_its_day():
    assert clock.end_of(date(2025, 11, 4)) < clock.at(date(2025, 11, 5))
    assert clock.end_of(date(2025, 11, 4)) > clock.at(date(2025, 11, 4), 23, 59)


def test_a_day_of_the_change_of_hour_is_longer():
    day = date(2025, 10, 26)
    assert clock.end_of(day).astimezone(UTC) - clock.at(day).astimezone(UTC) == timedelta(hours=25, microseconds=-1)


def test_stopping_is_undone_even_after_an_error():
    before = clock.now()
    with pytest.raises(ZeroDivisionError), clock.stopped(before + timedelta(days=1)):
        1 / 0  # noqa: B018  any error would do
    assert clock.now() == before


def test_the_demonstration_lives_on_its_own_day_while_the_real_time_runs(settings):
    settings.DEMO_TODAY = date(2024, 2, 29)
    clock._demo_offset.cache_clear()
    try:
        demo_now = clock.real_now() + clock._demo_offset()
    finally:
        clock._demo_offset.cache_clear()
    assert demo_now.astimezone(clock.PARIS).date() == date(2024, 2, 29)
    assert clock.real_now().date() > date(2026, 1, 1)


def test_real_time_is_shifted_for_tests_of_what_grows_old():
    before = clock.real_now()
    with clock.real_time_shifted(timedelta(hours=1)):
        assert clock.real_now() - before >= timedelta(hours=1)
    assert clock.real_now() - before < timedelta(hours=1)
