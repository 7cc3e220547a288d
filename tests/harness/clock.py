"""The clock stands still, on a Tuesday of the running cohort."""

from contextlib import ExitStack
from datetime import datetime

import pytest

from caprse.base import clock

START = datetime(2025, 11, 4, 10, 0, tzinfo=clock.PARIS)


@pytest.fixture(autouse=True)
def stopped_clock():
    with clock.stopped(START), ExitStack() as moves:
        yield moves


@pytest.fixture
def clock_at(stopped_clock):
    """`clock_at(moment)` moves the stopped clock to an aware moment, until the end of the test."""

    def move(moment):
        stopped_clock.enter_context(clock.stopped(moment))

    return move
