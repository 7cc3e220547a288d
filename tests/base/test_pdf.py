import base64
import datetime
import gc
import io
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.template.loader import render_to_string

from caprse.base import pdf, svg
from caprse.base.paper import Facts, Heading, Section, Text
from tests.base.papers import paper

CSS = Path(__file__).parents[2] / "static/css"
NOTICE = "Référentiel de démonstration – n’est pas le référentiel CAP RSE"
BODY = """<table><caption>Scores</caption><thead><tr>
<th scope="col">Chapitre</th><th scope="col">Score</th></tr>
</thead><tbody><tr><th scope="row">Gouvernance à Łódź</th><td>1\u202f234,5</td></tr></tbody></table>"""


def words(content):
    """Text of each page."""
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is missing: apt-get install poppler-utils (macOS: brew install poppler)"
    told = subprocess.run([tool, "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def rendered(body, **context):
    html = render_to_string("pdf/base.html", {"title": "Synthèse <2026>", **context})
    return pdf.render_pdf(html.replace("</body>", f"{body}</body>"))


@pytest.fixture(scope="module")
def content():
    picture = svg.radar(["A", "B", "C"], [svg.Series("S", [1, 2, 3])], low=0, high=4, ident="r", title="Profil RSE")
    return rendered(
        f'<figure>{picture}</figure>{BODY}<p class="new-page">Suite</p><p class="new-page">Fin</p>',
        author="Régie de quartier",
        context="Cohorte 2026",
        notice=NOTICE,
        created=datetime.datetime(2026, 7, 1, 8, 5, 1, 5, tzinfo=datetime.UTC),
    )


@pytest.fixture
def document(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def elements(document, kind):
    return [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name(kind) and "/P" in item
    ]


def test_it_is_a_tagged_french_pdf_ua(document):
    root = document.Root
    assert str(root.StructTreeRoot.K[0].S) == "/Document"
    assert root.MarkInfo.Marked is True
    assert str(root.Lang) == "fr"
    assert root.ViewerPreferences.DisplayDocTitle is True
    with document.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_it_says_what_it_is(document):
    assert str(document.docinfo.Title) == "Synthèse <2026>"
    assert str(document.docinfo.Author) == "Régie de quartier"
    assert str(document.docinfo.CreationDate) == str(document.docinfo.ModDate)
    assert str(document.docinfo.CreationDate).startswith("D:20260701")


def test_tables_and_pictures_are_told_to_those_who_do_not_see(document):
    heads = {str(cell.ID) for cell in elements(document, "/TH")}
    cells = elements(document, "/TD")
    assert len(heads) == 3
    assert [{str(head) for head in cell.A.Headers} <= heads for cell in cells] == [True]
    assert len(cells[0].A.Headers) == 2
    assert [str(figure.Alt) for figure in elements(document, "/Figure")] == ["Profil RSE"]
    assert len(elements(document, "/H1")) == 1


def test_every_font_is_embedded_and_ours(document):
    found = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
    assert found
    for descriptor in found:
        assert "Source-Sans-3" in str(descriptor.FontName)
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_each_page_tells_its_number_what_it_is_about_and_the_notice(content):
    pages = words(content)
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} / 3" in page
        assert "Cohorte 2026" in page
        assert NOTICE in page
    assert "CAP RSE – Synthèse <2026>" in pages[1]


def test_extended_latin_keeps_its_own_glyphs(content):
    assert "Gouvernance à Łódź" in words(content)[0]


def test_no_notice_no_ribbon():
    assert "démonstration" not in words(rendered("<p>Rien</p>"))[0]


@pytest.mark.parametrize("collecting", [True, False])
def test_garbage_is_collected_again_after_a_document_made_or_not(content, collecting):
    (gc.enable if collecting else gc.disable)()
    try:
        pdf.render_pdf("<p>Un.</p>")
        assert gc.isenabled() is collecting
        with pytest.raises(TypeError):
            pdf.render_pdf(3)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


def test_the_same_document_gives_the_same_bytes(content):
    assert rendered("<p>Bonjour</p>") == rendered("<p>Bonjour</p>")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.css",
        "https://example.org/a.css",
        "file:///etc/hostname",
        "data:text/plain,a",
        "ftp://example.org/a",
        "static:../caprse/settings.py",
        "static:css/../../pyproject.toml",
        "static:%2e%2e/pyproject.toml",
        "static:css/%2e%2e/%2e%2e/pyproject.toml",
        "static:/etc/hostname",
        "static:///etc/hostname",
        "static:css\\..\\..\\pyproject.toml",
        "static:css/pdf.css\x00.png",
        "static:.hidden",
        "static:css",
        "static:css/absent.css",
        "static:",
        "css/pdf.css",
    ],
)
def test_anything_but_a_static_file_is_refused(url):
    with pytest.raises(pdf.RefusedResource):
        pdf.static_file(url)


