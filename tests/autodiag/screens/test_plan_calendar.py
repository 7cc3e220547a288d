"""The plan by month."""

from datetime import date

import pytest

from autodiag.boards.plan_calendar import month_asked, month_of
from tests.plan_at_hand import add, read, url_of
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def cell_of(page, words):
    """The cell of a day, named in words."""
    return next(cell for cell in page.split("<td")[1:] if words in cell)


def test_an_action_stands_on_its_day_of_the_month(ours, client):
    add(ours, "À la Saint-Martin", due_on=date(2025, 11, 11), who="Samira")
    page = read(client, ours, "plan_calendar")
    assert "<caption>Novembre 2025</caption>" in page
    cell = cell_of(page, "Mardi 11 novembre 2025")
    assert "À la Saint-Martin" in cell
    assert "À faire, Samira" in cell
    assert "aujourd’hui" in cell_of(page, "Mardi 4 novembre 2025")


def test_months_follow_each_other_and_keep_the_filters(ours, client):
    add(ours, "En janvier", due_on=date(2026, 1, 15))
    page = read(client, ours, "plan_calendar", query="?mois=2025-12&etat=to_do")
    assert "Rien n’est prévu en décembre 2025" in page
    for month in ("2025-11", "2026-01"):
        assert f"?mois={month}&amp;etat=to_do" in page
    assert "En janvier" in cell_of(
        read(client, ours, "plan_calendar", query="?mois=2026-01&etat=to_do"), "Jeudi 15 janvier 2026"
    )


@pytest.mark.parametrize(
    "asked", ["", "2025-13", "1999-01", "2101-01", "9999999999-01", "abc", "2025-11-04", "%00", "٢٠٢٥-11", "2025-1"]
)
def test_a_bad_month_is_the_current_one(ours, client, asked):
    assert "<caption>Novembre 2025</caption>" in read(client, ours, "plan_calendar", query=f"?mois={asked}")


def test_the_undated_stand_under_the_month_and_what_is_past_is_told(ours, client):
    add(ours, "En octobre", due_on=date(2025, 10, 12))
    page = read(client, ours, "plan_calendar")
    assert "Action partagée" in page.split("Sans date")[1]
    assert "1 action prévue avant novembre 2025 reste à reprendre quand vous pourrez" in page
    assert f'href="{url_of(ours)}?retard=1"' in page


@pytest.mark.parametrize(
    ("first", "before", "after"),
    [
        (date(2000, 1, 1), "", "2000-02"),
        (date(2100, 12, 1), "2100-11", ""),
        (date(2025, 12, 1), "2025-11", "2026-01"),
    ],
)
def test_the_years_one_may_walk_to_have_an_end(first, before, after):
    month = month_of([], first, TODAY)
    assert (month.before, month.after) == (before, after)


def test_every_month_is_whole_weeks_that_begin_on_monday():
    for number in range(1, 13):
        month = month_of([], month_asked(f"2026-{number:02d}", TODAY), TODAY)
        assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in month.weeks)
        inside = [day.date for week in month.weeks for day in week if day.in_month]
        assert {day.month for day in inside} == {number}
        assert [day.day for day in inside] == list(range(1, len(inside) + 1))
