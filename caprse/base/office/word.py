"""Word documents: real styles, real lists, real tables, nothing that cannot be edited."""

import io

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm

from caprse.base import paper as contract
from caprse.base.clock import PARIS
from caprse.base.office import look, word_parts
from caprse.base.office.packing import packed, utc
from caprse.base.raster import png_of
from caprse.base.text import NBSP, date_in_words

PAGE, SIDES = (210, 297), 20  # millimetres
WIDTH = PAGE[0] - 2 * SIDES
LOGO_HEIGHT, LOGO_WIDTH = 16, 48
DRAWING_WIDTH, DRAWING_PIXELS = 90, 1400
NARROWEST = 20
LETTER = 2.1  # millimetres: a letter in a cell, in the wider fonts that stand in for ours
ONE_LINE = 16  # characters: a day, a state
NAME_LENGTH = 48  # a longer first cell is a text, not a name
SHORT = 8  # rows: a table of no more stays on one page
NOTHING = "Rien à montrer ici pour le moment."
STYLES = {
    "": "Normal",
    "lead": word_parts.LEAD,
    "small": word_parts.SMALL,
    "quote": "Quote",
    "notice": word_parts.NOTICE,
}


def render(paper):
    """Draw a `Paper` of `caprse.base.paper`."""
    document = docx.Document()
    word_parts.dress(document)
    word_parts.without_thumbnail(document)
    _about(document, paper)
    _heads(document.sections[0], paper)
    draft = Draft(document)
    _opening(draft, paper)
    for section in paper.sections:
        if section.title:
            title = draft.paragraph(look.in_one_line(section.title), "Heading 1")
            title.paragraph_format.page_break_before = section.new_page
        elif section.new_page:
            document.add_page_break()
        for block in section.blocks:
            DRAW[type(block)](draft, block)
    stream = io.BytesIO()
    document.save(stream)
    return packed(stream.getvalue(), at=paper.created)


def _about(document, paper):
    about = document.core_properties
    about.title, about.subject = look.in_one_line(paper.title)[:255], look.in_one_line(paper.subtitle)[:255]
    about.author = about.last_modified_by = look.in_one_line(paper.organisation)[:255]
    about.created = about.modified = utc(paper.created)
    about.comments = about.keywords = about.category = ""
    about.language, about.revision = look.LANGUAGE, 1


def _heads(section, paper):
    """The head and the foot of the pages; the first one carries the logos."""
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = Mm(SIDES)
    section.top_margin, section.bottom_margin = Mm(24), Mm(26)
    section.header_distance, section.footer_distance = Mm(9), Mm(9)
    section.different_first_page_header_footer = True
    first = section.first_page_header.paragraphs[0]
    for rank, logo in enumerate(paper.logos, start=1):
        picture = first.add_run().add_picture(io.BytesIO(logo.content), height=Mm(LOGO_HEIGHT))
        _bound(picture, Mm(LOGO_WIDTH))
        word_parts.describe(picture, look.in_one_line(logo.text), f"Logo {rank}")
        first.add_run(f"{NBSP}{NBSP}{NBSP}")
    if paper.notice:
        line = section.first_page_header.add_paragraph() if paper.logos else first
        _notice(line, paper)
    _running_head(section.header.paragraphs[0], paper)
    for footer in (section.first_page_footer, section.footer):
        _foot(footer, paper)


def _bound(picture, width):
    if picture.width > width:
        picture.height = int(picture.height * width / picture.width)
        picture.width = width


def _notice(line, paper):
    word_parts.to_the_right(line)
    line.add_run(look.in_one_line(paper.notice)).bold = True


def _running_head(line, paper):
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    said = look.in_one_line(paper.organisation)
    line.add_run(f"{said} – {look.in_one_line(paper.title)}"[:110])
    if paper.notice:
        _notice(line._parent.add_paragraph(style="Header"), paper)


def _foot(footer, paper):
    line = footer.paragraphs[0]
    for mention in paper.mentions:
        line.add_run(look.clean(mention))
        line = footer.add_paragraph(style="Footer")
    word_parts.to_the_right(line)
    line.add_run(f"Page{NBSP}")
    word_parts.field(line, "PAGE")
    line.add_run(f" sur{NBSP}")
    word_parts.field(line, "NUMPAGES")


