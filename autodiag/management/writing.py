"""A document written where somebody asks for it, by a command: marked and registered as any that leaves."""

from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import transaction

from autodiag.models import Autodiag
from autodiag.reports import Edition
from caprse.base import files
from caprse.base.ids import is_public_id
from caprse.base.marking import UnmarkableFile
from caprse.base.pdf import PdfUnavailable
from cohorts.models import Participation

EDITIONS = {"interne": Edition.INTERNAL, "diffusion": Edition.OUTWARD}


def found(public_id):
    """The chapter of this id and its path, or the path alone: (None, path)."""
    known = is_public_id(public_id)
    if known and (autodiag := Autodiag.objects.with_context().filter(public_id=public_id).first()):
        return autodiag, autodiag.participation
    if known and (participation := Participation.objects.with_context().filter(public_id=public_id).first()):
        return None, participation
    raise CommandError(f"Aucun autodiagnostic ni parcours n’a l’identifiant « {public_id} ».")


def format_of(output, formats):
    """The format, among these choices, that the ending of a name asks for."""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in formats.values:
        endings = ", ".join(f".{form.value}" for form in formats)
        raise CommandError(f"« {output.name} » : le nom du fichier finit par {endings}.")
    return formats(ending)


def write_document(output, store, *, actor, acting_for, refusals=()):
    """Make with `store()`, mark, register, write: what cannot be written is registered nowhere, and leaves no file.

    `refusals`: what `store` raises to say, in French, why there is nothing to write. Returns the line of the register.
    """
    try:
        with _place_of(output), transaction.atomic():
            line, content = files.hand_over(store(), actor=actor, acting_for=acting_for)
            output.write_bytes(content)
    except OSError as error:
        raise CommandError(f"« {output} » ne peut pas être écrit : {error.strerror or error}.") from error
    except (PdfUnavailable, UnmarkableFile, *refusals) as error:
        raise CommandError(str(error)) from error
    return line


@contextmanager
def _place_of(output):
    """The file, found to be writable before anything is made; gone again, if it was not there, whatever goes wrong."""
    existed = output.exists()
    output.open("ab").close()
    try:
        yield
    except BaseException:
        if not existed:
            output.unlink(missing_ok=True)
        raise
