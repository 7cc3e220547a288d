"""What the fonts of our documents draw: a document for archives holds no letter without a drawing.

A letter they lack is refused where it is typed; else another font of the machine would come in, or an empty box.
"""

import functools
import html
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from fontTools.ttLib import TTFont

from caprse.base.pdf import static_file
from caprse.base.text import NBSP

FONTS = (
    ("source-sans-3-latin-wght-normal", "source-sans-3-latin-ext-wght-normal"),
    ("source-sans-3-latin-wght-italic", "source-sans-3-latin-ext-wght-italic"),
)
# A line end is drawn by the layout; a narrow no-break space, as a space of the font.
SPACES = frozenset("\n\u202f")
UNSEEN = ("Cc", "Cf")  # Unicode: controls, and what only tells how to lay out what surrounds it


@functools.cache
def drawable() -> frozenset:
    """The characters that our fonts draw, upright and slanted. What nobody sees is not one: two names would look alike."""
    upright, slanted = (frozenset().union(*(_characters(name) for name in names)) for names in FONTS)
    seen = (char for char in upright & slanted if unicodedata.category(char) not in UNSEEN)
    return frozenset(seen) | SPACES


def _characters(name):
    with TTFont(static_file(f"static:vendor/source-sans-3/{name}.woff2"), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def missing(text: str) -> str:
    """The first character that cannot be drawn, empty when all can."""
    known = drawable()
    return next((char for char in text if char not in known), "")


def refusal(char: str) -> str:
    """The sentence that refuses it: what it is, what to do."""
    what = f"le caractère «{NBSP}{char}{NBSP}»" if char.isprintable() else "un caractère invisible"
    return f"Le document ne sait pas écrire {what} (U+{ord(char):04X}){NBSP}: tapez autre chose à sa place."


def validate_drawable(text: str) -> None:
    """Validator of a field whose text goes into a document. Raises ValidationError, code `glyph`."""
    if char := missing(text):
        raise ValidationError(refusal(char), code="glyph")


def missing_from_page(fragment: str) -> str:
    """The first character of a fragment of page that cannot be drawn, empty when all can."""
    return missing(html.unescape(strip_tags(fragment)))
