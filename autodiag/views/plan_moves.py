"""An action moved from one state to another, several changed at once."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from autodiag.boards.plan import Line, column_word, one_word
from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.forms.plan_moves import BulkForm, MoveForm
from autodiag.models import Action, ActionNote
from autodiag.services.plan import update_action
from autodiag.services.plan_moves import ChangedMeanwhile, change_many, last_hands
from autodiag.views.plan import plan_or_404, plan_path
from autodiag.views.saving import may_not_save, wants_json
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.text import NBSP, datetime_in_words, plural
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.models import Membership
from cohorts.models.memberships import STRUCTURE_ROLES, current
from cohorts.roles import Permission


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def action_move(request, region, public_id, action_id):
    """Give an action another state; `?vers=blocked` asks why. The board's script gets its card back."""
    participation = plan_path(request, region, public_id)
    refused = may_not_save(request, participation, Permission.EDIT_PLAN)
    if refused:
        return refused
    of_plan = {"participation": participation, "public_id": action_id}
    action = visible_or_404(Action.objects.in_order().select_related("pilot"), request.actor, **of_plan)
    shown = {"revision": action.revision, "status": request.GET.get("vers", action.status)}
    form = MoveForm(posted(request), initial={**shown, "status_reason": action.status_reason})
    stale = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said = {"status": data["status"], "status_reason": data["status_reason"]}
        try:
            action = update_action(action=action, revision=form.made_on, by=request.actor, **said)
        except StaleSave as refusal:
            stale = refusal.current
        else:
            return moved(request, participation, action)
    return asked_again(request, participation, action, form, stale)


def moved(request, participation, action):
    """The move is made: its card to the script, the board to anybody else."""
    what = f"«{NBSP}{action.what}{NBSP}»"
    words = f"{what} est maintenant dans «{NBSP}{column_word(action.status)}{NBSP}»."
    if action.status == ActionStatus.DONE and action.criterion:
        words += f" Bravo{NBSP}! Sa page propose de réévaluer le critère {action.criterion.code}."
    if wants_json(request):
        return JsonResponse({**card_of(request, participation, action), "said": words})
    messages.success(request, words)
    return redirect("plan_board", region=participation.cohort.region.slug, public_id=participation.public_id)


def asked_again(request, participation, action, form, stale):
    """The page of the move: opened, to be put right (422), or made on an older version (409)."""
    status = 409 if stale else 422 if form.errors else 200
    words = changed_words(stale) if stale else ""
    if wants_json(request) and status != 200:
        fresh = card_of(request, participation, stale) if stale else {}
        errors = " ".join(text for texts in form.errors.values() for text in texts)
        return JsonResponse({**fresh, "error": words or errors}, status=status)
    context = {
        "participation": participation,
        "action": action,
        "form": form,
        "stale": stale,
        "changed_words": words,
        "asks_why": str(form["status"].value()) in EXPLAINED,
    }
    return render(request, "autodiag/action_move.html", context, status=status)


def changed_words(action):
    """Who changed an action last, when, and where it stands."""
    who = last_hands([action]).get(action.pk, "Quelqu’un")
    return (
        f"{who} a changé «{NBSP}{action.what}{NBSP}» le {datetime_in_words(action.updated_at)}. "
        f"Elle est «{NBSP}{one_word(action.status)}{NBSP}»{NBSP}: votre déplacement n’a pas été enregistré."
    )


def card_of(request, participation, action):
    """What the script puts in the board: the card, where it goes and the version it is."""
    notes = ActionNote.objects.visible_to(request.actor).filter(action=action, withdrawn_at=None)
    last = notes.order_by("-written_at").values_list("written_at", flat=True).first()
    line = Line(action, last, clock.today())
    context = {"line": line, "participation": participation, "can_edit": True, "insider": True}
    card = render_to_string("autodiag/_plan_card.html", context, request)
    return {"status": action.status, "revision": action.revision, "card": card}


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def plan_bulk(request, region, public_id):
    """Change one thing of several actions: choose, read what changes, then all of it or nothing."""
    plan = plan_or_404(request, region, public_id, editing=True)
    form = BulkForm(posted(request), lines=plan.lines, people=people_of(request.actor, plan.participation))
    if request.method == "GET" or not form.is_valid():
        return choosing(request, plan, form, 422 if form.errors else 200)
    if "back" in request.POST:
        return choosing(request, plan, form, 200)
    if "confirmed" not in request.POST:
        return confirming(request, plan, form)
    try:
        changed = change_many(participation=plan.participation, chosen=form.revisions, by=request.actor, **form.values)
    except ChangedMeanwhile as refusal:
        return confirming(request, plan, form, changed=refusal.actions)
    messages.success(request, changed_in_words(len(changed)))
    return redirect(plan.url("plan", query=plan.filters.query))


def changed_in_words(count):
    """« 3 actions changées. »"""
    if not count:
        return "Ces actions étaient déjà ainsi : rien n’a changé."
    return f"{count} {plural(count, 'action changée', 'actions changées')}."


def people_of(actor, participation):
    """The people of the structure today, by name: pairs (public id, user)."""
    held = Membership.objects.visible_to(actor).filter(
        current(clock.today()),
        organisation=participation.organisation_id,
        role__in=STRUCTURE_ROLES,
        user__is_active=True,
    )
    held = held.select_related("user").order_by("user__last_name", "user__first_name", "user_id")
    return list({membership.user.public_id: membership.user for membership in held}.items())


def choosing(request, plan, form, status):
    """The actions to tick, and what to change."""
    filtered = {line.action.public_id for line in plan.shown} | set(form.ticked)
    rows = [line for line in plan.lines if line.action.public_id in filtered]
    asked_for = form["change"].value() or ""
    context = {"plan": plan, "participation": plan.participation, "form": form, "rows": rows, "asked_for": asked_for}
    return render(request, "autodiag/plan_bulk.html", context, status=status)


def confirming(request, plan, form, changed=()):
    """Before and after, action by action. `changed`: those somebody else changed meanwhile (409)."""
    hands = last_hands(changed) if changed else {}
    meanwhile = {action.pk: hands.get(action.pk, "quelqu’un") for action in changed}
    rows = [(line, form.before(line.action), meanwhile.get(line.action.pk, "")) for line in form.chosen]
    context = {
        "plan": plan,
        "participation": plan.participation,
        "form": form,
        "changing": [row for row in rows if form.changes(row[0].action)],
        "same": [row for row in rows if not form.changes(row[0].action)],
        "meanwhile": [(action, meanwhile[action.pk]) for action in changed],
    }
    return render(request, "autodiag/plan_bulk_confirm.html", context, status=409 if changed else 200)
