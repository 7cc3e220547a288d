import csv
import dataclasses
import datetime
import io
import re
import shutil
import subprocess

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from caprse.base import marking, pdf
from caprse.base.marking import Mark, UnmarkableFile

MARK = Mark(
    person="Zoé Łefèvre <b>{x}",
    organisation="Régie de quartier Les Deux Rives",
    at=datetime.datetime(2026, 7, 1, 8, 5, tzinfo=datetime.UTC),
    number="2026-000123",
)
SENTENCE = (
    "Remis à Zoé Łefèvre <b>{x} – Régie de quartier Les Deux Rives – le mercredi 1er juillet 2026, 10 h 05"
    " – n° 2026-000123 – réservé aux adhérents COORACE, ne pas diffuser"
)
A4 = (0, 0, 595, 842)


def test_what_is_made_to_be_shown_says_who_made_it_and_nothing_else():
    outward = dataclasses.replace(MARK, outward=True)
    assert plain(outward.sentence()) == (
        "Régie de quartier Les Deux Rives – édité le mercredi 1er juillet 2026, 10 h 05 – n° 2026-000123"
    )
    page = pages(marking.mark(blank({}), "application/pdf", outward))[0]
    assert "édité le" in page
    assert "Zoé" not in page
    assert "adhérents" not in page


def poppler(content, *options):
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is missing: apt-get install poppler-utils (macOS: brew install poppler)"
    told = subprocess.run([tool, *options, "-", "-"], input=content, capture_output=True, check=True)
    return told.stdout.decode()


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def pages(content):
    return [plain(page) for page in poppler(content).split("\f")[:-1]]


def blank(*looks, **save):
    """A PDF of one page per dictionary of page entries; `content` is the page's own drawing."""
    document = pikepdf.new()
    for look in looks:
        page = {"Type": Name.Page, "MediaBox": A4} | look
        content = page.pop("content", None)
        entries = {f"/{key}": Array(v) if isinstance(v, tuple) else v for key, v in page.items()}
        added = document.make_indirect(Dictionary(entries))
        if content is not None:
            added.Contents = document.make_stream(content)
        document.pages.append(pikepdf.Page(added))
    stream = io.BytesIO()
    document.save(stream, **save)
    return stream.getvalue()


def marked(content):
    return marking.mark(content, "application/pdf", MARK)


@pytest.fixture(scope="module")
def tagged():
    html = (
        "<html lang=fr><head><title>Synthèse</title></head><body><h1>Synthèse</h1><p>Un <a href='https://a.fr'>lien</a>"
        "<h2 style='break-before: page'>Deux</h2><p>Texte</body></html>"
    )
    return pdf.render_pdf(html)


def test_the_sentence():
    assert plain(MARK.sentence()) == SENTENCE


def test_a_sentence_is_one_line_and_leaves_out_what_is_empty():
    mark = Mark(person="Zoé\nLefèvre", organisation="", at=MARK.at, number="1")
    assert plain(mark.sentence()).startswith("Remis à Zoé Lefèvre – le mercredi")
    assert "\n" not in mark.sentence()


def test_a_moment_without_zone_is_refused():
    naive = Mark("A", "B", datetime.datetime(2026, 7, 1), "1")
    with pytest.raises(ValueError, match="time zone"):
        marking.mark(blank({}), "application/pdf", naive)


def test_each_page_of_a_pdf_is_marked(tagged):
    told = pages(marked(tagged))
    assert len(told) == 2
    assert all(SENTENCE in page for page in told)
    assert "Synthèse" in told[0]
    assert "Texte" in told[1]


def test_the_tags_of_the_document_stay(tagged):
    def told(content):
        with pikepdf.open(io.BytesIO(content)) as document:
            root, tree = document.Root, document.Root.StructTreeRoot
            kinds = [str(o.S) for o in document.objects if isinstance(o, Dictionary) and "/P" in o and "/S" in o]
            parents = [page.obj.StructParents for page in document.pages]
            with document.open_metadata() as metadata:
                part = metadata["{http://www.aiim.org/pdfua/ns/id/}part"]
            facts = (str(root.Lang), root.MarkInfo.Marked, str(document.docinfo.Title), part)
            return sorted(kinds), parents, len(tree.ParentTree.Nums), facts

    assert told(marked(tagged)) == told(tagged)


