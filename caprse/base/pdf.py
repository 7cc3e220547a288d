"""Tagged PDF (PDF/UA-1) from our own HTML, and what to say when the machine cannot make one.

WeasyPrint needs Pango, a system library: it is loaded at the first use, so that a machine without it
still runs the product. A document being rendered reaches our static files, its own pictures, and nothing else.
"""

import contextlib
import datetime
import functools
import gc
import importlib
import io
import mimetypes
import os
import platform
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core import checks
from django.template.loader import render_to_string

from caprse.base.paper import Drawing, Facts, Heading, Points, Table, Text

BASE_CSS = "static:css/pdf.css"
INSTALL = {
    "apt-get": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "dnf": "sudo dnf install pango",
    "apk": "sudo apk add pango fontconfig so:libharfbuzz-subset.so.0",
    "pacman": "sudo pacman -S pango",
    "brew": "brew install pango, puis export DYLD_FALLBACK_LIBRARY_PATH=$(brew --prefix)/lib",
}
SHAPES = {Text: "text", Heading: "heading", Points: "points", Facts: "facts", Table: "table", Drawing: "drawing"}
LONGEST_KEPT = 1_200  # characters kept together under a heading: a third of a page
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
STATIC_PATH = re.compile(r"[A-Za-z0-9_-][\w.-]*(/[A-Za-z0-9_-][\w.-]*)*", re.ASCII)


@dataclass(frozen=True)
class Attached:
    """A file that a PDF carries: its name and description, what it is to the document, its date in UTC."""

    name: str
    description: str
    content: bytes
    relationship: str
    at: datetime.datetime


class PdfUnavailable(RuntimeError):
    """This machine makes no PDF; the message says, in French, what to install."""


class RefusedResource(ValueError):
    """A document asked for something else than one of our static files or of its own pictures."""


