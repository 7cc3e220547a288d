"""Makes a seal: whole and checked, or none. Nothing is ever sealed at a lower level than B-LTA."""

import io
import logging

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.errors import PathError, ValidationError

from caprse.base.sealing import checks
from caprse.base.sealing.loops import apart
from caprse.base.sealing.stamps import InOrder, StampUnavailable

FIELD = "Cachet"
LEVEL = "PAdES B-LTA"
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
    except (SigningError, ValidationError, PathError, PdfError, ValueError) as error:
        raise SealRefused(f"{type(error).__name__}: {error}") from error
    except OSError as error:  # lists of revoked certificates that could not be fetched
        raise StampUnavailable(str(error)) from error
    findings = checks.findings(sealed.getvalue(), roots=key.roots, fingerprints={key.fingerprint})
    if not all(finding.holds for finding in findings):
        raise SealRefused("; ".join(finding.said for finding in findings if not finding.holds))
    return sealed.getvalue()
