"""The conventions and charters of a region: their list, a charter begun, its validation by a committee."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock, files
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from cohorts.models import Organisation, Region
from cohorts.places import Place
from cohorts.roles import Permission
from conventions import rules
from conventions.boards import charter_rows
from conventions.enums import ConventionState, TemplateKind
from conventions.forms.charters import CharterForm, ValidationForm
from conventions.models import CommitteeValidation, Convention, Party
from conventions.services import charters, family
from conventions.services.charters import KINDS, WrongKind
from conventions.services.states import WrongState
from conventions.views.doors import convention_or_404, managed_or_refused, side_of
from conventions.views.reading import READERS


def region_or_404(request, slug):
    """A region, for who coordinates it; sets the page's place."""
    region = visible_or_404(Region, request.actor, slug=slug)
    request.actor.require_coordination(Permission.MANAGE_CONVENTION, region.pk)
    request.place = Place(label=region.name, url=reverse("charters", args=[region.slug]))
    return region


@open_to(Audience.REGION_ADMIN)
@require_GET
def charter_list(request, region):
    """Every convention and charter of the region, where each stands."""
    found = region_or_404(request, region)
    rows = charters.charters_of(Convention.objects.visible_to(request.actor).filter(region=found))
    awaited = Party.objects.visible_to(request.actor).awaited().filter(convention__in=rows)
    identities = charters.identities_of(rows, clock.today())
    counted = charter_rows(rows, awaited.values_list("convention_id", flat=True), identities)
    return render(request, "conventions/charters.html", {"region": found, "rows": counted})


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def charter_new(request, region):
    """Begin a charter with a partner or a structure of the region; one that waits already is shown."""
    found = region_or_404(request, region)
    around = Organisation.objects.visible_to(request.actor).filter(region=found, kind__in=KINDS.values())
    form = CharterForm(
        posted(request),
        templates=charters.templates_for(found.pk),
        organisations=list(around.order_by("kind", "legal_name")),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = charters.draft_charter(
                region=found, key=form.cleaned_data["template"], organisation=form.chosen, by=request.user
            )
        except WrongKind as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made.url("convention_edit" if made.state == ConventionState.DRAFT else "convention"))
    return render(
        request, "conventions/charter_new.html", {"region": found, "form": form}, status=422 if form.errors else 200
    )


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def charter_validation(request, region, public_id):
    """Note that a committee validated an engagement charter: the visual identity runs from that day."""
    convention = managed_or_refused(request, region, public_id)
    template = family.template_of(convention)
    verdict = rules.can_note_validation(convention, template.kind)
    if not verdict:
        messages.warning(request, verdict.reason)
        return redirect(convention)
    initial = {"committee": convention.variables.get("committee", ""), "decided_on": clock.today()}
    form = ValidationForm(posted(request), request.FILES if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = charters.note_validation(convention=convention, by=request.user, **form.said())
        except WrongState as refusal:
            form.add_error("decided_on", str(refusal))
        else:
            messages.success(request, "La validation est notée. Les parties sont prévenues.")
            return redirect(made.convention.url("charter_identity"))
    context = {"convention": convention, "form": form, "years": template.identity_years or charters.YEARS}
    return render(request, "conventions/charter_validation.html", context, status=422 if form.errors else 200)


@open_to(*READERS)
@require_GET
def charter_identity(request, region, public_id):
    """Whether the visual identity may be used today, until when, and on which decisions that rests."""
    convention = convention_or_404(request, region, public_id)
    rows = CommitteeValidation.objects.visible_to(request.actor).filter(convention=convention)
    kind = family.template_of(convention).kind
    context = {
        "convention": convention,
        "manages": request.actor.coordinates(convention.region_id),
        "until": charters.identity_until(convention, clock.today()),
        "rows": rows.select_related("decision").order_by("-decided_on"),
        "can_validate": bool(rules.can_note_validation(convention, kind)),
        "is_engagement": kind == TemplateKind.ENGAGEMENT,
    }
    return render(request, "conventions/charter_identity.html", context)


@open_to(*READERS)
@require_POST
def charter_decision(request, region, public_id, validation_pk):
    """The decision of a committee, as it was brought."""
    convention = convention_or_404(request, region, public_id)
    asked = {"convention": convention, "pk": validation_pk, "decision__isnull": False}
    found = visible_or_404(CommitteeValidation.objects.select_related("decision"), request.actor, **asked)
    acting_for = side_of(request.actor, convention)
    return files.download_as_is(found.decision, actor=request.actor, acting_for=acting_for)