def test_a_static_file_is_found():
    assert pdf.static_file("static:css/pdf.css") == CSS / "pdf.css"


def test_a_link_cannot_lead_out_of_the_given_folder(tmp_path):
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "own.css").write_text("p { color: red }")
    (tmp_path / "secret.css").write_text("p { color: blue }")
    (folder / "link.css").symlink_to(tmp_path / "secret.css")
    assert pdf.static_file("static:own.css", folder) == folder / "own.css"
    with pytest.raises(pdf.RefusedResource):
        pdf.static_file("static:link.css", folder)
    with pytest.raises(pdf.RefusedResource):
        pdf.render_pdf("<html lang=fr><title>t</title>", base_css="static:link.css", folder=folder)


def test_a_document_reads_no_file_and_calls_nobody(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-text")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        site = f"http://127.0.0.1:{server.getsockname()[1]}"
        content = rendered(
            f'<link rel="attachment" href="{secret.as_uri()}"><img alt="a" src="{secret.as_uri()}">'
            f'<img alt="b" src="{site}/a.png"><style>@import "{site}/a.css"; p {{background: url({site}/b)}}'
            "</style>"
            f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title>'
            f'<image href="{site}/c.png" width="9" height="9"/></svg><p>Bonjour</p>'
        )
        with pytest.raises(TimeoutError):
            server.accept()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert not document.attachments
        assert not [o for o in document.objects if isinstance(o, pikepdf.Stream) and b"secret" in o.read_bytes()]


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p2Qy3QAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title><text>x</text></svg>'


def pictures_in(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        return [o for o in document.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]


def test_a_picture_given_with_the_document_is_drawn_with_its_words():
    html = '<html lang="fr"><title>t</title><p><img src="picture:logo-1" alt="Une feuille verte"></p></html>'
    content = pdf.render_pdf(html, pictures={"logo-1": PNG})
    assert pictures_in(content)
    assert content == pdf.render_pdf(html, pictures={"logo-1": PNG})
    with pikepdf.open(io.BytesIO(content)) as document:
        assert [str(figure.Alt) for figure in elements(document, "/Figure")] == ["Une feuille verte"]
    assert not pictures_in(pdf.render_pdf(html))


@pytest.mark.parametrize(
    ("url", "pictures"),
    [
        ("picture:logo-2", {"logo-1": PNG}),
        ("picture:", {"logo-1": PNG}),
        ("picture:../logo-1", {"logo-1": PNG}),
        ("picture:logo-1", {"logo-1": SVG}),
        ("picture:logo-1", {"logo-1": b"GIF89a"}),
        ("picture:logo-1", {"logo-1": b""}),
    ],
)
def test_any_other_picture_is_refused(url, pictures):
    with pytest.raises(pdf.RefusedResource):
        pdf.own_picture(url, pictures)
    html = f'<html lang="fr"><title>t</title><p>Bonjour <img src="{url}" alt="a"></p></html>'
    content = pdf.render_pdf(html, pictures=pictures)
    assert not pictures_in(content)
    assert "Bonjour" in words(content)[0]


@pytest.fixture
def without_pango(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._engine.cache_clear()
    yield
    pdf._engine.cache_clear()


@pytest.mark.parametrize(("tool", "told"), [("apt-get", "libpango-1.0-0"), ("dnf", "dnf"), ("brew", "DYLD_")])
def test_a_machine_without_pango_says_what_to_install(without_pango, monkeypatch, tool, told):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: name == tool)
    assert not pdf.available()
    assert "Pango" in pdf.reason()
    assert told in pdf.reason()
    assert [warning.id for warning in pdf.check_available(None)] == ["caprse.W001"]
    with pytest.raises(pdf.PdfUnavailable, match="Pango"):
        pdf.render_pdf("<html lang=fr>")


def test_a_machine_with_pango_has_nothing_to_say():
    assert pdf.available()
    assert pdf.reason() == ""
    assert pdf.check_available(None) == []


def test_colours_are_those_of_the_tokens():
    def light(name):
        return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (CSS / name).read_text().split("@media")[0]))

    assert light("pdf.css")
    assert light("pdf.css").items() <= light("tokens.css").items()


def test_what_follows_a_heading_stays_on_its_page():
    blocks = [
        block
        for n in range(1, 25)
        for block in (
            Heading(f"Action début{n}."),
            Text("Une phrase qui dit pourquoi. " * (n % 5)),
            Facts((("Avec quels moyens", "Deux devis"), ("À quoi nous le verrons", f"Trois commandes fin{n}."))),
        )
    ]
    pages = words(pdf.render_paper(paper(sections=(Section("Une à une", tuple(blocks)),))))
    assert len(pages) > 2
    for n in range(1, 25):
        assert [f"début{n}." in page for page in pages] == [f"fin{n}." in page for page in pages]