def test_the_mark_is_an_artifact_drawn_in_the_plain_page(tagged):
    with pikepdf.open(io.BytesIO(marked(tagged))) as document, pikepdf.open(io.BytesIO(tagged)) as before:
        for page, old in zip(document.pages, before.pages, strict=True):
            drawn = list(pikepdf.parse_content_stream(page))
            kinds = [str(instruction.operator) for instruction in drawn]
            own = [str(instruction.operator) for instruction in pikepdf.parse_content_stream(old)]
            assert kinds[:-8] == ["q", *own, "Q"]
            assert kinds[-8:] == ["BDC", "q", "cm", "cm", "cm", "Do", "Q", "EMC"]
            assert list(drawn[-8].operands) == [Name.Artifact, Dictionary(Type=Name.Pagination)]


def test_every_font_is_embedded_after_the_mark(tagged):
    with pikepdf.open(io.BytesIO(marked(tagged))) as document:
        found = [o for o in document.objects if isinstance(o, Dictionary) and "/FontName" in o]
        assert len(found) >= 3
        assert all("/FontFile2" in o or "/FontFile3" in o for o in found)


ODD_PAGES = {
    "portrait": {},
    "turned by a quarter": {"Rotate": 90},
    "turned by a half": {"Rotate": 180},
    "turned backwards": {"Rotate": -90},
    "turned by more than a turn": {"Rotate": 450},
    "far from the origin": {"MediaBox": (-300, 400, 295, 1242)},
    "corners in disorder": {"MediaBox": (595, 842, 0, 0)},
    "cropped": {"CropBox": (100, 200, 500, 700)},
    "cropped and turned": {"CropBox": (100, 200, 500, 700), "Rotate": 270},
    "crop wider than the sheet": {"CropBox": (-50, -50, 900, 900)},
    "narrow": {"MediaBox": (0, 0, 180, 300)},
    "wide": {"MediaBox": (0, 0, 3000, 1700)},
    "state left open": {"content": b"q 2 0 0 2 100 300 cm q 0 1 -1 0 0 0 cm 1 0 0 rg 0 0 9 9 re f"},
    "state closed too often": {"content": b"Q Q 3 0 0 3 50 500 cm 1 0 0 rg 0 0 9 9 re f"},
    "tag left open": {"content": b"/P <</MCID 0>> BDC 0 0 9 9 re f"},
    "empty drawing": {"content": b""},
}


@pytest.mark.parametrize("look", ODD_PAGES.values(), ids=ODD_PAGES)
def test_the_mark_stands_upright_at_the_foot_of_odd_pages(look):
    content = marked(blank(look))
    assert SENTENCE in pages(content)[0]
    boxes = poppler(content, "-bbox", "-cropbox")
    width, height = map(float, re.search(r'<page width="([\d.]+)" height="([\d.]+)"', boxes).groups())
    if look.get("Rotate", 0) % 180:  # the size told is that of the sheet before it turns
        width, height = height, width
    found = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]+)', boxes)
    spots = {word: tuple(map(float, box)) for *box, word in found}
    for x1, y1, x2, y2 in spots.values():
        assert marking.SIDE <= x1 < x2 <= width - marking.SIDE
        assert max(height / 2, height - 90) < y1 < y2 <= height - marking.BOTTOM + 0.5, "not cut"
        assert y2 - y1 < 14
    assert spots["Remis"][0] < spots["à"][0]
    assert spots["Remis"][1] <= spots["diffuser"][1]


def test_a_page_in_larger_units_is_marked_in_points():
    with pikepdf.open(io.BytesIO(marked(blank({"UserUnit": 2})))) as document:
        matrices = [i.operands for i in pikepdf.parse_content_stream(document.pages[0], "cm")]
    assert [float(v) for v in matrices[-1]] == [0.5, 0, 0, 0.5, 0, 0]