class Draft:
    """The document under way. Styles are set by their ids: the library reads them all again for each name."""

    def __init__(self, document):
        self.document = document
        self.ids = {style.name: style.style_id for style in document.styles}

    def paragraph(self, text="", style="Normal"):
        """A paragraph at the end."""
        line = self.document.add_paragraph(text)
        line._p.style = self.ids[style]
        return line

    def write(self, cell, text, style, *, right=False, bold=False):
        """The text of a cell."""
        line = cell.paragraphs[0]
        line._p.style = self.ids[style]
        run = line.add_run(look.clean(text))
        if bold:
            run.bold = True
        if right:
            word_parts.to_the_right(line)


def _opening(draft, paper):
    draft.paragraph(look.in_one_line(paper.title), "Title")
    if paper.subtitle:
        draft.paragraph(look.in_one_line(paper.subtitle), "Subtitle")
    said = [paper.organisation, paper.context, date_in_words(paper.created.astimezone(PARIS).date())]
    draft.paragraph(" – ".join(look.told_once(said)), word_parts.SMALL)
    if paper.facts:
        _facts(draft, contract.Facts(paper.facts))


def _text(draft, block):
    draft.paragraph(look.clean(block.text), STYLES.get(block.style, "Normal"))


def _heading(draft, block):
    draft.paragraph(look.in_one_line(block.text), "Heading 2" if block.level <= 3 else "Heading 3")


def _points(draft, block):
    for item in block.items:
        draft.paragraph(look.clean(item), "List Bullet")


def _facts(draft, block):
    if not block.pairs:
        return
    table = draft.document.add_table(rows=0, cols=2)
    _settle(table, (50, WIDTH - 50))
    for label, said in block.pairs:
        row = table.add_row()
        word_parts.unsplit(row)
        draft.write(row.cells[0], label, word_parts.LABEL)
        draft.write(row.cells[1], said, word_parts.CELL)
    _fit(table, (50, WIDTH - 50))
    word_parts.describe_table(table, "Informations")
    _after(draft)


def _table(draft, block):
    if block.caption:
        draft.paragraph(look.in_one_line(block.caption), "Caption")
    if not block.rows:
        draft.paragraph(NOTHING, word_parts.SMALL)
        return
    table = draft.document.add_table(rows=0, cols=len(block.columns))
    widths = _widths(block)
    _settle(table, widths)
    head = table.add_row()
    word_parts.repeat(head)
    for rank, (cell, title) in enumerate(zip(head.cells, block.columns, strict=True)):
        draft.write(cell, title, word_parts.HEAD, right=rank in block.numbers)
        word_parts.shade(cell, look.ACCENT)
    named = all(len(row[0]) <= NAME_LENGTH for row in block.rows)
    for cells in block.rows:
        row = table.add_row()
        word_parts.unsplit(row)
        for rank, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            draft.write(cell, text, word_parts.CELL, right=rank in block.numbers, bold=named and rank == 0)
    if len(block.rows) <= SHORT:
        word_parts.keep_together(table)
    _fit(table, widths)
    word_parts.describe_table(table, look.in_one_line(block.caption))
    _after(draft)


def _after(draft):
    """A short line between a table and what follows, else Word joins two tables."""
    draft.paragraph("", word_parts.SMALL).paragraph_format.space_after = 0


def _settle(table, widths):
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    word_parts.bordered(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _fit(table, widths):
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _widths(block, whole=WIDTH):
    """Share the width between columns as their texts need, none too narrow for its longest word."""
    floors, needs = [], []
    for rank, title in enumerate(block.columns):
        texts = [title, *(str(row[rank]) for row in block.rows)]
        longest_word = max((len(word) for text in texts for word in text.split()), default=1)
        said = [len(text) for text in texts if text] or [1]
        longest, mean = max(said), sum(said) / len(said)
        short = longest * 2.1 if longest <= ONE_LINE else 0
        floors.append(max((min(longest_word, 22) + 2) * LETTER, NARROWEST))
        needs.append(max((0.4 * longest + 0.6 * mean) ** 0.8 * 2, short))
    return look.shared_out(whole, floors, needs)


def _drawing(draft, block):
    line = draft.paragraph()
    line.paragraph_format.keep_with_next = True
    picture = line.add_run().add_picture(io.BytesIO(png_of(block.svg, DRAWING_PIXELS)), width=Mm(DRAWING_WIDTH))
    word_parts.describe(picture, look.in_one_line(block.text), "Dessin")
    _table(draft, block.table)


DRAW = {
    contract.Text: _text,
    contract.Heading: _heading,
    contract.Points: _points,
    contract.Facts: _facts,
    contract.Table: _table,
    contract.Drawing: _drawing,
}
