"""Looks into an office document without unpacking it: its table of contents, and the few parts that say what it acts on.

Both families (Office Open XML, OpenDocument) are zip archives of named parts. No part but those read here is opened.
"""

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

ENTRIES = 5_000
UNPACKED = 400_000_000
PART = 2_000_000
CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
MIME_TYPE = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
# Programs, in either family; the packages a document may carry inside itself.
PROGRAMS = re.compile(r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|activex/.*|basic/.*|scripts/.*|macrosheets/.*)$", re.I)
CARRIED = re.compile(r"(^|/)(embeddings/[^/]*\.bin|object [^/]*/[^/]*\.(exe|dll|com|bat|js|vbs))$", re.I)
DECLARED_PROGRAMS = ("macroenabled", "vbaproject", "macrosheet", "activex")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    expat.ExpatError,
)


class NotThisKind(ValueError):
    """Not a document of this kind, or a broken one."""


class Acts(ValueError):
    """A document that holds programs or other files, or fetches some elsewhere when it opens."""


class Locked(ValueError):
    """A document that asks for a password."""


class Immense(ValueError):
    """A document that would unpack to more than any document holds."""


def check(content: bytes, kind: str) -> None:
    """Raise `NotThisKind`, `Acts`, `Locked` or `Immense`. `kind`: docx, xlsx, pptx, odt, ods, odp."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _plausible(archive)
            if kind in MAIN_PART:
                _check_open_xml(archive, names, kind)
            else:
                _check_open_document(archive, names, kind)
    except (NotThisKind, Acts, Locked, Immense):
        raise
    except BROKEN as error:
        raise NotThisKind from error


def _plausible(archive):
    """The names of the parts, once their number, sizes and places are those of a document."""
    parts = archive.infolist()
    if len(parts) > ENTRIES or sum(part.file_size for part in parts) > UNPACKED:
        raise Immense
    if any(part.flag_bits & 1 for part in parts):
        raise Locked
    names = [part.filename for part in parts]
    # Names that differ by their capitals alone are one part to the software that opens the document.
    if len({name.lower() for name in names}) != len(names) or any(_outside(name) for name in names):
        raise NotThisKind
    if any(PROGRAMS.search(name) or CARRIED.search(name) for name in names):
        raise Acts
    return set(names)


def _outside(name):
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or re.match(r"[A-Za-z]:", name)


def _part(archive, name):
    """A part that is read: short, whatever its table of contents says."""
    with archive.open(name) as handle:
        text = handle.read(PART + 1)
    if len(text) > PART:
        raise Immense
    return text


def _elements(xml):
    """The attributes of every element of a part, read as the software that opens the document reads them.

    A pattern on its bytes would miss what another encoding, a character reference or a stray ">" hides, and could be
    made to search for hours. Raises `NotThisKind` for a part with a document type: no office document has one.
    """
    found = []

    def refuse(*_):
        raise NotThisKind

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    parser.Parse(xml, True)
    return found


def _declares_programs(attributes):
    return any(word in value.lower() for value in attributes.values() for word in DECLARED_PROGRAMS)


def _leads_outside(attributes):
    """Whether a relationship fetches something elsewhere; the address of a page, that somebody clicks, does not."""
    if attributes.get("TargetMode", "Internal").strip().lower() == "internal":
        return False
    return not attributes.get("Type", "").lower().endswith("/hyperlink")


def _check_open_xml(archive, names, kind):
    """Word, Excel, PowerPoint: the main part is there, nothing is macro-enabled, only web links point outside."""
    if not {CONTENT_TYPES, MAIN_PART[kind]} <= names:
        raise NotThisKind
    types = _part(archive, CONTENT_TYPES)
    if b"macroenabled" in types.lower() or any(_declares_programs(one) for one in _elements(types)):
        raise Acts
    for name in names:
        if name.lower().endswith(".rels") and any(_leads_outside(one) for one in _elements(_part(archive, name))):
            raise Acts


def _check_open_document(archive, names, kind):
    """Writer, Calc, Impress: the first part says which, none is encrypted."""
    if not {"mimetype", "content.xml", MANIFEST} <= names or _part(archive, "mimetype").strip() != MIME_TYPE[kind]:
        raise NotThisKind
    if b"encryption-data" in _part(archive, MANIFEST):
        raise Locked
