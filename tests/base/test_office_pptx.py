"""Slides: readable from the back of a room, charts and tables that stay editable, nothing said that is not in the paper."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pptx
import pytest
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn

from caprse.base.office import render_pptx, slide_blocks, slide_parts
from caprse.base.paper import Heading, Points, Section, Table, Text
from tests.base.papers import ACTIONS, CREATED, FORMULA, LABELS, LONG, MADE, SERIES, drawing, moments_in, paper


@pytest.fixture(scope="module")
def content():
    return render_pptx(paper())


@pytest.fixture(scope="module")
def deck(content):
    return pptx.Presentation(io.BytesIO(content))


def opened(*sections, **changes):
    return pptx.Presentation(io.BytesIO(render_pptx(paper(sections=sections, **changes))))


def slides_of(deck, title):
    return [one for one in deck.slides if one.shapes.title.text in (title, f"{title} (suite)")]


def tables(slides):
    return [shape.table for slide in slides for shape in slide.shapes if shape.has_table]


def charts(slides):
    return [shape for slide in slides for shape in slide.shapes if shape.has_chart]


def all_text(slide):
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    told += [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(told)


def test_it_is_wide_and_begins_with_a_cover(deck):
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    cover = deck.slides[0]
    assert cover.shapes.title.text == "Synthèse de notre autodiagnostic"
    for said in ("Parcours CAP RSE", "Régie « Les Deux Rives » & Cie", "mardi 4 novembre 2025", "5 sur 5"):
        assert said in all_text(cover)
    described = [
        next(shape._element.iter(qn("p:cNvPr"))).get("descr") for shape in cover.shapes if shape.shape_type == 13
    ]
    assert described == ["Logo de la Régie", "Logo de la région"]


def test_each_slide_has_its_title_first_in_its_own_place(deck):
    for slide in deck.slides:
        assert slide.shapes[0] == slide.shapes.title
        assert slide.shapes.title.is_placeholder
        assert slide.shapes.title.text.strip()


def test_sections_follow_without_those_left_aside_or_empty(deck):
    titles = [one.shapes.title.text for one in deck.slides]
    firsts = [one for one in titles if not one.endswith("(suite)")]
    assert firsts[1:] == [
        *("Notre pourquoi", "Notre photographie", "Deux chapitres", "Nos forces", "Notre plan"),
        "Synthèse de notre autodiagnostic",  # the section without a title takes the document's
    ]
    assert not any("Laissée de côté" in all_text(one) for one in deck.slides)


def test_long_lists_are_cut_in_slides_of_eight(deck):
    slides = slides_of(deck, "Nos forces")
    shown = [p.text for one in slides for p in one.placeholders[1].text_frame.paragraphs]
    assert [text for text in shown if text.startswith("Force")] == [f"Force n°\u00a0{n}" for n in range(1, 21)]
    assert all(len(one.placeholders[1].text_frame.paragraphs) <= 8 for one in slides)


def test_long_tables_are_cut_under_the_same_titles(deck):
    found = tables(slides_of(deck, "Notre plan"))
    assert len(found) > 3
    assert all(
        [cell.text for cell in one.rows[0].cells] == ["Quoi", "Qui", "Pour quand", "Où en est-on"] for one in found
    )
    rows = [tuple(cell.text for cell in row.cells) for one in found for row in list(one.rows)[1:]]
    assert tuple(rows) == ACTIONS
    assert all(len(one.rows) <= 10 for one in found)


def test_no_table_goes_under_the_foot(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                assert shape.top + sum(row.height for row in shape.table.rows) <= 6.68 * 914_400


def test_a_drawing_is_a_chart_that_can_be_edited_with_its_table(deck):
    slide = slides_of(deck, "Notre photographie")[0]
    (frame,) = charts([slide])
    assert frame.chart.chart_type == XL_CHART_TYPE.RADAR_MARKERS
    assert next(frame._element.iter(qn("p:cNvPr"))).get("descr") == "Radar des trois chapitres"
    assert tuple(frame.chart.plots[0].categories) == LABELS
    assert [(one.name, tuple(one.values)) for one in frame.chart.plots[0].series] == list(SERIES), "None stays a gap"
    assert len(tables([slide])) == 1
    assert "Voici où nous en sommes." in all_text(slide), "the line that announces it is on the same slide"


def test_two_chapters_are_bars(deck):
    (frame,) = charts(slides_of(deck, "Deux chapitres"))
    assert frame.chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED


def test_where_there_is_no_value_there_is_a_gap(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawn = [
            archive.read(one).decode() for one in archive.namelist() if re.match(r"ppt/charts/chart[^/]*\.xml", one)
        ]
    assert len(drawn) == 2
    assert all('dispBlanksAs val="gap"' in one for one in drawn)


def test_the_numbers_behind_a_chart_hold_no_formula():
    labels = (FORMULA, "+1", "@SUM(A1)")
    deck = opened(Section("S", (drawing(labels, (("=2+2", (1.0, None, 3.0)),)),)))
    (frame,) = charts(deck.slides)
    book = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == list(labels)
    assert [cell.value for cell in book.active["B"]] == ["=2+2", 1, None, 3]


def test_each_slide_says_whose_it_is_the_notice_the_mentions_and_its_number(deck):
    for rank, slide in enumerate(deck.slides):
        text = all_text(slide)
        assert "Édition interne, ne pas diffuser" in text
        assert "Régie « Les Deux Rives » & Cie" in text
        assert "Avec le soutien du Fonds social européen plus." in text
        fields = [one.get("type") for one in slide._element.iter(qn("a:fld"))]
        assert fields == (["slidenum"] if rank else [])


def test_a_long_text_is_shortened_on_its_slide_and_whole_in_its_notes():
    deck = opened(Section("S", (Text(LONG * 6), Points(("court", LONG * 3)))))
    slide = deck.slides[1]
    assert "[…]" in all_text(slide)
    assert len(all_text(slide)) < len(LONG * 7)
    notes = slide.notes_slide.notes_text_frame.text
    assert (LONG * 6).strip() in notes
    assert (LONG * 3).strip() in notes
    assert "court" not in notes


def test_nothing_is_lost_between_the_slides_and_their_notes(deck):
    told = "\n".join(
        all_text(one) + (one.notes_slide.notes_text_frame.text if one.has_notes_slide else "") for one in deck.slides
    )
    for sentence in (
        "La dernière phrase.",
        "Citée",
        "quinze mois",
        "À garder pour nous",
        "Une précision",
        "Sans titre",
    ):
        assert sentence in told


def test_a_title_never_ends_a_slide_alone():
    for before in range(1, 12):
        said = (*(Text(f"Ligne {n}") for n in range(before)), Heading("Le titre"), Points(("Ce qu’il annonce",)))
        for slide in list(opened(Section("S", said)).slides)[1:]:
            assert slide.placeholders[1].text_frame.paragraphs[-1].text != "Le titre"


def test_it_is_in_french_and_nothing_of_the_template_is_left(content, deck):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names, whole = (
            archive.namelist(),
            b"".join(archive.read(one) for one in archive.namelist() if one.endswith(".xml")),
        )
    assert not re.search(rb'\blang="(?!fr-FR)', whole)
    assert b"Click to edit" not in whole
    assert not [one for one in names if "printerSettings" in one or "thumbnail" in one]
    assert {one.name for one in deck.slide_layouts} == {"Couverture", "Titre et texte", "Titre seul"}


def test_it_says_what_it_is_and_whose(deck):
    about = deck.core_properties
    assert (about.title, about.author) == ("Synthèse de notre autodiagnostic", "Régie « Les Deux Rives » & Cie")
    assert about.created.replace(tzinfo=CREATED.tzinfo) == CREATED


def test_the_same_paper_gives_the_same_bytes(content):
    assert render_pptx(paper()) == content
    assert moments_in(content) == MADE


def test_a_paper_without_sections_is_a_cover():
    assert len(opened().slides) == 1


def test_the_cover_says_nothing_twice():
    changes = {
        "context": "Régie « Les Deux Rives » & Cie – Cohorte d’essai",
        "facts": (("Structure", "Régie « Les Deux Rives » & Cie"), ("Cohorte", "Cohorte d’essai"), ("Version", "1")),
    }
    lines = [one.text for one in opened(**changes).slides[0].placeholders[1].text_frame.paragraphs]
    assert lines[1:] == [
        "Régie « Les Deux Rives » & Cie – Cohorte d’essai",
        "mardi 4 novembre 2025",
        "Version\u00a0: 1",
    ]


def test_a_text_of_several_paragraphs_stays_whole_when_it_fits():
    paragraphs = [f"{rank}. {LONG}".strip() for rank in range(1, 4)]
    slide = list(opened(Section("Notre pourquoi", (Text("\n\n".join(paragraphs), "lead"),))).slides)[1]
    assert [one.text for one in slide.placeholders[1].text_frame.paragraphs] == paragraphs


def test_three_chapters_drawn_as_bars_stay_bars():
    asked = drawing()
    asked = replace(asked, chart=replace(asked.chart, as_bars=True))
    (frame,) = charts(slides_of(opened(Section("Scores", (asked,))), "Scores"))
    assert frame.chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED


def test_two_short_lines_are_told_over_the_drawing_they_announce():
    said = (Text("Score : 1,6 sur une échelle de 0 à 3", "lead"), Text("Transmis le mardi 20 mai 2025", "small"))
    slides = slides_of(opened(Section("Chapitre 1", (*said, drawing()))), "Chapitre 1")
    assert len(charts(slides[:1])) == 1
    assert "Score : 1,6 sur une échelle de 0 à 3 – Transmis le mardi 20 mai 2025" in all_text(slides[0])


def test_no_column_is_narrower_than_its_longest_word():
    table = Table(
        "Plan",
        ("Quoi", "Qui", "État"),
        tuple(
            ("Une phrase assez longue pour prendre toute la place. " * 3, "Le conseil d’administration", "abandonnée")
            for _ in range(3)
        ),
    )
    wide = slide_blocks.widths_of(table, slide_parts.ACROSS)
    assert sum(wide) == pytest.approx(slide_parts.ACROSS)
    assert (wide[1] - 0.16) * slide_blocks.IN_AN_INCH >= len("d’administration")
    assert (wide[2] - 0.16) * slide_blocks.IN_AN_INCH >= len("abandonnée")
