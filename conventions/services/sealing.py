"""From a document that was drawn to its sealed bytes: once, whatever dies on the way, and never at a lower level.

The `SealedArtefact` is the claim of the work. What was drawn is kept first; then it is sealed and checked; its caller
keeps the sealed bytes and moves the convention in one transaction. Done again at any step, it goes on from there.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from caprse.base import archive, clock
from caprse.base.sealing import checks, keys, seals
from caprse.base.sealing.keys import SealUnavailable
from caprse.base.sealing.seals import SealRefused
from caprse.base.sealing.stamps import StampUnavailable
from conventions import documents
from conventions.enums import ConventionState
from conventions.models import FrozenDocument, SealedArtefact
from conventions.services import states

logger = logging.getLogger(__name__)
MAKING = (ConventionState.FREEZING, ConventionState.SIGNED)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
NO_STAMP = (
    "Le serveur d’horodatage ne répond pas. Rien n’est perdu : nous réessayons de nous-mêmes, et le cachet sera posé "
    "dès qu’il répondra."
)
REFUSED = (
    "La clé de cachet refuse ce document : son certificat est périmé ou révoqué, son autorité ne dit pas lesquels elle a "
    "révoqués, ou le document est abîmé. Rien n’est perdu : nous réessayons ; prévenez qui s’occupe du site."
)
OTHER_KEY = (
    "Ce document a été dessiné pour un cachet de test, ou pour un vrai, et la clé n’est plus de cette sorte : prévenez "
    "qui s’occupe du site."
)


class NotSealed(Exception):
    """No seal could be put now; `str()` says why, in French. `to_tell`: somebody must act, and does not know it yet."""

    def __init__(self, reason, *, to_tell):
        super().__init__(reason)
        self.to_tell = to_tell


@dataclass(frozen=True)
class Drawn:
    """A document to seal: the page it was drawn from, its bytes, how many pages they have."""

    html: str
    pdf: bytes
    pages: int


def claim(*, convention, kind, state, draw, then=None):
    """The document of this kind waiting for its seal: the one drawn before, else what `draw()` returns, kept.

    None when the convention has left this state meanwhile. `then(locked, artefact)` runs with the keeping, once.
    """
    rows = SealedArtefact.objects.filter(convention=convention, kind=kind)
    found = rows.first()
    if found:
        return found
    drawn = draw()
    with transaction.atomic():
        locked = states.lock(convention)
        if locked.state != state:
            return None
        found = rows.first()
        if found:
            return found
        artefact = SealedArtefact.objects.create(
            region_id=locked.region_id,
            convention=locked,
            kind=kind,
            html=drawn.html,
            built=drawn.pdf,
            built_sha256=documents.sha256(drawn.pdf),
            pages=drawn.pages,
            is_test=keys.for_test(),
        )
        if then:
            then(locked, artefact)
    return artefact


def sealed(artefact, *, reason, check=None):
    """The sealed bytes of a document and the key that sealed them, read again as anybody would read them.

    `check(content)` returns what is wrong with them beside their seal. Raises NotSealed, and notes why.
    """
    try:
        key = keys.seal_key()
        if key.is_test != artefact.is_test:
            raise SealUnavailable(OTHER_KEY)
        content = seals.seal(bytes(artefact.built), key=key, reason=reason)
        problems = [*_faults(content, key), *(check(content) if check else ())]
    except StampUnavailable as error:
        raise _noted(artefact, NO_STAMP, error) from error
    except SealUnavailable as error:
        raise _noted(artefact, str(error), error) from error
    except SealRefused as error:
        raise _noted(artefact, REFUSED, error) from error
    if problems:
        raise _noted(artefact, REFUSED, "; ".join(problems))
    return content, key


def _faults(content, key):
    """What is wrong with what was just sealed: its claims as an archive, its seal for whom has the public roots alone.

    `seals.seal` has read the seal again with the roots of the key; they are read once more only if others are published.
    """
    yield from archive.problems(content)
    roots = keys.roots()
    if {one.sha256 for one in roots} != {one.sha256 for one in key.roots}:
        findings = checks.findings(content, roots=roots, fingerprints={key.fingerprint})
        yield from (f"{one.code}: {one.said}" for one in findings if not one.holds)


def _noted(artefact, reason, error):
    """Keep why, and when to try again: later and later, an hour at most, never for the last time."""
    logger.warning("no seal convention=%s kind=%s: %s", artefact.convention_id, artefact.kind, error)
    rows = SealedArtefact.objects.filter(pk=artefact.pk, sealed_at=None)
    wait = min(FIRST_WAIT * 2**artefact.attempts, LONGEST_WAIT) if artefact.attempts < 10 else LONGEST_WAIT
    spread = timedelta(seconds=secrets.randbelow(1 + int(wait.total_seconds() / 5)))
    rows.update(attempts=F("attempts") + 1, problem=reason[:300], retry_at=clock.now() + wait + spread)
    return NotSealed(reason, to_tell=reason != NO_STAMP and artefact.problem != reason[:300])


def keep(locked, artefact, content, key):
    """Write the sealed bytes, for ever. The caller holds the convention, in the state it supposed. Returns the document."""
    document = FrozenDocument.objects.create(
        region_id=locked.region_id,
        convention=locked,
        kind=artefact.kind,
        html=artefact.html,
        html_sha256=documents.sha256(artefact.html),
        pdf=content,
        pdf_sha256=documents.sha256(content),
        pages=artefact.pages,
    )
    SealedArtefact.objects.filter(pk=artefact.pk, sealed_at=None).update(
        sealed_at=clock.now(),
        sealed_sha256=document.pdf_sha256,
        certificate=key.certificate.dump(),
        certificate_sha256=key.fingerprint,
        level=seals.LEVEL,
        lasts_until=checks.last_stamp(content)[1].not_valid_after.date(),
        problem="",
        retry_at=None,
    )
    return document


def facts(document, key):
    """What the chain says of a sealed document."""
    return {
        "pdf_sha256": document.pdf_sha256,
        "html_sha256": document.html_sha256,
        "certificate_sha256": key.fingerprint,
        "level": seals.LEVEL,
    }


def waiting(convention):
    """What keeps the document being made from its seal: the unsealed artefact, without its bytes, or None."""
    rows = SealedArtefact.objects.filter(convention=convention, sealed_at=None)
    return rows.only("kind", "attempts", "problem", "retry_at", "built_at", "is_test", "convention").first()


def obstacles():
    """How many documents have waited for their seal for more than an hour."""
    rows = SealedArtefact.objects.filter(sealed_at=None, convention__state__in=MAKING)
    return rows.filter(built_at__lt=clock.now() - LONGEST_WAIT).count()
