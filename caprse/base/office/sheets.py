"""Workbooks: what is read in columns, sorted, filtered and printed. No cell holds a formula, whatever was typed."""

import datetime
import io
import math
import re
from decimal import Decimal

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from caprse.base.clock import PARIS
from caprse.base.office import look
from caprse.base.office.packing import packed, utc

LONGEST = 32_767  # characters in a cell, as Excel counts them
LONGEST_NAME = 31
LONGEST_PRINTED = 200  # Excel takes 255 at most in a header, codes included
WIDEST = 80
LINE, TALLEST = 15, 409  # points; Excel takes no taller row
FILLED = 1.1  # characters on a unit of width: those of a text are narrower than the figures it counts in
READABLE = 190  # characters across a printed page
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
RESERVED = {"history", "historique"}
# What spreadsheet software reads as the beginning of a formula, once blanks and quotes are put aside.
FORMULA = re.compile(r"""^[\s"'\u00a0\u200b\ufeff]*[=+\-@|%\u2212\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]""")
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
FIRST_DAY = datetime.date(1900, 3, 1)  # Excel counts days wrong before
EXACT = 10**15  # digits a spreadsheet keeps of a number
DAY, MOMENT, MONEY = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "#,##0.00"
HAIRLINE = Side(style="thin", color=look.HAIRLINE)
BODY = {
    "font": Font(name=look.NEXT_FONT, size=11, color=look.INK),
    "alignment": Alignment(horizontal="left", vertical="top", wrap_text=True),
    "border": Border(bottom=HAIRLINE, right=HAIRLINE),
}
FIGURES = {**BODY, "alignment": Alignment(horizontal="right", vertical="top", indent=1)}
HEAD = {
    "font": Font(name=look.NEXT_FONT, size=11, bold=True, color=look.WHITE),
    "fill": PatternFill("solid", fgColor=look.ACCENT),
    "alignment": Alignment(vertical="center", wrap_text=True),
    "border": Border(right=Side(style="thin", color=look.ACCENT_LINE)),
}


def render(workbook):
    """Write a `Workbook` of `caprse.base.paper`."""
    book, names = openpyxl.Workbook(), []
    book.remove(book.active)
    for sheet in workbook.sheets:
        names.append(_free_name(sheet.title, names))
        _fill(book.create_sheet(names[-1]), sheet, workbook)
    if not names:
        book.create_sheet("Feuille")
    about = book.properties
    about.title, about.creator = look.in_one_line(workbook.title), look.in_one_line(workbook.organisation)
    about.lastModifiedBy, about.language = about.creator, look.LANGUAGE
    about.created = utc(workbook.created)
    stream = io.BytesIO()
    book.save(stream)
    return packed(stream.getvalue(), at=workbook.created)


def _free_name(title, taken):
    """A name Excel takes, that no sheet has yet."""
    name = FORBIDDEN_IN_NAMES.sub(" ", look.in_one_line(title))
    name = " ".join(name.split(" ")).strip("' ")[:LONGEST_NAME].strip("' ") or "Feuille"
    if name.lower() in RESERVED:
        name = f"{name} 1"
    known, free, rank = {one.lower() for one in taken}, name, 2
    while free.lower() in known:
        end = f" {rank}"
        free, rank = f"{name[: LONGEST_NAME - len(end)]}{end}", rank + 1
    return free


def _fill(page, sheet, workbook):
    for rank, column in enumerate(sheet.columns, start=1):
        _style(put(page.cell(1, rank), column.title), HEAD)
        page.column_dimensions[get_column_letter(rank)].width = min(max(column.width, 6), WIDEST)
    page.row_dimensions[1].height = 32
    last = 1
    for last, row in enumerate(sheet.rows, start=2):
        for rank, value in enumerate(row, start=1):
            cell = put(page.cell(last, rank), value)
            _style(cell, FIGURES if cell.data_type == "n" and cell.value is not None else BODY)
        # Told, since not every software measures wrapped texts when it opens a file.
        page.row_dimensions[last].height = min(LINE * _lines(row, sheet.columns) + 2, TALLEST)
    page.freeze_panes = "B2" if len(sheet.columns) > 2 else "A2"
    if sheet.columns:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    _print_setup(page, sheet, workbook)


def _lines(row, columns):
    """How many lines the tallest cell of a row takes once wrapped."""
    return max(
        (
            sum(math.ceil(max(len(line), 1) / (column.width * FILLED)) for line in value.split("\n"))
            for value, column in zip(row, columns, strict=False)
            if isinstance(value, str)
        ),
        default=1,
    )


def _style(cell, looks):
    for name, value in looks.items():
        setattr(cell, name, value)


def put(cell, value):
    """Write a value in a cell as what it is: a number, a day, else a text."""
    if isinstance(value, datetime.datetime):
        cell.value, cell.number_format = value.astimezone(PARIS).replace(tzinfo=None), MOMENT
    elif isinstance(value, datetime.date) and value >= FIRST_DAY:
        cell.value, cell.number_format = value, DAY
    elif _is_number(value):
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = MONEY
    elif text := written(value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else str(value or "")):
        cell.value = text
        # Said after the value: the library takes « = » for a formula and « #N/A » for an error.
        cell.data_type = "s"
        cell.quotePrefix = bool(FORMULA.match(text))
    return cell


def _is_number(value):
    return (
        isinstance(value, int | float | Decimal)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < EXACT
    )


def written(text):
    """A text as a cell can hold it: no forbidden character, nothing read as an escape, cut with a mark if too long."""
    text = look.clean(text)
    kept = ESCAPE.sub("_x005F_", text)
    while _length(kept) > LONGEST:
        text = text[: len(text) * LONGEST // _length(kept) - 1].rstrip() + "…"
        kept = ESCAPE.sub("_x005F_", text)
    return kept


def _length(text):
    return len(text.encode("utf-16-le")) // 2


def _print_setup(page, sheet, workbook):
    """A4 landscape, as few pages across as can still be read, titles on each page, who and what at the head and foot."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    across = max(1, math.ceil(sum(column.width for column in sheet.columns) / READABLE))
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = across, 0
    if across > 1:
        page.print_title_cols = "A:A"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    margins = page.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.8, 0.9, 0.35, 0.35
    page.oddHeader.left.text = printed(workbook.organisation)
    page.oddHeader.right.text = printed(f"{workbook.title} – {sheet.title}")
    page.oddFooter.right.text = "&P / &N"


def printed(text, longest=LONGEST_PRINTED):
    """A text for the head or foot of printed pages, where « & » begins a code."""
    return look.in_one_line(text)[:longest].replace("&", "&&")
