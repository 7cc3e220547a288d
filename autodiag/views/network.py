"""The results of the network, for national staff: numbers, never the answers of a structure."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from autodiag.access import distributions_for, standing_for
from autodiag.network import boards, chapter_url, scope_of, spread_of, tabs_of
from caprse.base.access import Audience, open_to
from cohorts.models import Cohort
from cohorts.places import Place
from referentiel.models import Version


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def network(request):
    """Every version in use: who takes part, region by region, and how many transmitted each chapter."""
    cohorts = Cohort.objects.visible_to(request.actor).select_related("region", "version__referentiel")
    order = ("version__referentiel__title", "-version__number", "version", "region__name", "region", "starts_on", "pk")
    cohorts = list(cohorts.prefetch_related("version__chapters").order_by(*order))
    return render(request, "autodiag/network.html", {"boards": boards(cohorts, standing_for(request.actor, cohorts))})


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def network_chapter(request, code, number, chapter):
    """How the answers to one chapter spread, criterion by criterion, in the network, a region or a cohort."""
    versions = Version.objects.readable_by(request.audiences).select_related("referentiel")
    version = versions.filter(referentiel__code=code, number=number).first()
    chapters = list(version.chapters.all()) if version else []
    found = next((one for one in chapters if one.number == chapter), None)
    cohorts = Cohort.objects.visible_to(request.actor).filter(version=version).select_related("region")
    cohorts = list(cohorts.order_by("region__name", "starts_on", "pk"))
    scope = scope_of(cohorts, request.GET.get("region", ""), request.GET.get("cohorte", ""))
    if found is None or scope is None:
        raise Http404
    request.place = Place("Résultats du réseau", reverse("network"), notice=version.referentiel.notice)
    shown = distributions_for(request.actor, found).of(**scope.ids)
    context = {
        "chapter": found,
        "scope": scope,
        "tabs": tabs_of(cohorts, found, scope),
        "others": [(one, chapter_url(one, scope.region, scope.cohort)) for one in chapters if one != found],
        "spread": spread_of(found.criteria.all(), version.scale.all(), shown),
    }
    return render(request, "autodiag/network_chapter.html", context)
