"""Reading référentiels: for members, once their tools are open."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from caprse.base.access import REGIONAL, STRUCTURE, Audience, open_to
from referentiel.enums import VersionState
from referentiel.models import Referentiel, Version


@dataclass(frozen=True)
class Shelf:
    """One référentiel and the versions this person may read, the newest first."""

    referentiel: Referentiel
    versions: tuple
    may_edit: bool

    @property
    def draft(self):
        return next((version for version in self.versions if version.state == VersionState.DRAFT), None)

    @property
    def in_force(self):
        """The version new cohorts start on; None before the first is published."""
        return next((version for version in self.versions if version.state == VersionState.PUBLISHED), None)

    @property
    def next_number(self):
        return self.versions[0].number + 1


@open_to(*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF)
@require_GET
def referentiels(request):
    """The versions this person may read; for national staff, what is being prepared."""
    request.actor.require_tools()
    versions = Version.objects.readable_by(request.audiences).select_related("referentiel")
    by_referentiel = {}
    for version in versions.order_by("referentiel__title", "-number"):
        by_referentiel.setdefault(version.referentiel, []).append(version)
    edited = request.actor.edited_referentiel_ids
    shelves = [Shelf(found, tuple(rows), found.pk in edited) for found, rows in by_referentiel.items()]
    context = {"shelves": shelves, "is_national": Audience.NATIONAL_STAFF in request.audiences}
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
    is_national = Audience.NATIONAL_STAFF in request.audiences and version.state == VersionState.PUBLISHED
    context = {"version": version, "questions_url": reverse("survey_questions", args=[code]) if is_national else ""}
    return render(request, "referentiel/version.html", context)
