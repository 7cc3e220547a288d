"""Our drawings as pictures of dots, and the colours of office files."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from caprse.base import svg
from caprse.base.office import look
from caprse.base.raster import png_of
from tests.base.papers import LABELS, SERIES, drawing

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"


def test_a_drawing_keeps_its_shape_and_its_colours():
    drawn = drawing().svg
    picture = Image.open(io.BytesIO(png_of(drawn, 900)))
    width, height = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn).groups())
    assert abs(picture.width - 900) <= 1
    assert abs(picture.height - 900 * height / width) <= 2
    colours = {colour for _, colour in picture.convert("RGB").getcolors(2**24)}
    assert tuple(bytes.fromhex(svg.COLOURS[0][1:])) in colours
    assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


def test_the_same_drawing_gives_the_same_bytes():
    drawn = drawing(LABELS, SERIES, "autre").svg
    once = png_of(drawn, 400)
    png_of.cache_clear()
    assert png_of(drawn, 400) == once


def test_what_has_no_size_is_refused():
    with pytest.raises(ValueError, match="viewBox"):
        png_of("<svg></svg>", 400)


def test_office_files_have_the_colours_of_the_pages():
    told = TOKENS.read_text().split("@media")[0]
    tokens = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", told))
    names = (
        "INK",
        "INK_SOFT",
        "HAIRLINE",
        "SUNKEN",
        "ACCENT",
        "ACCENT_STRONG",
        "ACCENT_SOFT",
        "ACCENT_LINE",
        "TURN",
        "TURN_SOFT",
    )
    for name in names:
        assert getattr(look, name).lower() == tokens[name.lower().replace("_", "-")], name
    assert tuple(f"#{one.lower()}" for one in look.SERIES) == svg.COLOURS
