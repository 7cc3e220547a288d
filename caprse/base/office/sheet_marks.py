"""The mark of a workbook: a row under the others, and a line at the foot of each printed page, of each of its sheets.

The parts are changed in place: reading a whole workbook to write it again would lose what the reader does not know.
"""

import io
import re
import zipfile

from lxml import etree

from caprse.base.office import look, sheets
from caprse.base.office.packing import packed

TYPES = "[Content_Types].xml"
SHEETS = ("worksheet+xml", "chartsheet+xml")
LAST_ROW = 1_048_576
FOOT_MAX = 255  # characters that Excel takes, codes included
SIZE = "&7 "  # the blank keeps a figure of the text out of the code
ORDER = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# What comes after `headerFooter` in a sheet (ISO/IEC 29500-1, 18.3.1.99).
AFTER = frozenset(
    (
        *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
        *("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst"),
    )
)
SIDES = re.compile(r"(?<!&)&([LCR])")  # « && » is an ampersand


def mark(content, sentence):
    """Write the sentence in each sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w") as again:
        wanted = _sheets(archive.read(TYPES))
        for name in archive.namelist():
            part = archive.read(name)
            again.writestr(name, _marked(part, look.in_one_line(sentence)) if name in wanted else part)
    return packed(stream.getvalue())


def _parsed(part):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(part, parser)


def _sheets(types):
    """The parts of a workbook that are sheets."""
    told = [(one.get("PartName", ""), one.get("ContentType", "")) for one in _parsed(types)]
    found = {name.lstrip("/") for name, kind in told if kind.endswith(SHEETS)}
    if not found:
        raise ValueError("a workbook without sheets")
    return found


def _marked(part, sentence):
    sheet = _parsed(part)
    rows = sheet.find("{*}sheetData")
    if rows is not None:
        _add_row(sheet, rows, sentence)
    _add_foot(sheet, sentence)
    return etree.tostring(sheet, xml_declaration=True, encoding="UTF-8", standalone=True)


def _add_row(sheet, rows, sentence):
    """A last row, apart from the others so that sorting and filtering leave it where it is."""
    space = f"{{{etree.QName(sheet).namespace}}}"
    last = 0
    for row in rows:
        last = int(row.get("r", last + 1))
    number = min(last + 2 if last else 1, LAST_ROW)
    if number <= last:
        return
    for told in sheet.findall(f"{space}dimension"):
        sheet.remove(told)
    row = etree.SubElement(rows, f"{space}row", r=str(number))
    cell = etree.SubElement(row, f"{space}c", r=f"A{number}", t="inlineStr")
    etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t").text = sheets.written(f"# {sentence}")


def _add_foot(sheet, sentence):
    space = f"{{{etree.QName(sheet).namespace}}}"
    feet = sheet.find(f"{space}headerFooter")
    if feet is None:
        feet = etree.Element(f"{space}headerFooter")
        following = next((one for one in sheet if etree.QName(one).localname in AFTER), None)
        if following is None:
            sheet.append(feet)
        else:
            following.addprevious(feet)
    for name in ("oddFooter", "evenFooter", "firstFooter"):
        foot = feet.find(f"{space}{name}")
        if foot is None:
            foot = etree.SubElement(feet, f"{space}{name}")
        foot.text = _with(foot.text or "", sentence)
    feet[:] = sorted(feet, key=lambda one: ORDER.index(etree.QName(one).localname))


def _with(foot, sentence):
    """A foot with the sentence under what its middle says already."""
    start, *told = SIDES.split(foot)
    said = dict(zip(told[::2], told[1::2], strict=True))
    if start:
        said["C"] = start + said.get("C", "")
    left, right = (f"&{side}{said[side]}" if said.get(side) else "" for side in "LR")
    before = f"{said['C']}\n" if said.get("C") else ""
    room = FOOT_MAX - len(left + right + before) - len(SIZE) - 2
    if room < len(sentence) / 2:  # the sentence comes before what was there
        left = right = before = ""
        room = FOOT_MAX - len(SIZE) - 2
    return f"{left}&C{before}{SIZE}{_cut(sentence, room)}{right}"


def _cut(sentence, room):
    escaped = sentence.replace("&", "&&")
    while len(escaped) > room:
        sentence = sentence.removesuffix("…")[:-1] + "…"
        escaped = sentence.replace("&", "&&")
    return escaped
