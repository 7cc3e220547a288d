"""Opens a picture somebody brings in a process of its own, whose memory and time are counted: `check` asks it.

A few kilobytes may unpack to gigabytes of pixels, and decoders are where pictures attack.
"""

import io
import resource
import subprocess
import sys

from PIL import Image, UnidentifiedImageError

MEMORY = 768 * 1024 * 1024
SECONDS = 10
PIXELS = 60_000_000
CLEAN, UNREADABLE, IMMENSE = 0, 1, 3


class Unreadable(ValueError):
    """A picture that is broken, of another format than its name says, or too long to open."""


class Immense(ValueError):
    """A picture of more pixels than any photograph needs."""


def check(content: bytes, format_: str) -> None:
    """Raise `Unreadable` or `Immense`. `format_` is Pillow's name: JPEG, PNG, WEBP."""
    command = [sys.executable, "-I", __file__, format_]
    try:
        ended = subprocess.run(  # noqa: S603  this very file, without Django
            command, input=content, capture_output=True, check=False, timeout=3 * SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if ended.returncode == IMMENSE:
        raise Immense
    if ended.returncode != CLEAN:
        raise Unreadable


def try_out(content: bytes, format_: str) -> int:
    """Read the size first, then every pixel of the first image."""
    Image.MAX_IMAGE_PIXELS = None  # the size is judged here
    try:
        with Image.open(io.BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > PIXELS:
                return IMMENSE
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return UNREADABLE
    return CLEAN


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.exit(try_out(sys.stdin.buffer.read(), sys.argv[1]))
