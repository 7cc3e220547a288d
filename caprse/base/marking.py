"""Marks every file that leaves the product: to whom, of which structure, when, under which number.

A mark dissuades and helps to find where a copy comes from; it is no lock. A format joins by adding its
function to MARKERS; a file that cannot be marked does not leave (architecture §5, non-diffusion).
"""

import csv
import datetime
import functools
import hashlib
import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import icalendar
import pikepdf
from django.utils.html import escape
from pikepdf import Dictionary, Name

from caprse.base import office, office_trial
from caprse.base.pdf import render_pdf
from caprse.base.text import NBSP, datetime_in_words

RESTRICTION = "réservé aux adhérents COORACE, ne pas diffuser"
BOTTOM = 11  # points between the edge of the page and the mark
SIDE = 14
LINE = 9.5
FONT_SIZE = 7
MEAN_EM = 0.5  # mean width of a character
SMALLEST_PAGE = 140  # points, about 5 cm: a smaller page has no room for a mark
VENDORED = "static:vendor/source-sans-3/source-sans-3"
STRIP = """<!DOCTYPE html><html lang="fr"><head><title>Marquage</title><style>
@font-face {{ font-family: "Source Sans 3"; src: url("{font}-latin-wght-normal.woff2") }}
@font-face {{ font-family: "Source Sans 3 Ext"; src: url("{font}-latin-ext-wght-normal.woff2") }}
@page {{ size: {width}pt {height}pt; margin: 0 }}
body, p {{ margin: 0; text-align: center; color: #1c2321;
  font: 500 {size}pt/{line}pt "Source Sans 3", "Source Sans 3 Ext", sans-serif }}
span {{ background: rgb(255 255 255 / 85%); padding: 1pt 3pt; overflow-wrap: anywhere;
  box-decoration-break: clone }}
</style></head><body><p><span>{sentence}</span></p></body></html>"""


class UnmarkableFile(Exception):
    """A file that cannot be marked, so does not leave the product; the message is French, for the reader."""


class SignedFile(UnmarkableFile):
    """A PDF signed electronically: a mark would break its signature."""


@dataclass(frozen=True)
class Mark:
    """To whom a copy was given: the person, their structure, the moment and the number in the register.

    `outward`: the copy is made to be shown outside. It says who made it, neither to whom it was given nor that it is
    restricted.
    """

    person: str
    organisation: str
    at: datetime.datetime
    number: str
    outward: bool = False

    def sentence(self) -> str:
        """Return the French sentence written on each page or sheet. Raises ValueError if `at` is naive."""
        moment, number = datetime_in_words(self.at), f"n°{NBSP}{self.number}"
        if self.outward:
            parts = (self.organisation, f"édité le {moment}", number)
        else:
            parts = (f"Remis à {self.person}", self.organisation, f"le {moment}", number, RESTRICTION)
        return re.sub(r"[ \t\n]+", " ", " – ".join(filter(None, parts)))


def mark(content: bytes, media_type: str, mark: Mark) -> bytes:
    """Return `content` marked; the same content and mark give the same bytes.

    Raises UnmarkableFile for a kind that no marker knows, and for a file that is broken, protected or signed;
    PdfUnavailable for a PDF on a machine without Pango.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in MARKERS:
        raise UnmarkableFile(
            f"Ce type de fichier ({kind or 'inconnu'}) ne peut pas être marqué, "
            "il ne peut donc pas être téléchargé. Demandez à la personne qui l’a déposé d’en faire un PDF."
        )
    return MARKERS[kind](content, mark)


def mark_text(content: bytes, mark: Mark) -> bytes:
    """Add the sentence as a last paragraph."""
    text, encoding, end = _decoded(content)
    return f"{text.rstrip()}{end}{end}{mark.sentence()}{end}".encode(encoding)


def mark_csv(content: bytes, mark: Mark) -> bytes:
    """Add the sentence as a last row of one cell that begins with « # »; the rows above stay as they were."""
    text, encoding, end = _decoded(content)
    row = io.StringIO()
    csv.writer(row, quoting=csv.QUOTE_ALL, lineterminator=end).writerow([f"# {mark.sentence()}"])
    gap = "" if not text or text.endswith("\n") else end
    return f"{text}{gap}{row.getvalue()}".encode(encoding)


