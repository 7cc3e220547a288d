"""What a region relays and gives to the partners of a cohort."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import coordinated_cohort_or_404, visible_or_404
from cohorts.boards import partners_with_people, resources_given
from cohorts.documents import NotAccepted
from cohorts.forms.relays import NeedForm, ResourceForm, ShareForm
from cohorts.models import CohortPartner, Membership, Need, Share
from cohorts.models.memberships import current
from cohorts.places import Place
from cohorts.roles import Permission, roles_with
from cohorts.services.organising import NotPossible
from cohorts.services.relays import give_resource, relay_need, share_resource, withdraw_share


def relaying_cohort(request, region, slug):
    """The cohort, for whoever relays to its partners."""
    cohort = coordinated_cohort_or_404(request.actor, Permission.RELAY, region, slug)
    request.place = Place.of_cohort(cohort)
    return cohort


def partners_of(actor, cohort):
    """The national head and the partners of a cohort."""
    rows = CohortPartner.objects.visible_to(actor).filter(cohort=cohort).select_related("organisation")
    return [row.organisation for row in rows.order_by("organisation__legal_name")]


@open_to(Audience.REGION_ADMIN)
@require_GET
def cohort_relays(request, region, slug):
    """The partners, the needs relayed to them with their answers, the resources given to them."""
    actor, cohort = request.actor, relaying_cohort(request, region, slug)
    partners = partners_of(actor, cohort)
    people = Membership.objects.visible_to(actor).filter(
        current(clock.today()), organisation__in=partners, role__in=roles_with(Permission.READ_RELAYED)
    )
    shares = Share.objects.visible_to(actor).filter(cohort=cohort).with_context()
    context = {
        "cohort": cohort,
        "partners": partners_with_people(partners, people.select_related("user").order_by("user__last_name", "pk")),
        "needs": list(Need.objects.visible_to(actor).filter(cohort=cohort).with_context()),
        "resources": resources_given(shares, clock.today()),
    }
    return render(request, "cohorts/relays.html", context)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def need_new(request, region, slug):
    """Relay a need to one of the partners."""
    cohort = relaying_cohort(request, region, slug)
    form = NeedForm(posted(request), organisations=partners_of(request.actor, cohort))
    if form.is_valid():
        try:
            need = relay_need(cohort=cohort, by=request.user, **form.need())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"Le besoin est relayé à {need.organisation.legal_name}.")
            return redirect("cohort_relays", region, slug)
    return form_page(request, "cohorts/need_new.html", cohort, form)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def resource_new(request, region, slug):
    """Bring a PDF and give it to partners, by name."""
    cohort = relaying_cohort(request, region, slug)
    files = request.FILES if request.method == "POST" else None
    form = ResourceForm(posted(request), files, organisations=partners_of(request.actor, cohort))
    if form.is_valid():
        try:
            resource = give_resource(cohort=cohort, by=request.user, **form.resource())
        except NotAccepted as refusal:
            form.add_error("file", str(refusal))
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"« {resource.title} » est confiée, et annoncée par courriel.")
            return redirect("cohort_relays", region, slug)
    form.ask_again()
    return form_page(request, "cohorts/resource_new.html", cohort, form)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def resource_share(request, region, slug, public_id):
    """Give a resource to others, or again to those it was taken back from."""
    cohort = relaying_cohort(request, region, slug)
    shares = Share.objects.visible_to(request.actor).filter(cohort=cohort, resource__public_id=public_id)
    resource = visible_or_404(
        Share.objects.with_context(), request.actor, cohort=cohort, resource__public_id=public_id
    ).resource
    held = set(shares.in_force(clock.today()).values_list("organisation_id", flat=True))
    others = [partner for partner in partners_of(request.actor, cohort) if partner.pk not in held]
    form = ShareForm(posted(request), organisations=others)
    if form.is_valid():
        try:
            share_resource(resource=resource, by=request.user, **form.given())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"« {resource.title} » est confiée, et annoncée par courriel.")
            return redirect("cohort_relays", region, slug)
    return form_page(request, "cohorts/resource_share.html", cohort, form, resource=resource)


@open_to(Audience.REGION_ADMIN)
@require_POST
def share_withdraw(request, region, slug, public_id):
    """Take a resource back from one organisation: it closes at once."""
    cohort = relaying_cohort(request, region, slug)
    share = visible_or_404(Share.objects.with_context(), request.actor, cohort=cohort, public_id=public_id)
    if withdraw_share(share=share, by=request.user):
        messages.success(
            request,
            f"« {share.resource.title} » est reprise : {share.organisation.legal_name} ne peut plus l’ouvrir. "
            "Les copies déjà téléchargées portent le nom de qui les a reçues.",
        )
    else:
        messages.info(request, f"« {share.resource.title} » était déjà reprise : rien n’a changé.")
    return redirect("cohort_relays", region, slug)


def form_page(request, template, cohort, form, **more):
    """A form of this room, with its errors when it has some."""
    return render(request, template, {"cohort": cohort, "form": form, **more}, status=422 if form.errors else 200)
