"""The action plan: listed, and each action from a criterion or on its own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from autodiag.forms.plan import ActionForm
from autodiag.models import Action, Answer
from autodiag.services.plan import create_action, update_action
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import participation_or_404, visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission


def plan_path(request, region, public_id):
    participation = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(participation)
    return participation


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def plan(request, region, public_id):
    """The actions of a structure, by due day; who accompanies sees those it shares."""
    participation = plan_path(request, region, public_id)
    actions = Action.objects.visible_to(request.actor).filter(participation=participation).in_order()
    lapse = request.actor.lapse(participation)
    context = {
        "participation": participation,
        "actions": actions,
        "insider": request.actor.is_insider(participation),
        "can_edit": request.actor.can(Permission.EDIT_PLAN, participation) and not lapse,
        "lapse": lapse,
    }
    return render(request, "autodiag/plan.html", context)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def action_new(request, region, public_id):
    """A new action; `?critere=` names the answer it comes from."""
    participation = plan_path(request, region, public_id)
    request.actor.require(Permission.EDIT_PLAN, participation)
    request.actor.require_tools(participation)
    criterion = source_criterion(request, participation)
    form = ActionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        create_action(participation=participation, by=request.actor, criterion=criterion, **form.fields_to_save())
        messages.success(request, "L’action est dans votre plan.")
        return redirect("plan", region=region, public_id=public_id)
    context = {"participation": participation, "form": form, "criterion": criterion, "stale": None}
    return render(request, "autodiag/action.html", context, status=422 if form.errors else 200)


def source_criterion(request, participation):
    """The criterion of one of this structure's answers, named by its answer's id; None when not asked."""
    asked = request.GET.get("reponse", "")
    if not asked:
        return None
    answer = visible_or_404(
        Answer.objects.select_related("criterion__chapter"),
        request.actor,
        participation=participation,
        pk=int(asked) if asked.isdecimal() and len(asked) < 16 else 0,
    )
    return answer.criterion


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def action_edit(request, region, public_id, action_id):
    """Change an action; two people at once are shown both versions."""
    participation = plan_path(request, region, public_id)
    request.actor.require(Permission.EDIT_PLAN, participation)
    request.actor.require_tools(participation)
    action = visible_or_404(Action.objects.in_order(), request.actor, participation=participation, public_id=action_id)
    revision = action.revision
    form = ActionForm(posted(request), instance=action, initial={"revision": revision})
    stale = None
    if request.method == "POST" and form.is_valid():
        made_on = form.cleaned_data["revision"]
        try:
            update_action(
                action=action,
                revision=-1 if made_on is None else made_on,
                by=request.actor,
                **form.fields_to_save(),
            )
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, "L’action est enregistrée.")
            return redirect(reverse("plan", args=[region, public_id]))
    context = {"participation": participation, "form": form, "criterion": action.criterion, "stale": stale}
    return render(request, "autodiag/action.html", context, status=409 if stale else 422 if form.errors else 200)
