"""A plan brought in from a workbook: read cell by cell, refused with the cell and what to write."""

import datetime
import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest

from autodiag.plans import bringing, cells, opening
from autodiag.plans.bringing import Known, read_plan
from autodiag.plans.columns import TITLES
from autodiag.services.plan_imports import (
    accept_workbook,
)
from caprse.base.uploads import NotAccepted
from tests.plan_files import FULL, SHEET, workbook

KNOWN = Known(
    people={"nadia@exemple.fr": 7},
    names={7: "Nadia Benali"},
    criteria={"2.3": [23], "1.1": [11], "1.10": [110], "9.9": [1, 2]},
    references=frozenset({"abcdefghjkmn"}),
)


def read(rows, **options):
    return read_plan(workbook(rows, **options), KNOWN)


def only(reading):
    """The one error, as (place, reason)."""
    (error,) = reading.errors
    return f"{error['sheet']}!{error['cell']}", error["reason"].replace("\xa0", " ")


# --- What is read -------------------------------------------------------------------------------------------------


def test_every_column_is_read_as_what_it_is():
    reading = read([FULL])
    assert reading.errors == []
    assert reading.rows == [
        {
            "line": 2,
            "what": "Former les encadrants",
            "why": "Chacun fait à sa façon",
            "who": "L’équipe",
            "pilot": 7,
            "pilot_name": "Nadia Benali",
            "due_on": "2026-06-30",
            "starts_on": "2026-01-05",
            "means": "Deux jours\nun formateur",
            "indicator": "Tous formés",
            "status": "blocked",
            "status_reason": "Pas de salle",
            "partners": "La mairie",
            "budget": "1200.50",
            "criterion": 23,
            "visibility": "facilitator",
            "steps": [{"text": "Choisir la date", "done": False}, {"text": "Inviter", "done": True}],
        }
    ]


def test_titles_are_known_without_accents_case_or_spaces_in_any_order():
    reading = read([["Lui", "Ceci"]], titles=["  QUI ", "quoi"])
    assert (reading.errors, reading.rows[0]["what"], reading.rows[0]["who"]) == ([], "Ceci", "Lui")
    typed = ["QUOI", "a  quoi nous verrons que c'est fait", "budget", "PILOTE", "ou en est on"]
    assert read([["Ceci", "Vu", 3, "nadia@exemple.fr", "FAIT"]], titles=typed).errors == []


def test_blank_rows_our_mark_and_columns_of_the_export_are_left_aside():
    titles = [*TITLES, "Faite le", "Nouvelles"]
    rows = [{"Quoi": "Une"}, {}, {"Quoi": "Deux", "Nouvelles": "12/05"}, {}, {"Quoi": "# Remis à Nadia – n° 2025-1"}]
    reading = read(rows, titles=titles)
    assert [row["what"] for row in reading.rows] == ["Une", "Deux"]
    assert reading.aside == ["la colonne «\xa0Faite le\xa0»", "la colonne «\xa0Nouvelles\xa0»"]
    reading = read([{"Quoi": "Une"}, {"Quoi": "# à voir"}])
    assert [row["what"] for row in reading.rows] == ["Une"]
    assert reading.aside == ["la ligne 3, qui commence par «\xa0#\xa0»"]


def test_the_sheet_named_plan_is_read_and_the_others_are_said_to_be_left():
    content = workbook([["x"]], title="Notes", titles=["n’importe"], sheets=[("Plan", [["Quoi"], ["Ceci"]])])
    reading = read_plan(content, KNOWN)
    assert [row["what"] for row in reading.rows] == ["Ceci"]
    assert reading.aside == ["la feuille «\xa0Notes\xa0»"]


def test_a_sheet_nobody_sees_is_not_read():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook([["Cachée"]], titles=["Quoi"], sheets=[("Autre", [["Quoi"], ["Vue"]])]))
    )
    book["Plan"].sheet_state = "hidden"
    book.active = 1
    kept = io.BytesIO()
    book.save(kept)
    assert [row["what"] for row in read_plan(kept.getvalue(), KNOWN).rows] == ["Vue"]


def test_an_action_known_by_its_reference_is_left_as_it_is():
    reading = read([{"Quoi": "Autre texte", "Référence": "ABCDEFGHJKMN", "Pour quand": "fin juin"}, {"Quoi": "Neuve"}])
    assert (reading.errors, reading.known) == ([], ["Autre texte"])
    assert [row["what"] for row in reading.rows] == ["Neuve"]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    book = openpyxl.Workbook()
    page = book.active
    page.title = SHEET
    page.append(["Quoi"])
    page["A2"].value = "=cmd|' /C calc'!A0"
    page["A2"].data_type = "s"
    kept = io.BytesIO()
    book.save(kept)
    assert read_plan(kept.getvalue(), KNOWN).rows[0]["what"] == "=cmd|' /C calc'!A0"


