"""May this chapter be worked on now, and if not, why."""

from datetime import date
from types import SimpleNamespace

import pytest

from autodiag import rules

ROUND = SimpleNamespace(opens_on=date(2025, 10, 14), closes_on=date(2025, 12, 9))
ENDLESS = SimpleNamespace(opens_on=date(2025, 1, 6), closes_on=None)
DATED = SimpleNamespace(needs_clearance=True)
PERMANENT = SimpleNamespace(needs_clearance=False)


def verdict(today, round_=ROUND, cohort=DATED, cleared=True, extended_to=None):
    return rules.can_work_in_round(round_, cohort, cleared, extended_to, today)


@pytest.mark.parametrize("today", [date(2025, 10, 14), date(2025, 11, 4), date(2025, 12, 9)])
def test_round_is_open_from_its_first_day_to_the_end_of_its_last(today):
    assert verdict(today)


def test_round_not_open_yet_says_when():
    assert verdict(date(2025, 10, 13)).reason == "Ce chapitre ouvre le mardi 14 octobre 2025."


def test_round_over_says_since_when_and_who_can_help():
    refusal = verdict(date(2025, 12, 10))
    assert not refusal
    assert "mardi 9 décembre 2025" in refusal.reason
    assert "accompagnateur" in refusal.reason


def test_extension_moves_the_last_day_and_never_brings_it_nearer():
    assert verdict(date(2025, 12, 20), extended_to=date(2025, 12, 20))
    assert not verdict(date(2025, 12, 21), extended_to=date(2025, 12, 20))
    assert verdict(date(2025, 12, 9), extended_to=date(2025, 11, 1))


def test_convention_is_asked_by_dated_cohorts_alone():
    assert "convention" in verdict(date(2025, 11, 4), cleared=False).reason
    assert verdict(date(2025, 11, 4), cohort=PERMANENT, cleared=False)


def test_round_without_last_day_never_closes():
    assert verdict(date(2031, 1, 1), round_=ENDLESS, cohort=PERMANENT)