def _decoded(content):
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnmarkableFile(
            "Ce fichier n’est pas un texte en UTF-8, il ne peut donc pas être marqué. "
            "Enregistrez-le de nouveau en UTF-8."
        ) from error
    return text, encoding, "\r\n" if "\r\n" in text else "\n"


def mark_calendar(content: bytes, mark: Mark) -> bytes:
    """Say the sentence as what the calendar is, and in each of its events: software that takes one leaves the other."""
    sentence = icalendar.vText(mark.sentence())
    try:
        calendar = icalendar.Calendar.from_ical(content)
        calendar["X-WR-CALDESC"] = sentence
        for event in calendar.walk("VEVENT"):
            event.add("COMMENT", sentence)
        return calendar.to_ical()
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        raise UnmarkableFile(
            "Ce calendrier est abîmé, il ne peut donc pas être marqué. Déposez-en une nouvelle copie."
        ) from error


def mark_docx(content: bytes, mark: Mark) -> bytes:
    """Add the sentence to the foot of every page: first pages and even pages too, where they have their own."""
    return _mark_office(office.mark_docx, content, mark)


def mark_pptx(content: bytes, mark: Mark) -> bytes:
    """Write the sentence at the foot of every slide."""
    return _mark_office(office.mark_pptx, content, mark)


def mark_xlsx(content: bytes, mark: Mark) -> bytes:
    """Add the sentence as a last row of every sheet, that begins with « # », and to the foot of its printed pages."""
    return _mark_office(office.mark_xlsx, content, mark)


def _mark_office(write, content, mark):
    try:
        return write(content, mark.sentence())
    except office_trial.Locked as error:
        raise UnmarkableFile(
            "Ce document est protégé par un mot de passe, ou d’un format d’avant 2007 : il ne peut pas être marqué. "
            "Enregistrez-le sans mot de passe, au format actuel."
        ) from error
    except office_trial.Acts as error:
        raise UnmarkableFile(
            "Ce document contient un programme (macro) ou va chercher quelque chose ailleurs : il ne peut pas être "
            "marqué. Enregistrez-le sans macro."
        ) from error
    except office_trial.Immense as error:
        raise UnmarkableFile(
            "Ce document est immense une fois ouvert : il ne peut pas être marqué. Partagez-le en plusieurs, ou "
            "faites-en un PDF."
        ) from error
    except office_trial.NotThisKind as error:
        raise UnmarkableFile(
            "Ce document est abîmé, il ne peut donc pas être marqué. Déposez-en une nouvelle copie."
        ) from error


