"""What python-docx does not say by itself: styles of ours, fields, borders, alternative texts, repeated rows."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from lxml import etree

from caprse.base.office import look

LEAD, SMALL, NOTICE, LABEL, CELL, HEAD = "Chapeau", "Petit texte", "Avis", "Libellé", "Cellule", "Tête de tableau"
# Name, size in points, colour, bold, space before and after.
LOOKS = (
    ("Normal", 11, look.INK, False, 0, 6),
    ("Title", 26, look.ACCENT_STRONG, True, 6, 4),
    ("Subtitle", 14, look.INK_SOFT, False, 0, 10),
    ("Heading 1", 18, look.ACCENT, True, 20, 6),
    ("Heading 2", 14, look.ACCENT_STRONG, True, 14, 4),
    ("Heading 3", 12, look.INK, True, 10, 3),
    ("List Bullet", 11, look.INK, False, 0, 3),
    ("Caption", 10, look.INK_SOFT, True, 10, 4),
    ("Quote", 11, look.INK_SOFT, False, 4, 8),
    ("Header", 9, look.INK_SOFT, False, 0, 0),
    ("Footer", 9, look.INK_SOFT, False, 0, 0),
)
OWN = (
    (LEAD, 12.5, look.INK, False, 0, 8),
    (SMALL, 9, look.INK_SOFT, False, 0, 4),
    (NOTICE, 10.5, look.TURN, True, 4, 10),
    (LABEL, 10.5, look.INK_SOFT, True, 0, 0),
    (CELL, 10, look.INK, False, 0, 0),
    (HEAD, 10, look.WHITE, True, 0, 0),
)
THEMED = tuple(qn(f"w:{name}Theme") for name in ("ascii", "hAnsi", "eastAsia", "cs"))


def dress(document):
    """Give the styles of the document our type, colours and language."""
    styles = document.styles
    for name, *told in LOOKS:
        _set(styles[name], *told)
    for name, *told in OWN:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.quick_style = True
        _set(style, *told)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Caption"):
        styles[name].paragraph_format.keep_with_next = True
    styles["Normal"].paragraph_format.line_spacing = 1.15
    styles["Normal"].paragraph_format.widow_control = True
    for name in (CELL, HEAD, LABEL):
        styles[name].paragraph_format.line_spacing = 1.05
    _unlined(styles["Title"])
    _lined(styles["Quote"], look.ACCENT_LINE)
    _lined(styles[NOTICE], look.TURN, ground=look.TURN_SOFT)
    _speak_french(document)
    _prefer_fonts(document)


def _set(style, size, colour, bold, before, after):
    font, room = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour)
    room.space_before, room.space_after = Pt(before), Pt(after)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in THEMED:
        fonts.attrib.pop(attribute, None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), look.FONT)
    for name in ("w:spacing", "w:kern"):  # the letter spacing of the library's own template
        for found in style.element.rPr.findall(qn(name)):
            style.element.rPr.remove(found)


def _unlined(style):
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)


def _lined(style, colour, ground=""):
    """A rule on the left, and a ground when it is given one."""
    properties = style.element.get_or_add_pPr()
    _unlined(style)
    style.paragraph_format.left_indent = Pt(12)
    ground = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{ground}"/>' if ground else ""
    rule = f'<w:left w:val="single" w:sz="18" w:space="8" w:color="{colour}"/>'
    place = next((one for one in properties if one.tag in AFTER_BORDERS), None)
    for xml in filter(None, (f"<w:pBdr {nsdecls('w')}>{rule}</w:pBdr>", ground)):
        if place is None:
            properties.append(parse_xml(xml))
        else:
            place.addprevious(parse_xml(xml))


AFTER_BORDERS = {qn(f"w:{name}") for name in ("tabs", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl")}


def _speak_french(document):
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), look.LANGUAGE)
        language.set(qn("w:eastAsia"), look.LANGUAGE)
    settings = document.settings.element
    for theme in settings.findall(qn("w:themeFontLang")):
        theme.set(qn("w:val"), look.LANGUAGE)


def _prefer_fonts(document):
    """Say which font replaces ours where it is not installed."""
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = etree.fromstring(part.blob)
    own = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): look.FONT})
    etree.SubElement(own, qn("w:altName"), {qn("w:val"): look.NEXT_FONT})
    etree.SubElement(own, qn("w:family"), {qn("w:val"): "swiss"})
    etree.SubElement(own, qn("w:pitch"), {qn("w:val"): "variable"})
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def field(paragraph, code):
    """A number that Word keeps: PAGE, NUMPAGES."""
    for kind in ("begin", None, "separate", "text", "end"):
        run = paragraph.add_run()
        if kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind == "text":
            run.text = "1"
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def describe(picture, text, name):
    """The alternative text of a picture in the line."""
    for properties in picture._inline.iter(qn("wp:docPr"), qn("pic:cNvPr")):
        properties.set("descr", text)
        properties.set("name", name)


def describe_table(table, title):
    """The alternative title of a table, for those who do not see it."""
    properties = table._tbl.tblPr
    for tag in ("w:tblCaption", "w:tblDescription"):
        told = OxmlElement(tag)
        told.set(qn("w:val"), title)
        properties.append(told)


def bordered(table, colour=look.HAIRLINE):
    """Hairlines between the rows alone, and some room in the cells."""
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{colour}"/>' for side in ("top", "bottom", "insideH")
    )
    room = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 50), ("left", 90), ("bottom", 50), ("right", 90))
    )
    properties = table._tbl.tblPr
    looks = properties.find(qn("w:tblLook"))
    for xml in (f"<w:tblBorders {nsdecls('w')}>{rules}</w:tblBorders>",):
        looks.addprevious(parse_xml(xml))
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:
        looks.addprevious(layout)
    looks.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{room}</w:tblCellMar>"))


def shade(cell, colour):
    """The ground of a cell."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def keep_together(table):
    """Every row but the last stays with the next one."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def repeat(row):
    """A row shown again at the top of each page, and told as the one that names the columns."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def unsplit(row):
    """A row kept on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def to_the_right(paragraph):
    """Numbers, and what stands on the right of a head."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def without_thumbnail(document):
    """Take away the picture of the library's own template."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
