"""A document before it has a format: sections of plain blocks, that one function a format draws.

Whoever writes a document makes a `Paper`; `templates/pdf/paper.html` (tagged PDF) and `caprse.base.office` (Word,
slides) draw it. A `Workbook` is the same for what is read in columns.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Cell = str | int | Decimal | datetime.date | None


@dataclass(frozen=True)
class Logo:
    """The picture of an organisation (PNG), and what it shows, for those who do not see it."""

    content: bytes = field(repr=False)
    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; line breaks are kept. `style`: "", "lead", "small", "quote" or "notice"."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Heading:
    """A title inside a section; `level` 3 under the section's, or 4."""

    text: str
    level: int = 3


@dataclass(frozen=True)
class Points:
    """A list; each item is a line of text."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labels and what they say."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under titles; the first cell of a row names it. `numbers`: the columns set to the right, by rank."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """The numbers behind a drawing, for the formats that draw their own: a radar from three labels on, unless bars.

    None: no value there.
    """

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    low: float
    high: float
    as_bars: bool = False


@dataclass(frozen=True)
class Drawing:
    """One of our SVG, what it shows in words, the numbers behind it, and its table: no picture comes without."""

    svg: str = field(repr=False)
    text: str
    chart: Chart
    table: Table


Block = Text | Heading | Points | Facts | Table | Drawing


@dataclass(frozen=True)
class Section:
    """A part of the document; on slides, a slide or several. `aside`: left out of the slides."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole document, in the name of an organisation.

    `notice` is shown on each page, empty for a document to be shown outside; `mentions` are the mandatory ones.
    """

    title: str
    subtitle: str
    organisation: str
    created: datetime.datetime
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    context: str = ""
    logos: tuple[Logo, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its title and its width, in characters."""

    title: str
    width: int = 24


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; texts that look like formulas stay texts."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True)
class Workbook:
    """A whole workbook, in the name of an organisation."""

    title: str
    organisation: str
    created: datetime.datetime
    sheets: tuple[Sheet, ...]