def with_results(content, results):
    """The same workbook, once software computed its formulas: {cell: result kept beside the formula}."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w") as again:
        for name in archive.namelist():
            part = archive.read(name).decode()
            for ref, result in results.items() if name.startswith("xl/worksheets/") else ():
                part = re.sub(rf'(<c r="{ref}"[^>]*><f>[^<]*</f>)<v\s*/?>(</v>)?', rf"\g<1><v>{result}</v>", part)
            again.writestr(name, part)
    return kept.getvalue()


def test_the_result_a_formula_left_in_the_file_is_read_and_nothing_is_computed():
    content = workbook([{"Quoi": "Acheter", "Budget (euros)": "=2*100"}])
    column = "ABCDEFGHIJKLMNOP"[TITLES.index("Budget (euros)")]
    reading = read_plan(with_results(content, {f"{column}2": "350"}), KNOWN)
    assert (reading.errors, reading.rows[0]["budget"]) == ([], "350.00")
    place, reason = only(read_plan(content, KNOWN))
    assert place == f"Plan!{column}2"
    assert "formule dont le résultat n’est pas enregistré" in reason


# --- What is refused, with its cell -------------------------------------------------------------------------------

CELLS = {
    "a day that does not exist": ({"Pour quand": "31/02/2026"}, "E2", "n’existe pas"),
    "a year with a digit missing": ({"Pour quand": "30/06/0206"}, "E2", "Vérifiez l’année : 206"),
    "a short year": ({"Pour quand": "30/06/26"}, "E2", "30/06/2026"),
    "a serial": ({"Pour quand": 46203}, "E2", "ce serait le mardi 30 juin 2026"),
    "a number": ({"Pour quand": 12}, "E2", "est un nombre, pas une date"),
    "words": ({"Pour quand": "fin juin"}, "E2", "« fin juin » n’est pas une date que nous savons lire"),
    "an address for a day": ({"Pour quand": "nadia@exemple.fr"}, "E2", "colonnes sont peut-être décalées"),
    "a day for who": ({"Qui": date(2026, 6, 30)}, "C2", "Une date dans « Qui »"),
    "a typed day for who": ({"Qui": "30/06/2026"}, "C2", "colonnes sont peut-être décalées"),
    "an hour for why": ({"Pourquoi": datetime.time(9, 30)}, "B2", "Une date dans « Pourquoi »"),
    "days in disorder": ({"Pour quand": "01/01/2026", "À partir du": "02/01/2026"}, "E2", "avant « À partir du »"),
    "a stranger": ({"Pilote (adresse e-mail)": "x@ailleurs.fr"}, "D2", "l’adresse de personne dans votre structure"),
    "a name for an address": ({"Pilote (adresse e-mail)": "Nadia"}, "D2", "n’est pas une adresse e-mail"),
    "a number for an address": ({"Pilote (adresse e-mail)": 12}, "D2", "n’est pas une adresse e-mail"),
    "a state": ({"Où en est-on": "presque"}, "I2", "« à faire », « en cours », « bloquée »"),
    "a number for a state": ({"Où en est-on": 3}, "I2", "n’est pas dans la liste"),
    "blocked without a reason": ({"Où en est-on": "bloquée"}, "J2", "Dites pourquoi l’action est bloquée"),
    "abandoned without a reason": ({"Où en est-on": "abandonnée"}, "J2", "Dites pourquoi l’action est abandonnée"),
    "a reason for nothing": ({"Raison": "parce que"}, "J2", "Changez son état"),
    "a budget in words": ({"Budget (euros)": "environ mille"}, "L2", "n’est pas un nombre"),
    "a budget below nothing": ({"Budget (euros)": -3}, "L2", "négatif"),
    "a budget beyond all": ({"Budget (euros)": 10**20}, "L2", "trop grand"),
    "a budget that never ends": ({"Budget (euros)": "NaN"}, "L2", "trop grand"),
    "a day for a budget": ({"Budget (euros)": date(2026, 1, 1)}, "L2", "Une date dans « Budget (euros) »"),
    "a criterion": ({"Critère": "7.7"}, "M2", "Aucun critère de votre référentiel n’a le code « 7.7 »"),
    "a criterion become a day": ({"Critère": date(2026, 3, 2)}, "M2", "a pris ce code pour une date"),
    "a criterion read two ways": ({"Critère": 1.1}, "M2", "1.1 ou 1.10"),
    "a criterion of two chapters": ({"Critère": "9.9"}, "M2", "Plusieurs critères"),
    "a reader": ({"Qui peut lire": "tout le monde"}, "N2", "n’est pas dans la liste"),
    "too many steps": ({"Étapes": "\n".join(map(str, range(31)))}, "O2", "31 étapes"),
    "a step too long": ({"Étapes": "x" * 201}, "O2", "200 caractères au plus"),
    "a reference": ({"Référence": "zzzzzzzzzzzz"}, "P2", "Aucune action de votre plan"),
    "too long": ({"Quoi": "x" * 301}, "A2", "le maximum est de 300"),
    "an unseen mark": ({"Pourquoi": "droite\u202egauche"}, "B2", "marque invisible"),
    "nothing to do": ({"Quoi": None, "Qui": "Nadia"}, "A2", "Dites ce que vous allez faire"),
    "true": ({"Qui": True}, "C2", "VRAI ou FAUX"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_is_wrong_is_named_with_what_to_write(name):
    values, cell, words = CELLS[name]
    reading = read([{"Quoi": "Une action", **values}])
    place, reason = only(reading)
    assert place == f"Plan!{cell}"
    assert words in reason
    assert reading.report()["rows"] == []


def test_an_error_shown_by_the_workbook_is_named():
    place, reason = only(read([{"Quoi": "Une action", "Qui": "#REF!"}]))
    assert (place, "#REF!" in reason) == ("Plan!C2", True)


def test_a_reference_twice_names_the_first_place():
    rows = [{"Quoi": "A", "Référence": "abcdefghjkmn"}] * 2
    place, reason = only(read(rows))
    assert place == "Plan!P3"
    assert "déjà en P2" in reason


TITLE_ROWS = {
    "unknown": (["Quoi", "Responsable du budget"], "B1", "n’est pas un titre que nous connaissons"),
    "nearly known": (["Quoi", "Pour quant"], "B1", "Vouliez-vous dire « Pour quand »"),
    "missing": (["Pourquoi", "Qui"], "A1", "La colonne « Quoi » manque"),
    "twice": (["Quoi", "quoi "], "B1", "écrit deux fois"),
    "empty": (["Quoi", None], "B1", "Cette colonne n’a pas de titre"),
    "a number": (["Quoi", 12], "B1", "n’est pas un titre que nous connaissons"),
}


@pytest.mark.parametrize("name", TITLE_ROWS)
def test_a_title_that_is_wrong_is_named(name):
    titles, cell, words = TITLE_ROWS[name]
    place, reason = only(read([["Une action", "autre chose"]], titles=titles))
    assert place == f"Plan!{cell}"
    assert words in reason


@pytest.mark.parametrize("above", [[["Plan d’actions 2025"]], [[None]], [["Notre plan"], [None], ["Version", 3]]])
def test_titles_that_are_not_on_the_first_row_are_named_where_they_are(above):
    rows = [*above, ["Quoi", "Qui"], ["Une action", "Nadia"]]
    place, reason = only(read(rows, titles=None))
    assert place == f"Plan!A{len(above) + 1}"
    assert "Supprimez ce qui est au-dessus" in reason


def test_columns_shifted_by_one_are_told_cell_by_cell():
    shifted = [None, *(FULL.get(title) for title in TITLES)][: len(TITLES)]
    reading = read([shifted])
    assert [error["cell"] for error in reading.errors] == ["A2", "D2", "E2", "G2", "I2", "L2", "M2", "N2", "P2"]
    assert sum("décalées" in error["reason"] for error in reading.errors) == 2
    assert reading.report()["rows"] == []


def test_everything_wrong_is_told_at_once_a_hundred_at_most():
    reading = read([{"Quoi": "A", "Pour quand": "bientôt", "Budget (euros)": "cher"}] * 75)
    report = reading.report()
    assert (len(report["errors"]), report["more"]) == (100, 50)
    assert report["errors"][1]["cell"] == "L2"


@pytest.mark.parametrize("rows", [[], [{}]])
def test_a_workbook_without_action_says_where_to_write_the_first(rows):
    place, reason = only(read(rows))
    assert (place, "Aucune action" in reason) == ("Plan!A2", True)
    place, reason = only(read([], titles=None))
    assert (place, "vide" in reason) == ("Plan!A1", True)


@pytest.mark.parametrize("count", [1001, 10_000])
def test_too_many_rows_are_one_error_and_reading_stops_there(count, monkeypatch):
    content = workbook([{"Quoi": "A", "Pour quand": "bientôt"}] * count)
    looked_at = []
    real = opening._cells
    monkeypatch.setattr(opening, "_cells", lambda row, number: looked_at.append(number) or real(row, number))
    place, reason = only(read_plan(content, KNOWN))
    assert place == "Plan!A1002"
    assert "1 000 actions au plus" in reason.replace("\u202f", " ")
    assert len(looked_at) <= bringing.MOST_ACTIONS + bringing.LOOKED_AT + 1


def test_a_thousand_rows_are_read():
    assert len(read([{"Quoi": "A"}] * 1000).rows) == 1000


def test_a_cell_a_million_rows_down_is_not_looked_for():
    book = openpyxl.Workbook()
    book.active.title = SHEET
    book.active.append(["Quoi"])
    book.active.cell(1_000_000, 1, "Loin")
    kept = io.BytesIO()
    book.save(kept)
    place, reason = only(read_plan(kept.getvalue(), KNOWN))
    assert (place, "20000 lignes" in reason) == ("!", True)


# --- Files that are no plan ---------------------------------------------------------------------------------------


def repacked(content, **parts):
    """The same workbook with parts added or written over; `a__b` stands for `a/b`."""
    kept = io.BytesIO()
    written = {name.replace("__", "/"): value for name, value in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as again:
        for name in archive.namelist():
            if name not in written:
                again.writestr(name, archive.read(name))
        for name, value in written.items():
            again.writestr(name, value)
    return kept.getvalue()


PLAIN = workbook([{"Quoi": "A"}])
FILES = {
    "a name of another kind": ("plan.ods", PLAIN, "classeur Excel"),
    "macros by their name": ("plan.xlsm", PLAIN, "sans macro"),
    "a text": ("plan.xlsx", b"Quoi;Qui\n", "n’est pas un classeur Excel"),
    "a password": ("plan.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "mot de passe"),
    "a program inside": ("plan.xlsx", repacked(PLAIN, **{"xl__vbaProject.bin": b"x"}), "macro"),
    "nothing": ("plan.xlsx", b"", "vide"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_workbook_is_not_taken_in(name):
    file_name, content, words = FILES[name]
    with pytest.raises(NotAccepted, match=words):
        accept_workbook(file_name, content)


SHEET_XML = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
BROKEN = {
    "a bomb": (repacked(PLAIN, **{"xl__bomb.xml": b"<a>" + b" " * 61_000_000}), "immense"),
    "a bomb under another name": (repacked(PLAIN, **{"xl__bomb.png": b" " * 61_000_000}), "immense"),
    "entities": (
        repacked(PLAIN, **{"xl__styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "abîmé",
    ),
    "no sheet inside": (repacked(PLAIN, **{"xl__worksheets__sheet1.xml": b"<worksheet"}), "abîmé"),
    "another xml": (repacked(PLAIN, **{"xl__workbook.xml": b"<a/>"}), "abîmé"),
    "a row of millions of cells": (
        repacked(PLAIN, **{"xl__worksheets__sheet1.xml": SHEET_XML % (b"<row>" + b"<c/>" * 2_000_000 + b"</row>")}),
        "immense",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_workbook_that_cannot_be_opened_is_one_sentence(name):
    content, words = BROKEN[name]
    (error,) = read_plan(content, KNOWN).errors
    assert (error["sheet"], error["cell"]) == ("", "")
    assert words in error["reason"]


def test_names_that_never_end_are_cut_in_what_is_said():
    content = repacked(
        workbook(
            [{"Quoi": "A", "Pour quand": "bientôt"}] * 120, sheets=[(f"Autre {rank}", ["a"]) for rank in range(90)]
        ),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = archive.read("xl/workbook.xml").replace(b'name="Plan"', b'name="Plan%s"' % (b"n" * 100_000))
    report = read_plan(repacked(content, **{"xl__workbook.xml": named}), KNOWN).report()
    assert len(report["errors"]) == bringing.MOST_ERRORS
    assert len(str(report)) < 40_000
    assert report["aside"][-1].startswith("et ")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e308, -1e308, 10**400, -(10**400)])
def test_numbers_without_measure_are_refused_in_words(value):
    for take in (lambda: cells.day(value, "Pour quand"), lambda: cells.money(value, "Budget (euros)")):
        with pytest.raises(cells.CellError):
            take()


@pytest.mark.parametrize("typed", ["1e9999999", "-1e9999999", "9" * 30_000, "1e-9999999", "sNaN"])
def test_amounts_beyond_what_is_computed_are_refused_or_nothing(typed):
    reading = read([{"Quoi": "A", "Budget (euros)": typed}])
    assert [row["budget"] for row in reading.rows] == ["0.00" if "e-" in typed else None]
    assert len(reading.errors) == ("e-" not in typed)


def test_a_text_no_spreadsheet_writes_is_not_read():
    cell = b'<row r="2"><c r="A2" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>' % (b"x" * 5_000_000)
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    first = sheet[: sheet.index(b'<row r="2"')]
    content = repacked(PLAIN, **{"xl__worksheets__sheet1.xml": first + cell + b"</worksheet>"})
    place, reason = only(read_plan(content, KNOWN))
    assert (place, "immense" in reason) == ("Plan!A2", True)


def test_a_bare_title_says_its_letters_alone():
    assert cells.bare(" À quoi — c’est  FAIT ?") == "aquoicestfait"
    assert cells.bare("Œuvre") == "oeuvre"
