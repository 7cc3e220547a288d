"""The signed document of eighteen parties, page by page as pictures: none is blank, nothing is cut at an edge."""

import pypdfium2
import pytest
from PIL import ImageChops

from caprse.base import clock
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument
from conventions.services import finishing
from tests.agreement_of_many import signed_by_all

DOTS = 2  # dots a point
MILLIMETRE = 72 / 25.4 * DOTS
SIDES, FOOT = 19.5, 9  # millimetres of a page that nothing is drawn on: left and right, under the last line
INK = 0.004  # what a page with a dozen lines covers at least


@pytest.fixture
def final(db, draw_anew):
    convention = signed_by_all(18)
    with clock.stopped(convention.completed_at):
        finishing.make_final(convention=convention)
    return bytes(FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL).pdf)


def pictures(content):
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=DOTS).to_pil().convert("L") for page in document]


def ink(picture):
    """The box of what is drawn, and how much of the page it covers."""
    marks = ImageChops.invert(picture).point(lambda shade: 255 if shade > 40 else 0)
    covered = sum(marks.histogram()[255:]) / (picture.width * picture.height)
    return marks.getbbox(), covered


def test_no_page_is_blank_and_nothing_leaves_its_margins(final):
    shown = pictures(final)
    assert len(shown) > 8
    for number, picture in enumerate(shown, start=1):
        (left, top, right, bottom), covered = ink(picture)
        assert covered > INK, f"page {number} is nearly blank"
        assert left >= SIDES * MILLIMETRE, f"page {number}, left"
        assert picture.width - right >= SIDES * MILLIMETRE, f"page {number}, right"
        assert top >= 5 * MILLIMETRE, f"page {number}, top"
        assert picture.height - bottom >= FOOT * MILLIMETRE, f"page {number}, foot"
