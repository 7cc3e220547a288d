"""The plan along time: the drawing and the same days in words."""

from datetime import date

import pytest

from autodiag.boards.plan import Line
from autodiag.boards.plan_timeline import timeline
from autodiag.enums import ActionStatus
from autodiag.models import Action
from caprse.base import clock
from tests.plan_at_hand import add, read
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def line(due, begin=None, status="to_do", created=date(2025, 9, 1), pk=1):
    action = Action(
        pk=pk, what=f"A{pk}", due_on=due, starts_on=begin, status=status, created_at=clock.at(created, 9), done_on=None
    )
    return Line(action, None, TODAY)


def test_a_bar_goes_from_the_day_it_begins_to_the_day_it_is_due():
    drawn = timeline([line(date(2025, 12, 31), date(2025, 10, 1), pk=1), line(date(2025, 11, 30), pk=2)], TODAY)
    second, first = drawn.bars
    assert (second.line.action.pk, second.begins) == (2, date(2025, 9, 1))
    assert (first.begins, first.ends) == (date(2025, 10, 1), date(2025, 12, 31))
    assert second.x == 0
    assert first.x > second.x
    assert first.x + first.width > second.x + second.width
    assert first.x < drawn.today < first.x + first.width


def test_an_action_written_after_its_day_begins_that_day():
    drawn = timeline([line(date(2025, 10, 12), created=date(2025, 11, 3))], TODAY)
    assert drawn.bars[0].begins == date(2025, 10, 12)


@pytest.mark.parametrize(
    ("due", "begin"),
    [(date(1, 1, 1), None), (date(9999, 12, 31), date(1, 1, 1)), (date(2025, 11, 4), date(2025, 11, 4))],
)
def test_days_centuries_away_stay_in_the_drawing(due, begin):
    drawn = timeline([line(due, begin, pk=1), line(date(2025, 12, 1), pk=2)], TODAY)
    for bar in drawn.bars:
        assert bar.width > 0
        assert 0 <= bar.x <= bar.x + bar.width <= 100
        assert "strip__bar" in drawn.strip(bar)
    assert 0 <= drawn.today <= 100


@pytest.mark.parametrize(
    ("until", "names"),
    [
        (date(2026, 3, 1), ("nov.", "2026")),
        (date(2027, 6, 1), ("T4 2025", "T1 2026")),
        (date(2029, 6, 1), ("2026",)),
    ],
)
def test_the_scale_is_months_quarters_or_years(until, names):
    drawn = timeline([line(until)], TODAY)
    assert {*names} <= {tick.name for tick in drawn.ticks}
    assert sum(tick.width for tick in drawn.ticks) == pytest.approx(100)
    assert len(drawn.ticks) <= 16


@pytest.mark.parametrize(
    ("status", "look"), [("to_do", "late"), ("done", "done"), ("abandoned", "over"), ("blocked", "late")]
)
def test_what_is_late_is_drawn_and_what_is_over_is_not(status, look):
    assert timeline([line(date(2025, 10, 12), status=status)], TODAY).bars[0].look == look


def test_nothing_dated_draws_nothing():
    drawn = timeline([line(None)], TODAY)
    assert (drawn.bars, len(drawn.undated), drawn.today) == ([], 1, None)


def test_the_table_says_the_same_days_and_no_style_is_inline(ours, client):
    add(ours, "En retard ici", due_on=date(2025, 10, 12), starts_on=date(2025, 9, 1))
    add(ours, "Plus tard", due_on=date(2026, 2, 1), status=ActionStatus.IN_PROGRESS)
    page = read(client, ours, "plan_timeline")
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    late = next(row for row in rows if "En retard ici" in row)
    assert all(words in late for words in ("01/09/2025", "12/10/2025", "en retard", "strip__bar--late"))
    assert "en retard" not in next(row for row in rows if "Plus tard" in row)
    assert "style=" not in page.split("<main")[1]
    assert "Action partagée" in page.split("Sans date")[1]
    assert "Aujourd’hui, mardi 4 novembre 2025" in page


def test_a_page_without_a_date_says_how_to_get_a_drawing(ours, client):
    assert "Aucune de ces actions n’a de date" in read(client, ours, "plan_timeline")
