"""What somebody drew on a page: a small picture that decorates and proves nothing, drawn again before it is kept."""

import base64
import binascii
import io

from PIL import Image

from caprse.base import logo_trial

PREFIX = "data:image/png;base64,"
LARGEST = (480, 160)
TYPED_MAX = 400_000  # characters of the address a page sends
KEPT_MAX = 30 * 1024
NOT_A_DRAWING = "Ce dessin n’a pas pu être lu. Effacez-le et recommencez, ou signez sans dessin : il ne change rien."


class NotADrawing(ValueError):
    """What was sent makes no drawing; `str()` says it in French."""


def accept(typed: str) -> bytes | None:
    """The PNG of a drawing sent as a data address, in ink on nothing, 30 kB at most; None when nothing was drawn.

    Raises `NotADrawing`.
    """
    if not typed:
        return None
    if len(typed) > TYPED_MAX or not typed.startswith(PREFIX):
        raise NotADrawing(NOT_A_DRAWING)
    try:
        content = base64.b64decode(typed.removeprefix(PREFIX), validate=True)
        redrawn = logo_trial.redraw(content, "PNG")  # in a process of its own
    except logo_trial.NotALogo as error:
        if error.code == logo_trial.EMPTY:
            return None
        raise NotADrawing(NOT_A_DRAWING) from error
    except binascii.Error as error:
        raise NotADrawing(NOT_A_DRAWING) from error
    kept = _in_ink(redrawn)
    if len(kept) > KEPT_MAX:
        raise NotADrawing(NOT_A_DRAWING)
    return kept


def _in_ink(content):
    """Only where ink was put, and how much: sixteen greys are enough."""
    with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
        picture = picture.convert("RGBA")
        picture.thumbnail(LARGEST, Image.Resampling.LANCZOS)
        ink = picture.getchannel("A").point(lambda level: level // 17 * 17)
    drawn = Image.merge("LA", (Image.new("L", ink.size, 0), ink))
    kept = io.BytesIO()
    drawn.save(kept, "PNG", optimize=True)
    return kept.getvalue()
