"""The stakeholders of a structure: its map and its list, for its people alone; and those its cohort's launch named."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base.access import REGIONAL, STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.text import NBSP, normalised, plural
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.figures import WORDS, narrow_map, stakeholder_map
from cohorts.forms.identity import KickoffForm, SeedForm, StakeholderForm
from cohorts.models import Cohort, NamedAtKickoff, Stakeholder
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.stakeholders import (
    USUAL,
    AlreadyNamed,
    Removed,
    TooMany,
    add_stakeholder,
    edit_stakeholder,
    name_at_kickoff,
    names_of,
    remove_stakeholder,
    stamp_of,
    take_up,
)
from cohorts.views.own import own_or_404

FIELDS = ("name", "importance", "influence", "expectations", "dialogue", "revision")


@dataclass(frozen=True)
class Line:
    """A stakeholder as the table tells it."""

    stakeholder: Stakeholder
    importance: str
    influence: str


def stakeholders_of(request, own):
    return Stakeholder.objects.visible_to(request.actor).filter(organisation=own.organisation).in_order()


def offered_names(request, own):
    """What the launch of its cohorts named, then the usual ones, each once."""
    rows = NamedAtKickoff.objects.visible_to(request.actor).filter(
        cohort__participations__organisation=own.organisation, cohort__participations__left_on=None
    )
    named = list(dict.fromkeys(rows.order_by("cohort", "position").values_list("name", flat=True)))
    known = {normalised(name) for name in named}
    return named, [name for name in USUAL if normalised(name) not in known]


@open_to(*STRUCTURE)
@require_GET
def stakeholders(request, region, public_id):
    """The map, the table, those that are to be placed, and what one may start from."""
    own = own_or_404(request, region, public_id)
    return map_page(request, own)


def map_page(request, own, form=None):
    """The page of the map; `form`: names that were to be taken up, and could not."""
    rows = list(stakeholders_of(request, own))
    placed = [row for row in rows if row.importance]
    known = {normalised(row.name) for row in rows}
    context = {
        "own": own,
        "organisation": own.organisation,
        "lines": [Line(row, WORDS.get(row.importance, ""), WORDS.get(row.influence, "")) for row in rows],
        "to_place": [row for row in rows if not row.importance],
        "drawing": stakeholder_map(placed) if placed else "",
        "narrow": narrow_map(placed) if placed else [],
        "seed_form": form,
    }
    if own.can_edit:
        named, usual = offered_names(request, own)
        context["named"] = [name for name in named if normalised(name) not in known]
        context["usual"] = [name for name in usual if normalised(name) not in known]
    return render(request, "cohorts/stakeholders.html", context, status=422 if form else 200)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def stakeholder_new(request, region, public_id):
    """Add somebody to the list."""
    own = own_or_404(request, region, public_id, editing=True)
    form = StakeholderForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = add_stakeholder(organisation=own.organisation, by=request.actor, **form.said())
        except AlreadyNamed as refusal:
            form.add_error("name", already(refusal))
        except TooMany as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"«{NBSP}{added.name}{NBSP}» est dans votre liste.")
            return redirect(own.url("stakeholders"))
    context = {"own": own, "organisation": own.organisation, "stakeholder": None, "form": form}
    return render(request, "cohorts/stakeholder_edit.html", context, status=422 if form.errors else 200)


def already(refusal):
    return f"«{NBSP}{refusal.stakeholder.name}{NBSP}» est déjà dans votre liste. Complétez sa ligne, ou donnez un autre nom."


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def stakeholder_edit(request, region, public_id, stakeholder_id):
    """Change what is said of somebody; two people at once are shown both."""
    own = own_or_404(request, region, public_id, editing=True)
    found = stakeholders_of(request, own).select_related("organisation").filter(public_id=stakeholder_id).first()
    if found is None and request.method == "GET":
        raise Http404
    initial = {name: getattr(found, name) for name in FIELDS} if found else None
    form = StakeholderForm(posted(request), initial=initial)
    valid, stale = form.is_valid(), None
    if found and valid:
        try:
            edit_stakeholder(stakeholder=found, revision=form.made_on(), by=request.actor, **form.said())
        except AlreadyNamed as refusal:
            form.add_error("name", already(refusal))
        except Removed:
            found = None
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, f"«{NBSP}{form.cleaned_data['name']}{NBSP}» est enregistré.")
            return redirect(own.url("stakeholders"))
    return edit_page(request, own, found, form, stale)


def edit_page(request, own, found, form, stale):
    """The form of a stakeholder; when somebody took it off the list, what was typed may be added again."""
    context = {
        "own": own,
        "organisation": own.organisation,
        "stakeholder": found,
        "removed": found is None,
        "form": form,
        "stale": stale,
        "theirs": form.differences(stale) if stale else [],
    }
    status = 404 if found is None else 409 if stale else 422 if form.errors else 200
    return render(request, "cohorts/stakeholder_edit.html", context, status=status)


@open_to(*STRUCTURE)
@require_POST
def stakeholder_remove(request, region, public_id, stakeholder_id):
    """Take somebody off the list."""
    own = own_or_404(request, region, public_id, editing=True)
    found = visible_or_404(Stakeholder, request.actor, organisation=own.organisation, public_id=stakeholder_id)
    remove_stakeholder(stakeholder=found, by=request.actor)
    messages.success(request, f"«{NBSP}{found.name}{NBSP}» n’est plus dans votre liste.")
    return redirect(own.url("stakeholders"))


@open_to(*STRUCTURE)
@require_POST
def stakeholders_seed(request, region, public_id):
    """Start the list from the names that were ticked; those that are there already stay as they are."""
    own = own_or_404(request, region, public_id, editing=True)
    named, usual = offered_names(request, own)
    form = SeedForm(request.POST, names=[*named, *usual])
    if form.is_valid():
        try:
            added = take_up(organisation=own.organisation, names=form.cleaned_data["names"], by=request.actor)
        except TooMany as refusal:
            form.add_error("names", str(refusal))
        else:
            count = len(added)
            said = f"{count} {plural(count, 'nom ajouté', 'noms ajoutés')}. Placez-les sur la carte quand vous voulez."
            messages.success(request, said if added else "Ces noms étaient déjà dans votre liste : rien n’a changé.")
            return redirect(own.url("stakeholders"))
    return map_page(request, own, form)


@open_to(*REGIONAL)
@require_http_methods(["GET", "POST"])
def kickoff_stakeholders(request, region, slug):
    """The names the workshop of the launch day found, one a line."""
    cohort = visible_or_404(
        Cohort.objects.select_related("region", "version__referentiel"), request.actor, region__slug=region, slug=slug
    )
    request.actor.require_accompaniment(Permission.NAME_STAKEHOLDERS, cohort)
    request.place = Place.of_cohort(cohort)
    names = names_of(cohort)
    initial = {"names": "\n".join(names), "seen": stamp_of(names)}
    form, stale = KickoffForm(posted(request), initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            saved = name_at_kickoff(cohort=cohort, by=request.actor, **form.cleaned_data)
        except StaleSave as refusal:
            stale = {"names": refusal.current, "seen": stamp_of(refusal.current)}
        else:
            said = f"{len(saved)} {plural(len(saved), 'nom noté', 'noms notés')}. Chaque structure peut partir de cette liste."
            messages.success(request, said)
            return redirect("kickoff_stakeholders", region, slug)
    context = {"cohort": cohort, "form": form, "stale": stale, "count": len(names)}
    return render(
        request, "cohorts/kickoff_stakeholders.html", context, status=409 if stale else 422 if form.errors else 200
    )
