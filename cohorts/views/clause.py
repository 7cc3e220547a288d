"""The non-diffusion clause, shown at first access and at each new version."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import own_address, posted
from cohorts.access import visible_or_404
from cohorts.forms.organisations import ClauseForm
from cohorts.models import ClauseVersion
from cohorts.services.people import accept_clause


@open_to(Audience.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def clause(request):
    """Read, accept, go on where one was going."""
    version = visible_or_404(ClauseVersion.objects.in_force(clock.today()), request.actor)
    asked = request.POST.get("suite") or request.GET.get("suite") or ""
    back = own_address(request, asked) or reverse("home")
    form = ClauseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept_clause(user=request.user, clause=version)
        return redirect(back)
    context = {
        "clause": version,
        "form": form,
        "back": back,
        "accepted": request.actor.clause_accepted,
    }
    return render(request, "cohorts/clause.html", context, status=422 if form.errors else 200)
