"""Drawings made on the server: one SVG for the page and the PDF, by presentation attributes only.

Nothing here needs a style, a class or a script, so it passes a strict content security policy. What is
told by colour is also told by the dash of a line, the shape of a mark and, in words, by the description.
Colours are those of static/css/tokens.css (a drawing in a PDF cannot read custom properties).
"""

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, groupby, repeat

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from caprse.base.text import NBSP, number

INK, INK_SOFT, HAIRLINE, PAPER, SUNKEN = "#1c2321", "#444e4a", "#e3dccf", "#ffffff", "#f3eee4"
GRID = "#d3cbbc"
COLOURS = ("#0e5a5c", "#9a4a0c", "#1d4f91", "#6b4c00")  # accent, turn, blue, amber
DASHES = ("", "7 4", "2 4", "10 4 2 4")
LEVELS = ("#efe0b9", "#c3cf98", "#7fb59b", "#2f7f83", "#0b3f4f")
FONT = "'Source Sans 3', 'Source Sans 3 Ext', 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
NAMESPACE = "http://www.w3.org/2000/svg"
MISSING, MISSING_IN_WORDS = "—", "sans valeur"

LABEL_SIZE, SMALL_SIZE, LINE_HEIGHT, PADDING = 15, 12, 18, 10
ONE_LINE, TWO_LINES, LONGEST_WORD = 16, 48, 30  # characters of an axis label
INNER = 0.14  # share of the radius (or of the bar) at which the lowest value is drawn
NARROW, WIDE = set(" .,:;'’!|ilIjtfr()[]-·" + NBSP), set("mwMW@%—–œŒæÆ…")

Value = Decimal | float | None


@dataclass(frozen=True)
class Series:
    """One line of a drawing: a value per label (None: no value).

    `colour` is written `#rrggbb`; `dash` is lengths in px ("": plain line). By default, both go by position.
    """

    name: str
    values: Sequence[Value]
    colour: str | None = None
    dash: str | None = None


@dataclass(frozen=True)
class Picture:
    """A drawing and the same numbers as a table: to be shown together."""

    svg: SafeString
    headers: list[str]
    rows: list[list[str]]


def picture(labels, series, *, corner="", places=1, **drawing) -> Picture:
    """Draw `radar(labels, series, **drawing)`, with its table; `corner` heads the first column."""
    headers, rows = data_table(labels, series, corner=corner, places=places)
    return Picture(radar(labels, series, places=places, **drawing), headers, rows)


def data_table(labels, series, *, corner="", places=1) -> tuple[list[str], list[list[str]]]:
    """Return the header cells and one row per label, numbers in French, « — » where there is no value."""
    columns = [[written(value, places) for value in one.values] for one in series]
    rows = [[label, *cells] for label, *cells in zip(labels, *columns, strict=True)]
    return [corner, *(one.name for one in series)], rows


def written(value: Value, places: int = 1) -> str:
    """Write one value of a drawing or of its table."""
    return MISSING if value is None else number(value, places)


def radar(labels, series, *, low, high, ident, title, size=440, places=1, ramp=()) -> SafeString:
    """Draw `series` on one axis per label; with one or two labels, draw `bars` instead.

    The lowest value is drawn on a small inner ring, so that it shows and is not taken for a missing one:
    a missing value breaks the line and is told beside the label. `low`, `high`: ends of the scale;
    `size`: width in px without the longest labels (texts stay at 15 px, so a smaller size reads better
    on a phone); `ident`: prefix of the ids, unique in the page; `places`: decimals told in the
    description; `ramp`: one colour per ring, e.g. LEVELS.
    Raises ValueError when the data do not fit together or a value is out of the scale.
    """
    if len(labels) < 3:
        settings = {"ident": ident, "title": title, "size": size, "places": places, "ramp": ramp}
        return bars(labels, series, low=low, high=high, **settings)
    _check(labels, series, low, high, ident)
    canvas = Canvas()
    radius = size * 0.36
    angles = [2 * math.pi * i / len(labels) - math.pi / 2 for i in range(len(labels))]

    def distance(value):
        return radius * (INNER + (1 - INNER) * _share(value, low, high))

    def spot(angle, value):
        return None if value is None else _at(angle, distance(value))

    _web(canvas, angles, [distance(tick) for tick in _ticks(low, high)])
    drawn = [(_look(one, i), list(map(spot, angles, one.values))) for i, one in enumerate(series)]
    for look, points in drawn:
        _outline(canvas, points, look)
    for look, points in reversed(drawn):
        for point in filter(None, points):
            _mark(canvas, *point, look)
    middle = (angles[0] + angles[-1] - 2 * math.pi) / 2
    for tick, colour in zip(_ticks(low, high), chain(ramp, repeat(PAPER)), strict=False):
        _scale_label(canvas, *spot(middle, tick), tick, colour)
    for index, (angle, label) in enumerate(zip(angles, labels, strict=True)):
        _axis_label(canvas, angle, radius + 14, _wrap(label), _missing_notes(series, index))
    canvas.centre()
    _legend(canvas, series, _line_sample)
    return canvas.svg(ident, title, _in_words(labels, series, low, high, places))


