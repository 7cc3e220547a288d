"""Word, slides and workbooks from the contract of `caprse.base.paper`: editable files, the same bytes each time.

Each library is loaded at its first use: a process that only answers pages carries none of them.
"""

import importlib
import io
from zipfile import BadZipFile, ZipFile

from caprse.base import office_trial

OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OPEN_XML}wordprocessingml.document"
PPTX = f"{OPEN_XML}presentationml.presentation"
XLSX = f"{OPEN_XML}spreadsheetml.sheet"
MARKABLE = 40_000_000  # bytes of text that are read whole to be marked, and weigh twenty times more in memory
READ = (".xml", ".rels")
# The libraries say in many ways that the parts of a file do not hold together.
BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, BadZipFile, LookupError, NotImplementedError, OSError),
    *(SyntaxError, TypeError, ValueError),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how a file with a password begins, and those of before 2007


def render_docx(paper) -> bytes:
    """Draw a `Paper` as a Word document."""
    return _module("word").render(paper)


def render_pptx(paper) -> bytes:
    """Draw a `Paper` as slides."""
    return _module("slides").render(paper)


def render_xlsx(workbook) -> bytes:
    """Write a `Workbook` as a file for spreadsheet software. A text that looks like a formula stays a text."""
    return _module("sheets").render(workbook)


def mark_docx(content: bytes, sentence: str) -> bytes:
    """Write the sentence at the foot of each page of a Word document."""
    return _marked(content, sentence, "docx", "word_marks")


def mark_pptx(content: bytes, sentence: str) -> bytes:
    """Write the sentence at the foot of each slide."""
    return _marked(content, sentence, "pptx", "slide_marks")


def mark_xlsx(content: bytes, sentence: str) -> bytes:
    """Write the sentence under the rows of each sheet, and at the foot of each page once printed."""
    return _marked(content, sentence, "xlsx", "sheet_marks")


def _marked(content, sentence, kind, module):
    """Raises what `office_trial.check` does: `NotThisKind`, `Acts`, `Locked`, `Immense`."""
    if content.startswith(OLE):
        raise office_trial.Locked
    office_trial.check(content, kind)
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist() if part.filename.lower().endswith(READ)) > MARKABLE:
            raise office_trial.Immense
    try:
        return _module(module).mark(content, sentence)
    except BROKEN as error:
        raise office_trial.NotThisKind from error


def _module(name):
    return importlib.import_module(f"caprse.base.office.{name}")
