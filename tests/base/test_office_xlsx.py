"""Workbooks: what is written is what was given, as what it is, and nothing of it is ever a formula."""

import datetime
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caprse.base.office import render_xlsx
from caprse.base.paper import Column, Sheet, Workbook
from tests.base.papers import CREATED, MADE, moments_in

NASTY = (
    "=1+1",
    "+33 6 12 34 56 78",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "=cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    "\u22122+3",
    "\uff1d1+1",
    "'=1+1",
    "#N/A",
    "#REF!",
    "TRUE",
    "1e5",
    "2026-01-01",
    "_x0041_",
    "<f>1</f>",
)


def workbook(*rows, columns=("Quoi",), title="Plan d’actions", more=()):
    sheet = Sheet(title, tuple(Column(one, 30) for one in columns), rows)
    return Workbook("Notre plan & nous", "Régie Les Deux Rives", CREATED, (sheet, *more))


def opened(*rows, **told):
    content = render_xlsx(workbook(*rows, **told))
    return openpyxl.load_workbook(io.BytesIO(content))


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def has_formula(content):
    return any(re.search(r"<(\w+:)?f[ >/]", xml) for name, xml in parts(content).items() if "/worksheets/" in name)


@pytest.mark.parametrize("text", NASTY)
def test_a_text_stays_a_text(text):
    content = render_xlsx(workbook((text,), columns=(text,)))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    for cell in (page["A1"], page["A2"]):
        assert cell.data_type == "s"
        assert cell.value.replace("_x005F_", "_").strip() == text.replace("\r", "\n").strip()
    assert not has_formula(content)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_text_at_all_stays_a_text(text):
    content = render_xlsx(workbook((text, Decimal("1.50")), columns=("Quoi", "Budget"), title=text))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["A2"].data_type in ("s", "n")
    assert page["A2"].value is None or isinstance(page["A2"].value, str)
    assert page["B2"].value == 1.5
    assert not has_formula(content)


def test_what_looks_like_a_formula_is_told_as_a_text_to_who_edits_it():
    page = opened(("=1+1",), ("Bonjour",)).active
    assert page["A2"].quotePrefix
    assert not page["A3"].quotePrefix


def test_numbers_days_and_moments_are_what_they_are():
    moment = datetime.datetime(2026, 7, 1, 8, 5, tzinfo=datetime.UTC)
    row = (Decimal("1500.50"), 3, datetime.date(2026, 6, 30), moment, None, "")
    page = opened(row, columns=("A", "B", "C", "D", "E", "F")).active
    money, whole, day, at, empty, blank = page[2]
    assert (money.value, money.number_format, whole.value) == (1500.5, "#,##0.00", 3)
    assert (day.value.date(), day.number_format) == (datetime.date(2026, 6, 30), "dd/mm/yyyy")
    assert at.value == datetime.datetime(2026, 7, 1, 10, 5), "in Paris"
    assert empty.value is None
    assert blank.value is None


def test_what_no_spreadsheet_can_hold_is_written_in_words():
    page = opened((10**20, datetime.date(1899, 1, 2), Decimal("NaN")), columns=("A", "B", "C")).active
    assert [cell.value for cell in page[2]] == [str(10**20), "02/01/1899", "NaN"]


def test_characters_that_xml_cannot_hold_are_left_out():
    assert opened(("avant\x00\x0b\ud800après\uffff",)).active["A2"].value == "avantaprès"


@pytest.mark.parametrize("text", ["é" * 40_000, "𝄞" * 20_000, "_x0041_" * 9_000, "mot " * 9_000])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(text):
    value = opened((text,)).active["A2"].value
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    assert value.endswith("…")
    assert len(value) > 9_000


def test_a_text_that_fits_is_whole():
    assert opened(("é" * 32_767,)).active["A2"].value == "é" * 32_767


def test_sheets_have_names_that_excel_takes_each_its_own():
    titles = ("Plan: [2025]/2026*?", "plan   2025  2026", "'", "", "Historique", "x" * 50, "X" * 50)
    more = tuple(Sheet(title, (Column("A"),), ()) for title in titles[1:])
    names = opened(title=titles[0], more=more).sheetnames
    assert len({name.lower() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)
    assert "historique" not in {name.lower() for name in names}


def test_the_head_is_bold_frozen_and_filtered_and_each_page_printed_repeats_it():
    page = opened(("a", "b", "c"), ("d", "e", "f"), columns=("Quoi", "Qui", "Quand")).active
    assert page["A1"].font.bold
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:C3"
    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page["A2"].alignment.wrap_text
    assert page.column_dimensions["A"].width == 30
    assert page.oddHeader.right.text.replace("&&", "&") == "Notre plan & nous – Plan d’actions"


def test_many_columns_are_printed_on_several_pages_each_with_the_first_one():
    page = opened(columns=tuple(f"Colonne {n}" for n in range(18))).active
    assert page.page_setup.fitToWidth == 3
    assert page.print_title_cols == "$A:$A"


def test_an_empty_sheet_keeps_its_titles():
    page = opened(columns=("Quoi", "Qui")).active
    assert [cell.value for cell in page[1]] == ["Quoi", "Qui"]
    assert page.max_row == 1


def test_the_document_says_what_it_is_and_whose():
    about = opened().properties
    assert (about.title, about.creator) == ("Notre plan & nous", "Régie Les Deux Rives")
    assert about.created == about.modified == CREATED.replace(tzinfo=None)
    assert about.language == "fr-FR"


def test_the_same_workbook_gives_the_same_bytes():
    made = workbook(("a",), ("=b",))
    first = render_xlsx(made)
    assert render_xlsx(made) == first
    assert moments_in(first) == MADE
