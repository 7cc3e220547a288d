"""The whole verification of a signed convention: seal, exactness, proofs, pages; the first that fails ends it."""

import io

import pikepdf

from caprse.base.sealing import checks
from caprse.base.sealing.checks import Finding
from caprse.base.sealing.sample_chain import MARK
from conventions.verifying import evidence, exactness, pages
from conventions.verifying.verdicts import NOT_A_PDF, WHOLE, Verdict, Verification, meaning_of

# As `conventions.drawing` names them: written apart, for who verifies needs nothing of who makes.
ORIGINAL_FILE, EVIDENCE_FILE = "convention-originale.pdf", "dossier-de-preuve.json"
LEVEL = "PAdES B-LTA"
HEADER, SEAL = b"%PDF-", b"/ByteRange"


def verify(content: bytes, *, roots, fingerprints=None) -> Verification:
    """What these bytes are. `roots`: the certificates trusted; `fingerprints`: those of our seals, None for any.

    Reads neither the database nor the network, and never raises.
    """
    sha256 = evidence.sha256(content)
    if not content.startswith(HEADER):
        return Verification(Verdict.UNREADABLE, NOT_A_PDF, sha256, (Finding("readable", False, "not a PDF"),))
    found = checks.findings(content, roots=roots, fingerprints=fingerprints)
    told = {}
    if all(one.holds for one in found):
        told["level"] = LEVEL
        told["is_test"] = _is_test(found)
        _look_inside(content, tuple(roots), fingerprints, found, told)
    failed = next((one for one in found if not one.holds), None)
    sealed = SEAL in content
    verdict, reason = meaning_of(failed, bears_a_seal=sealed) if failed else (Verdict.SEALED, WHOLE)
    return Verification(verdict, reason, sha256, tuple(found), **told)


def _is_test(found):
    """Whether the seal is that of a chain of test, as its certificate says."""
    return any(one.code == "our_seal" and MARK in one.said for one in found)


def _look_inside(content, roots, fingerprints, found, told):
    """Add to `found` what the bytes and the attachments say, and to `told` what they are about."""
    code = "exact"
    try:
        for finding in _inside(content, roots, fingerprints, told):
            found.append(finding)
            code = finding.code
            if not finding.holds:
                return
    except Exception as error:  # noqa: BLE001  proofs made to break the reader are refused like any other
        found.append(Finding("evidence" if code in ("attachments", "exact") else code, False, type(error).__name__))


def _inside(content, roots, fingerprints, told):
    yield from exactness.findings(content, roots)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        files = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
    whole = {ORIGINAL_FILE, EVIDENCE_FILE} <= set(files)
    yield evidence.finding("attachments", whole, f"{len(files)} files")
    original, proofs = files[ORIGINAL_FILE], evidence.read(files[EVIDENCE_FILE])
    told |= {"reference": str(proofs["reference"]), "convention": str(proofs["convention"])}
    told |= {"completed_at": str(proofs["completed_at"]), "chain_head": str(proofs["chain_head"])}
    told |= evidence.counts(proofs)
    yield evidence.finding("evidence", True)
    # As it was sealed: the document around it vouches for it since.
    sealed = checks.holds(original, roots=roots, fingerprints=fingerprints, at=checks.THEN)
    yield evidence.finding("original_sealed", sealed, "the attached text has lost its seal")
    yield from evidence.findings(proofs, original, roots)
    yield evidence.finding("same_pages", pages.same(original, content), "pages differ")
