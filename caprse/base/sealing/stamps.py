"""Timestamps (RFC 3161): asked of the authorities in their order, checked at once, never made up."""

import asyncio
import datetime
import hashlib
from dataclasses import dataclass, field

from asn1crypto import cms
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from caprse.base.sealing.loops import apart

DIGEST = "sha256"
SECONDS = 10  # an authority that says nothing for so long is passed over
# What the library raises for a refusal, a page of HTML, a wrong nonce, a broken answer.
NO_ANSWER = (OSError, ValueError, TypeError, LookupError, AttributeError)


class StampUnavailable(RuntimeError):
    """No authority gave a timestamp now: to be asked again later, nothing is lost."""


class BadStamp(ValueError):
    """A timestamp that is broken, of something else, or of an authority that is not ours."""


@dataclass(frozen=True)
class Stamp:
    """A timestamp: the token itself (DER), the moment it says, the name of its authority."""

    token: bytes = field(repr=False)
    at: datetime.datetime
    authority: str


class InOrder(TimeStamper):
    """Asks a first authority, then the next when it gives nothing: never one at random, never our own clock."""

    def __init__(self, authorities):
        super().__init__()
        self.authorities = tuple(authorities)

    async def async_timestamp(self, message_digest, md_algorithm):
        problems = []
        for authority in self.authorities:
            try:
                return await asyncio.wait_for(authority.async_timestamp(message_digest, md_algorithm), SECONDS)
            except NO_ANSWER as error:
                problems.append(f"{type(error).__name__}: {error}")
        raise StampUnavailable("; ".join(problems) or "no timestamp authority is configured")


@apart
def stamp(digest: bytes, authorities, roots) -> Stamp:
    """A timestamp of a SHA-256 digest, checked against the roots. Raises `StampUnavailable`, `BadStamp`."""
    token = asyncio.run(InOrder(authorities).async_timestamp(digest, DIGEST)).dump()
    return checked(token, digest, roots)


@apart
def checked(token: bytes, digest: bytes, roots) -> Stamp:
    """What a token says of a digest, read without the network, certificates as they stood then. Raises `BadStamp`."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        at = moment_of(signed)
        told = _told(signed, lambda name: digest if name == DIGEST else b"", roots, at)
    except (*NO_ANSWER, SignatureValidationError, PdfError) as error:
        raise BadStamp(str(error)) from error
    if not _holds(told):
        raise BadStamp("the timestamp does not hold")
    return Stamp(token, at, told["signing_cert"].subject.human_friendly)


def stands(signed, imprint, roots, at) -> bool:
    """Whether a timestamp of this imprint (by algorithm) is of an authority of these roots, in its time at a moment."""
    return _holds(_told(signed, imprint, roots, at))


def moment_of(signed):
    """The moment a timestamp says."""
    return signed["encap_content_info"]["content"].parsed["gen_time"].native


def _told(signed, imprint, roots, at):
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail", moment=at)
    return asyncio.run(validate_tst_signed_data(signed, context, imprint))


def _holds(told):
    known = told["validation_path"] is not None and told.get("trust_problem_indic") is None
    return told["intact"] and told["valid"] and known


def digest_of(content: bytes) -> bytes:
    """What is stamped of some bytes."""
    return hashlib.sha256(content).digest()
