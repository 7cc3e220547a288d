"""The plan as a document, made in the background."""

from autodiag.plans import PlanFormat
from autodiag.reports import Edition
from autodiag.rules.reports import can_make
from autodiag.services.exports import PLAN_EXPORT
from autodiag.services.plan_export import NothingToExport, outward_material, plan_material, store_plan
from caprse.base import jobs, pdf
from cohorts.access import Actor
from cohorts.models import Participation, User
from cohorts.roles import Permission

CLOSED = "Ce document ne vous est plus ouvert. Votre région peut vous renseigner."


@jobs.handler(PLAN_EXPORT)
def plan_export(job):
    """Write the plan in the format asked for, with the rights its asker holds now."""
    actor = Actor.of(User.objects.get(pk=job.created_by_id))
    paths = Participation.objects.with_context().visible_to(actor)
    participation = paths.filter(pk=job.participation_id).first()
    if participation is None or not may_export_plan(actor, participation):
        raise jobs.JobFailed(CLOSED)
    outward = job.payload.get("edition") == Edition.OUTWARD
    if not (verdict := can_make(outward=outward, insider=actor.is_insider(participation))):
        raise jobs.JobFailed(verdict.reason)
    jobs.report(job, 20, "Lecture du plan")
    read = outward_material if outward else plan_material
    form = PlanFormat(job.payload["form"])
    try:
        material = read(actor, participation)
        jobs.report(job, 50, "Fabrication du document")
        return store_plan(material, participation, form=form, created_by_id=job.created_by_id)
    except (NothingToExport, pdf.PdfUnavailable) as error:
        raise jobs.JobFailed(str(error)) from error


def may_export_plan(actor, participation):
    """Whether this plan, or what is shared of it, may leave with this person today."""
    reads = actor.can(Permission.READ_PLAN, participation) or actor.can(Permission.READ_SHARED_PLAN, participation)
    return reads and actor.can(Permission.EXPORT, participation) and actor.tools_open(participation)
