"""The plan by month: a grid of weeks, each day with the actions due on it. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2100
WEEK = calendar.Calendar(firstweekday=calendar.MONDAY)


@dataclass(frozen=True)
class Day:
    """One cell of the grid; days around the month stay empty."""

    date: date
    in_month: bool
    is_today: bool
    lines: list


@dataclass(frozen=True)
class Month:
    """One month: its weeks, and the months before and after, "2025-10" as the address names them, or ""."""

    first: date
    weeks: list
    before: str
    after: str

    @property
    def name(self):
        return named(self.first)

    @property
    def count(self):
        """How many actions are due in it."""
        return sum(len(day.lines) for week in self.weeks for day in week)


def named(day):
    """« 2025-11 »."""
    return f"{day:%Y-%m}"


def month_asked(text, today):
    """The first day of the month an address names; of the current one when it names none."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def month_of(lines, first, today):
    """The grid of one month."""
    by_day = {}
    for line in lines:
        if line.action.due_on:
            by_day.setdefault(line.action.due_on, []).append(line)
    weeks = [
        [
            Day(day, day.month == first.month, day == today, by_day.get(day, []) if day.month == first.month else [])
            for day in week
        ]
        for week in WEEK.monthdatescalendar(first.year, first.month)
    ]
    return Month(first=first, weeks=weeks, before=_beside(first, -1), after=_beside(first, 1))


def _beside(first, step):
    year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
    return f"{year}-{month + 1:02d}" if FIRST_YEAR <= year <= LAST_YEAR else ""
