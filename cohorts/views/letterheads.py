"""What heads the documents of an organisation: its logo and its mentions, and how they will look with the others'."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from caprse.base.access import REGIONAL, STRUCTURE, Audience, Refused, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.enums import OrganisationKind, Role
from cohorts.forms.identity import LetterheadForm
from cohorts.models import Letterhead, Organisation
from cohorts.places import Place
from cohorts.services.letterheads import LOGO_TYPE, heads_of, logo_bytes, set_letterhead
from cohorts.views.organisations import can_set_letterhead, organisation_or_404

SETTERS = (Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE, Audience.REGION_ADMIN)


@dataclass(frozen=True)
class Desk:
    """Whose letterhead is being set, and where its pages are."""

    organisation: Organisation
    url: str
    logo_url: str
    back_url: str
    back: str


def desk_or_refused(request, region, public_id):
    """That of a structure or a delegation, for its own people."""
    found = organisation_or_404(request, region, public_id)
    if not can_set_letterhead(request.actor, found):
        raise Refused(
            "L’en-tête d’une organisation est tenu par elle : référent·e et représentation légale pour une structure, "
            "coordination pour une délégation.",
            "Demandez à l’une de ces personnes de le modifier.",
        )
    at = [region, public_id]
    return Desk(
        organisation=found,
        url=reverse("letterhead", args=at),
        logo_url=reverse("letterhead_logo", args=at),
        back_url=found.get_absolute_url(),
        back="Revenir à la fiche",
    )


def network_desk(request):
    """That of the network, for its national staff."""
    held = [m.organisation_id for m in request.actor.held if m.role == Role.NATIONAL_STAFF]
    found = visible_or_404(Organisation, request.actor, kind=OrganisationKind.NATIONAL, pk__in=held)
    request.place = Place(found.legal_name, reverse("home"), organisation_id=found.pk)
    return Desk(
        organisation=found,
        url=reverse("network_letterhead"),
        logo_url=reverse("network_letterhead_logo"),
        back_url=reverse("network"),
        back="Revenir aux résultats du réseau",
    )


@open_to(*SETTERS)
@require_http_methods(["GET", "POST"])
def letterhead(request, region, public_id):
    """The logo and the mentions of a structure, or of a delegation."""
    return set_or_form(request, desk_or_refused(request, region, public_id))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def network_letterhead(request):
    """Those of the network, on every document of every structure."""
    return set_or_form(request, network_desk(request))


def set_or_form(request, desk):
    """Save what was brought, or show the form with how the head of a document will look."""
    rows = Letterhead.objects.visible_to(request.actor).select_related("logo", "updated_by")
    known = rows.filter(organisation=desk.organisation).first()
    initial = (
        {name: getattr(known, name) for name in ("revision", "logo_text", "mentions")} if known else {"revision": 0}
    )
    brought = request.FILES if request.method == "POST" else None
    form = LetterheadForm(posted(request), brought, initial=initial, has_logo=bool(known and known.logo_id))
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            set_letterhead(organisation=desk.organisation, by=request.actor, **form.head())
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, "L’en-tête est enregistré. Vos prochains documents le porteront.")
            return redirect(desk.url)
    context = {"desk": desk, "organisation": desk.organisation, "known": known, "form": form, "stale": stale}
    context["heads"] = heads_of(desk.organisation)
    return render(request, "cohorts/letterhead.html", context, status=409 if stale else 422 if form.errors else 200)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def letterhead_logo(request, region, public_id):
    """One of the logos that head the documents of this organisation: its own, or `?de=` another that heads them too."""
    return picture_of(organisation_or_404(request, region, public_id), request.GET.get("de", ""))


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def network_letterhead_logo(request):
    """The logo of the network."""
    return picture_of(network_desk(request).organisation, "")


def picture_of(organisation, whose):
    """A logo, as a picture that no page, no other site and no cache keeps."""
    whose = whose or organisation.public_id
    head = next((row for row in heads_of(organisation) if row.organisation.public_id == whose), None)
    content = logo_bytes(head) if head else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=LOGO_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
