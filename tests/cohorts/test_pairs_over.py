"""Nobody is asked to name a pair where no day can be ahead any more."""

from datetime import date

import pytest
from django.db.models import Q

from caprse.base import clock
from cohorts.enums import ClearanceKind, DatePrecision, MeetingKind, Role
from cohorts.models import Meeting, PairMember
from tests.cohorts.test_pairs import todos_of
from tests.worlds import World
from tests.worlds_organising import page

ASKED = ["Nommer votre binôme"]
YESTERDAY, TODAY = date(2025, 11, 3), date(2025, 11, 4)


@pytest.fixture
def ours(db):
    world = World("ours")
    PairMember.objects.filter(participation=world.participation).delete()
    return world


def closing(world, **values):
    Meeting.objects.filter(cohort=world.cohort, kind=MeetingKind.CLOSING).update(**values)


def convention(world, **values):
    world.participation.clearances.filter(kind=ClearanceKind.CONVENTION).update(**values)


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({"precision": DatePrecision.DATE, "day": YESTERDAY}, []),
        ({"precision": DatePrecision.DATE, "day": TODAY}, ASKED),
        ({"precision": DatePrecision.MONTH, "day": date(2025, 11, 1)}, ASKED),
        ({"precision": DatePrecision.UNKNOWN, "day": None}, ASKED),
    ],
)
def test_it_is_asked_until_the_closing_which_is_included(ours, values, asked):
    closing(ours, **values)
    assert todos_of(ours) == asked


def test_it_is_asked_until_the_end_of_the_month_a_step_is_due(ours, clock_at):
    closing(ours, precision=DatePrecision.MONTH, day=date(2026, 2, 1))
    Meeting.objects.filter(~Q(kind=MeetingKind.CLOSING), cohort=ours.cohort, day__gte=TODAY).update(day=YESTERDAY)
    for moment, asked in ((date(2026, 2, 28), ASKED), (date(2026, 3, 1), [])):
        clock_at(clock.at(moment, 9))
        assert todos_of(ours) == asked


@pytest.mark.parametrize(("day", "offered"), [(YESTERDAY, False), (TODAY, True)])
def test_the_way_to_choose_goes_with_the_last_day(ours, client, day, offered):
    closing(ours, precision=DatePrecision.DATE, day=day)
    client.force_login(ours.user(Role.REFERENT))
    shown = page(client.get(ours.participation.get_absolute_url()))
    assert ("Choisir qui vient aux journées" in shown) == offered
    assert ("À choisir" in shown) == offered


def test_it_is_asked_in_a_cohort_without_calendar(ours):
    Meeting.objects.filter(cohort=ours.cohort).delete()
    assert todos_of(ours) == ASKED


@pytest.mark.parametrize(("until", "asked"), [(YESTERDAY, []), (TODAY, ASKED), (None, ASKED)])
def test_it_is_asked_until_the_convention_ends_its_last_day_included(ours, until, asked):
    convention(ours, until=until)
    assert todos_of(ours) == asked


def test_a_convention_that_ended_before_another_takes_nothing_away(ours):
    convention(ours, until=YESTERDAY)
    former = ours.participation.clearances.get(kind=ClearanceKind.CONVENTION)
    former.pk, former.since, former.until = None, YESTERDAY, None
    former.save()
    assert todos_of(ours) == ASKED


def test_the_end_of_the_cohort_of_a_neighbour_takes_nothing_away(ours):
    convention(World("neighbour"), until=YESTERDAY)
    elsewhere = Meeting.objects.filter(~Q(cohort=ours.cohort), kind=MeetingKind.CLOSING)
    elsewhere.update(precision=DatePrecision.DATE, day=YESTERDAY)
    assert todos_of(ours, Role.LEGAL_REPRESENTATIVE) == ASKED
