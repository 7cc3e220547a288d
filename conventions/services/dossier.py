"""What closes a convention that all have signed: the table of signatures, the page of evidence, the evidence as data.

Eighteen parties receive it: no address in full, nothing of anybody's machine. Source: Code civil, 1366 and 1367.
"""

import base64
import datetime
from dataclasses import dataclass
from functools import cached_property

from asn1crypto import x509
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from caprse.base.qr import qr_svg
from caprse.base.sealing import stamps
from caprse.base.text import masked_address
from conventions import documents
from conventions.enums import DocumentKind, Medium, Opening, TrailKind
from conventions.models import FrozenDocument, SealedArtefact, Signatory, Signature, TrailEntry, TrailStamp
from conventions.services import signing, trail
from conventions.texts import fill, in_order, read_template

SCHEMA = "caprse/dossier-de-preuve/1"
LATE = datetime.timedelta(minutes=15)
MEANS = {
    signing.IDENTIFIED_BY[Opening.LINK]: "Lien personnel reçu par courriel.",
    signing.IDENTIFIED_BY[Opening.ACCOUNT]: "Compte dans l’application.",
    signing.ON_PAPER: "Signature sur papier : la page signée est gardée avec la convention.",
}
# Told by the table of signatures, or too small for a page that people read: they are in the evidence as data.
UNTOLD = {
    *(TrailKind.SIGNED, TrailKind.CODE_SENT, TrailKind.CODE_REFUSED, TrailKind.REMINDED, TrailKind.RETURNED),
    *(TrailKind.LINK_SENT, TrailKind.LINK_OPENED),
}
NETWORK, SITE = "La délégation", "La plateforme"


@dataclass(frozen=True)
class Material:
    """All that is told of a convention, read once: its chain cannot grow between a page and the data beside it."""

    convention: object
    original: FrozenDocument
    artefact: SealedArtefact | None
    signatures: list
    entries: list
    stamps: dict

    @property
    def head(self):
        return self.entries[-1].digest

    @cached_property
    def link_of(self):
        """The link of the chain that each signature added, by its evidence."""
        return {e.data.get("evidence_sha256"): e for e in self.entries if e.kind == TrailKind.SIGNED}


def material_of(convention):
    """Read it, as it stands."""
    entries = list(TrailEntry.objects.filter(convention=convention).order_by("seq"))
    given = TrailStamp.objects.filter(entry__convention=convention, entry__seq__lte=len(entries))
    artefacts = SealedArtefact.objects.filter(convention=convention, kind=DocumentKind.ORIGINAL).defer("html", "built")
    return Material(
        convention=convention,
        original=FrozenDocument.objects.get(convention=convention, kind=DocumentKind.ORIGINAL),
        artefact=artefacts.first(),
        signatures=signatures_of(convention),
        entries=entries,
        stamps={stamp.entry_id: stamp for stamp in given.order_by("entry__seq")},
    )


def signatures_of(convention):
    """The signatures, in the order of the parties."""
    rows = Signature.objects.filter(party__convention=convention).select_related("party__organisation", "signatory")
    by_party = {}
    for signature in rows.order_by("signatory__rank", "pk"):
        by_party.setdefault(signature.party, []).append(signature)
    return [signature for party in in_order(by_party) for signature in by_party[party]]


# --- For people -----------------------------------------------------------------------------------------------------


def closing_html(material):
    """The table of signatures and the page of evidence."""
    url = verification_url(material.convention)
    context = {
        "convention": material.convention,
        "original": material.original,
        "seal": seal_of(material.artefact),
        "rows": [row_of(signature, material) for signature in material.signatures],
        "events": events_of(material),
        "count": len(material.entries),
        "head": material.head,
        "replaced": replaced_of(material.convention),
        "consent": terms_of(material.convention),
        "url": url,
        "qr": qr_svg(url, title=f"Code à scanner : {url}"),
    }
    return render_to_string("conventions/closing.html", context)


def terms_of(convention):
    """The terms accepted, whose names each signatory's own replaced."""
    template = read_template(convention.version.content)
    names = {"signatory": "[nom]", "quality": "[qualité]", "party": "[partie]", "power": "[pouvoir]"}
    return fill(template.consent, {**names, "reference": convention.reference, "title": template.title})


def verification_url(convention):
    """Where anybody checks this convention."""
    return f"{settings.BASE_URL}{reverse('verify_code', args=[convention.public_id])}"


def seal_of(artefact):
    """Whose seal the original bears; None for a text of before there were seals."""
    if artefact is None or not artefact.certificate:
        return None
    certificate = x509.Certificate.load(bytes(artefact.certificate))
    return {"owner": _common_name(certificate.subject.human_friendly), "artefact": artefact}


