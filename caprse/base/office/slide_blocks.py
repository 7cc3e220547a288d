"""Paragraphs and tables of a slide."""

import math
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from caprse.base.office import look, slide_parts
from caprse.base.text import NBSP

CELL_SIZE, LINE = 13, 0.235  # points, and the height in inches of one line of a table
IN_AN_INCH = 10.5  # characters of a table on one inch
NARROWEST = 0.95
SHORT = 18  # a text this short stays on one line
# Size, colour, bold, italic, of what is neither a point nor a plain text.
LOOKS = {
    "heading": (20, look.ACCENT_STRONG, True, False),
    "lead": (20, look.INK, False, False),
    "small": (14, look.INK_SOFT, False, False),
    "quote": (18, look.INK_SOFT, False, True),
    "notice": (18, look.TURN, True, False),
}


@dataclass(frozen=True)
class Said:
    """A paragraph of a slide: its text, what it is, the room it takes in lines, and its whole text if it was cut."""

    text: str
    style: str
    height: float
    notes: tuple[str, ...] = ()
    label: str = ""


def fill_cover(place, lines):
    """The lines under the title of the cover; the first one larger."""
    frame = place.text_frame
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        slide_parts.unbulleted(paragraph)
        run = paragraph.add_run()
        run.text, run.font.size = line, Pt(22 if rank == 0 else 16)
        run.font.color.rgb = RGBColor.from_string(look.INK if rank == 0 else look.INK_SOFT)


def fill(place, paragraphs):
    """The body of a slide, in the place its layout gives it."""
    frame = place.text_frame
    frame.word_wrap = True
    for rank, said in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        if said.style != "point":
            slide_parts.unbulleted(paragraph)
        if said.label:
            label = paragraph.add_run()
            label.text, label.font.bold = f"{said.label}{NBSP}: ", True
        _run(paragraph, said)


def _run(paragraph, said):
    for rank, line in enumerate(said.text.split("\n")):
        if rank:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = line
        if said.style in LOOKS:
            size, colour, run.font.bold, run.font.italic = LOOKS[said.style]
            run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)


def add_table(slide, table, *, top=slide_parts.TOP, left=slide_parts.LEFT, width=slide_parts.ACROSS):
    """A table of the slide, under its name."""
    if table.caption:
        slide_parts.small_text(slide, look.in_one_line(table.caption), top, left=left, width=width)
        top += 0.42
    heights = [_height(table.columns, widths_of(table, width)), *heights_of(table, width)]
    tall = sum(heights)
    frame = slide.shapes.add_table(
        len(heights), len(table.columns), Inches(left), Inches(top), Inches(width), Inches(tall)
    )
    slide_parts.describe(frame, look.in_one_line(table.caption), "Tableau")
    drawn = frame.table
    drawn.first_col = False
    for column, wide in zip(drawn.columns, widths_of(table, width), strict=True):
        column.width = Inches(wide)
    for rank, cells in enumerate((table.columns, *table.rows)):
        drawn.rows[rank].height = Inches(heights[rank])
        for column, text in enumerate(cells):
            _cell(drawn.cell(rank, column), text, head=rank == 0, right=column in table.numbers)


def _cell(cell, text, *, head, right):
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE if head else MSO_ANCHOR.TOP
    frame = cell.text_frame
    frame.word_wrap = True
    for rank, line in enumerate(look.clean(text).split("\n")):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = line, Pt(CELL_SIZE), head
        run.font.color.rgb = RGBColor.from_string(look.WHITE if head else look.INK)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(look.ACCENT if head else look.WHITE)
    slide_parts.underline(cell)


def widths_of(table, width):
    """Share a width between the columns as their texts need, none too narrow for its longest word."""
    floors, needs = [], []
    for rank, title in enumerate(table.columns):
        texts = [title, *(row[rank] for row in table.rows)]
        longest, mean = max(map(len, texts)), sum(map(len, texts)) / len(texts)
        word = max((len(word) for text in texts for word in text.split()), default=1)
        least = longest if longest <= SHORT else min(word, 22)
        floors.append(max(NARROWEST, (least + 2) / IN_AN_INCH))
        needs.append(mean**0.75 / 5)
    return look.shared_out(width, floors, needs)


def heights_of(table, width):
    """How many inches each row takes."""
    wide = widths_of(table, width)
    return [_height(row, wide) for row in table.rows]


def _height(cells, widths):
    lines = max(
        sum(max(1, math.ceil(len(line) / ((wide - 0.16) * IN_AN_INCH))) for line in cell.split("\n"))
        for cell, wide in zip(cells, widths, strict=True)
    )
    return lines * LINE + 0.12
