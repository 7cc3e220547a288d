"""Opens a PDF somebody brings in a process of its own, whose memory and time are counted: `check` asks it.

A small file may unpack to gigabytes, or hold programs and other files that no mark would reach.
"""

import io
import resource
import subprocess
import sys

import pikepdf

MEMORY = 512 * 1024 * 1024
SECONDS = 10
CLEAN, UNREADABLE, ACTS, LOCKED = 0, 1, 3, 4
ACTIONS = frozenset({"/JavaScript", "/Launch"})
CARRIERS = frozenset({"/JS", "/EF", "/XFA"})


class Unreadable(ValueError):
    """A PDF that is broken, or takes more memory or time than any document needs: qpdf gives one error for both."""


class NotPlain(ValueError):
    """A PDF that holds programs or other files."""


class Locked(ValueError):
    """A PDF that asks for a password before it opens: nobody can tell what it holds."""


def check(content: bytes, *, locked_passes: bool = True) -> None:
    """Raise `Unreadable` or `NotPlain`.

    A PDF protected by a password passes where the marking refuses it next; elsewhere it raises `Locked`.
    """
    command = [sys.executable, "-I", __file__]
    try:
        ended = subprocess.run(  # noqa: S603  this very file, without Django
            command, input=content, capture_output=True, check=False, timeout=3 * SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if ended.returncode == ACTS:
        raise NotPlain
    if ended.returncode == LOCKED:
        if locked_passes:
            return
        raise Locked
    if ended.returncode != CLEAN:
        raise Unreadable


def try_out(content: bytes) -> int:
    """Unpack whatever marking unpacks, and look at every object."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if any(_acts(thing) for thing in pdf.objects):
                return ACTS
            for page in pdf.pages:
                pikepdf.parse_content_stream(page, "q Q")
    except pikepdf.PasswordError:
        return LOCKED
    except pikepdf.PdfError:
        return UNREADABLE
    return CLEAN


def _acts(thing):
    """Whether an object, or what is written inside it, holds a program or a file."""
    waiting = [thing]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            inside = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            if CARRIERS & set(thing.keys()) or str(thing.get("/S", "")) in ACTIONS:
                return True
            inside = [value for _, value in thing.items()]
        else:
            continue
        waiting += [one for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect]
    return False


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.exit(try_out(sys.stdin.buffer.read()))
