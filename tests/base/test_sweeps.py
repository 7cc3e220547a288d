"""Periodic work: one row that breaks holds back no other, and is told."""

import logging

from caprse.base import sweeps
from conventions.tasks import pass_days


def test_each_row_is_done_but_the_one_that_breaks_which_is_logged(caplog):
    with caplog.at_level(logging.ERROR):
        assert sweeps.each([1, 0, 2], lambda number: 2 // number) == [2, 1]
    (record,) = caplog.records
    assert "row=0" in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError


def test_a_day_goes_on_when_one_of_its_steps_breaks(db, caplog, monkeypatch):
    """The first step breaks; the ones after it are done all the same."""
    done = []
    monkeypatch.setattr("conventions.tasks.expire_due", lambda: 1 // 0)
    monkeypatch.setattr("conventions.tasks.take_out_departed", lambda: done.append("departed"))
    with caplog.at_level(logging.ERROR):
        pass_days()
    assert done == ["departed"]
    assert "ZeroDivisionError" in caplog.text
