"""The mark of slides: a line at the foot of each one. The ground of the slides is not enough: a copied slide leaves it."""

import io

import pptx
from pptx.exc import PythonPptxError
from pptx.util import Emu, Pt

from caprse.base.office import look
from caprse.base.office.packing import packed

SIZE = 8
TALL, SIDE = 0.038, 0.045  # shares of the height and of the width of a slide


def mark(content, sentence):
    """Write the sentence on each slide."""
    try:
        return _marked(content, sentence)
    except PythonPptxError as error:
        raise ValueError from error


def _marked(content, sentence):
    deck = pptx.Presentation(io.BytesIO(content))
    wide, high = deck.slide_width, deck.slide_height
    tall, side = int(high * TALL), int(wide * SIDE)
    for slide in deck.slides:
        shape = slide.shapes.add_textbox(Emu(side), Emu(high - tall), Emu(wide - 2 * side), Emu(tall))
        shape.name = "Marquage"
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_top = frame.margin_bottom = 0
        run = frame.paragraphs[0].add_run()
        run.text, run.font.size = look.clean(sentence), Pt(SIZE)
        run._r.get_or_add_rPr().set("lang", look.LANGUAGE)
    stream = io.BytesIO()
    deck.save(stream)
    return packed(stream.getvalue())
