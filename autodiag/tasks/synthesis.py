"""The synthesis of a chapter, made in the background."""

from django.template.loader import render_to_string

from autodiag.documents import synthesis
from autodiag.models import Autodiag
from autodiag.services.exports import SYNTHESIS_PDF
from autodiag.services.reading import reading_of
from autodiag.services.reporting import letterheads_of
from caprse.base import clock, files, jobs, pdf
from caprse.base.text import safe_filename
from cohorts.access import Actor
from cohorts.models import User

PDF = "application/pdf"


@jobs.handler(SYNTHESIS_PDF)
def synthesis_pdf(job):
    """Draw the synthesis of a chapter as a tagged PDF, with the rights its asker holds now."""
    actor = Actor.of(User.objects.get(pk=job.created_by_id))
    autodiag = Autodiag.objects.visible_to(actor).with_context().filter(pk=job.payload["autodiag"]).first()
    if autodiag is None or not actor.tools_open(autodiag.participation):
        raise jobs.JobFailed("Ce document ne vous est plus ouvert. Votre région peut vous renseigner.")
    jobs.report(job, 20, "Lecture des réponses")
    reading = reading_of(autodiag, actor)
    if reading is None:
        raise jobs.JobFailed("Ce chapitre n’est pas encore transmis : seule la structure peut l’éditer.")
    content, submission = reading.content, reading.submission
    jobs.report(job, 50, "Mise en page")
    heads = list(letterheads_of(autodiag.participation.organisation))
    logos = [(f"logo-{rank}", head.logo) for rank, head in enumerate(heads, start=1) if head.logo]
    html = render_to_string(
        "pdf/synthesis.html",
        {
            "synthesis": synthesis(content),
            "title": f"Chapitre {content['chapter']['number']} – {content['chapter']['title']}",
            "notice": content["notice"],
            "context": f"{content['structure']} – {content['cohort']}",
            "created": clock.now(),
            "draft": reading.is_draft,
            "submission": submission,
            "logos": logos,
            "mentions": [head.mentions for head in heads if head.mentions],
        },
    )
    jobs.report(job, 70, "Fabrication du PDF")
    try:
        document = pdf.render_pdf(html, pictures={name: logo.content for name, logo in logos})
    except pdf.PdfUnavailable as error:
        raise jobs.JobFailed(str(error)) from error
    chapter = autodiag.round.chapter
    name = f"synthese chapitre {chapter.number} {autodiag.participation.organisation.legal_name}"
    return files.store(
        document,
        name=safe_filename(name, "pdf"),
        media_type=PDF,
        created_by_id=job.created_by_id,
        region_id=autodiag.region_id,
        cohort_id=autodiag.participation.cohort_id,
        organisation_id=autodiag.participation.organisation_id,
        participation_id=autodiag.participation_id,
    )
