"""The documents of a diagnostic, made in the background."""

from autodiag.models import Autodiag
from autodiag.reports import Edition, Format
from autodiag.rules.reports import can_make
from autodiag.services.exports import REPORT, store_report
from autodiag.services.reporting import material_of
from caprse.base import jobs, pdf
from cohorts.access import Actor
from cohorts.models import Participation, User
from cohorts.roles import Permission

CLOSED = "Ce document ne vous est plus ouvert. Votre région peut vous renseigner."


@jobs.handler(REPORT)
def report(job):
    """Make a document, with the rights its asker holds now."""
    asked = job.payload
    actor = Actor.of(User.objects.get(pk=job.created_by_id))
    paths = Participation.objects.with_context().visible_to(actor)
    participation = paths.filter(pk=job.participation_id).first()
    if participation is None or not may_export(actor, participation):
        raise jobs.JobFailed(CLOSED)
    edition, form = Edition(asked["edition"]), Format(asked["form"])
    if not (verdict := can_make(outward=edition == Edition.OUTWARD, insider=actor.is_insider(participation))):
        raise jobs.JobFailed(verdict.reason)
    jobs.report(job, 20, "Lecture des réponses")
    autodiag = _autodiag(actor, participation, asked["autodiag"])
    material = material_of(actor, participation, autodiag=autodiag, with_plan=asked["with_plan"])
    if material is None:
        raise jobs.JobFailed("Rien n’est encore transmis : seule la structure peut l’éditer.")
    jobs.report(job, 50, "Fabrication du document")
    try:
        return store_report(material, participation, edition=edition, form=form, created_by_id=job.created_by_id)
    except pdf.PdfUnavailable as error:
        raise jobs.JobFailed(str(error)) from error


def may_export(actor, participation):
    """Whether the documents of this path are open to this person today."""
    return actor.can(Permission.EXPORT, participation) and actor.tools_open(participation)


def _autodiag(actor, participation, asked):
    """The chapter asked for; None for the whole path."""
    if asked is None:
        return None
    rows = Autodiag.objects.visible_to(actor).with_context().filter(participation=participation)
    if found := rows.filter(pk=asked).first():
        return found
    raise jobs.JobFailed(CLOSED)