def mark_pdf(content: bytes, mark: Mark) -> bytes:
    """Write the sentence at the foot of each page, as an artifact: the tags of the document stay."""
    sentence, strips = mark.sentence(), {}
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            _refuse_locked(pdf)
            for page in pdf.pages:
                _mark_page(pdf, page, sentence, strips)
            marked = io.BytesIO()
            pdf.save(marked, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise UnmarkableFile(
            "Ce PDF est protégé par un mot de passe, il ne peut donc pas être marqué. "
            "Déposez une copie sans mot de passe."
        ) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnmarkableFile(
            "Ce PDF est abîmé, il ne peut donc pas être marqué. Déposez-en une nouvelle copie."
        ) from error
    return marked.getvalue()


def _refuse_locked(pdf):
    if pdf.is_encrypted:
        raise pikepdf.PasswordError("encrypted")
    if not len(pdf.pages):
        raise ValueError("a PDF without pages")
    if int(pdf.Root.get("/AcroForm", Dictionary()).get("/SigFlags", 0)) & 1:
        raise SignedFile(
            "Ce PDF est signé électroniquement : le marquer romprait la signature. "
            "Il se télécharge seulement par la page du document signé."
        )


def _mark_page(pdf, page, sentence, strips):
    """Draw the sentence on one page; `strips` keeps, per width, the form that pages of one size share."""
    unit = float(page.obj.get("/UserUnit", 1))
    matrix, width, height = _upright(page)
    if min(width, height) * unit < SMALLEST_PAGE:
        raise UnmarkableFile("Une page de ce PDF est trop petite pour porter le marquage.")
    room = round(width * unit - 2 * SIDE)
    if room not in strips:
        with pikepdf.open(io.BytesIO(_strip(sentence, room))) as drawn:
            strips[room] = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
    _own_resources(page)
    name = Name("/Mark" + hashlib.sha256(f"{room} {sentence}".encode()).hexdigest()[:12])
    page.add_resource(strips[room], Name.XObject, name)
    before, after = _balance(page)
    place = f"1 0 0 1 {SIDE / unit:.3f} {BOTTOM / unit:.3f} cm {1 / unit:.6f} 0 0 {1 / unit:.6f} 0 0 cm"
    turn = " ".join(f"{value:.3f}" for value in matrix)
    drawing = f"q {turn} cm {place} {name} Do Q"
    page.contents_add(before, prepend=True)
    page.contents_add(after + f"\n/Artifact <</Type /Pagination>> BDC {drawing} EMC\n".encode())


def _upright(page):
    """Return the matrix from the page as seen to the page as stored, and its width and height as seen."""
    x1, y1, x2, y2 = (float(value) for value in page.cropbox)
    m1, n1, m2, n2 = (float(value) for value in page.mediabox)
    left, right = max(min(x1, x2), min(m1, m2)), min(max(x1, x2), max(m1, m2))
    low, high = max(min(y1, y2), min(n1, n2)), min(max(y1, y2), max(n1, n2))
    width, height = right - left, high - low
    match int(_inherited(page, "/Rotate", 0)) % 360:
        case 90:
            return (0, 1, -1, 0, right, low), height, width
        case 180:
            return (-1, 0, 0, -1, right, high), width, height
        case 270:
            return (0, -1, 1, 0, left, high), height, width
    return (1, 0, 0, 1, left, low), width, height


def _inherited(page, key, default):
    """Read a key of the page or of the nearest of its ancestors (ISO 32000-1, 7.7.3.4)."""
    node, seen = page.obj, 0
    while node is not None and seen < 64:
        if key in node:
            return node[key]
        node, seen = node.get("/Parent"), seen + 1
    return default


def _own_resources(page):
    """Give the page its own, shallow copy of the resources that it shares or inherits."""
    resources = Dictionary(_inherited(page, "/Resources", Dictionary()))
    if "/XObject" in resources:
        resources.XObject = Dictionary(resources.XObject)
    page.obj.Resources = resources


def _balance(page):
    """Return what opens before and closes after a content, so that the mark is drawn in the plain page.

    A content may leave graphics states or marked contents open, or close more than it opened.
    """
    depth = lowest = tags = 0
    for instruction in pikepdf.parse_content_stream(page, "q Q BMC BDC EMC"):
        operator = str(instruction.operator)
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        tags += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
        lowest = min(lowest, depth)
    return b"q " * (1 - lowest), b"\n" + b"EMC " * max(tags, 0) + b"Q " * (1 - lowest + depth)


@functools.lru_cache(maxsize=32)
def _strip(sentence, width):
    """Draw the sentence for pages of one width, in points: a PDF of one page, with its own font."""
    estimate = math.ceil(len(sentence) * FONT_SIZE * MEAN_EM / width)
    for lines in range(estimate, estimate + 8):
        sizes = {"width": width, "height": lines * LINE + 2, "size": FONT_SIZE, "line": LINE}
        html = STRIP.format(sentence=escape(sentence), font=VENDORED, **sizes)
        strip = render_pdf(html, base_css=None)
        with pikepdf.open(io.BytesIO(strip)) as drawn:
            if len(drawn.pages) == 1:
                return strip
    raise UnmarkableFile("Le marquage ne tient pas sur une page de ce PDF.")


MARKERS: dict[str, Callable[[bytes, Mark], bytes]] = {
    "application/pdf": mark_pdf,
    office.DOCX: mark_docx,
    office.PPTX: mark_pptx,
    office.XLSX: mark_xlsx,
    "text/calendar": mark_calendar,
    "text/csv": mark_csv,
    "text/plain": mark_text,
}