def _common_name(subject):
    """« Common Name: X; Organization: Y; … » said in few words: « X (Y) »."""
    told = dict(part.split(": ", 1) for part in subject.split("; ") if ": " in part)
    name, organisation = told.get("Common Name", subject), told.get("Organization", "")
    return f"{name} ({organisation})" if organisation and organisation != name else name


def row_of(signature, material):
    """One signature as the table and the evidence tell it."""
    entry = material.link_of.get(signature.evidence_sha256)
    stamp = material.stamps.get(entry.pk) if entry else None
    online = signature.medium == Medium.ONLINE
    means = MEANS.get(signature.evidence.get("identified_by"), "")
    return {
        "signature": signature,
        # As words: a template would tell an instant in the time of Paris.
        "utc": f"{signature.signed_at.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC",
        "basis": signature.signatory.get_power_basis_display(),
        "address": masked_address(signature.signatory.email) if online else "",
        "known": signature.signatory.get_address_basis_display() if online else "",
        "means": f"{means} Clé d’accès de la personne (WebAuthn)." if signature.passkey else means,
        "entry": entry,
        "stamp": stamp,
        "authority": _common_name(stamp.authority) if stamp else "",
        "late": bool(stamp) and is_late(entry, stamp),
    }


def is_late(entry, stamp):
    """Whether a timestamp came well after what it stamps."""
    return stamp.given_at - datetime.datetime.fromisoformat(entry.at) > LATE


def events_of(material):
    """The events that people read: when, what, by whom."""
    signatories = Signatory.objects.filter(party__convention=material.convention).select_related("party")
    party = {trail.by_signatory(one): one.party.name for one in signatories.order_by("pk")}
    return [
        {
            "seq": entry.seq,
            "at": datetime.datetime.fromisoformat(entry.at),
            "what": entry.get_kind_display(),
            "who": _who(entry, party),
        }
        for entry in material.entries
        if entry.kind not in UNTOLD
    ]


def _who(entry, party):
    about = party.get(f"signatory:{entry.data.get('signatory', '')}")
    by = party.get(entry.actor) or (SITE if entry.actor == trail.PRODUCT else NETWORK)
    return f"{by}, pour {about}" if about and about != by else by


def replaced_of(convention):
    """The signatories replaced by somebody else, oldest first."""
    rows = Signatory.objects.filter(party__convention=convention).exclude(replaced_at=None)
    return rows.select_related("party").order_by("replaced_at", "pk")


# --- For machines ---------------------------------------------------------------------------------------------------


def evidence_of(material):
    """Everything needed to check the signatures without the product, personal values apart."""
    convention, original, artefact = material.convention, material.original, material.artefact
    return {
        "schema": SCHEMA,
        "convention": convention.public_id,
        "reference": convention.reference,
        "number": convention.number,
        "nature": convention.nature,
        "follows": convention.parent.public_id if convention.parent_id else None,
        "template_sha256": convention.version.sha256,
        "original": {
            "pdf_sha256": original.pdf_sha256,
            "html_sha256": original.html_sha256,
            "pages": original.pages,
            "certificate_sha256": artefact.certificate_sha256 if artefact else "",
            "level": artefact.level if artefact else "",
        },
        "completed_at": documents.moment(convention.completed_at),
        "signatures": [
            {
                "consent": signature.consent,
                "evidence": signature.evidence,
                "sha256": signature.evidence_sha256,
                "medium": signature.medium,
                "passkey": signature.passkey,
            }
            for signature in material.signatures
        ],
        "chain": [{name: getattr(entry, name) for name in (*trail.FIELDS, "digest")} for entry in material.entries],
        "chain_head": material.head,
        "stamps": [stamp_of(entry, material.stamps[entry.pk]) for entry in _stamped(material)],
    }


def _stamped(material):
    return [entry for entry in material.entries if entry.pk in material.stamps]


def stamp_of(entry, stamp):
    """The token of a link of the chain, as it is checked with its digest."""
    return {
        "seq": entry.seq,
        "token": base64.b64encode(bytes(stamp.token)).decode(),
        "given_at": documents.moment(stamp.given_at),
        "authority": stamp.authority,
        "late": is_late(entry, stamp),
    }


# --- Checked before anybody hears of it -----------------------------------------------------------------------------


def broken_stamps(material, roots):
    """The ranks of the links whose token does not hold."""
    return [
        entry.seq
        for entry in _stamped(material)
        if not _holds(bytes(material.stamps[entry.pk].token), bytes.fromhex(entry.digest), roots)
    ]


def _holds(token, digest, roots):
    try:
        stamps.checked(token, digest, roots)
    except stamps.BadStamp:
        return False
    return True
