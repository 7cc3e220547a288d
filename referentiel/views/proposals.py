"""The library of proposed actions: read by national staff, written by whom the référentiel was entrusted to."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from referentiel import rules
from referentiel.forms import NewProposalForm, ProposalForm
from referentiel.models import Criterion, ProposedAction
from referentiel.services.proposals import (
    TEXTS,
    ProposalRefused,
    edit_proposal,
    offer_proposal,
    propose_action,
    withdraw_proposal,
)
from referentiel.views.drafting import by_stable_id, said_saved, status_of
from referentiel.views.questions import version_in_force

ALL, LACKING, AWAY = "toutes", "manques", "retirees"


@dataclass(frozen=True)
class Shelf:
    """A criterion and its actions, by step of the scale; `lacking`: the steps that have none offered."""

    criterion: Criterion
    steps: list
    lacking: list


def proposals_of(request, version):
    known = ProposedAction.objects.readable_by(request.audiences).filter(referentiel=version.referentiel)
    return known.select_related("referentiel").in_order()


def criteria_of(version):
    return [row for chapter in version.chapters.all() for row in chapter.criteria.all()]


def proposal_or_404(request, version, public_id):
    found = proposals_of(request, version).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def proposed_actions(request, code):
    """Every action by chapter, criterion and level, and what still has none."""
    version = version_in_force(request, code)
    proposals = list(proposals_of(request, version))
    offered = [proposal for proposal in proposals if proposal.withdrawn_at is None]
    view = request.GET.get("voir", ALL)
    chapters = [
        (chapter, [shelf_of(criterion, version, offered) for criterion in chapter.criteria.all()])
        for chapter in version.chapters.all()
    ]
    shelves = [shelf for _, row in chapters for shelf in row]
    known = {criterion.stable_id for criterion in criteria_of(version)}
    codes = {criterion.stable_id: criterion for criterion in criteria_of(version)}
    withdrawn = [(codes.get(row.criterion_stable_id), row) for row in proposals if row.withdrawn_at]
    counts = {ALL: len(offered), LACKING: sum(len(shelf.lacking) for shelf in shelves), AWAY: len(withdrawn)}
    context = {
        "version": version,
        "chapters": chapters,
        "view": view if view in counts else ALL,
        "counts": counts,
        "places": len(shelves) * len(version.scale.all()),
        "withdrawn": withdrawn,
        "orphans": [row for row in offered if row.criterion_stable_id not in known],
        "may_edit": version.referentiel_id in request.actor.edited_referentiel_ids,
    }
    return render(request, "referentiel/proposed_actions.html", context)


def shelf_of(criterion, version, offered):
    """The actions offered about a criterion, those of a level that is no longer in the scale last."""
    mine = {}
    for proposal in offered:
        if proposal.criterion_stable_id == criterion.stable_id:
            mine.setdefault(proposal.level, []).append(proposal)
    labels = {step.value: step.label for step in version.scale.all()}
    steps = [(value, labels.get(value, "n’est plus dans l’échelle"), mine[value]) for value in sorted(mine)]
    return Shelf(criterion, steps, [step for step in version.scale.all() if step.value not in mine])


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def proposed_action_new(request, code, stable_id):
    """Write an action about a criterion, whose levels are beside it."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    criterion = by_stable_id(criteria_of(version), stable_id)
    if criterion is None:
        raise Http404
    steps = version.scale.all()
    form = NewProposalForm(posted(request), scale=steps, initial={"level": request.GET.get("niveau", "")})
    if request.method == "POST" and form.is_valid():
        made_by = {"by_name": request.actor.full_name, "by": request.actor}
        where = {"referentiel": version.referentiel, "criterion_stable_id": stable_id}
        try:
            proposal = propose_action(**where, **made_by, **form.texts())
        except ProposalRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, said_saved("L’action est proposée depuis aujourd’hui. Enregistrée"))
            return redirect("proposed_action", code=code, public_id=proposal.public_id)
    context = {"version": version, "criterion": criterion, "here": criterion.code, "form": form}
    context |= {"proposal": None, "stale": None}
    return render(request, "referentiel/proposed_action_edit.html", context, status=status_of(form, None))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def proposed_action(request, code, public_id):
    """Read an action; while it is proposed, its editor changes it."""
    version = version_in_force(request, code)
    if request.method == "POST":
        request.actor.require_editor(version.referentiel)
    proposal = proposal_or_404(request, version, public_id)
    may_edit = version.referentiel_id in request.actor.edited_referentiel_ids
    if request.method == "POST" and proposal.withdrawn_at:
        return not_saved(request, version, proposal, rules.why_not_reworded(proposal))
    if request.method == "GET" and (proposal.withdrawn_at or not may_edit):
        context = {"version": version, "proposal": proposal, "may_edit": may_edit, **around(version, proposal)}
        return render(request, "referentiel/proposed_action.html", context)
    return edited_or_form(request, version, proposal)


def edited_or_form(request, version, proposal):
    """Save what was typed, or show the form."""
    form, stale = ProposalForm(posted(request), proposal=proposal, scale=version.scale.all()), None
    if request.method == "POST" and form.is_valid():
        try:
            edit_proposal(proposal=proposal, by=request.actor, **form.texts())
        except ProposalRefused as refusal:
            if refusal.field is None:
                return not_saved(request, version, proposal, str(refusal))
            form.add_error(refusal.field, str(refusal))
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, said_saved("L’action est enregistrée"))
            return redirect("proposed_action", code=version.referentiel.code, public_id=proposal.public_id)
    context = {"version": version, "proposal": proposal, "form": form, "stale": stale, **around(version, proposal)}
    context["theirs"] = form.differences(stale) if stale else []
    return render(request, "referentiel/proposed_action_edit.html", context, status=status_of(form, stale))


def around(version, proposal):
    """The criterion an action is about, None when it is no longer in force, and the name of its level."""
    labels = {step.value: step.label for step in version.scale.all()}
    criterion = by_stable_id(criteria_of(version), proposal.criterion_stable_id)
    return {
        "criterion": criterion,
        "here": criterion.code if criterion else "Action",
        "level_label": labels.get(proposal.level, "n’est plus dans l’échelle"),
    }


def not_saved(request, version, proposal, reason):
    """The action is not what it was: what was typed is shown, to be copied."""
    typed = [text for text in (request.POST.get(name, "").strip() for name in TEXTS) if text]
    context = {"version": version, "proposal": proposal, "reason": reason, "typed": typed}
    return render(request, "referentiel/proposed_action_gone.html", context, status=409)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def proposed_action_withdraw(request, code, public_id):
    """It is not proposed any more; those who accepted it keep theirs."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    proposal = proposal_or_404(request, version, public_id)
    try:
        withdraw_proposal(proposal=proposal, by_name=request.actor.full_name, by=request.actor)
    except ProposalRefused as refusal:
        messages.info(request, f"{refusal} Rien n’a changé.")
    else:
        messages.success(request, "L’action est retirée. Les structures qui l’ont déjà acceptée gardent la leur.")
    return redirect("proposed_action", code=code, public_id=public_id)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def proposed_action_offer(request, code, public_id):
    """It is proposed again, from today on."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    proposal = proposal_or_404(request, version, public_id)
    try:
        offer_proposal(proposal=proposal, by=request.actor)
    except ProposalRefused as refusal:
        messages.info(request, f"{refusal} Rien n’a changé.")
    else:
        messages.success(request, "L’action est de nouveau proposée.")
    return redirect("proposed_action", code=code, public_id=public_id)
