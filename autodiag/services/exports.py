"""Documents made in the background."""

from caprse.base import jobs

SYNTHESIS_PDF = "autodiag.synthesis_pdf"


def request_synthesis_pdf(*, autodiag, by):
    """Ask for the PDF of a chapter's synthesis. Returns the `Job` to follow."""
    participation = autodiag.participation
    return jobs.enqueue(
        SYNTHESIS_PDF,
        title=f"Synthèse du chapitre {autodiag.round.chapter.number}, {participation.organisation.legal_name}"[:160],
        by=by,
        region_id=autodiag.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
        autodiag=autodiag.pk,
    )
