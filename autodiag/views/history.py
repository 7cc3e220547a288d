"""The history of one answer: who changed it, when, from what to what; and putting a past answer back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from autodiag import rules
from autodiag.figures import figure_changes
from autodiag.forms.answers import RestoreForm
from autodiag.models import Answer, AnswerChange, IndicatorChange
from autodiag.models.prepared import answer_to_save
from autodiag.presentation import past_saves
from autodiag.services.answers import RoundClosed, UnknownState, past_states, restore_answer, state_at
from autodiag.views.answers import conflict
from autodiag.views.beside import last_agreement
from autodiag.views.doors import autodiag_or_404
from autodiag.views.saving import may_not_save, not_now
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.roles import Permission

SHOWN = 200  # saves: further ones stay in the database


@open_to(*STRUCTURE)
@require_GET
def history(request, region, public_id, position):
    """Every save of this answer and of its figures, each past answer with a button to put it back."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_DIAGNOSTIC, found.participation)
    request.actor.require_tools(found.participation)
    return history_page(request, found, position)


def history_page(request, autodiag, position, *, status=200, problem=""):
    answer = visible_or_404(
        Answer.objects.select_related("criterion", "comment").prefetch_related("criterion__levels"),
        request.actor,
        autodiag=autodiag,
        criterion__position=position,
    )
    changes = AnswerChange.objects.visible_to(request.actor).filter(answer=answer, revision__lte=answer.revision)
    figures = IndicatorChange.objects.visible_to(request.actor).of_criterion(autodiag, answer.criterion_id)
    scale = {step.value: step.label for step in autodiag.participation.cohort.version.scale.all()}
    states = past_states(answer, changes.select_related("by")[:SHOWN])
    can_answer = request.actor.can(Permission.ANSWER, autodiag.participation)
    context = {
        "autodiag": autodiag,
        "answer": answer,
        "saves": past_saves(states, answer.criterion.levels.all(), scale),
        "agreement": last_agreement(request.actor, answer, scale),
        "figures": figure_changes(figures[:SHOWN]),
        "can_restore": can_answer and bool(rules.can_answer(autodiag, clock.today())),
        "problem": problem,
    }
    return render(request, "autodiag/history.html", context, status=status)


@open_to(*STRUCTURE)
@require_POST
def answer_restore(request, region, public_id, position, past):
    """Put the answer back as it was after one of its saves; meanwhile changed, both are shown to choose from."""
    answer = answer_to_save(request.actor, region=region, public_id=public_id, position=position)
    if answer is None:
        raise Http404
    if refusal := may_not_save(request, answer.autodiag.participation, Permission.ANSWER):
        return refusal
    form = RestoreForm(request.POST)
    if not form.is_valid():
        found = autodiag_or_404(request, region, public_id)
        return history_page(request, found, position, status=422, problem=form.in_words)
    try:
        restore_answer(answer=answer, past=past, revision=form.cleaned_data["revision"], by=request.actor)
    except UnknownState as unknown:
        raise Http404 from unknown
    except StaleSave as stale:
        return conflict(request, answer, stale.current, state_at(answer, past))
    except RoundClosed as closed:
        return not_now(request, str(closed))
    at = time_in_words(answer.updated_at)
    messages.success(request, f"Critère {answer.criterion.code} : la réponse choisie est remise, à {at}.")
    return redirect(answer.autodiag.url("criterion", position))
