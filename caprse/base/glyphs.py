"""What the fonts of our documents draw: a document for archives holds no letter without a drawing.

A letter they lack is refused where it is typed; else another font of the machine would come in, or an empty box.
"""

import functools
import io

from django.core.exceptions import ValidationError
from fontTools.ttLib import TTFont

from caprse.base.pdf import static_file, unpacked
from caprse.base.text import NBSP

FONTS = (
    ("source-sans-3-latin-wght-normal", "source-sans-3-latin-ext-wght-normal"),
    ("source-sans-3-latin-wght-italic", "source-sans-3-latin-ext-wght-italic"),
)
LINE_ENDS = frozenset("\n")


@functools.cache
def drawable() -> frozenset:
    """The characters that our fonts draw, upright and slanted."""
    upright, slanted = (frozenset().union(*(_characters(name) for name in names)) for names in FONTS)
    return (upright & slanted) | LINE_ENDS


def _characters(name):
    font = TTFont(io.BytesIO(unpacked(static_file(f"static:vendor/source-sans-3/{name}.woff2"))), lazy=True)
    return frozenset(map(chr, font.getBestCmap()))


def missing(text: str) -> str:
    """The first character that cannot be drawn, empty when all can."""
    known = drawable()
    return next((char for char in text if char not in known), "")


def refusal(char: str) -> str:
    """The sentence that refuses it: what it is, what to do."""
    shown = f"le caractère «{NBSP}{char}{NBSP}» (U+{ord(char):04X})" if char.isprintable() else f"un caractère invisible (U+{ord(char):04X})"
    return f"Les documents ne savent pas écrire {shown}{NBSP}: remplacez-le par des lettres."


def validate_drawable(text: str) -> None:
    """Validator of a field whose text goes into a document. Raises ValidationError, code `glyph`."""
    if char := missing(text):
        raise ValidationError(refusal(char), code="glyph")
