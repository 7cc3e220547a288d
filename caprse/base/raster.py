"""One of our SVG as a picture of dots, for the formats that show no SVG to everybody."""

import functools
import io
import re

from caprse.base import pdfium
from caprse.base.pdf import render_pdf

POINTS_PER_PIXEL = 0.75
SIZE = re.compile(r'<svg[^>]*?\bviewBox="[\d.\-]+ [\d.\-]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')
PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Dessin</title><style>
@page {{ size: {width}px {height}px; margin: 0 }}
html, body {{ margin: 0 }}
svg {{ display: block; width: {width}px; height: {height}px }}
</style></head><body>{svg}</body></html>"""


@functools.lru_cache(maxsize=32)
def png_of(svg: str, width_px: int) -> bytes:
    """Draw an SVG of ours as a PNG `width_px` wide; the same SVG gives the same bytes.

    Raises PdfUnavailable on a machine without Pango, ValueError for an SVG that does not say its size.
    """
    size = SIZE.search(svg)
    if size is None:
        raise ValueError("An SVG without a viewBox has no size.")
    width, height = float(size["width"]), float(size["height"])
    page = render_pdf(PAGE.format(svg=svg, width=width, height=height))
    with pdfium.opened(page) as document:
        stream = io.BytesIO()
        document[0].render(scale=width_px / (width * POINTS_PER_PIXEL)).to_pil().save(stream, "PNG")
    return stream.getvalue()
