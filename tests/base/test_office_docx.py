"""Word documents: real styles, lists and tables, whose they are said everywhere, the same bytes each time."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from caprse.base.office import render_docx
from caprse.base.paper import Section, Table
from tests.base.papers import ACTIONS, CREATED, FORMULA, MADE, moments_in, paper


@pytest.fixture(scope="module")
def content():
    return render_docx(paper())


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def styled(document, style):
    return [one.text for one in document.paragraphs if one.style.name == style]


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def test_titles_are_titles_and_lists_are_lists(document):
    assert styled(document, "Title") == ["Synthèse de notre autodiagnostic"]
    assert styled(document, "Subtitle") == ["Parcours CAP RSE"]
    expected = [one.title for one in paper().sections if one.title]
    assert styled(document, "Heading 1") == expected, "the annexe too: only slides leave it out"
    assert styled(document, "Heading 2") == ["Ce qui marche"]
    assert styled(document, "Heading 3") == ["Plus fin"]
    assert len(styled(document, "List Bullet")) == 20
    assert styled(document, "Quote") == ["Citée"]


def test_a_section_begins_a_page_when_it_asks(document):
    breaks = {p.text: p.paragraph_format.page_break_before for p in document.paragraphs if p.style.name == "Heading 1"}
    assert breaks["Notre photographie"]
    assert not breaks["Notre pourquoi"]


def test_line_breaks_of_a_text_are_kept(document):
    assert any(one.text.endswith("\nLa dernière phrase.") for one in document.paragraphs)


def test_a_table_repeats_its_titles_and_keeps_its_rows_whole(document):
    table = next(one for one in document.tables if one.cell(0, 0).text == "Quoi")
    assert len(table.rows) == len(ACTIONS) + 1
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert FORMULA in {row.cells[0].text for row in table.rows}
    assert "Quarante actions" in styled(document, "Caption")


def test_a_short_table_stays_on_one_page():
    rows = tuple((f"Chapitre {n}", "2,0") for n in range(1, 6))
    made = render_docx(paper(sections=(Section("Scores", (Table("", ("Chapitre", "Score"), rows),)),)))
    table = docx.Document(io.BytesIO(made)).tables[-1]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept[:-1] == [True] * 5
    assert not kept[-1]


def test_a_drawing_is_described_and_has_its_table(document):
    described = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert described == ["Radar des trois chapitres"] * 2
    assert any(one.cell(0, 0).text == "Chapitre" for one in document.tables)


def test_an_empty_table_says_so(document):
    assert "Rien à montrer ici pour le moment." in [one.text for one in document.paragraphs]


def test_logos_are_on_the_first_page_and_described(document):
    section = document.sections[0]
    assert section.different_first_page_header_footer
    described = [one.get("descr") for one in section.first_page_header._element.iter(qn("wp:docPr"))]
    assert described == ["Logo de la Régie", "Logo de la région"]
    widths = [int(one.get("cx")) for one in section.first_page_header._element.iter(qn("wp:extent"))]
    assert max(widths) <= 48 * 36_000, "a wide logo stays in its place"


def test_each_page_says_whose_it_is_the_notice_the_mentions_and_its_number(document):
    section = document.sections[0]
    for head in (section.first_page_header, section.header):
        assert "Édition interne, ne pas diffuser" in [one.text for one in head.paragraphs]
    assert "Régie « Les Deux Rives » & Cie" in section.header.paragraphs[0].text
    for foot in (section.first_page_footer, section.footer):
        assert "Avec le soutien du Fonds social européen plus." in [one.text for one in foot.paragraphs]
        codes = "".join(one.text for one in foot._element.iter(qn("w:instrText")))
        assert codes.split() == ["PAGE", "NUMPAGES"]


def test_without_notice_logo_or_mention_nothing_of_them_is_left():
    document = docx.Document(io.BytesIO(render_docx(paper(notice="", logos=(), mentions=()))))
    section = document.sections[0]
    assert [one.text for one in section.first_page_header.paragraphs] == [""]
    assert len(section.footer.paragraphs) == 1


def test_it_is_in_french_on_a4_in_our_type(document, content):
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    languages = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"fr-FR"}
    assert document.styles["Normal"].font.name == "Source Sans 3"
    assert '<w:altName w:val="Calibri"/>' in parts(content)["word/fontTable.xml"]
    assert str(document.styles["Heading 1"].font.color.rgb) == "0E5A5C"


def test_nothing_floats_and_nothing_is_fetched(content):
    body = parts(content)["word/document.xml"]
    assert not re.search(r"<w:txbxContent|<wp:anchor|<mc:AlternateContent", body)
    assert not any('TargetMode="External"' in xml for name, xml in parts(content).items() if name.endswith(".rels"))


def test_it_says_what_it_is_and_whose_not_what_made_it(document, content):
    about = document.core_properties
    assert (about.title, about.author, about.language) == (
        "Synthèse de notre autodiagnostic",
        "Régie « Les Deux Rives » & Cie",
        "fr-FR",
    )
    assert about.created == CREATED
    assert not any("python-docx" in xml.lower() for xml in parts(content).values())
    assert "docProps/thumbnail.jpeg" not in parts(content)


def test_the_same_paper_gives_the_same_bytes(content):
    assert render_docx(paper()) == content
    assert moments_in(content) == MADE


def test_characters_that_xml_cannot_hold_are_left_out():
    table = Table("T\x00itre", ("A\x0b", "B"), (("a\ud800", "ligne\nsuivante"),))
    document = docx.Document(
        io.BytesIO(render_docx(paper(title="Un\x01\ntitre", sections=(Section("S\x02", (table,)),))))
    )
    assert styled(document, "Title") == ["Un titre"]
    found = next(one for one in document.tables if one.cell(0, 0).text == "A")
    assert [cell.text for cell in found.rows[1].cells] == ["a", "ligne\nsuivante"]


def test_its_opening_says_each_thing_once():
    whole = docx.Document(io.BytesIO(render_docx(paper(sections=(), context="Régie « Les Deux Rives » & Cie – Essai"))))
    said = [one.text for one in whole.paragraphs if "Régie" in one.text]
    assert said == ["Régie « Les Deux Rives » & Cie – Essai – mardi 4 novembre 2025"]


def test_no_column_is_narrower_than_its_longest_word():
    row = ("Une phrase assez longue pour prendre toute la place. " * 3, "Le conseil d’administration", "abandonnée")
    table = Table("Plan", ("Quoi", "Qui", "État"), (row,) * 3)
    (drawn,) = docx.Document(io.BytesIO(render_docx(paper(sections=(Section("Plan", (table,)),), facts=())))).tables
    assert [column.width.mm >= 1.75 * letters for column, letters in zip(drawn.columns, (6, 16, 10), strict=True)] == [
        True,
        True,
        True,
    ]
