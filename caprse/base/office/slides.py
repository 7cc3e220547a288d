"""Slides: a cover, then a slide or several for each section; charts and tables that stay editable.

A slide shows what can be read from the back of a room; a longer text is whole in the notes of its slide.
"""

import io
import math
from dataclasses import dataclass, field, replace

import pptx
from pptx.util import Inches

from caprse.base import paper as contract
from caprse.base.clock import PARIS
from caprse.base.office import look, slide_blocks, slide_charts, slide_parts
from caprse.base.office.packing import packed, utc
from caprse.base.text import NBSP, date_in_words

LINES, POINTS, ACROSS = 14.5, 8, 98  # lines and paragraphs on a slide, characters on a line of 18 points
ROWS, TABLE_ROOM = 9, 3.75  # rows on a slide, and the inches they share
INTRO_MAX, INTRO_HEIGHT = 95, 0.5
BESIDE = 4.73  # inches for a table beside its drawing
TEXT_MAX, POINT_MAX, CELL_MAX = 420, 230, 130
LOGO_HEIGHT, LOGO_WIDTH = 0.95, 2.9
SPOKEN = (contract.Text, contract.Heading, contract.Points, contract.Facts)


@dataclass
class Leaf:
    """What one slide shows: paragraphs, or a table, or a drawing beside its table; and what its notes say.

    `intro`: a short text over a table or a drawing.
    """

    paragraphs: list = field(default_factory=list)
    table: contract.Table | None = None
    drawing: contract.Drawing | None = None
    notes: list = field(default_factory=list)
    intro: str = ""


def render(paper):
    """Draw a `Paper` of `caprse.base.paper`."""
    deck = pptx.Presentation()
    slide_parts.dress(deck)
    slide_parts.without_extras(deck)
    _about(deck, paper)
    _cover(deck, paper)
    for section in paper.sections:
        if not section.aside:
            _section(deck, paper, section)
    slide_parts.speak_french(deck)
    stream = io.BytesIO()
    deck.save(stream)
    return packed(stream.getvalue(), at=paper.created)


def _about(deck, paper):
    about = deck.core_properties
    about.title, about.subject = look.in_one_line(paper.title)[:255], look.in_one_line(paper.subtitle)[:255]
    about.author = about.last_modified_by = look.in_one_line(paper.organisation)[:255]
    about.created = about.modified = utc(paper.created)
    about.comments = about.keywords = about.category = ""
    about.language, about.revision = look.LANGUAGE, 1


def _cover(deck, paper):
    slide = deck.slides.add_slide(slide_parts.layout_of(deck, slide_parts.COVER))
    slide.shapes.title.text = look.in_one_line(paper.title)
    day = date_in_words(paper.created.astimezone(PARIS).date())
    told = look.told_once((paper.organisation, paper.context, day))
    known = {piece for one in told for piece in (one, *one.split(" – "))}
    facts = [f"{label}{NBSP}: {look.in_one_line(said)}" for label, said in paper.facts if said not in known]
    slide_blocks.fill_cover(slide.placeholders[1], [look.in_one_line(paper.subtitle), *told, *facts])
    left = Inches(1.1)
    for rank, logo in enumerate(paper.logos, start=1):
        picture = slide.shapes.add_picture(io.BytesIO(logo.content), left, Inches(0.65), height=Inches(LOGO_HEIGHT))
        if picture.width > Inches(LOGO_WIDTH):
            picture.height = int(picture.height * Inches(LOGO_WIDTH) / picture.width)
            picture.width = Inches(LOGO_WIDTH)
        slide_parts.describe(picture, look.in_one_line(logo.text), f"Logo {rank}")
        left += picture.width + Inches(0.4)
    slide_parts.foot(slide, _every_page(paper), number=False)


def _every_page(paper):
    """What the foot of each slide says: whose it is, the notice, the mandatory mentions; on few lines."""
    first = " – ".join(look.in_one_line(one) for one in (paper.notice, paper.organisation) if one)
    mentions = " – ".join(look.in_one_line(line) for one in paper.mentions for line in one.splitlines() if line.strip())
    return [one for one in (first, mentions) if one]


def _section(deck, paper, section):
    for rank, leaf in enumerate(leaves(section.blocks)):
        named = slide_parts.TEXT if leaf.paragraphs else slide_parts.ALONE
        slide = deck.slides.add_slide(slide_parts.layout_of(deck, named))
        title = look.in_one_line(section.title or paper.title)
        slide.shapes.title.text = f"{title} (suite)" if rank else title
        _show(slide, leaf, paper)
        slide_parts.foot(slide, _every_page(paper))
        if leaf.notes:
            slide.notes_slide.notes_text_frame.text = look.clean("\n\n".join(leaf.notes))