def bars(labels, series, *, low, high, ident, title, size=440, places=1, ramp=()) -> SafeString:
    """Draw `series` as horizontal bars under each label; same rules and parameters as `radar`."""
    _check(labels, series, low, high, ident)
    canvas, y = Canvas(), 0.0
    reach = size - 44  # room for the number after the longest bar

    def length(value):
        return reach * (INNER / 2 + (1 - INNER / 2) * _share(value, low, high))

    for index, label in enumerate(labels):
        for line in textwrap.wrap(label, int(size / (LABEL_SIZE * 0.62)), break_long_words=True):
            canvas.text(0, y + LABEL_SIZE, line, weight="600")
            y += LINE_HEIGHT
        for position, one in enumerate(series):
            value = one.values[index]
            _bar(canvas, y + 6, None if value is None else length(value), reach, _look(one, position))
            told = MISSING_IN_WORDS if value is None else number(value, places)
            x = 8 if value is None else length(value) + 12
            canvas.text(x, y + 17, told, size=SMALL_SIZE + 1, fill=INK_SOFT if value is None else INK)
            y += 22
        y += 16
    for tick, colour in zip(_ticks(low, high), chain(ramp, repeat(PAPER)), strict=False):
        _scale_label(canvas, length(tick), y, tick, colour)
    _legend(canvas, series, lambda canvas, x, y, look: _strip(canvas, x, y - 12, 34, look))
    return canvas.svg(ident, title, _in_words(labels, series, low, high, places))


class Canvas:
    """The elements of one drawing and the box that holds them all."""

    def __init__(self):
        self.elements = []
        self.left = self.top = math.inf
        self.right = self.bottom = -math.inf

    def reach(self, left, top, right, bottom):
        """Grow the box so that it holds the given one."""
        self.left, self.top = min(self.left, left), min(self.top, top)
        self.right, self.bottom = max(self.right, right), max(self.bottom, bottom)

    def centre(self):
        """Grow the box so that the origin is in the middle of its width."""
        half = max(-self.left, self.right)
        self.left, self.right = -half, half

    def add(self, name, **attributes):
        """Add one element; `_` in an attribute's name stands for `-`."""
        self.elements.append(_tag(name, **attributes) + "/>")

    def text(self, x, y, content, *, anchor="start", size=LABEL_SIZE, fill=INK, weight="400"):
        """Write one line with its base line at `y`, and make room for it."""
        width = text_width(content, size)
        start = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
        self.reach(start, y - size, start + width, y + size * 0.3)
        opened = _tag("text", x=x, y=y, text_anchor=anchor, font_size=size, font_weight=weight, fill=fill)
        self.elements.append(f"{opened}>{escape(content)}</text>")

    def svg(self, ident, title, description) -> SafeString:
        """Close the drawing: role, name and description for those who do not see it."""
        left, top = self.left - PADDING, self.top - PADDING
        width, height = self.right - left + PADDING, self.bottom - top + PADDING
        frame = f"{_n(left)} {_n(top)} {_n(width)} {_n(height)}"
        opened = _tag("svg", xmlns=NAMESPACE, viewBox=frame, width=width, height=height, role="img")
        paper = _tag("rect", x=left, y=top, width=width, height=height, rx=8, fill=PAPER)
        return mark_safe(  # noqa: S308  every text in it is escaped where it is written
            f'{opened} aria-labelledby="{ident}-title" aria-describedby="{ident}-desc">'
            f'<title id="{ident}-title">{escape(title)}</title>'
            f'<desc id="{ident}-desc">{escape(description)}</desc>'
            f'{paper}/><g font-family="{FONT}">{"".join(self.elements)}</g></svg>'
        )


