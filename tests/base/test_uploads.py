"""What people bring: each kind is taken, whatever is not what its name says is refused with a sentence."""

import io
import os
import stat
import zipfile

import pikepdf
import pytest
from PIL import Image

from caprse.base import office_trial, picture_trial
from caprse.base.uploads import KINDS, NotAccepted, accept, accept_url, clean_name
from caprse.demo.evidence import small_odt, small_pdf, small_png

WORD = "word/document.xml"
TYPES = (
    b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.main+xml"/></Types>'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
LINKED = b'<Relationship Id="r1" Type="http://x/relationships/%s" Target="http://loin.example" TargetMode="External"/>'


def packed(*parts, **more):
    """A zip archive of these parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*parts, *more.items()]:
            archive.writestr(name, content)
    return kept.getvalue()


def word(*more, types=TYPES, main=WORD):
    return packed(("[Content_Types].xml", types), (main, b"<w:document/>"), *more)


def opened(kind, *more, content_type=None):
    mime = content_type or office_trial.MIME_TYPE[kind]
    return packed(("mimetype", mime), ("content.xml", b"<a/>"), ("META-INF/manifest.xml", b"<m/>"), *more)


def picture(format_, size=(20, 10)):
    kept = io.BytesIO()
    Image.new("RGB", size, "teal").save(kept, format_)
    return kept.getvalue()


def locked_pdf():
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf("Secret"))) as pdf:
        pdf.save(kept, encryption=pikepdf.Encryption(user="u", owner="o"))
    return kept.getvalue()


def acting_pdf():
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf("Agit"))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(kept)
    return kept.getvalue()


TAKEN = {
    "pdf": lambda: small_pdf("Bonjour"),
    "jpg": lambda: picture("JPEG"),
    "jpeg": lambda: picture("JPEG"),
    "png": small_png,
    "webp": lambda: picture("WEBP"),
    "docx": word,
    "xlsx": lambda: word(main="xl/workbook.xml"),
    "pptx": lambda: word(("ppt/embeddings/Classeur.xlsx", b"PK"), main="ppt/presentation.xml"),
    "odt": lambda: small_odt("Bonjour"),
    "ods": lambda: opened("ods"),
    "odp": lambda: opened("odp"),
    "txt": lambda: "Été – « déjà »".encode("cp1252"),
    "csv": lambda: "nom;=cmd|'/c calc'!A1;été\n".encode(),
}


def test_every_kind_we_announce_is_tried():
    assert set(TAKEN) == set(KINDS)


@pytest.mark.parametrize("extension", TAKEN)
def test_each_kind_is_taken_as_it_is(extension):
    content = TAKEN[extension]()
    upload = accept(f"Été 2025.{extension.upper()}", content)
    assert (upload.name, upload.content) == (f"Été 2025.{extension}", content)
    assert upload.media_type == KINDS[extension].media_type
    assert len(upload.sha256) == 64


REFUSED = {
    "empty": ("a.pdf", b"", "vide"),
    "svg": ("dessin.svg", SVG, "« .svg » ne sont pas acceptés"),
    "html": ("page.html", HTML, "ne sont pas acceptés"),
    "program": ("outil.exe", PROGRAM, "ne sont pas acceptés"),
    "script": ("outil.sh", b"#!/bin/sh\n", "ne sont pas acceptés"),
    "archive": ("tout.zip", packed(("a.txt", b"a")), "ne sont pas acceptés"),
    "macros by name": ("note.docm", word(), "ne sont pas acceptés"),
    "no ending": ("note", b"texte", "sans terminaison"),
    "two endings": ("facture.exe.pdf", small_pdf("x"), "deux terminaisons"),
    "svg that hides": ("logo.svg.png", small_png(), "deux terminaisons"),
    "turned name": ("facture\u202efdp.exe", PROGRAM, "ne sont pas acceptés"),
    "null in the name": ("facture.pdf\x00.exe", PROGRAM, "ne sont pas acceptés"),
    "html as text": ("page.txt", HTML, "n’est pas un texte"),
    "svg as text": ("dessin.csv", b"\xef\xbb\xbf \n" + SVG, "n’est pas un tableau CSV"),
    "svg as picture": ("dessin.png", SVG, "n’est pas une image PNG"),
    "program as pdf": ("a.pdf", PROGRAM, "n’est pas un PDF"),
    "program as text": ("a.txt", PROGRAM, "n’est pas un texte"),
    "text as pdf": ("a.pdf", b"Bonjour", "n’est pas un PDF"),
    "broken pdf": ("a.pdf", b"%PDF-1.7 broken", "n’est pas un PDF"),
    "jpeg as png": ("a.png", picture("JPEG"), "n’est pas une image PNG"),
    "cut png": ("a.png", small_png()[:200], "n’est pas une image PNG"),
    "head of a jpeg": ("a.jpg", b"\xff\xd8\xff" + HTML, "n’est pas une image JPEG"),
    "sound as webp": ("a.webp", b"RIFF\x24\x00\x00\x00WAVEfmt ", "n’est pas une image WebP"),
    "zip as word": ("a.docx", packed(("a.txt", b"a")), "n’est pas un document Word"),
    "excel as word": ("a.docx", word(main="xl/workbook.xml"), "n’est pas un document Word"),
    "calc as writer": ("a.odt", opened("ods"), "n’est pas un document LibreOffice"),
    "cut word": ("a.docx", word()[:60], "n’est pas un document Word"),
    "text with nulls": ("a.txt", b"a\x00b", "UTF-8"),
    "text of no alphabet": ("a.csv", b"a\x81b", "n’est pas un tableau CSV"),
    "acting pdf": ("a.pdf", acting_pdf(), "programme (macro)"),
    "locked pdf": ("a.pdf", locked_pdf(), "mot de passe"),
    "macros inside": ("a.docx", word(("word/vbaProject.bin", b"x")), "programme (macro)"),
    "macros declared": ("a.xlsx", word(types=b"...macroEnabled.main+xml", main="xl/workbook.xml"), "programme (macro)"),
    "embedded program": ("a.docx", word(("word/embeddings/oleObject1.bin", b"x")), "autre fichier"),
    "active control": ("a.docx", word(("word/activeX/activeX1.xml", b"x")), "programme (macro)"),
    "template fetched": (
        "a.docx",
        word(("word/_rels/settings.xml.rels", LINKED % b"attachedTemplate")),
        "va en chercher ailleurs",
    ),
    "object fetched": (
        "a.docx",
        word(("word/_rels/document.xml.rels", LINKED % b"oleObject")),
        "va en chercher ailleurs",
    ),
    "template behind a bracket": (
        "a.docx",
        word(("word/_rels/settings.xml.rels", (LINKED % b"attachedTemplate").replace(b'"r1"', b'"r>1"'))),
        "va en chercher ailleurs",
    ),
    "template spelled otherwise": (
        "a.docx",
        word(("word/_rels/settings.xml.rels", (LINKED % b"attachedTemplate").replace(b"External", b"&#69;xternal"))),
        "va en chercher ailleurs",
    ),
    "template in another encoding": (
        "a.docx",
        word(("word/_rels/settings.xml.rels", (LINKED % b"attachedTemplate").decode().encode("utf-16"))),
        "va en chercher ailleurs",
    ),
    "template in capitals": (
        "a.docx",
        word(("word/_RELS/settings.xml.RELS", LINKED % b"attachedTemplate")),
        "va en chercher ailleurs",
    ),
    "macros declared otherwise": (
        "a.docx",
        word(types=TYPES.replace(b"wordprocessingml.main", b"macro&#69;nabled.main")),
        "programme (macro)",
    ),
    "entities": (
        "a.docx",
        word(("word/_rels/a.rels", b'<!DOCTYPE r [<!ENTITY a "aaaa">]><r b="&a;"/>')),
        "n’est pas un document Word",
    ),
    "two parts of one name": ("a.docx", word(("WORD/Document.xml", b"<x/>")), "n’est pas un document Word"),
    "relationships without end": (
        "a.docx",
        word(("word/_rels/a.rels", b"<" + b"TargetMode='External' " * 80_000)),
        "n’est pas un document Word",
    ),
    "macros of writer": ("a.odt", opened("odt", ("Basic/Standard/Module1.xml", b"x")), "programme (macro)"),
    "locked writer": (
        "a.odt",
        packed(
            ("mimetype", office_trial.MIME_TYPE["odt"]),
            ("content.xml", b"?"),
            ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
        ),
        "mot de passe",
    ),
    "old word": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "ancien format"),
    "place outside": ("a.docx", word(("../../etc/passwd", b"x")), "n’est pas un document Word"),
    "bomb": ("a.docx", word(("word/media/a.bmp", b"\x00" * (office_trial.UNPACKED + 1))), "immense"),
    "crowd": ("a.docx", word(*((f"word/{n}", b"") for n in range(office_trial.ENTRIES))), "immense"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_rest_is_refused_and_the_sentence_says_why(name):
    called, content, words = REFUSED[name]
    with pytest.raises(NotAccepted) as refusal:
        accept(called, content)
    assert words in str(refusal.value).replace("\u00a0", " ")


def test_a_link_to_a_page_inside_a_document_is_no_danger():
    content = word(("word/_rels/document.xml.rels", LINKED % b"hyperlink"))
    assert accept("a.docx", content).content == content


def test_the_sentence_names_what_is_accepted():
    with pytest.raises(NotAccepted) as refusal:
        accept("a.heic", b"x")
    for named in ("PDF", "JPEG", ".docx", ".odt", ".csv"):
        assert named in str(refusal.value)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    kept = io.BytesIO()
    Image.new("1", (20_000, 4_000)).save(kept, "PNG")
    assert len(kept.getvalue()) < 100_000
    with pytest.raises(picture_trial.Immense):
        picture_trial.check(kept.getvalue(), "PNG")
    with pytest.raises(NotAccepted, match="immense"):
        accept("grande.png", kept.getvalue())


def test_a_file_too_heavy_is_refused_with_its_weight(settings):
    settings.UPLOAD_FILE_BYTES = 1_000
    with pytest.raises(NotAccepted, match="pèse 1,5\u00a0ko\u00a0; le maximum est de 1\u00a0ko"):
        accept("a.txt", b"a" * 1_500)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Été à Guéret.PDF", "Été à Guéret.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Nadia\\Bureau\\charte.pdf", "charte.pdf"),
        ('a"b;c\r\nX: y.pdf', "a-b;cX- y.pdf"),
        ("a\x00b\u202ec\u200b.pdf", "abc.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("CON.txt", "document-CON.txt"),
        ("...pdf", "document.pdf"),
        ("  .pdf", "document.pdf"),
        ("rapport.docx.pdf", "rapport.docx.pdf"),
        ("bilan v1.2.pdf", "bilan v1.2.pdf"),
        ("😀 photo.png", "😀 photo.png"),
    ],
)
def test_names_are_cleaned_and_keep_their_accents(given, kept):
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending():
    name = clean_name("é" * 300 + ".pdf")
    assert (len(name), name[-4:]) == (120, ".pdf")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://exemple.fr/a?b=c#d ", "https://exemple.fr/a?b=c#d"),
        ("exemple.fr/page", "https://exemple.fr/page"),
        ("http://exemple.fr:8080/", "http://exemple.fr:8080/"),
        ("https://exemple.fr/été", "https://exemple.fr/été"),
    ],
)
def test_the_address_of_a_page_is_taken(typed, kept):
    assert accept_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://exemple.fr/%0aalert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "ftp://exemple.fr/a",
        "file:///etc/passwd",
        "https://nom:secret@exemple.fr/",
        "https://exemple.fr@mechant.example/",
        "https://@exemple.fr/",
        "https://exemple.fr/a b",
        "https://exemple.fr/\x00",
        "https://exemple.fr/\u202egnp",
        "https://exemple.fr\\@mechant.example",
        "https://[::1/",
        "https://exemple.fr:99999/",
        "http://localhost/",
        "http://127.0.0.1/",
        "http://intranet/",
        "https://exemple.fr/" + "a" * 600,
        "Bonjour !",
        "<script>",
    ],
)
def test_any_other_address_is_refused(typed):
    with pytest.raises(NotAccepted):
        accept_url(typed)


# --- The antivirus: a real command, in a real process --------------------------------------------------------------


@pytest.fixture
def scanner(tmp_path, settings):
    """A command that behaves as the argument says: `0`, `1`, `2`, or `words` found in the file means infected."""

    def install(body):
        path = tmp_path / "antivirus"
        path.write_text(f"#!/bin/sh\n{body}\n")
        os.chmod(path, stat.S_IRWXU)
        settings.ANTIVIRUS = f"'{path}' --no-summary"
        return path

    return install


def test_off_by_default(settings):
    assert settings.ANTIVIRUS == ""


def test_the_antivirus_reads_the_very_bytes_and_its_options_are_kept(scanner, tmp_path):
    scanner(f'echo "$1" > {tmp_path}/option; cp "$2" {tmp_path}/read; echo "$2" > {tmp_path}/where; exit 0')
    assert accept("a.txt", b"Bonjour").name == "a.txt"
    assert (tmp_path / "read").read_bytes() == b"Bonjour"
    assert (tmp_path / "option").read_text().strip() == "--no-summary"
    assert not os.path.exists((tmp_path / "where").read_text().strip())


def test_what_it_recognises_is_refused(scanner):
    scanner('if grep -q HARMFUL "$2"; then exit 1; fi; exit 0')
    assert accept("a.txt", b"plain")
    with pytest.raises(NotAccepted, match="programme nuisible"):
        accept("a.txt", b"HARMFUL")


@pytest.mark.parametrize("body", ["exit 2", "exit 137", "kill -9 $$", "exec /nowhere/at/all"])
def test_whatever_else_it_answers_the_file_is_not_let_through(scanner, body):
    scanner(body)
    with pytest.raises(NotAccepted, match="n’a pas pu être vérifié"):
        accept("a.txt", b"plain")


def test_one_that_does_not_answer_in_time_lets_nothing_through(scanner, settings):
    scanner("exec sleep 30")
    settings.ANTIVIRUS_SECONDS = 0.2
    with pytest.raises(NotAccepted, match="Réessayez"):
        accept("a.txt", b"plain")


@pytest.mark.parametrize("command", ["/nowhere/clamdscan", "'unclosed", "/"])
def test_one_that_is_missing_lets_nothing_through(settings, command):
    settings.ANTIVIRUS = command
    with pytest.raises(NotAccepted, match="n’a pas pu être vérifié"):
        accept("a.txt", b"plain")
