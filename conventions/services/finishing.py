"""When all have signed: the final document, sealed once, whatever dies on the way, then a copy to everybody."""

import json
from datetime import timedelta

from django.db import transaction

from caprse.base import clock, journal, outbox
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.sealing import keys
from conventions import documents, drawing, lifecycle
from conventions.enums import ConventionState, DocumentKind, TrailKind
from conventions.models import Convention, FrozenDocument, SealedArtefact
from conventions.services import dossier, life, sealing, sending, stamping, states, trail
from conventions.services.recipients import everybody
from conventions.texts import read_template
from conventions.verifying import verify

FINAL_MAIL = "convention_in_force"
REST = timedelta(minutes=10)  # between two tries of a document that could not even be drawn
UNFINISHED = {
    ConventionState.FREEZING: sending.FREEZE_JOB,
    ConventionState.SIGNED: sending.FINAL_JOB,
}


def make_final(*, convention):
    """Make the signed document from the frozen text, the signatures and the chain. Doing it again changes nothing.

    Nobody hears of it before it is sealed and read again. Raises PdfUnavailable when this machine makes no PDF,
    NotSealed when no seal could be put now.
    """
    if not _waits(convention):
        return convention
    artefact = sealing.claim(
        convention=convention,
        kind=DocumentKind.FINAL,
        state=ConventionState.SIGNED,
        draw=lambda: drawn_final(convention),
        then=_chain_claim,
    )
    if artefact is None:
        convention.refresh_from_db(fields=["state", "revision"])
        return convention
    reason = f"Convention n° {convention.reference} signée par toutes les parties : cachet et dossier de preuve"
    content, key = sealing.sealed(artefact, reason=reason, check=lambda pdf: flaws(pdf, convention))
    with transaction.atomic():
        locked = states.lock(convention)
        if not _waits(locked):
            return locked
        document = sealing.keep(locked, artefact, content, key)
        trail.append(locked, TrailKind.SEALED, actor=trail.PRODUCT, data=sealing.facts(document, key))
        outbox.post(FINAL_MAIL, to_ids=everybody(locked), convention=locked.pk)
        return life.enter_into_force(convention=locked)


def send_copy(*, signatory, by):
    """Send who signed their own copy again, with a fresh link to it; once a day, however often it is asked.

    Raises WrongState when there is none to send.
    """
    convention = signatory.party.convention
    made = FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL).exists()
    if not made or signatory.replaced_at or not hasattr(signatory, "signature"):
        raise states.WrongState("Cette personne n’a pas signé, ou le document signé n’est pas encore prêt.")
    states.refuse_unless(lifecycle.is_kept(convention, clock.today()))
    with transaction.atomic():
        key = f"copy:{signatory.pk}:{clock.today()}"
        if outbox.post_once(FINAL_MAIL, to_id=signatory.user_id, once_key=key, convention=convention.pk):
            journal.record("convention.copy_sent", signatory, by=by, **sending.anchors(convention, signatory.party))
    return signatory


def _waits(convention):
    """Whether its final document is still to be made."""
    made = FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL)
    return convention.state == ConventionState.SIGNED and not made.exists()


def drawn_final(convention):
    """The text as it was signed, then what closes it, before its seal.

    Timestamps are asked for first; a signature that has none yet says so, and receives it later.
    """
    stamping.stamp_all(stamping.signatures_waiting(convention))
    material = dossier.material_of(convention)
    original, closing = material.original, dossier.closing_html(material)
    evidence = drawing.evidence_file(dossier.evidence_of(material))
    for_test = material.artefact.is_test if material.artefact else False
    told = {
        "title": read_template(convention.version.content).title,
        "made_at": convention.created_at,
        **drawing.marks(convention, for_test=for_test),
    }
    # A text of before there were seals was drawn without the claims of an archive.
    text = material.artefact.built if material.artefact else drawing.document_pdf(html=original.html, **told)[0]
    pdf, pages = drawing.closed_pdf(
        bytes(text),
        html=closing,
        attachments=drawing.attachments(bytes(original.pdf), evidence, convention.completed_at),
        **told,
    )
    return sealing.Drawn(original.html + closing, pdf, pages)


def _chain_claim(locked, artefact):
    """The chain says what was drawn, and up to where it tells the chain itself."""
    evidence = json.loads(drawing.attached(bytes(artefact.built), drawing.EVIDENCE_FILE))
    data = {"built_sha256": artefact.built_sha256, "chain_head": evidence["chain_head"]}
    trail.append(locked, TrailKind.FINAL_MADE, actor=trail.PRODUCT, data=data)


def flaws(content, convention):
    """What is wrong with a sealed final document, read as anybody would, then beside what is kept here."""
    material = dossier.material_of(convention)
    original, roots = bytes(material.original.pdf), keys.roots()
    if drawing.attached(content, drawing.ORIGINAL_FILE) != original:
        yield "the attached original is not the one that was signed"
    if documents.sha256(original) != material.original.pdf_sha256:
        yield "the original is not the one that was frozen"
    if any(one.document_sha256 != material.original.pdf_sha256 for one in material.signatures):
        yield "a signature names another text"
    if trail.verify(convention) or dossier.broken_stamps(material, roots):
        yield "the chain does not hold"
    told = verify(content, roots=roots)
    if not told.holds:
        yield next(f"{one.code}: {one.said}" for one in told.findings if not one.holds)


def resume():
    """Ask again for the documents whose work was lost, failed, or waits for a timestamp. Returns how many."""
    now = clock.now()
    jobs = Job.objects.filter(kind__in=UNFINISHED.values())
    alive = jobs.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    rested = jobs.filter(finished_at__gt=now - REST)
    busy, tired = (
        {(kind, payload["convention"]) for kind, payload in rows.order_by("pk").values_list("kind", "payload")}
        for rows in (alive, rested)
    )
    retry_at = dict(SealedArtefact.objects.filter(sealed_at=None).order_by("pk").values_list("convention", "retry_at"))
    made = FrozenDocument.objects.filter(kind=DocumentKind.FINAL).values("convention")
    waiting = Convention.objects.filter(state__in=UNFINISHED).exclude(state=ConventionState.SIGNED, pk__in=made)
    lost = []
    for convention in waiting.order_by("pk"):
        work = (UNFINISHED[convention.state], convention.pk)
        early = retry_at[convention.pk] > now if retry_at.get(convention.pk) else work in tired
        if work not in busy and not early:
            lost.append(convention)
    for convention in lost:
        sending.work(convention, UNFINISHED[convention.state])
    return len(lost)
