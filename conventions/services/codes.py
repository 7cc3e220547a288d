"""The six digits sent at the moment of signing: asked for, made when the mail leaves, tried, used once."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F

from caprse.base import clock, outbox
from conventions import rules
from conventions.enums import DocumentKind, TrailKind
from conventions.models import FrozenDocument, Signatory, SigningCode, WrongPerson
from conventions.services import states, trail, turns

CODE_MAIL = "signing_code"
DIGITS = 6
PASSED_ON = (
    "Vous avez dit que ce n’est pas à vous de signer : la délégation s’en occupe. Si c’est bien à vous, dites-le-lui : "
    "elle rouvrira votre page de signature."
)


class CodeRefused(Exception):
    """The code opens nothing; `str()` says why, in French, and what to do."""


class SigningClosed(Exception):
    """Nothing can be signed here now; `str()` says why, in French."""


def fingerprints_of(convention):
    """The frozen text of a convention that is being signed, without its bytes: what a signature names."""
    return FrozenDocument.objects.defer("pdf", "html").get(convention=convention, kind=DocumentKind.ORIGINAL)


def require_open(convention, signatory):
    """Raise SigningClosed unless this person may still read to sign; the caller holds the convention."""
    now = Signatory.objects.filter(pk=signatory.pk).values_list("replaced_at", "signature")
    signatory.replaced_at, signature = now.get()
    require_no_end(convention, signatory, signed=signature is not None)


def require_no_end(convention, signatory, *, signed):
    """The same, of a signatory as it stands, held by the caller."""
    verdict = rules.can_sign(convention, signatory)
    if not verdict:
        raise SigningClosed(verdict.reason)
    if signed:
        raise SigningClosed("Vous avez déjà signé : il n’y a plus rien à signer.")


def require_awaited(convention, signatory):
    """Raise SigningClosed unless this signature is expected now, in its turn; the caller holds the convention."""
    require_open(convention, signatory)
    require_now(signatory)


def require_now(signatory):
    """Raise SigningClosed out of one's turn, or after one has said that somebody else should sign."""
    require_turn(signatory)
    if WrongPerson.objects.filter(signatory=signatory, answered_at=None).exists():
        raise SigningClosed(PASSED_ON)


def require_turn(signatory):
    """Raise SigningClosed while somebody who signs before has not."""
    verdict = turns.turn_of(signatory)
    if not verdict:
        raise SigningClosed(verdict.reason)


@transaction.atomic
def ask(*, signatory, session, circumstances):
    """Have a code sent to the signatory's own address, for this session and this text.

    Raises SigningClosed when there is nothing to sign any more, CodeRefused when too many were asked for.
    """
    convention = states.lock(signatory.party.convention)
    require_awaited(convention, signatory)
    hour = clock.now() - timedelta(hours=1)
    asked = list(signatory.codes.filter(asked_at__gt=hour).order_by("asked_at").values_list("asked_at", flat=True))
    verdict = rules.can_ask_code(asked, clock.now())
    if not verdict:
        raise CodeRefused(verdict.reason)
    code = SigningCode.objects.create(
        region_id=signatory.region_id,
        signatory=signatory,
        session=session,
        document_sha256=fingerprints_of(convention).pdf_sha256,
    )
    outbox.post(CODE_MAIL, to_ids=[signatory.user_id], code=code.pk)
    trail.append(
        convention,
        TrailKind.CODE_SENT,
        actor=trail.by_signatory(signatory),
        data={"code": code.pk},
        sensitive={"address": signatory.email, **circumstances.values},
    )
    return code


def issue(*, code):
    """Make the digits, keep their hash alone, and return them for the mail that leaves."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    SigningCode.objects.filter(pk=code.pk, consumed_at=None).update(
        digest=digest_of(code.pk, digits), expires_at=clock.now() + rules.CODE_LIFE
    )
    return digits


def digest_of(code_id, digits):
    """What is kept of the digits: useless without the product's secret, and bound to one code."""
    return hmac.new(settings.SECRET_KEY.encode(), f"signing-code:{code_id}:{digits}".encode(), sha256).hexdigest()


def latest(signatory, session):
    """The code last sent for this signatory in this session, or None."""
    return signatory.codes.filter(session=session).order_by("-asked_at", "-pk").first()


def attempt(*, signatory, session, digits, circumstances):
    """Try the digits, count the try whatever happens after, and return the code they open.

    Raises CodeRefused when they are wrong, or the code is over, used, or tried too often.
    """
    code, reason = _count_attempt(signatory, session, digits, circumstances)
    if reason:
        raise CodeRefused(reason)
    return code


@transaction.atomic
def _count_attempt(signatory, session, digits, circumstances):
    """The code and no reason, or the reason why it opens nothing. Never raises, so that the count is kept."""
    convention = states.lock(signatory.party.convention)
    code = latest(signatory, session)
    verdict = rules.code_usable(code, clock.now())
    if not verdict:
        return code, verdict.reason
    live = SigningCode.objects.filter(pk=code.pk, consumed_at=None, attempts__lt=rules.CODE_TRIES)
    if not live.update(attempts=F("attempts") + 1):
        return code, rules.code_usable(SigningCode.objects.get(pk=code.pk), clock.now()).reason
    code.attempts += 1  # the convention is held: nobody else has counted since
    if hmac.compare_digest(code.digest, digest_of(code.pk, digits)):
        return code, ""
    trail.append(
        convention,
        TrailKind.CODE_REFUSED,
        actor=trail.by_signatory(signatory),
        data={"code": code.pk, "attempt": code.attempts},
        sensitive=circumstances.values,
    )
    left = rules.CODE_TRIES - code.attempts
    if left == 0:
        return code, rules.code_usable(code, clock.now()).reason
    return code, f"Ce n’est pas le bon code. Il vous reste {left} essai{'s' if left > 1 else ''} ; rien n’est perdu."
