"""The plan as a file: asked for here, made in the background."""

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from autodiag.plans import PlanFormat
from autodiag.reports import Edition
from autodiag.rules.reports import can_make
from autodiag.services.exports import request_plan_export
from caprse.base.access import REGIONAL, STRUCTURE, Refused, open_to
from cohorts.access import participation_or_404
from cohorts.roles import Permission


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def plan_export(request, region, public_id):
    """Ask for the plan in one of its formats, for members or to be shown; the page of the work under way follows it."""
    actor = request.actor
    participation = participation_or_404(actor, region, public_id)
    insider = actor.is_insider(participation)
    actor.require(Permission.READ_PLAN if insider else Permission.READ_SHARED_PLAN, participation)
    actor.require(Permission.EXPORT, participation)
    actor.require_tools(participation)
    form = request.POST.get("form", PlanFormat.XLSX)
    edition = request.POST.get("edition", Edition.INTERNAL)
    if form not in PlanFormat.values or edition not in Edition.values:
        raise Http404
    if not (verdict := can_make(outward=edition == Edition.OUTWARD, insider=insider)):
        raise Refused(verdict.reason)
    asked = {"form": PlanFormat(form), "edition": Edition(edition)}
    job = request_plan_export(participation=participation, by=actor, **asked)
    return redirect("job", public_id=job.public_id)