def _show(slide, leaf, paper):
    if leaf.paragraphs:
        slide_blocks.fill(slide.placeholders[1], leaf.paragraphs)
        return
    top = slide_parts.TOP
    if leaf.intro:
        slide_parts.small_text(slide, leaf.intro, top, size=18, colour="tx1")
        top += INTRO_HEIGHT
    if leaf.drawing:
        width = 7.1 if leaf.table else slide_parts.ACROSS
        place = (slide_parts.LEFT, top, width, slide_parts.TOP + slide_parts.DOWN - top)
        slide_charts.add_chart(slide, leaf.drawing, place, paper.created)
    if leaf.table and leaf.drawing:
        slide_blocks.add_table(slide, leaf.table, top=top, left=7.95, width=BESIDE)
    elif leaf.table:
        slide_blocks.add_table(slide, leaf.table, top=top)


def leaves(blocks):
    """Cut the blocks of a section into slides, in their order."""
    cut, current, room = [], None, 0.0
    for block in blocks:
        if not isinstance(block, SPOKEN):
            cut, current = [*cut, *_seen(block)], None
            continue
        for said in _spoken(block):
            if current is None or said.height > room or len(current.paragraphs) >= POINTS:
                current, room = Leaf(), LINES
                cut.append(current)
            current.paragraphs.append(said)
            current.notes += said.notes
            room -= said.height
    return _joined(cut)


def _joined(cut):
    """No slide for a title alone, nor for the line that announces a table or a drawing."""
    for leaf, following in zip(cut, cut[1:], strict=False):
        if leaf.paragraphs and following.paragraphs and leaf.paragraphs[-1].style == "heading":
            following.paragraphs.insert(0, leaf.paragraphs.pop())
        elif not following.paragraphs and (intro := _announced(leaf.paragraphs)):
            leaf.paragraphs, following.intro = [], intro
            following.notes[:0] = leaf.notes
    return [leaf for leaf in cut if leaf.paragraphs or leaf.table or leaf.drawing]


def _announced(paragraphs):
    """The one or two short texts before a table or a drawing, on one line; empty when they are more than that."""
    if len(paragraphs) > 2 or any(one.label or one.style in {"point", "heading"} for one in paragraphs):
        return ""
    said = " – ".join(one.text.replace("\n", " ") for one in paragraphs)
    return said if len(said) <= INTRO_MAX else ""


def _spoken(block):
    """The paragraphs of a block, each with the room it takes."""
    if isinstance(block, contract.Heading):
        return [_said(look.in_one_line(block.text), "heading")]
    if isinstance(block, contract.Text):
        lines = [line for line in look.clean(block.text).split("\n") if line.strip()]
        return [_said(line, block.style or "text", TEXT_MAX) for line in lines]
    if isinstance(block, contract.Points):
        return [_said(look.clean(item), "point", POINT_MAX) for item in block.items]
    return [
        replace(_said(look.clean(said), "fact", POINT_MAX), label=look.in_one_line(label))
        for label, said in block.pairs
    ]


def _said(text, style, longest=1_000):
    shown = _shortened(text, longest)
    wide = ACROSS * {"lead": 0.9, "small": 1.3}.get(style, 1)
    lines = sum(max(1, math.ceil(len(line) / wide)) for line in shown.split("\n"))
    notes = () if shown == text else (text,)
    return slide_blocks.Said(shown, style, lines * {"lead": 1.15, "small": 0.8}.get(style, 1) + 0.4, notes)


def _shortened(text, longest):
    """The first sentences of a text, or its first words: the whole is in the notes."""
    text = "\n".join(line for line in text.split("\n") if line.strip())
    if len(text) <= longest:
        return text
    kept = text[:longest]
    end = max(kept.rfind(mark) for mark in (". ", "! ", "? ", ".\n"))
    kept = kept[: end + 1] if end > longest / 2 else kept.rsplit(" ", 1)[0]
    return f"{kept.rstrip()}{NBSP}[…]"


def _seen(block):
    """The slides of a table or of a drawing."""
    if isinstance(block, contract.Drawing):
        table = _short_table(block.table)
        if (
            len(table.rows) <= ROWS
            and len(table.columns) <= 4
            and sum(slide_blocks.heights_of(table, BESIDE)) <= TABLE_ROOM
        ):
            return [Leaf(drawing=block, table=table, notes=[block.text])]
        return [Leaf(drawing=block, notes=[block.text]), *_cut(block.table)]
    return _cut(block)


def _cut(table):
    """A table over as many slides as its rows need, under the same titles."""
    short, cut, rows, notes, room = _short_table(table), [], [], [], TABLE_ROOM
    heights = slide_blocks.heights_of(short, slide_parts.ACROSS)
    for row, whole, height in zip(short.rows, table.rows, heights, strict=True):
        if rows and (len(rows) >= ROWS or height > room):
            cut.append(Leaf(table=replace(short, rows=tuple(rows)), notes=notes))
            rows, notes, room = [], [], TABLE_ROOM
        rows.append(row)
        room -= height
        if row != tuple(look.clean(cell) for cell in whole):
            notes.append(" – ".join(f"{k}{NBSP}: {v}" for k, v in zip(table.columns, whole, strict=True) if v))
    return [*cut, Leaf(table=replace(short, rows=tuple(rows)), notes=notes)] if rows else cut


def _short_table(table):
    rows = tuple(tuple(_shortened(look.clean(cell), CELL_MAX) for cell in row) for row in table.rows)
    return replace(table, rows=rows)
