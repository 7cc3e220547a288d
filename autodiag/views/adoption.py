"""Adoptions of the plan: noted, listed, read again as they were, compared. The structure's alone."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.forms.adoption import AdoptionForm
from autodiag.models import PlanAdoption
from autodiag.plans import freezing
from autodiag.rules.adoption import can_adopt
from autodiag.services.adoption import NothingToAdopt, PlanMoved, adopt_plan, frozen_plan
from caprse.base import files
from caprse.base.access import STRUCTURE, open_to
from caprse.base.requests import posted, whole_number
from cohorts.access import participation_or_404, visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission

NOW = "maintenant"
HEADINGS = (
    (freezing.ADDED, "Ajoutées", "plus"),
    (freezing.DONE, "Faites", "check-circle"),
    (freezing.ABANDONED, "Abandonnées", "close"),
    (freezing.CHANGED, "Modifiées", "pencil"),
    (freezing.GONE, "Absentes", "minus"),
)


@dataclass(frozen=True)
class Line:
    """A frozen action as it is read: its fields in words, and those that say something, with their labels."""

    action: dict
    told: dict = field(repr=False)
    facts: list = field(repr=False)


def own_path(request, region, public_id, permission):
    """The structure's own path, for its people alone. Sets the page's place."""
    participation = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(participation)
    request.actor.require(permission, participation)
    return participation


def lines_of(actions):
    """Each frozen action with what it says."""
    return [line_of(action) for action in actions]


def line_of(action):
    told = freezing.in_words(action)
    aside = ("what", "status", "who", "due_on")
    facts = [
        (label, told[name])
        for name, label in freezing.LABELS.items()
        if name not in aside and told[name] != freezing.NOTHING
    ]
    return Line(action, told, facts)


def by_kind(changes):
    """The changes under their headings, those that are empty left out: (heading, icon, changes)."""
    found = [(title, icon, [one for one in changes if one.kind == kind]) for kind, title, icon in HEADINGS]
    return [group for group in found if group[2]]


@open_to(*STRUCTURE)
@require_GET
def plan_adoptions(request, region, public_id):
    """Every adoption, newest first, and what changed since the last one."""
    participation = own_path(request, region, public_id, Permission.READ_PLAN)
    adoptions = list(PlanAdoption.objects.visible_to(request.actor).filter(participation=participation).newest_first())
    since = freezing.compare(adoptions[0].content["actions"], frozen_plan(participation)) if adoptions else []
    lapse = request.actor.lapse(participation)
    context = {
        "participation": participation,
        "adoptions": adoptions,
        "groups": by_kind(since),
        "can_adopt": request.actor.can(Permission.ADOPT_PLAN, participation) and not lapse,
        "lapse": lapse,
    }
    return render(request, "autodiag/plan_adoptions.html", context)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def plan_adopt(request, region, public_id):
    """The plan as it will be frozen, then who adopted it, and when."""
    participation = own_path(request, region, public_id, Permission.ADOPT_PLAN)
    request.actor.require_tools(participation)
    form = AdoptionForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return adoption_page(request, participation, form)
    try:
        made = adopt_plan(participation=participation, by=request.actor, **form.said())
    except NothingToAdopt:
        return adoption_page(request, participation, form, status=422)
    except PlanMoved:
        form.ask_again()
        return adoption_page(request, participation, form, status=409)
    messages.success(request, "L’adoption est notée : votre plan est gardé tel qu’il est aujourd’hui.")
    return redirect("plan_adoption", region=region, public_id=public_id, number=made.number)


def adoption_page(request, participation, form, *, status=200):
    """The plan as it stands, the form as typed, and what moved since it was shown."""
    actions = frozen_plan(participation)
    shown = form.data.get("shown", "") if form.is_bound else ""
    context = {
        "participation": participation,
        "form": form,
        "lines": lines_of(actions),
        "stamp": freezing.stamp_of(actions),
        "moved": freezing.changed_since(shown, actions) if shown else [],
        "stale": status == 409,
        "verdict": can_adopt(actions),
    }
    status = 422 if form.errors and status == 200 else status
    return render(request, "autodiag/plan_adopt.html", context, status=status)


@open_to(*STRUCTURE)
@require_GET
def plan_adoption(request, region, public_id, number):
    """One adoption: its plan as frozen, and what changed from it to today, or to another adoption."""
    participation = own_path(request, region, public_id, Permission.READ_PLAN)
    mine = PlanAdoption.objects.visible_to(request.actor).filter(participation=participation)
    adoptions = {one.number: one for one in mine.newest_first()}
    adoption = adoptions.get(number)
    if adoption is None:
        raise Http404
    asked = request.GET.get("avec", NOW)
    other = adoptions.get(whole_number(asked))
    before, after = (adoption, other) if other is None or other.number >= number else (other, adoption)
    changes = freezing.compare(
        before.content["actions"], after.content["actions"] if after else frozen_plan(participation)
    )
    context = {
        "participation": participation,
        "adoption": adoption,
        "others": [one for one in adoptions.values() if one.number != number],
        "other": other,
        "before": before,
        "after": after,
        "groups": by_kind(changes),
        "count": len(changes),
        "lines": lines_of(adoption.content["actions"]),
    }
    return render(request, "autodiag/plan_adoption.html", context)


@open_to(*STRUCTURE)
@require_POST
def plan_adoption_file(request, region, public_id, number):
    """The decision, as it was brought: the structure's own document, registered like every file that leaves."""
    participation = own_path(request, region, public_id, Permission.READ_PLAN)
    found = visible_or_404(
        PlanAdoption.objects.select_related("decision"),
        request.actor,
        participation=participation,
        number=number,
        decision__isnull=False,
    )
    return files.download_as_is(
        found.decision, actor=request.actor, acting_for=request.actor.name_of_side(participation)
    )
