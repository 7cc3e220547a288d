"""What may be read of a chapter, by whom: its last transmission, or what the structure is writing."""

from dataclasses import dataclass

from django.db.models import Prefetch

from autodiag.documents import content_of
from autodiag.models import Answer, Consensus, EvidenceRevision, EvidenceUse, IndicatorValue, Submission


@dataclass(frozen=True)
class Reading:
    """The content shown, and the transmission it comes from; None: the answers of the moment."""

    content: dict
    submission: Submission | None
    answers: tuple = ()  # those of the moment, with all that was read of them

    @property
    def is_draft(self):
        return self.submission is None


def chapter_answers(autodiag):
    """The answers of a chapter with all that a document shows, in a constant number of queries."""
    figures = IndicatorValue.objects.filter(autodiag=autodiag).order_by("year")
    uses = EvidenceUse.objects.select_related("evidence").order_by("added_at", "pk")
    revisions = Prefetch("evidence__revisions", EvidenceRevision.objects.select_related("file"))
    answers = (
        Answer.objects.filter(autodiag=autodiag)
        .for_pages()
        .prefetch_related(
            "criterion__levels",
            Prefetch("criterion__indicators__values", figures, to_attr="figures"),
            Prefetch("agreements", Consensus.objects.select_related("level").newest_first()),
            Prefetch("evidence_uses", uses.prefetch_related(revisions)),
        )
    )
    return list(answers)


def content_now(autodiag):
    """The chapter as plain data, from the answers of the moment: what would be transmitted."""
    return _content(autodiag, chapter_answers(autodiag))


def _content(autodiag, answers):
    return content_of(autodiag, answers, autodiag.participation.cohort.version.scale.all(), shared_only=True)


def reading_of(autodiag, actor):
    """What this person reads of a chapter; None when nothing may be read yet.

    Its people read it as it stands: frozen once transmitted, the answers of the moment otherwise. Who accompanies the
    structure reads the last transmission, also while it is being corrected.
    """
    insider = actor.is_insider(autodiag.participation)
    if autodiag.is_submitted or not insider:
        last = autodiag.submissions.visible_to(actor).with_answers_to_it().first()
        if last or not insider:
            return Reading(last.content, last) if last else None
    answers = chapter_answers(autodiag)
    return Reading(_content(autodiag, answers), None, tuple(answers))
