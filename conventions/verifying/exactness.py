"""Every byte of a file is under a seal: the gaps that hold the seals themselves have no room for anything else.

Without this, the zeros that fill such a gap, or the certificates that the last timestamp carries along, may be changed
and every signature of the file still holds.
"""

import binascii
import io

from asn1crypto import parser
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader

from conventions.verifying.evidence import finding


def findings(content, roots):
    """Whether the last timestamp covers the whole file, each gap holds its seal and zeros alone, and it nothing else."""
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    marks = reader.embedded_signatures
    last = [mark for mark in marks if _reaches_the_end(mark, len(content))]
    exact = len(last) == 1 and all(_is_full(content, mark) for mark in marks)
    yield finding("exact", exact and _carries_nothing(last[0], _covered(reader, roots)), "bytes under no seal")


def _places(mark):
    return [int(place) for place in mark.byte_range]


def _reaches_the_end(mark, length):
    start, _, after, rest = _places(mark)
    return start == 0 and after + rest == length


def _is_full(content, mark):
    start, before, after, _ = _places(mark)
    gap = content[start + before : after]
    if gap[:1] != b"<" or gap[-1:] != b">":
        return False
    try:
        raw = binascii.unhexlify(gap[1:-1])
        length = parser.peek(raw)
    except (binascii.Error, ValueError):
        return False
    digits = {binascii.hexlify(raw), binascii.hexlify(raw).upper()}
    return gap[1:-1] in digits and not raw[length:].strip(b"\x00")


def _covered(reader, roots):
    """The certificates whose bytes somebody else vouches for: the trusted ones, and those kept under the timestamp."""
    kept = (one.get_object().data for one in reader.root["/DSS"]["/Certs"])
    return {*(root.dump() for root in roots), *kept}


def _carries_nothing(mark, covered):
    """Whether what a timestamp holds beside what it signs is written in one way only, and vouched for elsewhere."""
    signed = mark.signed_data
    (info,) = signed["signer_infos"]
    certificates = [one.chosen.dump() for one in signed["certificates"]]
    plain = (
        signed["version"].native == "v3"
        and info["version"].native == "v1"
        and [one.dump() for one in signed["digest_algorithms"]] == [info["digest_algorithm"].dump()]
        and not signed["crls"].native
        and not info["unsigned_attrs"].native
        and len(certificates) == len(set(certificates))
    )
    return plain and all(one in covered or _is_issued(one, {*covered, *certificates}) for one in certificates)


def _is_issued(certificate, issuers):
    """Whether one of these issued this certificate as it is: some authorities carry more than is needed."""
    for issuer in issuers:
        try:
            x509.load_der_x509_certificate(certificate).verify_directly_issued_by(
                x509.load_der_x509_certificate(issuer)
            )
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False