@dataclass(frozen=True)
class _Look:
    colour: str
    dash: str
    shape: int

    @property
    def stroke(self):
        line = {"stroke": self.colour, "stroke_width": 2.5, "stroke_linejoin": "round"}
        return line | ({"stroke_dasharray": self.dash} if self.dash else {})


def text_width(text: str, size: float) -> float:
    """Estimate, on the wide side, the width of `text` in px, whatever font the reader has."""
    return size * sum(map(_em, text))


def _em(char):
    if char in NARROW:
        return 0.36
    if char in WIDE:
        return 0.98
    return 1.3 if ord(char) > 0x2E7F else 0.7 if char.isupper() or char.isdigit() else 0.58


def _check(labels, series, low, high, ident):
    if not labels or not low < high or not re.fullmatch(r"[A-Za-z][\w-]*", ident, re.ASCII):
        raise ValueError("A drawing needs labels, a scale that rises and a plain identifier.")
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.name!r} does not have one value per label.")
        if any(v is not None and not low <= v <= high for v in one.values):
            raise ValueError(f"{one.name!r} has a value out of the scale.")
        if one.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", one.colour):
            raise ValueError(f"{one.colour!r} is not a colour written #rrggbb.")
        if one.dash and not re.fullmatch(r"[\d. ]+", one.dash):
            raise ValueError(f"{one.dash!r} is not a dash pattern.")


def _share(value, low, high):
    return (float(value) - float(low)) / (float(high) - float(low))


def _ticks(low, high):
    """Round steps from `low` to `high`, both included, seven at most; whole ones between whole bounds."""
    low, high = Decimal(str(low)), Decimal(str(high))
    unit = Decimal(10) ** (math.floor(math.log10(high - low)) - 1)
    least = 1 if low % 1 == high % 1 == 0 else 0
    steps = (s * unit for s in (1, 2, 5, 10, 20, 50))
    step = next(step for step in steps if step >= least and (high - low) / step <= 6)
    inside = (low + step * i for i in range(1, 7))
    return [low, *(tick for tick in inside if tick <= high - step / 2), high]


def _look(one, position):
    colour = one.colour or COLOURS[position % len(COLOURS)]
    return _Look(colour, DASHES[position % len(DASHES)] if one.dash is None else one.dash, position % 4)


def _at(angle, distance):
    return distance * math.cos(angle), distance * math.sin(angle)


def _web(canvas, angles, rings):
    outer = rings[-1]
    canvas.reach(-outer, -outer, outer, outer)
    canvas.add("circle", cx=0, cy=0, r=rings[0], fill=SUNKEN, stroke=GRID)
    for ring in rings[1:]:
        canvas.add("circle", cx=0, cy=0, r=ring, fill="none", stroke=GRID)
    for angle in angles:
        (x1, y1), (x2, y2) = _at(angle, rings[0]), _at(angle, outer)
        canvas.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=GRID)


def _outline(canvas, points, look):
    """A closed, tinted outline when every value is there; else one open line per run of values."""
    if None not in points:
        canvas.add("polygon", points=_points(points), fill=look.colour, fill_opacity=0.1, **look.stroke)
        return
    gap = points.index(None)
    for there, run in groupby(points[gap:] + points[:gap], key=bool):
        if there:
            canvas.add("polyline", points=_points(run), fill="none", **look.stroke)


def _points(points):
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _mark(canvas, x, y, look):
    """Disc, hollow square, triangle, hollow diamond: told apart without colour."""
    edge = {"stroke": look.colour, "stroke_width": 2.5}
    if look.shape == 0:
        canvas.add("circle", cx=x, cy=y, r=4.5, fill=look.colour)
    elif look.shape == 1:
        canvas.add("rect", x=x - 6, y=y - 6, width=12, height=12, fill=PAPER, **edge)
    elif look.shape == 2:
        corners = ((x, y - 7), (x + 6.5, y + 5), (x - 6.5, y + 5))
        canvas.add("polygon", points=_points(corners), fill=look.colour)
    else:
        corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
        canvas.add("polygon", points=_points(corners), fill=PAPER, **edge)


def _bar(canvas, y, length, reach, look):
    canvas.reach(0, y, reach, y + 14)
    if length is None:
        dotted = {"fill": "none", "stroke": GRID, "stroke_dasharray": "3 4"}
        canvas.add("rect", x=0.5, y=y, width=reach, height=14, rx=3, **dotted)
        return
    canvas.add("rect", x=0, y=y, width=reach, height=14, rx=3, fill=SUNKEN)
    _strip(canvas, 0, y, length, look)


