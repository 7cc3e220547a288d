"""The plan along time: one strip an action, drawn by presentation attributes and classes only. Pure.

A strip is measured in hundredths of the width, so that it follows the page without a script or a style; its row of the
table says the same days in words.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from autodiag.enums import OVER, ActionStatus
from caprse.base.text import PARIS

LONGEST_BEFORE, LONGEST_AFTER = timedelta(days=2 * 366), timedelta(days=4 * 366)
LEAST = 1.2  # hundredths: a day still shows
MONTHLY, QUARTERLY = 14, 42  # months: beyond, quarters, then years
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
BAR = 12  # px, drawn across the middle of the row, however high the row is
OPENING = mark_safe('<svg class="strip" width="100%" height="100%" aria-hidden="true" focusable="false">')


@dataclass(frozen=True)
class Bar:
    """One action between two days; `x` and `width` in hundredths. `starts`: None where nobody said it."""

    line: object
    begins: date
    ends: date
    x: float
    width: float

    @property
    def look(self):
        """Class of its strip."""
        if self.line.is_late:
            return "late"
        status = self.line.action.status
        return {ActionStatus.DONE: "done", ActionStatus.ABANDONED: "over", ActionStatus.BLOCKED: "blocked"}.get(
            status, "open"
        )


@dataclass(frozen=True)
class Tick:
    """A mark of the scale: where, how wide until the next, and its name."""

    x: float
    width: float
    name: str


@dataclass(frozen=True)
class Timeline:
    """The actions that have a day, those that have none, the scale, and where today is (None: outside)."""

    bars: list
    undated: list
    ticks: list
    today: float | None

    def strip(self, bar):
        """The drawing of one action."""
        late, end = "", bar.x + bar.width
        if bar.look == "late" and self.today is not None and self.today > end:
            line = '<line class="strip__late" x1="{}%" x2="{}%" y1="50%" y2="50%"></line>'
            late = format_html(line, _n(end), _n(self.today))
        return format_html(
            '{}{}{}{}<rect class="strip__bar strip__bar--{}" x="{}%" width="{}%" y="50%" height="{}" rx="4" '
            'transform="translate(0 -{})"></rect></svg>',
            OPENING,
            self._grid,
            self._now("0"),
            late,
            bar.look,
            _n(bar.x),
            _n(bar.width),
            BAR,
            BAR // 2,
        )

    @property
    def scale(self):
        """The drawing of the scale, for the head of the table."""
        names = format_html_join(
            "",
            '<text class="strip__name" x="{}%" dx="4" y="60%">{}</text>',
            ((_n(tick.x), tick.name) for tick in self.ticks if tick.width > 4),
        )
        return format_html("{}{}{}{}</svg>", OPENING, self._grid, self._now("75%"), names)

    @cached_property
    def _grid(self):
        return format_html_join(
            "",
            '<line class="strip__tick" x1="{0}%" x2="{0}%" y1="0" y2="100%"></line>',
            ((_n(tick.x),) for tick in self.ticks if tick.x > 0),
        )

    def _now(self, top):
        if self.today is None:
            return ""
        line = '<line class="strip__today" x1="{0}%" x2="{0}%" y1="{1}" y2="100%"></line>'
        return format_html(line, _n(self.today), top)


def timeline(lines, today):
    """Along time, the earliest beginning first. An action without a day to be done by stands apart."""
    undated = [line for line in lines if not line.action.due_on]
    spans = sorted(
        ((begins(line.action), line.action.due_on, line) for line in lines if line.action.due_on),
        key=lambda span: (span[0], span[1], span[2].action.pk),
    )
    if not spans:
        return Timeline([], undated, [], None)
    first, last = _window(spans, today)
    days = (last - first).days

    def share(day):
        return 100 * min(max((day - first).days, 0), days) / days

    bars = []
    for begin, end, line in spans:
        x, until = share(begin), share(end + timedelta(days=1) if end < date.max else end)
        width = max(until - x, LEAST)
        bars.append(Bar(line, begin, end, min(x, 100 - width), width))
    return Timeline(bars, undated, _ticks(first, last, share), share(today) if first <= today <= last else None)


def begins(action):
    """The day an action begins: the one said, else the one it was written; never after the day it is due."""
    day = action.starts_on or action.created_at.astimezone(PARIS).date()
    return min(day, action.due_on)


def _window(spans, today):
    """Whole months around everything, today included; a day centuries away does not flatten the rest."""
    first = max(min(today, *(begin for begin, _, _ in spans)), today - LONGEST_BEFORE)
    ends = [end for _, end, line in spans if line.action.status not in OVER] or [today]
    last = min(max(today, *ends, *(end for _, end, _ in spans)), today + LONGEST_AFTER)
    return first.replace(day=1), _month_after(last)


def _month_after(day, months=1):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _ticks(first, last, share):
    """Months, quarters or years, whichever can be read."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if months <= MONTHLY else 3 if months <= QUARTERLY else 12
    day, days = first, []
    while day < last:
        days.append(day)
        day = _month_after(day, step - (day.month - 1) % step)
    ends = [*days[1:], last]
    return [Tick(share(day), share(end) - share(day), _name(day, step)) for day, end in zip(days, ends, strict=True)]


def _name(day, step):
    if step == 12:
        return str(day.year)
    if step == 3:
        return f"T{(day.month - 1) // 3 + 1} {day.year}"
    return str(day.year) if day.month == 1 else SHORT_MONTHS[day.month - 1]


def _n(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")
