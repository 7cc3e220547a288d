"""Reading référentiels: for members, once their tools are open."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caprse.base.access import REGIONAL, STRUCTURE, Audience, open_to
from referentiel.models import Version


@open_to(*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF)
@require_GET
def referentiels(request):
    """The versions this person may read."""
    request.actor.require_tools()
    versions = Version.objects.readable_by(request.audiences).select_related("referentiel")
    context = {"versions": versions.order_by("referentiel__title", "-number")}
    return render(request, "referentiel/list.html", context)


@open_to(*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF)
@require_GET
def referentiel_version(request, code, number):
    """The whole wording of one version: chapters, criteria, described levels."""
    request.actor.require_tools()
    versions = Version.objects.readable_by(request.audiences).with_content()
    version = versions.filter(referentiel__code=code, number=number).first()
    if version is None:
        raise Http404
    return render(request, "referentiel/version.html", {"version": version})