@functools.cache
def _engine():
    """Return the weasyprint module and None, or None and the French reason why it does not load."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # else fontTools writes the time into the fonts it embeds
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a banner before it raises
            weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError):
        usual = "brew" if platform.system() == "Darwin" else "apt-get"
        tool = next((tool for tool in INSTALL if shutil.which(tool)), usual)
        return None, f"PDF indisponibles : la bibliothèque Pango manque. À installer : {INSTALL[tool]}"
    return weasyprint, None


def available() -> bool:
    """Whether this machine can make PDF."""
    return _engine()[0] is not None


def reason() -> str:
    """Return the French sentence that says what to install, empty when PDF are available."""
    return _engine()[1] or ""


@checks.register
def check_available(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """System check: a warning, not an error, since everything but the PDF works without Pango."""
    return [] if available() else [checks.Warning(reason(), id="caprse.W001")]


def static_file(url: str, folder: Path | None = None) -> Path:
    """Return the file that a `static:` URL names, in `folder` or where Django finds static files.

    Raises RefusedResource for any other scheme, a path that climbs, a hidden file or a file that is missing.
    """
    scheme, _, rest = url.partition(":")
    name = unquote(rest)
    if scheme != "static" or not STATIC_PATH.fullmatch(name):
        raise RefusedResource(f"A PDF reads our static files only: {url[:200]!r}.")
    found = folder / name if folder else finders.find(name)
    if not found or not Path(found).is_file():
        raise RefusedResource(f"No such static file: {name!r}.")
    if folder and not Path(found).resolve().is_relative_to(folder.resolve()):
        raise RefusedResource(f"A static file outside of its folder: {name!r}.")
    return Path(found)


def own_picture(url: str, pictures: dict[str, bytes]) -> tuple[bytes, str]:
    """Return the picture that a `picture:` URL names, and its media type.

    Raises RefusedResource for a name that was not given, and for what is neither PNG nor JPEG.
    """
    content = pictures.get(url.removeprefix("picture:"), b"")
    media_type = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if media_type is None:
        raise RefusedResource(f"No such picture: {url[:200]!r}.")
    return content, media_type


def render_paper(paper) -> bytes:
    """Render a `caprse.base.paper.Paper` as a tagged PDF/UA-1. Raises PdfUnavailable without Pango."""
    logos = [(f"logo-{rank}", logo) for rank, logo in enumerate(paper.logos, start=1)]
    sections = [(section, list(_entries(section.blocks))) for section in paper.sections]
    html = render_to_string(
        "pdf/paper.html",
        {
            "paper": paper,
            "logos": logos,
            "sections": sections,
            "title": paper.title,
            "author": paper.organisation,
            "subject": paper.subtitle,
            "created": paper.created,
            "context": paper.context,
            "notice": paper.notice,
        },
    )
    return render_pdf(html, pictures={name: logo.content for name, logo in logos})


def _entries(blocks):
    """The blocks, cut where a heading begins: (whether they stay on one page, [(shape, block)])."""
    entry = []
    for block in blocks:
        if isinstance(block, Heading) and entry:
            yield _is_short(entry), [(SHAPES[type(one)], one) for one in entry]
            entry = []
        entry.append(block)
    if entry:
        yield _is_short(entry), [(SHAPES[type(one)], one) for one in entry]


def _is_short(entry):
    """Whether what follows a heading is a few paragraphs, that read better on one page."""
    if not isinstance(entry[0], Heading) or len(entry) == 1:
        return False
    return sum(map(_length, entry)) < LONGEST_KEPT


def _length(block):
    """How many characters a block tells, beyond any limit for what is not text."""
    if isinstance(block, Points):
        return sum(map(len, block.items))
    if isinstance(block, Facts):
        return sum(len(label) + len(said) for label, said in block.pairs)
    return len(block.text) if isinstance(block, Text | Heading) else LONGEST_KEPT


def render_pdf(
    html: str,
    *,
    base_css: str | None = BASE_CSS,
    folder: Path | None = None,
    pictures: dict[str, bytes] | None = None,
    variant: str = "pdf/ua-1",
    attachments: tuple[Attached, ...] = (),
) -> bytes:
    """Render a whole HTML document (templates/pdf/base.html) as a tagged PDF/UA-1, or as another `variant`.

    `base_css` is a `static:` URL; `folder` replaces Django's static files; `pictures` are PNG or JPEG, reached as
    `picture:name`. The same HTML and pictures give the same bytes. A picture or a
    font that is refused or missing is left out and logged by WeasyPrint.
    Raises PdfUnavailable without Pango, RefusedResource when `base_css` cannot be read.
    """
    engine, why = _engine()
    if engine is None:
        raise PdfUnavailable(why)
    fetcher = _fetcher(engine, folder, pictures or {})
    fonts = engine.text.fonts.FontConfiguration()
    sheets = []
    if base_css:
        css = static_file(base_css, folder).read_text(encoding="utf-8")
        sheets = [engine.CSS(string=css, url_fetcher=fetcher, font_config=fonts)]
    files = [_attachment(engine, one) for one in attachments]
    with _uncollected():
        document = engine.HTML(string=html, url_fetcher=fetcher)
        return document.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant=variant, attachments=files)


def _attachment(engine, file):
    return engine.Attachment(
        file_obj=io.BytesIO(file.content),
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=file.at,
        modified=file.at,
    )


@contextlib.contextmanager
def _uncollected():
    """No collection of garbage meanwhile: a document is made of objects that live until its end, and looking among
    them for dead ones takes a quarter of its time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@functools.lru_cache(maxsize=8)
def _unpacked(path):
    """A font as WeasyPrint would unpack it for each document: once a process, it takes a tenth of a second each."""
    unpacked = io.BytesIO()
    importlib.import_module("fontTools.ttLib.woff2").decompress(io.BytesIO(path.read_bytes()), unpacked)
    return unpacked.getvalue()


def _fetcher(engine, folder, pictures):
    class OwnFetcher(engine.urls.URLFetcher):
        """Answers `static:` URLs from the disk and `picture:` ones from memory; opens no connection, no other file."""

        def fetch(self, url, headers=None):
            if url.startswith("picture:"):
                content, media_type = own_picture(url, pictures)
            else:
                path = static_file(url, folder)
                content = _unpacked(path) if path.suffix == ".woff2" else path.read_bytes()
                media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return engine.urls.URLFetcherResponse(url, content, {"Content-Type": media_type})

    return OwnFetcher()
