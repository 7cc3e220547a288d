"""Notre pourquoi: read by the structure's people, written by who tells its story."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base.access import STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.forms.identity import PurposeForm
from cohorts.models import Purpose
from cohorts.services.purpose import set_purpose
from cohorts.views.own import own_or_404


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def purpose(request, region, public_id):
    """Read or write the few lines; two people at once are shown both texts."""
    own = own_or_404(request, region, public_id, editing=request.method == "POST")
    rows = Purpose.objects.visible_to(request.actor).select_related("updated_by")
    known = rows.filter(organisation=own.organisation).first()
    initial = {"revision": known.revision if known else 0, "text": known.text if known else ""}
    form, stale = PurposeForm(posted(request), initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            set_purpose(organisation=own.organisation, by=request.actor, **form.cleaned_data)
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, "Votre pourquoi est enregistré. Toute la structure le lit sur son accueil.")
            return redirect(own.organisation)
    context = {"own": own, "organisation": own.organisation, "purpose": known, "form": form, "stale": stale}
    return render(request, "cohorts/purpose.html", context, status=409 if stale else 422 if form.errors else 200)
