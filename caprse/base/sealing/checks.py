"""Reads the seal of a PDF, without the network: exactly the seal that is expected, and nothing after it.

Every check must hold; a check that could not be made does not.
"""

import asyncio
import io
import re
from dataclasses import dataclass

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import ModificationLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from caprse.base import clock
from caprse.base.sealing.loops import apart
from caprse.base.sealing.stamps import moment_of, stands

OFFLINE = RevocationInfoGatheringSpec(
    online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
    certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
)
UNCHANGED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
THEN = "then"  # the seal as it stood when it was put, for bytes that something else vouches for since
END = re.compile(rb"startxref\s+[0-9]+\s+%%EOF\r?\n?\Z")


@dataclass(frozen=True)
class Finding:
    """One check: its code, whether it holds, what was found."""

    code: str
    holds: bool
    said: str = ""


@apart
def findings(content: bytes, *, roots, fingerprints=None, at=None) -> list[Finding]:
    """Every check, in order; the first that cannot be made ends the list.

    `roots`: the certificates trusted; `fingerprints`: those of the seals that are ours, in hexadecimal, None for any
    seal of these roots; `at`: the moment at which it must hold, None for now, `THEN` for when it was put: what came
    after the seal is then not compared, for something else names the bytes whole.
    """
    found = []
    try:
        for finding in _look(content, tuple(roots), fingerprints, at or clock.real_now()):
            found.append(finding)
            if not finding.holds:
                break
    except Exception as error:  # noqa: BLE001  a file made to break the reader is refused like any other
        found.append(Finding("readable", False, type(error).__name__))
    return found


def holds(content: bytes, **expected) -> bool:
    """Whether every check holds."""
    return all(finding.holds for finding in findings(content, **expected))


def last_stamp(content: bytes):
    """The last timestamp of a sealed file, which covers all of it: its moment and the certificate that gave it."""
    mark = PdfFileReader(io.BytesIO(content)).embedded_timestamp_signatures[-1]
    return moment_of(mark.signed_data), mark.signer_cert


def _look(content, roots, fingerprints, at):
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    yield Finding("readable", not reader.encrypted, "encrypted" if reader.encrypted else "")
    yield Finding("nothing_after", END.search(content) is not None, "bytes after the end")
    seals = reader.embedded_regular_signatures
    yield Finding("one_seal", len(seals) == 1, f"{len(seals)} seals")
    seal = seals[0]
    ours = fingerprints is None or seal.signer_cert.sha256.hex() in fingerprints
    yield Finding("our_seal", ours, seal.signer_cert.subject.human_friendly)
    yield Finding("no_change_allowed", seal.docmdp_level == MDPPerm.NO_CHANGES, str(seal.docmdp_level))
    yield _offline(seal, reader.embedded_timestamp_signatures, roots, at)
    vouched = at == THEN  # comparing what came after the seal takes most of the time
    then = _then(seal, roots)
    status = validate_pdf_signature(seal, then, ts_validation_context=_then(seal, roots), skip_diff=vouched)
    yield Finding("intact", status.intact and status.valid, status.summary())
    if not vouched:
        yield Finding("unchanged", status.modification_level in UNCHANGED, str(status.modification_level))


def _then(seal, roots):
    """Certificates as they stood when it was made: `lasting` says whether that moment is proven."""
    return ValidationContext(
        trust_roots=list(roots),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=seal.self_reported_timestamp,
    )


def _offline(seal, marks, roots, at):
    """The verdict that still holds once certificates have expired. Source: ETSI EN 319 102-1, 5.6 (LTA).

    Lists of revoked certificates live a week and nothing is fetched: all is judged at the moment of the last timestamp,
    which carries those of that moment. It proves that moment as long as its own certificate is in its time.
    """
    if not marks:
        return Finding("lasting", False, "no timestamp")
    last, moment = marks[-1], moment_of(marks[-1].signed_data)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots)),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    # `unchanged` compares what came after the seal: comparing it here again, at each timestamp, takes most of the time.
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=OFFLINE), diff_policy=None
    )
    then = ValidationTimingInfo(moment, moment, point_in_time_validation=True)
    said = str(asyncio.run(ades_lta_validation(seal, spec, then)).ades_subindic)
    if said != "AdESPassed.OK":
        return Finding("lasting", False, said)
    proven = stands(last.signed_data, last.compute_digest, roots, moment if at == THEN else at)
    return Finding("lasting", proven, said if proven else "the last timestamp is out of its time")