def test_entries_inherited_from_the_tree_hold():
    document = pikepdf.open(io.BytesIO(blank({}, {})))
    for page in document.pages:
        del page.obj.MediaBox, page.obj.Resources
        page.obj.Contents = document.make_stream(b"/Own Do")
    tree = document.Root.Pages
    tree.MediaBox, tree.Rotate = Array([0, 0, 842, 595]), 90
    tree.Resources = Dictionary(
        XObject=Dictionary(
            Own=document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        )
    )
    stream = io.BytesIO()
    document.save(stream)
    content = marked(stream.getvalue())
    assert [SENTENCE in page for page in pages(content)] == [True, True]
    with pikepdf.open(io.BytesIO(content)) as document:
        assert all("/Own" in page.obj.Resources.XObject for page in document.pages)


def test_pages_of_one_size_share_one_drawing():
    one, many = marked(blank({})), marked(blank(*[{} for _ in range(50)]))
    assert len(many) - len(one) < 50 * 700


def test_a_second_mark_keeps_the_first():
    other = Mark(person="Paul", organisation="B", at=MARK.at, number="2026-000124")
    told = pages(marking.mark(marked(blank({})), "application/pdf", other))[0]
    assert "2026-000123" in told
    assert "2026-000124" in told


def test_the_same_file_and_mark_give_the_same_bytes(tagged):
    first = marked(tagged)
    marking._strip.cache_clear()
    assert marked(tagged) == first


def locked(**passwords):
    return blank({}, encryption=pikepdf.Encryption(**passwords))


def signed():
    document = pikepdf.open(io.BytesIO(blank({})))
    document.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([]))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: b"", "abîmé"),
        (lambda: b"%PDF-1.7\nnothing", "abîmé"),
        (lambda: b"GIF89a", "abîmé"),
        (lambda: blank(), "abîmé"),
        (lambda: blank({"MediaBox": (0, 0, 0, 0)}), "trop petite"),
        (lambda: blank({"Rotate": Name.Quarter}), "abîmé"),
        (lambda: blank({"MediaBox": (0, 0, 60, 60)}), "trop petite"),
        (lambda: locked(owner="o", user="u"), "mot de passe"),
        (lambda: locked(owner="o", user=""), "mot de passe"),
        (signed, "signature"),
    ],
)
def test_a_pdf_that_cannot_be_marked_does_not_leave(content, told):
    with pytest.raises(UnmarkableFile, match=told):
        marked(content())


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "text/html", "image/svg+xml", ""])
def test_a_kind_that_nobody_marks_does_not_leave(kind):
    with pytest.raises(UnmarkableFile, match="ne peut pas être marqué"):
        marking.mark(b"content", kind, MARK)


def test_a_format_joins_the_registry(monkeypatch):
    monkeypatch.setitem(marking.MARKERS, "image/png", lambda content, mark: content + mark.number.encode())
    assert marking.mark(b"png", "Image/PNG", MARK) == b"png2026-000123"


@pytest.mark.parametrize("content", ["a;b\r\n1;é\r\n", "a;b\n1;é", "\ufeffa;b\n1;é\n"])
def test_a_table_keeps_its_rows_and_gets_one_more(content):
    told = marking.mark(content.encode(), "text/csv; charset=utf-8", MARK).decode()
    assert told.startswith(content)
    end = "\r\n" if "\r\n" in content else "\n"
    assert told.endswith(f'"{end}')
    rows = list(csv.reader(io.StringIO(told, newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [2, 2, 1]
    assert plain(rows[-1][0]) == f"# {SENTENCE}"


def test_a_name_with_quotes_stays_in_its_cell():
    mark = Mark('Zoé "Zo;e"', "A, B", MARK.at, "1")
    told = marking.mark(b"a;b\n", "text/csv", mark).decode()
    assert len(list(csv.reader(io.StringIO(told), delimiter=";"))[-1]) == 1


def test_a_text_ends_with_the_sentence():
    told = marking.mark("Bonjour\nà tous\n\n".encode(), "text/plain", MARK).decode()
    assert told.startswith("Bonjour\nà tous\n\nRemis à")
    assert plain(told).endswith(SENTENCE)


@pytest.mark.parametrize("kind", ["text/csv", "text/plain"])
def test_a_text_in_another_encoding_does_not_leave(kind):
    with pytest.raises(UnmarkableFile, match="UTF-8"):
        marking.mark("été".encode("latin-1"), kind, MARK)
