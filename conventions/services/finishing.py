"""When all have signed: the final document, once, whatever dies on the way, then a copy to everybody."""

from django.db import transaction
from django.template.loader import render_to_string

from caprse.base import clock, outbox
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.text import masked_address
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import current
from conventions import documents
from conventions.enums import ConventionState, DocumentKind, Opening, TrailKind
from conventions.models import Convention, FrozenDocument, Signatory, Signature, TrailEntry
from conventions.services import codes, sending, signing, states, trail

FINAL_MAIL = "convention_in_force"
MEANS = {
    signing.IDENTIFIED_BY[Opening.LINK]: "Lien personnel reçu par courriel.",
    signing.IDENTIFIED_BY[Opening.ACCOUNT]: "Compte dans l’application.",
}
UNFINISHED = {
    ConventionState.FREEZING: sending.FREEZE_JOB,
    ConventionState.SIGNED: sending.FINAL_JOB,
}


def make_final(*, convention):
    """Make the signed document from the frozen text, the signatures and the chain. Doing it again changes nothing.

    Raises PdfUnavailable when this machine makes no PDF.
    """
    if convention.state != ConventionState.SIGNED:
        return convention
    original = codes.original_of(convention)
    head = trail.head(convention)
    closing = closing_html(convention, original, head)
    template = documents.read_template(convention.version.content)
    pdf, pages = documents.document_pdf(
        html=original.html,
        title=template.title,
        reference=convention.reference,
        made_at=convention.completed_at,
        closing_html=closing,
        attachments=(
            ("texte-signe.pdf", "Le texte tel qu’il a été signé", bytes(original.pdf), "application/pdf"),
            (
                "preuves.json",
                "Les preuves de signature",
                documents.evidence_file(evidence_of(convention, original, head)),
                "application/json",
            ),
        ),
    )
    with transaction.atomic():
        locked = states.lock(convention)
        if locked.state != ConventionState.SIGNED:
            return locked
        document = FrozenDocument.objects.create(
            region_id=locked.region_id,
            convention=locked,
            kind=DocumentKind.FINAL,
            html=original.html + closing,
            html_sha256=documents.sha256(original.html + closing),
            pdf=pdf,
            pdf_sha256=documents.sha256(pdf),
            pages=pages,
        )
        data = {"pdf_sha256": document.pdf_sha256, "chain_head": head}
        trail.append(locked, TrailKind.FINAL_MADE, actor=trail.PRODUCT, data=data)
        outbox.post(FINAL_MAIL, to_ids=everybody(locked), convention=locked.pk)
        return states.move(locked, to=ConventionState.IN_FORCE)


def signatures_of(convention):
    """The signatures, in the order of the parties."""
    rows = Signature.objects.filter(party__convention=convention).select_related("party", "signatory")
    by_party = {}
    for signature in rows.order_by("signatory__rank", "pk"):
        by_party.setdefault(signature.party, []).append(signature)
    return [signature for party in documents.in_order(by_party) for signature in by_party[party]]


def closing_html(convention, original, head):
    """The table of signatures and the page of evidence: no address in full, no machine's address."""
    rows = [
        {
            "signature": signature,
            "address": masked_address(signature.signatory.email),
            "means": MEANS[signature.evidence["identified_by"]],
        }
        for signature in signatures_of(convention)
    ]
    replaced = Signatory.objects.filter(party__convention=convention).exclude(replaced_at=None)
    context = {
        "convention": convention,
        "original": original,
        "rows": rows,
        "head": head,
        "count": TrailEntry.objects.filter(convention=convention).count(),
        "replaced": replaced.select_related("party").order_by("replaced_at"),
    }
    return render_to_string("conventions/closing.html", context)


def evidence_of(convention, original, head):
    """Everything needed to check the signatures without the product, personal values apart."""
    entries = TrailEntry.objects.filter(convention=convention).order_by("seq")
    return {
        "convention": convention.public_id,
        "reference": convention.reference,
        "original": {"pdf_sha256": original.pdf_sha256, "html_sha256": original.html_sha256},
        "completed_at": documents.moment(convention.completed_at),
        "signatures": [
            {"consent": signature.consent, "evidence": signature.evidence, "sha256": signature.evidence_sha256}
            for signature in signatures_of(convention)
        ],
        "chain": [
            {name: getattr(entry, name) for name in ("seq", "at", "kind", "actor", "data", "previous", "digest")}
            for entry in entries
        ],
        "chain_head": head,
    }


def everybody(convention):
    """Whoever receives the signed convention: signatories, référents of the structures, the region's coordinators."""
    signatories = Signatory.objects.current().filter(party__convention=convention)
    people = Membership.objects.filter(
        current(clock.today()), organisation__in=convention.parties.values("organisation")
    ).filter(role__in=[Role.REFERENT, Role.REGION_ADMIN, Role.PARTNER], user__is_active=True)
    return [
        *signatories.order_by("pk").values_list("user_id", flat=True),
        *people.order_by("pk").values_list("user_id", flat=True),
    ]


def resume():
    """Ask again for the documents whose work was lost or failed for good. Returns how many."""
    alive = Job.objects.filter(kind__in=UNFINISHED.values(), state__in=[JobState.QUEUED, JobState.RUNNING])
    busy = {(kind, payload["convention"]) for kind, payload in alive.order_by("pk").values_list("kind", "payload")}
    waiting = Convention.objects.filter(state__in=UNFINISHED).order_by("pk")
    lost = [convention for convention in waiting if (UNFINISHED[convention.state], convention.pk) not in busy]
    for convention in lost:
        sending.work(convention, UNFINISHED[convention.state])
    return len(lost)
