"""Turns values of indicators into what the pages show: a table by year, and how it moved. Pure: no query."""

from dataclasses import dataclass, field
from decimal import Decimal

from autodiag.forms.indicators import LABELS
from autodiag.rules.indicators import years_shown
from autodiag.services.indicators import plain
from caprse.base.svg import COLOURS, GRID, INK, INK_SOFT, Canvas
from caprse.base.text import MINUS, NBSP, number

BAR, GAP, HEIGHT = 34, 30, 60  # px of the small drawing
UNKNOWN_IN_WORDS, NOTHING = "Nous ne savons pas", "Rien d’écrit"


def in_french(value):
    """A number as it is read: « 1 234,5 », without useless zeros."""
    _, _, decimals = plain(value).partition(".")
    return number(value, len(decimals))


def with_unit(value, unit):
    """The number with its unit, when it has one."""
    return f"{in_french(value)}{NBSP}{unit}" if unit else in_french(value)


@dataclass
class Figure:
    """One year of an indicator. `typed` and `errors` are those of a refused save."""

    year: int
    indicator: object
    row: object = None
    typed: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)

    @property
    def ident(self):
        return f"{self.indicator.position}-{self.year}"

    @property
    def revision(self):
        return self.typed.get("revision", self.row.revision if self.row else 0)

    @property
    def value(self):
        """What the field shows."""
        if self.typed:
            return self.typed.get("value", "")
        return in_french(self.number) if self.number is not None else ""

    @property
    def number(self):
        return self.row.value if self.row else None

    @property
    def unknown(self):
        return "unknown" in self.typed if self.typed else bool(self.row and self.row.unknown)

    @property
    def source(self):
        return self.typed.get("source", self.row.source if self.row else "")

    @property
    def comment(self):
        return self.typed.get("comment", self.row.comment if self.row else "")

    @property
    def in_words(self):
        """The figure as it is read: zero, unknown and nothing written are three different things."""
        if self.row and self.row.unknown:
            return UNKNOWN_IN_WORDS
        return NOTHING if self.number is None else with_unit(self.number, self.indicator.unit)

    @property
    def is_written(self):
        return bool(self.row and (self.number is not None or self.row.unknown or self.row.source or self.row.comment))

    @property
    def problems(self):
        return {name: self.errors.get(name, []) for name in LABELS}

    @property
    def problem_lines(self):
        """What is wrong with this year: (field, its label, sentence)."""
        return [(name, LABELS.get(name, ""), text) for name, texts in self.errors.items() for text in texts]


@dataclass(frozen=True)
class Followed:
    """One indicator with its figures, year by year."""

    indicator: object
    figures: list

    def figure(self, year):
        """The line of a year; one nobody can write about is added, to say so where it was typed."""
        found = next((figure for figure in self.figures if figure.year == year), None)
        if found is None:
            found = Figure(year, self.indicator)
            self.figures.append(found)
        return found

    @property
    def written(self):
        return [figure for figure in self.figures if figure.is_written]

    @property
    def known(self):
        return [figure for figure in self.figures if figure.number is not None]

    @property
    def evolution(self):
        """From the first year known to the last, in words; nothing with fewer than two."""
        if len(self.known) < 2:
            return ""
        return evolution(self.known[0], self.known[-1], self.indicator.unit)

    @property
    def drawing(self):
        """One bar a year, a dashed place where the figure is not known; nothing below zero nor under two figures."""
        if len(self.known) < 2 or any(figure.number < 0 for figure in self.known):
            return ""
        return draw(self)


def follow(indicators, rows, *, today, asked=None):
    """Each indicator with its years: the last ones, those that hold something, and the one asked for."""
    followed = []
    for indicator in indicators:
        own = {row.year: row for row in rows if row.indicator_id == indicator.pk}
        years = years_shown(today, own, asked)
        followed.append(Followed(indicator, [Figure(year, indicator, own.get(year)) for year in years]))
    return followed


def figure_changes(changes):
    """Saves of figures as (change, [(label, before, after)])."""
    return [
        (
            change,
            [
                (label, _told(name, change.before), _told(name, change.after))
                for name, label in LABELS.items()
                if name in change.after
            ],
        )
        for change in changes
    ]


def _told(name, state):
    if name == "unknown":
        return "oui" if state[name] else "non"
    if name == "value" and state[name]:
        return in_french(Decimal(state[name]))
    return state[name] or "(vide)"


def evolution(first, last, unit):
    """« De 2023 à 2025 : de 12 à 18 heures, soit 6 de plus (+ 50 %). »"""
    moved = last.number - first.number
    start = f"De {first.year} à {last.year}{NBSP}: "
    if not moved:
        return f"{start}stable, {with_unit(last.number, unit)}."
    more = "de plus" if moved > 0 else "de moins"
    amount = f"{in_french(abs(moved))}{NBSP}points" if unit == "%" else in_french(abs(moved))
    if unit == "%" and abs(moved) < 2:
        amount = amount.removesuffix("s")
    share = "" if unit == "%" or first.number <= 0 else f" ({_share(moved, first.number)})"
    told = f"de {in_french(first.number)} à {with_unit(last.number, unit)}, soit {amount} {more}{share}."
    return start + told


def _share(moved, start):
    sign = "+" if moved > 0 else MINUS
    return f"{sign}{NBSP}{number(abs(moved) * 100 / start)}{NBSP}%"


def draw(followed):
    """The small drawing of one indicator; the table beside it says the same."""
    canvas, highest = Canvas(), max(figure.number for figure in followed.known) or Decimal(1)
    shown = [figure for figure in followed.figures if figure.year >= followed.known[0].year]
    for rank, figure in enumerate(shown):
        x, middle = rank * (BAR + GAP), rank * (BAR + GAP) + BAR / 2
        if figure.number is None:
            canvas.add(
                "rect", x=x, y=0, width=BAR, height=HEIGHT, rx=3, fill="none", stroke=GRID, stroke_dasharray="3 4"
            )
            canvas.text(middle, HEIGHT / 2 + 5, "?" if figure.row and figure.row.unknown else "–", anchor="middle")
        else:
            tall = max(2.0, float(figure.number / highest) * HEIGHT)
            canvas.add("rect", x=x, y=HEIGHT - tall, width=BAR, height=tall, rx=2, fill=COLOURS[0])
            canvas.text(middle, HEIGHT - tall - 5, in_french(figure.number), anchor="middle", size=13, fill=INK)
        canvas.reach(x, 0, x + BAR, HEIGHT)
        canvas.text(middle, HEIGHT + 18, str(figure.year), anchor="middle", size=13, fill=INK_SOFT)
    told = f"{NBSP}; ".join(f"{figure.year}{NBSP}: {figure.in_words}" for figure in shown)
    ident = f"evolution-{followed.indicator.position}"
    return canvas.svg(ident, followed.indicator.title, f"{told}.")
