"""Background work on conventions: ids in, fetch, delegate. A document is remade or resumed, never half made."""

from celery import shared_task

from caprse.base import jobs
from caprse.base.pdf import PdfUnavailable
from conventions.models import Convention
from conventions.services.finishing import make_final, resume
from conventions.services.sending import FINAL_JOB, FREEZE_JOB, make_original


@jobs.handler(FREEZE_JOB)
def freeze(job):
    _make(job, make_original)


@jobs.handler(FINAL_JOB)
def final(job):
    _make(job, make_final)


def _make(job, service):
    jobs.report(job, 30, "Fabrication du document")
    try:
        service(convention=Convention.objects.with_context().get(pk=job.payload["convention"]))
    except PdfUnavailable as error:
        raise jobs.JobFailed(str(error)) from error


@shared_task
def resume_unfinished():
    """Periodic: a convention all have signed never waits for ever for its document."""
    resume()
