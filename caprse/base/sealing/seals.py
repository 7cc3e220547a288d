"""Makes a seal: whole and checked, or none. Nothing is ever sealed at a lower level than B-LTA."""

import asyncio
import io
import logging

from pkcs11.exceptions import PKCS11Error
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfTimeStamper,
    TimestampDSSContentSettings,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator.errors import PathError, ValidationError

from caprse.base.sealing import checks
from caprse.base.sealing.loops import apart
from caprse.base.sealing.stamps import InOrder, StampUnavailable

FIELD = "Cachet"
LEVEL = "PAdES B-LTA"
NO_READING = (ValueError, LookupError, AttributeError)  # what the library raises of a file that is not what it was
# The library warns of lists of revoked certificates given by hand, which is what a chain of test does.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


class SealRefused(RuntimeError):
    """No seal can be made with this key, or of this file: asking again changes nothing."""


@apart
def seal(content: bytes, *, key, reason: str) -> bytes:
    """The same PDF, sealed by this `SealKey`: no change allowed, timestamped, checked by a fresh look at it.

    Raises `StampUnavailable` (ask again later), `SealRefused`.
    """
    sealed = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=True)
        signer = PdfSigner(
            PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
                reason=reason,
                embed_validation_info=True,
                # No index of them (VRI): it would be written after the last timestamp, where nothing covers it.
                dss_settings=DSSContentSettings(include_vri=False),
                validation_context=key.context(),
                use_pades_lta=True,
            ),
            signer=key.signer,
            timestamper=InOrder(key.authorities),
            new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)),
        )
        signer.sign_pdf(writer, output=sealed)
    except (SigningError, ValidationError, PathError, PdfError, PKCS11Error, ValueError) as error:
        raise SealRefused(f"{type(error).__name__}: {error}") from error
    except OSError as error:  # lists of revoked certificates that could not be fetched
        raise StampUnavailable(str(error)) from error
    return _read_again(sealed.getvalue(), roots=key.roots, fingerprints={key.fingerprint})


@apart
def renewed(content: bytes, *, key) -> bytes:
    """The same sealed PDF, byte for byte, under one more timestamp: the last one must be covered before it ends.

    Raises `StampUnavailable` (ask again later), `SealRefused`.
    """
    under = io.BytesIO()
    try:
        last = PdfFileReader(io.BytesIO(content), strict=True).embedded_timestamp_signatures[-1]
        context = key.context()
        told = asyncio.run(validate_tst_signed_data(last.signed_data, context, last.compute_digest))
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=True)
        # What proves the last timestamp goes under the new one, as does what proves the new one: nothing comes after.
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, paths=(told["validation_path"],), validation_context=context
        )
        PdfTimeStamper(InOrder(key.authorities)).timestamp_pdf(
            writer,
            "sha256",
            context,
            output=under,
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        )
    except (SigningError, SignatureValidationError, ValidationError, PathError, PdfError, *NO_READING) as error:
        raise SealRefused(f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise StampUnavailable(str(error)) from error
    if not under.getvalue().startswith(content):
        raise SealRefused("the bytes that were sealed are no longer the first")
    return _read_again(under.getvalue(), roots=key.roots)


def _read_again(content, **expected):
    findings = checks.findings(content, **expected)
    if not all(finding.holds for finding in findings):
        raise SealRefused("; ".join(f"{one.code}: {one.said}" for one in findings if not one.holds))
    return content
