"""An action in full: written, read with all that was said of it, changed; its steps and its news."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import ActionStatus
from autodiag.forms.actions import NewsForm, StepForm
from autodiag.forms.plan import ActionForm
from autodiag.models import ActionNote, ActionStep, Answer, Autodiag
from autodiag.models.action_history import history_of
from autodiag.rules.actions import kind_word, reassessment, steps_in_words
from autodiag.services.actions import StepGone, give_news, tick_step, withdraw_news
from autodiag.services.plan import add_action, update_action
from autodiag.services.remarks import NotTheAuthor
from autodiag.views.action_parts import (
    action_or_404,
    choices_for,
    differences,
    form_page,
    parts_in_full,
    path_of_plan,
    typed_from,
)
from autodiag.views.proposals import adapt
from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, Refused, open_to
from caprse.base.requests import posted, whole_number
from caprse.base.text import euros
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.roles import Permission

DONE = "Bravo, une action de faite. Votre plan avance !"


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def action_new(request, region, public_id):
    """A new action; `?reponse=` names the answer it comes from, `?proposition=` what it adapts."""
    participation = path_of_plan(request, region, public_id, editing=True)
    if request.GET.get("proposition"):
        return adapt(request, participation)
    criterion = source_criterion(request, participation)
    form = ActionForm(posted(request), choices=choices_for(request.actor, participation))
    if request.method == "POST" and form.is_valid():
        add_action(participation=participation, by=request.actor, criterion=criterion, **form.fields_to_save())
        messages.success(request, "L’action est dans votre plan.")
        return redirect("plan", region=region, public_id=public_id)
    return form_page(request, participation, form, criterion=criterion, status=422 if form.errors else 200)


def source_criterion(request, participation):
    """The criterion of one of this structure's answers, named by its answer's id; None when not asked."""
    asked = request.GET.get("reponse", "")
    if not asked:
        return None
    answer = visible_or_404(
        Answer.objects.select_related("criterion__chapter"),
        request.actor,
        participation=participation,
        pk=whole_number(asked),
    )
    return answer.criterion


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def action_edit(request, region, public_id, action_id):
    """Change an action; two people at once are shown both versions of every field."""
    participation = path_of_plan(request, region, public_id, editing=True)
    found = action_or_404(request, participation, action_id)
    also, proofs = parts_in_full(request.actor, found)
    choices = choices_for(request.actor, participation, found, proofs)
    initial = typed_from(found, also, proofs)
    form = ActionForm(posted(request), choices=choices, initial=initial)
    stale = None
    if request.method == "POST" and form.is_valid():
        before, made_on = found.status, form.cleaned_data["revision"]
        revision = -1 if made_on is None else made_on
        try:
            kept = update_action(action=found, revision=revision, by=request.actor, **form.fields_to_save())
        except StaleSave as refusal:
            stale = refusal.current
        else:
            done = kept.status == ActionStatus.DONE != before
            messages.success(request, DONE if done else "L’action est enregistrée.")
            return redirect(reverse("action", args=[region, public_id, action_id]))
    said = {"stale": stale, "differences": differences(request.actor, form, stale) if stale else []}
    said |= {"criterion": found.criterion, "action": found, "status": 409 if stale else 422 if form.errors else 200}
    return form_page(request, participation, form, **said)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def action(request, region, public_id, action_id):
    """An action with everything that was said of it, for whoever may read it."""
    participation = path_of_plan(request, region, public_id)
    found = action_or_404(request, participation, action_id)
    return page(request, participation, found, NewsForm())


def page(request, participation, found, form, *, step_form=None, status=200):
    """The page of an action, with the form that was refused if one was."""
    actor, today = request.actor, clock.today()
    also, proofs = parts_in_full(actor, found)
    steps = list(ActionStep.objects.visible_to(actor).filter(action=found).select_related("done_by"))
    notes = list(ActionNote.objects.visible_to(actor).filter(action=found).select_related("written_by"))
    lapse = actor.lapse(participation)
    can_edit = actor.can(Permission.EDIT_PLAN, participation) and not lapse
    last_note = max((note.written_at for note in notes), default=None)
    context = {
        "participation": participation,
        "action": found,
        "also": also,
        "proofs": proofs,
        "steps": steps,
        "steps_said": steps_in_words(sum(bool(step.done_at) for step in steps), len(steps)),
        "notes": notes,
        "history": history_of(found),
        "insider": actor.is_insider(participation),
        "can_edit": can_edit,
        "lapse": lapse,
        "kind_word": kind_word(found, last_note, today),
        "budget": euros(found.budget) if found.budget is not None else "",
        "again": reassessments(actor, participation, found, also, today) if can_edit else [],
        "news_form": form,
        "step_form": step_form,
    }
    return render(request, "autodiag/action.html", context, status=status)


def reassessments(actor, participation, found, also, today):
    """For an action that is done: each criterion it serves, its chapter, and what may be done of the answer now."""
    criteria = [criterion for criterion in (found.criterion, *also) if criterion]
    if found.status != ActionStatus.DONE or not criteria:
        return []
    rows = Autodiag.objects.visible_to(actor).with_context().filter(participation=participation).order_by("pk")
    chapters = {row.round.chapter_id: row for row in rows}
    may_correct = actor.can(Permission.SUBMIT, participation)
    served = [(criterion, chapters.get(criterion.chapter_id)) for criterion in criteria]
    return [(criterion, chapter, reassessment(chapter, today, may_correct)) for criterion, chapter in served]


@open_to(*STRUCTURE)
@require_POST
def action_step_toggle(request, region, public_id, action_id, step_pk):
    """Tick a step or untick it: the state that is wished is posted, so that two clicks do not undo each other."""
    participation = path_of_plan(request, region, public_id, editing=True)
    found = action_or_404(request, participation, action_id)
    step = visible_or_404(ActionStep, request.actor, action=found, pk=step_pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return page(request, participation, found, NewsForm(), step_form=form, status=422)
    try:
        tick_step(step=step, done=form.cleaned_data["done"], by=request.actor)
    except StepGone as gone:
        raise Http404 from gone
    return redirect(reverse("action", args=[region, public_id, action_id]) + "#etapes")


@open_to(*STRUCTURE)
@require_POST
def action_note_add(request, region, public_id, action_id):
    """Say what moved."""
    participation = path_of_plan(request, region, public_id, editing=True)
    found = action_or_404(request, participation, action_id)
    form = NewsForm(request.POST)
    if not form.is_valid():
        return page(request, participation, found, form, status=422)
    give_news(action=found, text=form.cleaned_data["text"], by=request.actor)
    messages.success(request, "Merci pour ces nouvelles, elles sont dans la page.")
    return redirect(reverse("action", args=[region, public_id, action_id]) + "#nouvelles")


@open_to(*STRUCTURE)
@require_POST
def action_note_withdraw(request, region, public_id, action_id, note_pk):
    """Take one's own words back."""
    participation = path_of_plan(request, region, public_id, editing=True)
    found = action_or_404(request, participation, action_id)
    note = visible_or_404(ActionNote, request.actor, action=found, pk=note_pk)
    try:
        withdraw_news(note=note, by=request.actor)
    except NotTheAuthor as refusal:
        raise Refused(str(refusal), "Parlez-en avec la personne qui l’a écrite.") from refusal
    messages.success(request, "Vos mots sont retirés.")
    return redirect(reverse("action", args=[region, public_id, action_id]) + "#nouvelles")
