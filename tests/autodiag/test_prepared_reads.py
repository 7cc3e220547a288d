"""Reads compiled once, in a server that runs for weeks: the day they speak of is the day they are asked."""

from datetime import date

import pytest

from autodiag.models.prepared import answer_to_save, visible_autodiag
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Clearance
from tests.worlds import World

DAY, NEXT_DAY = date(2025, 11, 4), date(2025, 11, 5)


@pytest.fixture
def ours(db):
    ours = World("ours")
    Clearance.objects.filter(participation=ours.participation).update(since=DAY, until=DAY)
    return ours


def cleared_on(day, read):
    with clock.stopped(clock.at(day, 10)):
        return read().is_cleared


@pytest.mark.parametrize("days", [(DAY, NEXT_DAY), (NEXT_DAY, DAY)])
def test_a_clearance_counts_on_its_own_days_whenever_the_server_started(ours, days):
    actor, draft = ours.actor(Role.REFERENT), ours.draft
    address = {"region": "ici", "public_id": draft.public_id}
    for read in (
        lambda: visible_autodiag(actor, **address),
        lambda: answer_to_save(actor, position=1, **address).autodiag,
    ):
        assert {day: cleared_on(day, read) for day in days} == {DAY: True, NEXT_DAY: False}
