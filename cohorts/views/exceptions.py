"""Opening a structure's chapters by exception, for a reason, between two days."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import date_in_words
from cohorts.access import participation_or_404, visible_or_404
from cohorts.enums import ClearanceKind
from cohorts.forms.organising import ExceptionForm
from cohorts.models import Clearance
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.cohorts import end_clearance
from cohorts.services.organising import NotPossible, grant_exception


def path_or_refused(request, region, public_id):
    """A structure's path, for whoever may grant it an exception."""
    found = participation_or_404(request.actor, region, public_id)
    request.actor.require_coordination(Permission.GRANT_EXCEPTION, found.region_id)
    request.place = Place.of_participation(found)
    return found


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def clearance_exception(request, region, public_id):
    """Grant one; see those already given."""
    found = path_or_refused(request, region, public_id)
    today = clock.today()
    form = ExceptionForm(posted(request), initial={"since": today})
    if form.is_valid():
        try:
            grant_exception(participation=found, by=request.user, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(
                request, "L’exception est accordée. La structure en lit le motif sur la page de son parcours."
            )
            return redirect(found)
    clearances = Clearance.objects.visible_to(request.actor).filter(participation=found).select_related("granted_by")
    context = {
        "participation": found,
        "form": form,
        "today": today,
        "exceptions": clearances.filter(kind=ClearanceKind.EXCEPTION).order_by("-since", "-pk"),
        "convention": clearances.in_force(today).filter(kind=ClearanceKind.CONVENTION).first(),
    }
    return render(request, "cohorts/exception.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_POST
def clearance_end(request, region, public_id, pk):
    """End an exception: today is its last day; one still to come is taken away."""
    found = path_or_refused(request, region, public_id)
    exception = visible_or_404(Clearance, request.actor, participation=found, kind=ClearanceKind.EXCEPTION, pk=pk)
    today = clock.today()
    if exception.until and exception.until <= today:
        messages.info(request, f"Cette exception finit déjà le {date_in_words(exception.until)} : rien n’a changé.")
    else:
        end_clearance(clearance=exception, until=today, by=request.user)
        messages.success(
            request,
            "Cette exception n’avait pas commencé : elle est annulée."
            if exception.since > today
            else "L’exception prend fin aujourd’hui : les chapitres restent ouverts jusqu’à ce soir, les réponses sont gardées.",
        )
    return redirect("clearance_exception", region, public_id)
