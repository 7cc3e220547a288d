"""A document as somebody sees it: its pages as pictures, what is drawn on them and where."""

from PIL import ImageChops

from caprse.base import pdfium

DOTS = 2  # dots a point
MILLIMETRE = 72 / 25.4 * DOTS
# Millimetres on each side of a page where nothing is drawn: left, top, right, under the last line.
MARGINS = (19.5, 5, 19.5, 9)
INK = 0.004  # what a page of a dozen lines covers at least


def pictures(content):
    """The pages of a PDF, in greys."""
    with pdfium.opened(content) as document:
        return [page.render(scale=DOTS).to_pil().convert("L") for page in document]


def ugly_pages(content):
    """{page: what is wrong with it}: nearly blank, or drawn beyond its margins."""
    found = {}
    for number, picture in enumerate(pictures(content), start=1):
        marks = ImageChops.invert(picture).point(lambda shade: 255 if shade > 40 else 0)
        covered = marks.histogram()[255] / (picture.width * picture.height)
        if covered < INK:
            found[number] = f"nearly blank: {covered:.4f}"
            continue
        left, top, right, bottom = marks.getbbox()
        spared = (left, top, picture.width - right, picture.height - bottom)
        if any(space < margin * MILLIMETRE for space, margin in zip(spared, MARGINS, strict=True)):
            found[number] = f"beyond its margins: {[round(space / MILLIMETRE, 1) for space in spared]}"
    return found