def _strip(canvas, x, y, length, look):
    """Full, hollow, dashed full, dashed hollow: told apart without colour."""
    edge = look.stroke if look.shape > 1 else replace(look, dash="").stroke
    fill = PAPER if look.shape % 2 else look.colour
    opacity = 0.35 if look.shape == 2 else 1
    canvas.add("rect", x=x + 1, y=y + 1, width=length - 2, height=12, rx=2, fill=fill, fill_opacity=opacity, **edge)


def _scale_label(canvas, x, y, tick, colour):
    told = number(tick, max(0, -tick.normalize().as_tuple().exponent))
    half = max(9, text_width(told, SMALL_SIZE) / 2 + 3)
    dark = sum(int(colour[i : i + 2], 16) * w for i, w in ((1, 0.3), (3, 0.6), (5, 0.1))) < 130
    canvas.reach(x - half, y - 9, x + half, y + 9)
    canvas.add("rect", x=x - half, y=y - 9, width=half * 2, height=18, rx=9, fill=colour, stroke=GRID)
    canvas.text(x, y + 4, told, anchor="middle", size=SMALL_SIZE, fill=PAPER if dark else INK)


def _axis_label(canvas, angle, distance, lines, notes):
    x, y = _at(angle, distance)
    anchor = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
    height = LINE_HEIGHT * (len(lines) + len(notes))
    y += (math.sin(angle) - 1) * height / 2 - 3
    for line in lines:
        y += LINE_HEIGHT
        canvas.text(x, y, line, anchor=anchor)
    for note in notes:
        y += LINE_HEIGHT
        canvas.text(x, y, note, anchor=anchor, size=SMALL_SIZE, fill=INK_SOFT)


def _missing_notes(series, index):
    without = [one.name for one in series if one.values[index] is None]
    if len(without) == len(series):
        return [MISSING_IN_WORDS] if series else []
    return [line for name in without for line in textwrap.wrap(f"{name}{NBSP}: {MISSING_IN_WORDS}", LONGEST_WORD)]


def _wrap(label):
    """Cut a label in balanced lines: one when short, two as a rule, more when it is very long."""
    if len(label) <= ONE_LINE:
        return [label]
    count = max(2, math.ceil(len(label) * 2 / TWO_LINES))
    for width in range(math.ceil(len(label) / count), len(label) + 1):
        lines = textwrap.wrap(label, width, break_long_words=False)
        if len(lines) <= count:
            break
    return [line[i : i + LONGEST_WORD] for line in lines for i in range(0, len(line), LONGEST_WORD)]


def _line_sample(canvas, x, y, look):
    canvas.add("line", x1=x, y1=y - 5, x2=x + 34, y2=y - 5, **look.stroke)
    _mark(canvas, x + 17, y - 5, look)


def _legend(canvas, series, sample):
    """One line per series under the drawing, or side by side when they fit in its width."""
    if not series:
        return
    widths = [44 + text_width(one.name, LABEL_SIZE) + 20 for one in series]
    left, right, y = canvas.left, canvas.right, canvas.bottom + 34
    side_by_side = sum(widths) <= right - left
    x = (left + right - (sum(widths) if side_by_side else max(widths))) / 2
    for position, (one, width) in enumerate(zip(series, widths, strict=True)):
        sample(canvas, x, y, _look(one, position))
        canvas.reach(x, y - 14, x + width, y + 6)
        canvas.text(x + 44, y, one.name)
        x, y = (x + width, y) if side_by_side else (x, y + 24)


def _in_words(labels, series, low, high, places):
    told = [f"Échelle de {written(low, 0)} à {written(high, 0)}."]
    for one in series:
        values = (
            f"{label} {MISSING_IN_WORDS if value is None else number(value, places)}"
            for label, value in zip(labels, one.values, strict=True)
        )
        told.append(f"{one.name}{NBSP}: {f'{NBSP}; '.join(values)}.")
    return " ".join(told)


def _n(value):
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _tag(name, **attributes):
    """Open a tag, left without its `>`; numbers are rounded, texts escaped."""
    written_attributes = (
        f'{key.replace("_", "-")}="{escape(value) if isinstance(value, str) else _n(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name} {' '.join(written_attributes)}"
