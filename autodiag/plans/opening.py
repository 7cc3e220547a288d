"""Rows of a workbook that people bring: opened with care, nothing evaluated, at most what a plan can hold.

The content has gone through `caprse.base.uploads.accept`: no program, no password, nothing fetched elsewhere.
"""

import io
import warnings
import zipfile
from dataclasses import dataclass, field

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from caprse.base.text import NBSP

MOST_COLUMNS = 60
LONGEST_NAME = 60  # of a sheet, as it is said: Excel takes 31 characters, a file may hold any number
MOST_LINES = 20_000  # empty ones included: software leaves formatted ones far down
UNPACKED = 60_000_000
MOST_TAGS = 1_500_000  # a row is held whole while it is read: its cells weigh far more in memory than in the file
LONGEST = 32_767  # characters that spreadsheet software puts in a cell
DOCUMENT_TYPE = "<!DOCTYPE"
FORMULA, ERROR, BOOLEAN = "f", "e", "b"
BROKEN = (
    "Ce classeur est abîmé, ou n’est pas un classeur Excel. Ouvrez-le dans votre tableur et enregistrez-en une copie."
)
IMMENSE = (
    "Ce classeur est immense une fois ouvert. Copiez vos actions dans notre modèle, sans les images ni les autres "
    "feuilles, et apportez-le."
)
NO_RESULT = (
    "Cette case contient une formule dont le résultat n’est pas enregistré. Remplacez-la par sa valeur (copier, puis "
    "«\u00a0collage spécial, valeurs\u00a0»), ou ouvrez le classeur dans votre tableur et enregistrez-le."
)
# Stands for what a formula gives until it is read from the file.
_RESULT = object()


class Unreadable(ValueError):
    """The workbook cannot be read; the message says why, in French."""


@dataclass
class Cell:
    """What a cell holds: `value` as the file says it, or `wrong`, the sentence that says why it cannot be read."""

    ref: str
    value: object = None
    wrong: str = ""

    @property
    def is_blank(self):
        """Whether nobody would see anything in it."""
        return not self.wrong and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


@dataclass(frozen=True)
class Line:
    """A line of a sheet that says something, its cells from the first column on."""

    number: int
    cells: list = field(repr=False)

    def cell(self, column):
        """The cell in this column (from 0), empty past the last one."""
        if column < len(self.cells):
            return self.cells[column]
        return Cell(f"{get_column_letter(column + 1)}{self.number}")

    @property
    def first(self):
        """Its first cell that says something."""
        return next(cell for cell in self.cells if not cell.is_blank)


@dataclass(frozen=True)
class SheetLines:
    """A sheet, its lines that say something, and whether there are more than was asked for."""

    title: str
    lines: list = field(repr=False)
    cut: bool = False


def sheet_titles(content):
    """The names of the sheets one sees, in order. Raises `Unreadable`."""
    with _Opened(content) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def read_sheet(content, title, most):
    """One sheet: its lines that say something, `most` at most. Raises `Unreadable`."""
    with _Opened(content) as book:
        sheet = _lines(book[title], title, most)
    asked = {cell.ref: cell for line in sheet.lines for cell in line.cells if cell.value is _RESULT}
    if asked:
        _give_results(content, title, sheet.lines[-1].number, asked)
    return sheet


class _Opened:
    """The workbook, open for a reading: whatever the library raises on a broken file says that it is broken."""

    def __init__(self, content, *, results=False):
        self.content, self.results, self.book = content, results, None
        self.silence = warnings.catch_warnings()

    def __enter__(self):
        _check_weight(self.content)
        self.silence.__enter__()
        warnings.simplefilter("ignore")  # the library tells of what it leaves aside: styles, extensions
        try:
            self.book = load_workbook(
                io.BytesIO(self.content), read_only=True, data_only=self.results, keep_links=False
            )
        except Exception as error:
            self.silence.__exit__(None, None, None)
            raise Unreadable(BROKEN) from error
        return self.book

    def __exit__(self, kind, error, trace):
        self.book.close()
        self.silence.__exit__(None, None, None)
        if isinstance(error, Exception) and not isinstance(error, Unreadable):
            raise Unreadable(BROKEN) from error


def _check_weight(content):
    """Its parts, opened, weigh what a plan weighs, whatever their names, and none declares anything that would grow."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > UNPACKED:
                raise Unreadable(IMMENSE)
            tags = 0
            for part in parts:
                text = archive.read(part)
                tags += text.count(b"<")
                if tags > MOST_TAGS:
                    raise Unreadable(IMMENSE)
                if any(DOCUMENT_TYPE.encode(coding) in text for coding in ("utf-8", "utf-16-le", "utf-16-be")):
                    raise Unreadable(BROKEN)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(BROKEN) from error


def _lines(page, title, most):
    """Sizes that a file declares are not trusted: they may hide cells, or announce a million."""
    page.reset_dimensions()
    lines = []
    for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > MOST_LINES:
            raise Unreadable(_too_much(title, f"plus de {MOST_LINES} lignes, vides pour la plupart"))
        cells = _cells(row, number)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_too_much(title, f"plus de {MOST_COLUMNS} colonnes"))
        if cells and len(lines) == most:
            return SheetLines(title, lines, cut=True)
        if cells:
            lines.append(Line(number, cells))
    return SheetLines(title, lines)


def _too_much(title, what):
    return f"La feuille «{NBSP}{title[:LONGEST_NAME]}{NBSP}» a {what}. Copiez vos actions dans notre modèle et apportez-le."


def _cells(row, number):
    """The cells of a row, up to the last that says something."""
    cells = [_cell(cell, f"{get_column_letter(rank)}{number}") for rank, cell in enumerate(row, start=1)]
    while cells and cells[-1].is_blank:
        cells.pop()
    return cells


def _cell(cell, ref):
    if cell.value is not None and cell.data_type == FORMULA:
        return Cell(ref, _RESULT)
    return _of_value(ref, cell)


def _of_value(ref, cell):
    if cell.value is None:
        return Cell(ref)
    if cell.data_type == ERROR:
        shown = str(cell.value)[:12]
        return Cell(ref, wrong=f"Cette case affiche une erreur ({shown}). Corrigez-la dans votre tableur.")
    if cell.data_type == BOOLEAN or isinstance(cell.value, bool):
        return Cell(ref, wrong="Cette case contient VRAI ou FAUX. Écrivez un texte, un nombre ou une date.")
    if isinstance(cell.value, str) and len(cell.value) > LONGEST:
        return Cell(ref, wrong="Cette case contient un texte immense, qu’aucun tableur n’écrit. Raccourcissez-le.")
    return Cell(ref, cell.value)


def _give_results(content, title, last, asked):
    """Fill the cells that hold a formula with the result the file keeps; nothing is computed here."""
    found = {}
    with _Opened(content, results=True) as book:
        page = book[title]
        page.reset_dimensions()
        for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS, max_row=last), start=1):
            for rank, cell in enumerate(row, start=1):
                ref = f"{get_column_letter(rank)}{number}"
                if ref in asked and cell.value is not None:
                    found[ref] = _of_value(ref, cell)
    for ref, cell in asked.items():
        result = found.get(ref) or Cell(ref, wrong=NO_RESULT)
        cell.value, cell.wrong = result.value, result.wrong
