"""The ground of our slides: theme, master, layouts, feet; and what python-pptx does not say by itself."""

import copy

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from caprse.base.office import look

WIDTH, HEIGHT = 13.333, 7.5  # inches
LEFT, ACROSS = 0.65, 12.03
TITLE_TOP, TITLE_HEIGHT = 0.42, 0.95
TOP, DOWN = 1.55, 5.0  # where the content of a slide begins, and how tall it may be
FOOT_TOP, FOOT_HEIGHT = 6.68, 0.5
MARK_TOP, MARK_HEIGHT = 7.17, 0.26  # left to the mark of the download
COVER, TEXT, ALONE = "Couverture", "Titre et texte", "Titre seul"
KEPT = {"Title Slide": COVER, "Title and Content": TEXT, "Title Only": ALONE}
COLOURS = {
    "dk1": look.INK,
    "lt1": look.WHITE,
    "dk2": look.ACCENT_STRONG,
    "lt2": look.SUNKEN,
    "accent1": look.ACCENT,
    "accent2": look.TURN,
    "accent3": look.SERIES[2],
    "accent4": look.SERIES[3],
    "accent5": look.ACCENT_LINE,
    "accent6": look.INK_SOFT,
    "hlink": look.ACCENT,
    "folHlink": look.ACCENT_STRONG,
}
PROMPTS = {"title": "Titre", "ctrTitle": "Titre", "subTitle": "Sous-titre", "body": "Texte", "obj": "Texte"}


def dress(deck):
    """Turn the library's own template into ours: wide, in French, our colours, three layouts."""
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout.name in KEPT:
            layout.name = KEPT[layout.name]
        else:
            deck.slide_layouts.remove(layout)
    _theme(master)
    _placeholders(master)
    for layout in deck.slide_layouts:
        _placeholders(layout)
    _type(master)
    _band(master, 0, 0, WIDTH, 0.14)
    cover = layout_of(deck, COVER)
    _band(cover, 0, 0, 0.42, HEIGHT)


def layout_of(deck, name):
    """One of our layouts."""
    return next(one for one in deck.slide_layouts if one.name == name)


