"""A frozen text as a PDF that archives keep and screen readers read. Same input, same bytes."""

import datetime
import io
import json

import pikepdf
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from caprse.base import archive, joining
from caprse.base.pdf import Attached, render_pdf
from caprse.base.sealing import keys
from conventions.enums import Nature

ORIGINAL_FILE, EVIDENCE_FILE = "convention-originale.pdf", "dossier-de-preuve.json"
TEST_NOTICE = "Cachet de test, sans valeur"


def document_pdf(*, html, **told):
    """The PDF of the text to sign, PDF/A-3a and PDF/UA-1; `told` as `_drawn_from`. Returns (bytes, number of pages).

    Raises PdfUnavailable without Pango.
    """
    content = archive.with_both_claims(_drawn_from("pdf/convention.html", html, **told))
    return content, _length(content)


def closed_pdf(text, *, html, attachments=(), **told):
    """The pages of a text as they were drawn, then what closes it, and the files it carries.

    The pages that were signed are not drawn again: a later style, or another version of what draws, leaves them as
    they are. Returns (bytes, number of pages). Raises PdfUnavailable without Pango.
    """
    files = tuple(sorted(attachments, key=lambda one: one.name))
    content = joining.joined(text, _drawn_from("pdf/closing.html", html, attachments=files, **told))
    return content, _length(content)


def _drawn_from(template, html, *, title, reference, made_at, kind="Convention", notice="", attachments=()):
    page = render_to_string(
        template,
        {
            "title": title,
            "subject": f"{title} n° {reference}",
            "context": f"{kind} n° {reference}",
            "notice": notice,
            "created": made_at,
            "html": mark_safe(html),  # noqa: S308  drawn and escaped by our own templates
        },
    )
    return render_pdf(page, variant=archive.VARIANT, attachments=attachments)


def _length(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def marks(convention, *, for_test=None):
    """What each page says of its convention: its number at the foot, and that a seal of test is worth nothing."""
    word = convention.word if convention.nature == Nature.CONVENTION else convention.get_nature_display()
    notice = TEST_NOTICE if (keys.for_test() if for_test is None else for_test) else ""
    return {"kind": word.capitalize(), "reference": convention.reference, "notice": notice}


def attached(content, name):
    """The bytes of a file attached to a PDF, None when there is none of this name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.attachments[name].get_file().read_bytes() if name in pdf.attachments else None


def evidence_file(evidence):
    """The evidence attached to the final PDF, readable by people and by machines."""
    return json.dumps(evidence, ensure_ascii=False, indent=1, sort_keys=True).encode()


def attachments(original, evidence, at):
    """The two files that the final PDF carries, dated."""
    at = at.astimezone(datetime.UTC)
    return (
        Attached(ORIGINAL_FILE, "Le document tel qu’il a été signé, scellé", original, "Source", at),
        Attached(EVIDENCE_FILE, "Le dossier de preuve, lisible par une machine", evidence, "Data", at),
    )
