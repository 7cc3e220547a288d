"""Every night, everything that was signed is read again: chains, fingerprints, evidence, timestamps, seals."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from caprse.base import clock, health
from caprse.base.models import Heartbeat
from caprse.base.sealing import checks, keys
from conventions import documents
from conventions.enums import DocumentKind
from conventions.models import Convention, FrozenDocument, SealedArtefact, SealRenewal, TrailEntry
from conventions.services import journal_checks, sealing

logger = logging.getLogger(__name__)
NAME = "conventions"
SILENT_AFTER = timedelta(hours=50)  # two nights missed
WHAT = {
    "link": "chain, link",
    "stamp": "timestamp of link",
    "document": "document of link",
    "signature": "signature of link",
    "value": "value kept apart of link",
}


@dataclass(frozen=True)
class Flaw:
    """Something that is no longer as it was written: in which convention, what."""

    convention: str
    what: str

    def __str__(self):
        return f"{self.convention}: {self.what}"


@health.register
def conventions():
    """The first flaw of the last night, the documents that wait for their seal; nothing to say before a first night."""
    last = Heartbeat.objects.filter(name=NAME).first()
    if last and last.problem:
        return last.problem
    if last and clock.real_now() - last.at > SILENT_AFTER:
        return "not read again for two nights"
    waiting = sealing.obstacles()
    return f"{waiting} waiting for a seal" if waiting else health.OK


def verify_all():
    """Read again every convention that has a chain; the first flaw is kept for the health page, all are logged.

    Returns them.
    """
    roots = keys.roots()
    chained = Convention.objects.filter(pk__in=TrailEntry.objects.values("convention")).order_by("pk")
    flaws = []
    for convention in chained.iterator():
        for flaw in flaws_of(convention, roots):
            logger.error("integrity convention=%s %s", flaw.convention, flaw.what)
            flaws.append(flaw)
    said = str(flaws[0])[:200] if flaws else ""
    Heartbeat.objects.update_or_create(name=NAME, defaults={"at": clock.real_now(), "problem": said})
    return flaws


def flaws_of(convention, roots):
    """What does not hold in one convention: what its chain tells, by rank, then its seals."""
    for one in journal_checks.problems(convention):
        yield Flaw(convention.public_id, f"{WHAT[one.code]} {one.rank}")
    for kind in _broken_seals(convention, roots):
        yield Flaw(convention.public_id, f"seal of its {kind}")


def _broken_seals(convention, roots):
    artefacts = SealedArtefact.objects.filter(convention=convention).defer("html", "built")
    by_kind = {artefact.kind: artefact for artefact in artefacts}
    for document in FrozenDocument.objects.filter(convention=convention).defer("html").order_by("pk"):
        artefact = by_kind.get(document.kind)
        if artefact is None:
            continue  # of before there were seals
        same = artefact.sealed_sha256 == document.pdf_sha256
        if not (same and _seal_holds(document, bytes(document.pdf), roots, {artefact.certificate_sha256})):
            yield document.kind


def _seal_holds(document, pdf, roots, fingerprints):
    """The signed document holds today, by its last renewal; the text to sign, when it was sealed: the other holds it."""
    if document.kind == DocumentKind.ORIGINAL:
        return checks.holds(pdf, roots=roots, fingerprints=fingerprints, at=checks.THEN)
    last = SealRenewal.objects.newest(document.convention_id)
    content = bytes(last.pdf) if last else pdf
    whole = content.startswith(pdf) and (last is None or documents.sha256(content) == last.sha256)
    return whole and checks.holds(content, roots=roots, fingerprints=fingerprints)
