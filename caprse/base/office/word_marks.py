"""The mark of a Word document: a line in every foot it shows, and nothing else of it changed."""

import io

import docx
from docx.exceptions import PythonDocxError
from docx.shared import Pt, RGBColor

from caprse.base.office import look
from caprse.base.office.packing import packed

SIZE = 7.5


def mark(content, sentence):
    """Write the sentence in the feet of each section: those of its first page and of its even pages too."""
    try:
        return _marked(content, sentence)
    except PythonDocxError as error:
        raise ValueError from error


def _marked(content, sentence):
    document = docx.Document(io.BytesIO(content))
    marked = set()
    for rank, section in enumerate(document.sections):
        for foot in (section.footer, section.first_page_footer, section.even_page_footer):
            # A foot linked to the section before shows that one's; the first section is given all three.
            if (rank == 0 or not foot.is_linked_to_previous) and foot.part.partname not in marked:
                marked.add(foot.part.partname)
                run = foot.add_paragraph().add_run(look.clean(sentence))
                run.font.size, run.font.color.rgb = Pt(SIZE), RGBColor.from_string(look.INK)
    stream = io.BytesIO()
    document.save(stream)
    return packed(stream.getvalue())
