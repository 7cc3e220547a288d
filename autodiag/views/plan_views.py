"""The plan as a table, in columns, by month, along time: the same actions, the same filters."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from autodiag.boards.plan import columns
from autodiag.boards.plan_calendar import month_asked, month_of, named
from autodiag.boards.plan_timeline import timeline
from autodiag.services.adoption import adoption_of
from autodiag.views.plan import plan_or_404
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from cohorts.roles import Permission


def shown(request, plan, name, template, **more):
    """One view of the plan: what they all share, and its own."""
    context = {
        "plan": plan,
        "participation": plan.participation,
        "adopted": adoption_of(plan.participation, request.actor),
        "can_adopt": not plan.lapse and request.actor.can(Permission.ADOPT_PLAN, plan.participation),
        "tabs": plan.tabs(name),
        "here": name,
        **more,
    }
    return render(request, template, context)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def plan(request, region, public_id):
    """The actions of a structure, by due day; who accompanies sees those it shares."""
    found = plan_or_404(request, region, public_id)
    return shown(request, found, "plan", "autodiag/plan.html")


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def plan_board(request, region, public_id):
    """In columns, by state. Each card is moved by a small form, or dragged."""
    found = plan_or_404(request, region, public_id)
    return shown(request, found, "plan_board", "autodiag/plan_board.html", columns=columns(found.shown))


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def plan_calendar(request, region, public_id):
    """By month; `?mois=2025-11` names one."""
    found = plan_or_404(request, region, public_id)
    first = month_asked(request.GET.get("mois", ""), found.today)
    dated = [line for line in found.shown if line.action.due_on]
    context = {
        "month": month_of(dated, first, found.today),
        "this_month": named(found.today),
        "undated": [line for line in found.shown if not line.action.due_on],
        "late": [line for line in dated if line.is_late and line.action.due_on < first],
    }
    return shown(request, found, "plan_calendar", "autodiag/plan_calendar.html", **context)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def plan_timeline(request, region, public_id):
    """Along time, from the day each action begins to the day it is due."""
    found = plan_or_404(request, region, public_id)
    drawn = timeline(found.shown, found.today)
    strips = [(bar, drawn.strip(bar)) for bar in drawn.bars]
    return shown(request, found, "plan_timeline", "autodiag/plan_timeline.html", timeline=drawn, strips=strips)
