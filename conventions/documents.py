"""A convention as a document: its page, its fingerprints. Words: `conventions.texts`; the PDF: `conventions.drawing`."""

import datetime
import hashlib

import rfc8785
from django.template.loader import render_to_string

from conventions.enums import TemplateKind
from conventions.texts import in_order, numbered_articles, with_party_values

# How a document is named before its number.
NAMED = {
    TemplateKind.CONVENTION: "Convention",
    TemplateKind.PARTNERSHIP: "Contrat",
    TemplateKind.ENGAGEMENT: "Charte",
    TemplateKind.AMENDMENT: "Avenant",
    TemplateKind.ACCESSION: "Bulletin d’adhésion",
}


def sha256(data):
    """Fingerprint of bytes or of a text in UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def canonical_sha256(value):
    """Fingerprint of plain data in canonical JSON (RFC 8785)."""
    return sha256(rfc8785.dumps(value))


# --- Drawing ----------------------------------------------------------------------------------------------------


def original_html(*, template, variables, reference, version_number, parties, annexes=(), revision=""):
    """The text to sign as a fragment of page: what every signatory reads, and what the PDF is made from.

    `annexes` are those of `services.annexed`, printed with their revision and fingerprint.
    """
    parties = list(parties)
    return render_to_string(
        "conventions/frozen_text.html",
        {
            "title": template.title,
            "kind_word": NAMED[template.kind],
            "reference": reference,
            "version_number": version_number,
            "parties": in_order(parties),
            "articles": numbered_articles(template, with_party_values(template, variables, parties)),
            "annexes": annexes,
            "revision": revision,
        },
    )


def moment(instant):
    """An instant as the chain writes it: UTC, to the microsecond."""
    return instant.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
