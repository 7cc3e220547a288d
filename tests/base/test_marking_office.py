"""Marks of Word documents, slides, workbooks and calendars: on each page, slide, sheet and event, nothing else changed."""

import datetime
import io
import re
import zipfile

import docx
import icalendar
import openpyxl
import pptx
import pytest
from docx.enum.section import WD_SECTION
from openpyxl.chart import BarChart, Reference

from caprse.base import marking
from caprse.base.marking import Mark, UnmarkableFile
from caprse.base.office import DOCX, PPTX, XLSX, render_docx, render_pptx, render_xlsx
from caprse.base.paper import Column, Sheet, Workbook
from tests.base.papers import CREATED, MADE, moments_in, paper

MARK = Mark(
    person="Zoé Łefèvre <b>{x} & Cie",
    organisation="3 Rives",
    at=datetime.datetime(2026, 7, 1, 8, 5, tzinfo=datetime.UTC),
    number="2026-000123",
)
SENTENCE = MARK.sentence()
ICS = "text/calendar"


def marked(content, kind):
    return marking.mark(content, kind, MARK)


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook():
    sheets = tuple(Sheet(name, (Column("Quoi"), Column("Qui")), (("a", "b"), ("=c", "d"))) for name in ("Un", "Deux"))
    return render_xlsx(Workbook("Plan", "Régie", CREATED, sheets))


