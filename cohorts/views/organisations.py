"""An organisation's card: who it is, what it already does."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, Audience, Refused, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts import rules
from cohorts.access import visible_or_404
from cohorts.enums import OrganisationKind
from cohorts.forms.organisations import AdhesionForm, ApproachForm, CardForm
from cohorts.models import Approach, Invitation, Membership, Organisation, Participation, Purpose
from cohorts.models.memberships import current
from cohorts.places import Place
from cohorts.roles import Permission, roles_with
from cohorts.services.organisations import add_approach, record_adhesion, remove_approach, update_card

EDITORS = (Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE)


def organisation_or_404(request, region, public_id):
    found = visible_or_404(
        Organisation.objects.select_related("region").prefetch_related("siae_statuses", "approaches"),
        request.actor,
        region__slug=region,
        public_id=public_id,
    )
    request.place = Place(found.region.name, found.get_absolute_url(), organisation_id=found.pk)
    return found


def can_edit(actor, organisation):
    """Whether one of the person's roles in this very organisation lets them change its card."""
    editors = roles_with(Permission.EDIT_CARD)
    return any(m.organisation_id == organisation.pk and m.role in editors for m in actor.held)


def can_set_letterhead(actor, organisation):
    """Whether one of the person's roles in this very organisation lets them set what heads its documents."""
    setters = roles_with(Permission.SET_LETTERHEAD)
    return any(m.organisation_id == organisation.pk and m.role in setters for m in actor.held)


def editable_or_refused(request, region, public_id):
    organisation = organisation_or_404(request, region, public_id)
    if not can_edit(request.actor, organisation):
        raise Refused(
            "La fiche d’une structure est tenue par sa ou son référent·e et par sa représentation légale.",
            "Demandez à l’un·e d’eux de la modifier.",
        )
    return organisation


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def organisation(request, region, public_id):
    """The card, its approaches, its people and those who are invited."""
    found = organisation_or_404(request, region, public_id)
    held = request.actor.roles_on_organisation(found)
    people = (
        Membership.objects.visible_to(request.actor)
        .filter(current(clock.today()), organisation=found)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "role")
    )
    context = {
        "organisation": found,
        "is_structure": found.kind == OrganisationKind.STRUCTURE,
        "insider": found.pk in request.actor.structure_ids,
        "people": people,
        "invitations": invitations_waiting(request.actor, found),
        "can_invite": bool(rules.invitable_roles(found.kind, held)),
        "adhesion": found.adhesions.order_by("-since").first(),
        "can_edit": can_edit(request.actor, found),
        "can_head": can_set_letterhead(request.actor, found),
        **own_words(request.actor, found),
        "paths": paths_of(request.actor, found),
        "coordinates": request.actor.coordinates(found.region_id),
        "today": clock.today(),
    }
    return render(request, "cohorts/organisation.html", context)


def paths_of(actor, organisation):
    """The paths of a structure that this person may read, the last first."""
    rows = Participation.objects.visible_to(actor).with_context().filter(organisation=organisation)
    return list(rows.order_by("-joined_on", "-pk"))


def own_words(actor, organisation):
    """What a structure says of itself to its own people, and whether this person may write it."""
    if organisation.pk not in actor.structure_ids:
        return {"purpose": None}
    purpose = Purpose.objects.visible_to(actor).filter(organisation=organisation).first()
    return {"purpose": purpose, "can_write": actor.can_on_organisation(Permission.EDIT_MAP, organisation)}


def invitations_waiting(actor, organisation):
    """Those nobody answered yet, each with whether its time is over."""
    rows = Invitation.objects.visible_to(actor).pending().filter(organisation=organisation)
    now = clock.now()
    return [(row, rules.is_over(row, now)) for row in rows.order_by("last_name", "first_name", "pk")]


@open_to(*EDITORS)
@require_http_methods(["GET", "POST"])
def organisation_edit(request, region, public_id):
    """Change the card; two people at once are told, and nothing is lost."""
    found = editable_or_refused(request, region, public_id)
    initial = {
        "revision": found.revision,
        "siae_kinds": [status.kind for status in found.siae_statuses.all()],
    }
    form = CardForm(posted(request), instance=found, initial=initial)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            update_card(organisation=found, by=request.user, **form.card())
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, "La fiche est enregistrée.")
            return redirect(found)
    context = {"organisation": found, "form": form, "stale": stale, "approach_form": ApproachForm()}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "cohorts/organisation_edit.html", context, status=status)


@open_to(*EDITORS)
@require_POST
def approach_add(request, region, public_id):
    """Note an approach the structure already has."""
    found = editable_or_refused(request, region, public_id)
    form = ApproachForm(request.POST)
    if form.is_valid():
        add_approach(organisation=found, by=request.user, **form.cleaned_data)
        messages.success(request, "La démarche est ajoutée à la fiche.")
        return redirect("organisation_edit", region=region, public_id=public_id)
    kinds = [status.kind for status in found.siae_statuses.all()]
    card = CardForm(instance=found, initial={"revision": found.revision, "siae_kinds": kinds})
    context = {"organisation": found, "form": card, "stale": None, "approach_form": form}
    return render(request, "cohorts/organisation_edit.html", context, status=422)


@open_to(*EDITORS)
@require_POST
def approach_remove(request, region, public_id, approach_pk):
    """Take an approach off the card."""
    found = editable_or_refused(request, region, public_id)
    approach = visible_or_404(Approach, request.actor, organisation=found, pk=approach_pk)
    remove_approach(approach=approach, by=request.user)
    messages.success(request, "La démarche est retirée de la fiche.")
    return redirect("organisation_edit", region=region, public_id=public_id)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def adhesion_add(request, region, public_id):
    """Note that a structure is a member of the network: its people's tools open at once."""
    found = organisation_or_404(request, region, public_id)
    request.actor.require_coordination(Permission.RECORD_ADHESION, found.region_id)
    if found.kind != OrganisationKind.STRUCTURE:
        raise Http404
    form = AdhesionForm(posted(request), initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        record_adhesion(organisation=found, by=request.user, **form.cleaned_data)
        messages.success(request, f"L’adhésion de {found.legal_name} est notée.")
        return redirect(found)
    context = {"organisation": found, "form": form}
    return render(request, "cohorts/adhesion.html", context, status=422 if form.errors else 200)