def _theme(master):
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "CAP RSE")
    for name, colour in COLOURS.items():
        place = next(theme.iter(qn(f"a:{name}")))
        for old in list(place):
            place.remove(old)
        etree.SubElement(place, qn("a:srgbClr"), {"val": colour})
    for kind in ("a:majorFont", "a:minorFont"):
        for fonts in theme.iter(qn(kind)):
            fonts.find(qn("a:latin")).set("typeface", look.NEXT_FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _placeholders(ground):
    """Put the places of a master or a layout where a wide slide wants them, with French words in them."""
    cover = ground.name == COVER
    for shape in list(ground.placeholders):
        kind = shape.element.ph.get("type", "obj")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
            continue
        _move(shape, *_place(kind, cover))
        if shape.has_text_frame and kind in PROMPTS:
            _prompt(shape, PROMPTS[kind])


def _place(kind, cover):
    if cover and kind == "ctrTitle":
        return 1.1, 2.35, 11.4, 1.75
    if cover and kind == "subTitle":
        return 1.1, 4.2, 11.4, 1.9
    indent = 1.1 if cover else LEFT
    return {
        "title": (LEFT, TITLE_TOP, ACROSS, TITLE_HEIGHT),
        "ftr": (indent, FOOT_TOP, 10.2, FOOT_HEIGHT),
        "sldNum": (11.45, FOOT_TOP, 1.23, FOOT_HEIGHT),
    }.get(kind, (LEFT, TOP, ACROSS, DOWN))


def _move(shape, left, top, width, height):
    shape.left, shape.top, shape.width, shape.height = (Inches(one) for one in (left, top, width, height))


def _prompt(shape, text):
    paragraphs = shape.text_frame.paragraphs
    for rank, one in enumerate(paragraphs):
        for run in one.runs[1:]:
            run._r.getparent().remove(run._r)
        if one.runs:
            one.runs[0].text = text if rank == 0 else f"{text}, niveau {rank + 1}"


def _type(master):
    """Sizes and colours of titles and texts, written once, on the master."""
    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    _run(title.find(qn("a:defRPr")), 28, "accent1", bold=True)
    for level, size in enumerate((18, 16, 14, 14, 14), start=1):
        place = styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr"))
        _run(place.find(qn("a:defRPr")), size, "tx1")
        before = place.find(qn("a:spcBef"))
        if before is not None:
            place.replace(before, parse_xml(f'<a:spcBef {nsdecls("a")}><a:spcPts val="600"/></a:spcBef>'))
    for shape in master.placeholders:
        kind = shape.element.ph.get("type")
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if kind == "title" else MSO_ANCHOR.TOP
        if kind in {"ftr", "sldNum"}:
            level = next(shape.element.iter(qn("a:lvl1pPr")))
            level.set("algn", "l" if kind == "ftr" else "r")
            _run(level.find(qn("a:defRPr")), 9, "accent6")


def _run(properties, size, colour, *, bold=False):
    properties.set("sz", str(size * 100))
    properties.set("b", "1" if bold else "0")
    for old in properties.findall(qn("a:solidFill")):
        properties.remove(old)
    fill = parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="{colour}"/></a:solidFill>')
    properties.insert(0, fill)


def _band(ground, left, top, width, height):
    """A plain band of our accent under everything else of a master or a layout; it says nothing to be read."""
    tree = ground.shapes._spTree
    left, top, width, height = (int(Inches(one)) for one in (left, top, width, height))
    hidden = (
        '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
    )
    band = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Bande" descr="">{hidden}</p:cNvPr><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )
    tree.insert(2, band)


def foot(slide, lines, *, number=True):
    """The foot of a slide, in its own places: what every page says, then its number."""
    for place in slide.slide_layout.placeholders:
        kind = place.element.ph.get("type")
        if kind not in {"ftr", "sldNum"} or (kind == "ftr" and not lines) or (kind == "sldNum" and not number):
            continue
        shape = copy.deepcopy(place.element)
        body = shape.find(qn("p:txBody"))
        for old in body.findall(qn("a:p")):
            body.remove(old)
        for old in list(shape.spPr):
            shape.spPr.remove(old)
        shape.nvSpPr.cNvPr.set("id", str(max(one.shape_id for one in slide.shapes) + 1))
        slide.shapes._spTree.append(shape)
        if kind == "sldNum":
            number_field = (
                '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr/><a:t>‹N°›</a:t></a:fld>'
            )
            body.append(parse_xml(f"<a:p {nsdecls('a')}>{number_field}</a:p>"))
        for line in lines if kind == "ftr" else ():
            paragraph = parse_xml(f"<a:p {nsdecls('a')}><a:r><a:rPr/><a:t/></a:r></a:p>")
            next(paragraph.iter(qn("a:t"))).text = line
            body.append(paragraph)


def describe(shape, text, name):
    """The alternative text of a picture, a chart or a table."""
    properties = next(shape._element.iter(qn("p:cNvPr")))
    properties.set("descr", text)
    properties.set("name", name)


def underline(cell, colour=look.HAIRLINE):
    """Hairlines over and under a cell of a table."""
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    for side in ("lnB", "lnT"):
        rule = f'<a:{side} {nsdecls("a")} w="9525">{fill}</a:{side}>'
        cell._tc.get_or_add_tcPr().insert(0, parse_xml(rule))


def unbulleted(paragraph):
    """A paragraph of the body that is not an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(parse_xml(f"<a:buNone {nsdecls('a')}/>"))


def small_text(slide, text, top, *, size=14, left=LEFT, width=ACROSS, height=0.4, colour="accent6"):
    """A line of text out of the body: the name of a table, the mark of a download."""
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_top = frame.margin_bottom = 0
    run = frame.paragraphs[0].add_run()
    run.text, run.font.size = text, Pt(size)
    properties = run._r.get_or_add_rPr()
    properties.insert(0, parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="{colour}"/></a:solidFill>'))
    return shape


def speak_french(deck):
    """Say the language of every text: on the slides, in their charts, under them and in their notes."""
    grounds = [one._element for one in (deck, deck.slide_master, *deck.slide_layouts, *deck.slides)]
    for slide in deck.slides:
        grounds += [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
        grounds += [slide.notes_slide._element] if slide.has_notes_slide else []
    if any(slide.has_notes_slide for slide in deck.slides):
        grounds.append(deck.notes_master._element)
        for shape in deck.notes_master.placeholders:
            if shape.element.ph.get("type") == "body":
                _prompt(shape, "Notes")
    for ground in grounds:
        for properties in ground.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            properties.set("lang", look.LANGUAGE)


def without_extras(deck):
    """Take away the picture and the printer of the library's own template."""
    for relations in (deck.part.package._rels, deck.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/thumbnail", "/printerSettings")):
                relations.pop(key)