def calendar(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


EVENT = ("BEGIN:VEVENT", "UID:1@cap-rse", "DTSTAMP:20251104T093000Z", "SUMMARY:Une\\, deux", "END:VEVENT")
WHOLE = {
    DOCX: lambda: render_docx(paper()),
    PPTX: lambda: render_pptx(paper()),
    XLSX: workbook,
    ICS: lambda: calendar(*EVENT),
}


# --- Word ---------------------------------------------------------------------------------------------------------


def feet(content):
    document = docx.Document(io.BytesIO(content))
    return [
        [p.text for p in foot.paragraphs]
        for one in document.sections
        for foot in (one.first_page_footer, one.footer, one.even_page_footer)
    ]


def test_every_foot_of_a_word_document_is_marked():
    for foot in feet(marked(render_docx(paper()), DOCX)):
        assert foot.count(SENTENCE) == 1


def test_what_the_document_says_and_looks_like_stays():
    before, after = (
        docx.Document(io.BytesIO(one)) for one in (render_docx(paper()), marked(render_docx(paper()), DOCX))
    )
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    assert "Avec le soutien" in after.sections[0].footer.paragraphs[0].text
    assert (
        parts(marked(render_docx(paper()), DOCX))["word/styles.xml"] == parts(render_docx(paper()))["word/styles.xml"]
    )


def test_sections_with_their_own_feet_and_those_that_follow_are_marked_once():
    document = docx.Document()
    document.settings.odd_and_even_pages_header_footer = True
    document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = True
    own = document.add_section(WD_SECTION.NEW_PAGE)
    own.footer.is_linked_to_previous = False
    own.footer.paragraphs[0].text = "Le pied de la troisième"
    found = feet(marked(saved(document), DOCX))
    assert len(found) == 9
    assert all(foot.count(SENTENCE) == 1 for foot in found)
    assert ["Le pied de la troisième", SENTENCE] in found


# --- Slides -------------------------------------------------------------------------------------------------------


def test_every_slide_is_marked_inside_its_frame():
    content = marked(render_pptx(paper()), PPTX)
    deck = pptx.Presentation(io.BytesIO(content))
    assert len(deck.slides) > 5
    for slide in deck.slides:
        (shape,) = [one for one in slide.shapes if one.has_text_frame and one.text_frame.text == SENTENCE]
        assert shape.top + shape.height <= deck.slide_height
        assert shape.left + shape.width <= deck.slide_width
        assert slide.shapes[0] == slide.shapes.title, "the title is still read first"


def test_the_mark_covers_nothing_of_our_slides():
    deck = pptx.Presentation(io.BytesIO(marked(render_pptx(paper()), PPTX)))
    for slide in deck.slides:
        *others, shape = slide.shapes
        lowest = max(one.top + one.height for one in others if not one.has_table)
        assert lowest <= shape.top


def test_slides_of_another_size_are_marked_too():
    deck = pptx.Presentation()  # 4:3
    deck.slides.add_slide(deck.slide_layouts[6])
    found = pptx.Presentation(io.BytesIO(marked(saved(deck), PPTX)))
    assert [one.text_frame.text for one in found.slides[0].shapes] == [SENTENCE]


# --- Workbooks ----------------------------------------------------------------------------------------------------


def test_every_sheet_is_marked_under_its_rows_and_at_the_foot_of_its_pages():
    book = openpyxl.load_workbook(io.BytesIO(marked(workbook(), XLSX)))
    for page in book:
        assert page.cell(page.max_row, 1).value == f"# {SENTENCE}"
        assert page.cell(page.max_row, 1).data_type == "s"
        foot = page.oddFooter.center.text.replace("&&", "&").replace("\n", "")
        assert foot == SENTENCE[: len(foot) - 1] + "…" if foot.endswith("…") else foot == SENTENCE
        assert page.oddFooter.right.text == "&P / &N", "the number of the page stays"
        assert [cell.value for cell in page[3]] == ["=c", "d"]
        assert page.auto_filter.ref == "A1:B3", "sorting leaves the mark where it is"


def test_the_foot_of_a_printed_page_keeps_to_what_excel_takes():
    long = Mark(person="É" * 160, organisation="&" * 160, at=MARK.at, number=MARK.number)
    content = marking.mark(workbook(), XLSX, long)
    for name, xml in parts(content).items():
        if "/worksheets/" in name:
            foot = re.search(r"<oddFooter>([^<]*)</oddFooter>", xml.decode())[1]
            assert len(foot.replace("&amp;", "&")) <= 255
            assert "É" in foot


def test_a_mark_is_never_a_formula():
    content = marked(workbook(), XLSX)
    assert not any(re.search(rb"<f[ >/]", xml) for name, xml in parts(content).items() if "/worksheets/" in name)


def test_the_rest_of_a_workbook_is_not_written_again():
    book = openpyxl.Workbook()
    page = book.active
    for row in (["Chapitre", "Note"], ["Un", 2], ["Deux", 3]):
        page.append(row)
    page["C2"] = "=B2+B3"
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    page.add_chart(chart, "E2")
    page.oddFooter.left.text, page.evenFooter.center.text = "À gauche, R&&Cie", "Paires"
    page.HeaderFooter.differentOddEven = True
    whole = BarChart()
    whole.add_data(Reference(page, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.create_chartsheet("Graphique").add_chart(whole)
    before = saved(book)
    after = marked(before, XLSX)
    changed = {name for name, part in parts(after).items() if part != parts(before)[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/chartsheets/sheet1.xml"}
    page = openpyxl.load_workbook(io.BytesIO(after)).worksheets[0]
    assert page["C2"].value == "=B2+B3"
    foot = re.search(r"<oddFooter>([^<]*)<", parts(after)["xl/worksheets/sheet1.xml"].decode())[1]
    assert foot.startswith("&amp;LÀ gauche, R&amp;&amp;Cie&amp;C&amp;7 Remis")
    assert page.evenFooter.center.text.startswith("Paires")
    assert "3 Rives" in page.evenFooter.center.text
    assert b"3 Rives" in parts(after)["xl/chartsheets/sheet1.xml"]


def test_an_empty_sheet_is_marked():
    content = marked(saved(openpyxl.Workbook()), XLSX)
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A1"].value == f"# {SENTENCE}"


# --- Calendars ----------------------------------------------------------------------------------------------------


def test_a_calendar_and_each_of_its_events_are_marked():
    found = icalendar.Calendar.from_ical(marked(calendar(*EVENT, *EVENT), ICS))
    assert str(found["X-WR-CALDESC"]).replace("\\,", ",") == SENTENCE
    events = found.walk("VEVENT")
    assert [str(one["COMMENT"]) for one in events] == [SENTENCE, SENTENCE]
    assert str(events[0]["SUMMARY"]) == "Une, deux"


def test_the_type_may_say_its_encoding():
    assert marking.mark(calendar(), "text/calendar; charset=utf-8", MARK).startswith(b"BEGIN:VCALENDAR")


# --- All of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WHOLE)
def test_the_same_file_and_mark_give_the_same_bytes(kind):
    content = WHOLE[kind]()
    once = marked(content, kind)
    assert marked(content, kind) == once != content
    if kind != ICS:
        assert moments_in(once) == MADE, "neither the clock of the day nor the day of the zip"


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04zz", b"%PDF-1.7", b"BEGIN:VCALENDAR\r\n", b"\xff\xfe"])
def test_a_broken_file_does_not_leave(kind, content):
    with pytest.raises(UnmarkableFile, match="abîmé"):
        marked(content, kind)


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX])
def test_a_file_cut_short_or_of_another_kind_does_not_leave(kind):
    other = {DOCX: PPTX, PPTX: XLSX, XLSX: DOCX}[kind]
    for content in (WHOLE[kind]()[:3000], WHOLE[other]()):
        with pytest.raises(UnmarkableFile, match="abîmé"):
            marked(content, kind)


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX])
def test_parts_that_do_not_hold_together_are_told_as_broken(kind):
    main = {DOCX: "word/document.xml", PPTX: "ppt/presentation.xml", XLSX: "xl/worksheets/sheet1.xml"}[kind]
    for put in (b"", b"<", b"<a/>" if kind != XLSX else b"<a", b"\x00\x01"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, part in parts(WHOLE[kind]()).items():
                archive.writestr(name, put if name == main else part)
        with pytest.raises(UnmarkableFile, match="abîmé"):
            marked(stream.getvalue(), kind)


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX])
def test_a_file_that_would_fill_the_memory_does_not_leave(kind):
    bomb = io.BytesIO(WHOLE[kind]())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/more.xml", b"<a>" + b"<b/>" * 11_000_000 + b"</a>")
    with pytest.raises(UnmarkableFile, match="immense"):
        marked(bomb.getvalue(), kind)


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX])
def test_a_file_with_a_password_says_what_to_do(kind):
    with pytest.raises(UnmarkableFile, match="mot de passe"):
        marked(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, kind)


@pytest.mark.parametrize("kind", [DOCX, PPTX, XLSX])
def test_a_file_with_a_program_does_not_leave(kind):
    stream = io.BytesIO(WHOLE[kind]())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(UnmarkableFile, match="programme"):
        marked(stream.getvalue(), kind)
