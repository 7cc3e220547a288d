"""What an edition to be shown outside lets through of what is reserved to members: nothing, or it is told here.

Run over the fixed worlds by `tests/autodiag/test_outward_text.py`, over the demonstration by `tests/caprse/test_demo.py`.
"""

from autodiag.models import Answer
from autodiag.plans import PlanFormat
from autodiag.reports import Edition, Format
from autodiag.services.plan_export import NothingToExport, outward_material, plan_document
from autodiag.services.reporting import SiteActor, autodiags_of, document_of, material_of
from caprse.base.echoes import Passage, Protected, word_count
from caprse.base.text import normalised
from cohorts.models import Participation
from referentiel.documents import protected
from referentiel.models import ProposedAction, Version
from tests.document_text import words_of

SHORTEST = 3  # words: shorter, a passage is an expression anybody may use (« Dialogue social »)


def reserved(referentiel):
    """Every text of a référentiel that is reserved to members, in each of its published versions."""
    texts = []
    for version in Version.objects.with_content().filter(referentiel=referentiel).exclude(state="draft"):
        texts += [passage.text for passage in protected(version)]
        texts += [section.title for chapter in version.chapters.all() for section in chapter.sections.all()]
    for proposal in ProposedAction.objects.filter(referentiel=referentiel, publishable=False):
        texts += [proposal.what, proposal.why, proposal.means, proposal.indicator]
    return sorted({text for text in texts if text.strip()})


def said_in_confidence(participation):
    """What the structure says of itself and keeps inside: difficulties, reasons, comments, titles of its evidence."""
    rows = Answer.objects.filter(participation=participation).select_related("comment")
    rows = rows.prefetch_related("agreements", "evidence_uses__evidence")
    for answer in rows:
        yield answer.difficulty
        yield answer.comment.text if hasattr(answer, "comment") else ""
        yield from (agreement.reason for agreement in answer.agreements.all())
        yield from (use.evidence.title for use in answer.evidence_uses.all())


class Guard:
    """Looks for texts in the words of a document. `reserved`: whole, and six of their words in a row; `kept`: whole."""

    def __init__(self, reserved, kept=(), allowed=()):
        self.allowed = [normalised(text) for text in allowed]
        long = [text for text in (*reserved, *kept) if word_count(text) >= SHORTEST]
        self.literal = {normalised(text): text for text in long}
        self.protected = Protected(Passage("réservé", text) for text in reserved if word_count(text) >= SHORTEST)

    def leaks(self, told):
        """The passages found in a document; titles of chapters, that may be told, put aside first."""
        told = normalised(told)
        for text in self.allowed:
            told = told.replace(text, " | ")
        found = [original for text, original in self.literal.items() if text in told]
        echo = self.protected.echo_in(told)
        return [*found, *([f"{echo.words} ({echo.where})"] if echo else [])]


def documents_of(participation, editions=(Edition.OUTWARD,), forms=tuple(Format)):
    """Every document of a path: (what it is, edition, format, its words)."""
    actor = SiteActor.of_structure(participation.organisation_id)
    for autodiag in (None, *autodiags_of(actor, participation)):
        material = material_of(actor, participation, autodiag=autodiag)
        if material is None:
            continue
        for edition in editions:
            for form in forms:
                _, content = document_of(material, edition=edition, form=form)
                yield material.title, edition, form, words_of(content, form.value)


def plans_of(participation):
    """The plan of a path as it is shown outside: (what it is, edition, format, its words)."""
    try:
        material = outward_material(SiteActor.of_structure(participation.organisation_id), participation)
    except NothingToExport:
        return
    for form in (PlanFormat.PDF, PlanFormat.XLSX):
        if material.lines:
            yield material.title, Edition.OUTWARD, form, words_of(plan_document(material, form)[1], form.value)


def survey(forms=tuple(Format)):
    """Every edition to be shown outside of everybody's: (how many were read, what leaks in which)."""
    wordings, read, found = {}, 0, []
    for participation in Participation.objects.with_context():
        version = participation.cohort.version
        if version.referentiel not in wordings:
            wordings[version.referentiel] = reserved(version.referentiel)
        guard = Guard(
            wordings[version.referentiel],
            kept=[text for text in said_in_confidence(participation) if text],
            allowed=[chapter.title for chapter in version.chapters.all()],
        )
        for title, _, form, told in (*documents_of(participation, forms=forms), *plans_of(participation)):
            read += 1
            found += [f"{participation.organisation} – {title} ({form.value}): {leak}" for leak in guard.leaks(told)]
    return read, found
