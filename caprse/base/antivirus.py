"""The antivirus of the server, if it has one: a command that reads a file before anything of it is kept.

Off unless `CAPRSE_ANTIVIRUS` names the command. It receives the path of the file as its last argument and answers
as `clamdscan` does: 0 clean, 1 infected. Anything else, or no answer in time, is a file that was not checked: it is
refused, never let through.
"""

import logging
import shlex
import subprocess
import tempfile

from django.conf import settings

INFECTED = 1
logger = logging.getLogger(__name__)


class Infected(ValueError):
    """The antivirus recognised something harmful."""


class NotChecked(ValueError):
    """The antivirus did not answer, or answered something else than yes or no."""


def scan(content: bytes) -> None:
    """Have the antivirus read these bytes; nothing to do on a server that has none.

    Raises `Infected` or `NotChecked`.
    """
    if not settings.ANTIVIRUS:
        return
    with tempfile.NamedTemporaryFile(prefix="caprse-upload-") as handle:
        handle.write(content)
        handle.flush()
        answer = _ask(handle.name)
    if answer == INFECTED:
        logger.warning("the antivirus refused an uploaded file")
        raise Infected
    if answer != 0:
        logger.error("the antivirus could not check an uploaded file: it answered %s", answer)
        raise NotChecked


def _ask(path):
    """The exit status of the command, or what kept it from giving one."""
    try:
        command = [*shlex.split(settings.ANTIVIRUS), path]
        ended = subprocess.run(  # noqa: S603  the command the server's owner wrote in its settings
            command, capture_output=True, check=False, timeout=settings.ANTIVIRUS_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return ended.returncode
