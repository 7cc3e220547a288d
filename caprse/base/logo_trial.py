"""Draws a logo again, as a plain PNG, in a process of its own whose memory and time are counted: `redraw` asks it.

Only the pixels go through: neither the words, the places nor the programmes a picture may carry.
"""

import io
import resource
import subprocess
import sys

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY = 768 * 1024 * 1024
SECONDS = 10
PIXELS = 25_000_000
LARGEST = (1200, 600)
SMALLEST_SIDE, SMALLEST_LENGTH = 16, 64  # once drawn again
UNREADABLE, IMMENSE, MOVING, FOUR_INKS, TINY, EMPTY = 1, 3, 4, 5, 6, 7


class NotALogo(ValueError):
    """A picture that makes no logo; `code` is one of the numbers above."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def redraw(content: bytes, format_: str) -> bytes:
    """The same picture as a PNG of 1200 × 600 at most. `format_` is Pillow's name: JPEG, PNG. Raises `NotALogo`."""
    command = [sys.executable, "-I", __file__, format_]
    try:
        ended = subprocess.run(  # noqa: S603  this very file, without Django
            command, input=content, capture_output=True, check=False, timeout=3 * SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise NotALogo(UNREADABLE) from error
    if ended.returncode:
        known = (IMMENSE, MOVING, FOUR_INKS, TINY, EMPTY)
        raise NotALogo(ended.returncode if ended.returncode in known else UNREADABLE)
    return ended.stdout


def try_out(content: bytes, format_: str) -> int | bytes:
    """Judge the size and the kind first, then draw the pixels again; a code, or the PNG."""
    Image.MAX_IMAGE_PIXELS = None  # the size is judged here
    try:
        with Image.open(io.BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > PIXELS:
                return IMMENSE
            # A photograph may hide a second picture, of its depth or its light: the first is the one that is shown.
            if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
                return MOVING
            if picture.mode == "CMYK":
                return FOUR_INKS
            return drawn(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return UNREADABLE


def drawn(picture) -> int | bytes:
    """The PNG of a picture that was opened, in colours every reader shows, upright; or a code."""
    upright = ImageOps.exif_transpose(picture)
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    logo = upright.convert("RGBA" if clear else "RGB")
    logo.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    if min(logo.size) < SMALLEST_SIDE or max(logo.size) < SMALLEST_LENGTH:
        return TINY
    if clear and logo.getchannel("A").getextrema()[1] == 0:
        return EMPTY
    logo.info.clear()
    kept = io.BytesIO()
    logo.save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    found = try_out(sys.stdin.buffer.read(), sys.argv[1])
    if isinstance(found, bytes):
        sys.stdout.buffer.write(found)
    sys.exit(0 if isinstance(found, bytes) else found)
