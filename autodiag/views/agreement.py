"""Agreeing in a meeting: one criterion on the wall at a time, then what remains."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from autodiag.agreement import AgreementPage, Overview, scale_of, told
from autodiag.forms.agreement import AgreementForm
from autodiag.gaps import NOTHING, gaps_of
from autodiag.models import Viewpoint
from autodiag.models.agreeing import agreement_of, answers_to_agree_on, steps_of
from autodiag.models.prepared import answer_to_save
from autodiag.rules.agreement import can_agree
from autodiag.services.agreement import agree
from autodiag.services.answers import RoundClosed
from autodiag.services.surveys import results_by_code
from autodiag.views.doors import autodiag_or_404
from autodiag.views.saving import may_not_save, not_now
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.versioned import StaleSave
from cohorts.roles import Permission


def readable_chapter(request, region, public_id):
    """The autodiagnostic of one's own structure, its tools open."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_DIAGNOSTIC, found.participation)
    request.actor.require_tools(found.participation)
    return found


@open_to(*STRUCTURE)
@require_GET
def agreements(request, region, public_id):
    """Before the meeting, where it starts; after it, what remains without agreement."""
    found = readable_chapter(request, region, public_id)
    may_answer = request.actor.can(Permission.ANSWER, found.participation)
    scale = {step.value: step.label for step in found.participation.cohort.version.scale.all()}
    context = {
        "autodiag": found,
        "page": Overview(steps_of(request.actor, found), scale),
        "verdict": can_agree(found, clock.today(), may_answer=may_answer),
    }
    return render(request, "autodiag/agreements.html", context)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def consensus(request, region, public_id, position):
    """One criterion: how the viewpoints spread, the level agreed on and why; posted, the agreement is noted."""
    if request.method == "POST":
        return note_agreement(request, region, public_id, position)
    return on_the_wall(request, region, public_id, position)


def on_the_wall(request, region, public_id, position, *, form=None, stale=False, status=200):
    """The page of one criterion; `form`: what was posted and refused."""
    found, actor = readable_chapter(request, region, public_id), request.actor
    answer = answers_to_agree_on(actor).filter(autodiag=found, criterion__position=position).first()
    if answer is None:
        raise Http404
    page = AgreementPage(
        autodiag=found,
        answer=answer,
        steps=steps_of(actor, found),
        gap=gap_on(actor, answer) if answer.is_compared else NOTHING,
        agreement=told(agreement_of(answer), answer, scale_of(answer)),
        verdict=can_agree(found, clock.today(), may_answer=actor.can(Permission.ANSWER, found.participation)),
        can_open_comparison=actor.can(Permission.OPEN_COMPARISON, found.participation),
        form=form or AgreementForm(),
        typed=form.data.dict() if form else {},
        stale=stale,
        surveys=results_by_code(actor, found).get(answer.criterion.code, []),
    )
    return render(request, "autodiag/consensus.html", {"autodiag": found, "page": page}, status=status)


def gap_on(actor, answer):
    """What may be shown of the viewpoints on one criterion: numbers, no names."""
    ranks = {level.value: rank for rank, level in enumerate(answer.criterion.levels.all())}
    given = Viewpoint.objects.aggregates_for(actor).compared().filter(answer=answer)
    columns = ("voice__group__position", "voice__group__name", "kind", "level__value", "note")
    rows = [(answer.pk, *row) for row in given.values_list(*columns)]
    return gaps_of(rows, ranks).get(answer.pk, NOTHING)


def note_agreement(request, region, public_id, position):
    """Write the agreement and go on; refused, the page comes back with what was typed."""
    form = AgreementForm(request.POST)
    answer = answer_to_save(
        request.actor, region=region, public_id=public_id, position=position, level_value=form.level_value
    )
    if answer is None:
        raise Http404
    if refusal := may_not_save(request, answer.autodiag.participation, Permission.ANSWER):
        return refusal
    values = form.values(answer.posted_level) if form.is_valid() else None
    if values is None:
        return on_the_wall(request, region, public_id, position, form=form, status=422)
    try:
        agree(answer=answer, by=request.actor, **values)
    except StaleSave:
        return on_the_wall(request, region, public_id, position, form=form, stale=True, status=409)
    except RoundClosed as closed:
        return not_now(request, str(closed))
    messages.success(request, f"Accord noté sur le critère {answer.criterion.code}.")
    if position < answer.autodiag.answers.count():
        return redirect(answer.autodiag.url("consensus", position + 1))
    return redirect(answer.autodiag.url("agreements"))
