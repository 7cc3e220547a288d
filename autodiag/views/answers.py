"""Saving one answer: as one types (JSON) or by a plain form, with the same rules."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from autodiag.conflicts import conflict_of
from autodiag.forms.answers import AnswerForm
from autodiag.forms.remarks import RemarkForm
from autodiag.models.prepared import answer_to_save, state_of
from autodiag.services.answers import RoundClosed, save_answer
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import chapter_around
from autodiag.views.saving import conflicting, invalid, may_not_save, not_now, saved_as, wants_json
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from cohorts.roles import Permission


@open_to(*STRUCTURE)
@require_POST
def answer_save(request, region, public_id, position):
    """200 with the new version, 409 with both values when stale, 422 with the errors by field."""
    form = AnswerForm(request.POST)
    answer = answer_to_save(
        request.actor, region=region, public_id=public_id, position=position, level_value=form.level_value
    )
    if answer is None:
        raise Http404
    if refusal := may_not_save(request, answer.autodiag.participation, Permission.ANSWER):
        return refusal
    values = form.values(answer.posted_level) if form.is_valid() else None
    if values is None:
        return refused(request, answer, form)
    try:
        save_answer(answer=answer, revision=form.cleaned_data["revision"], by=request.actor, **values)
    except StaleSave as stale:
        return conflict(request, answer, stale.current, values)
    except RoundClosed as closed:
        return not_now(request, str(closed))
    return saved(request, answer)


def saved(request, answer):
    """The new version and the server's time; or, by a plain form, where the person goes next."""
    if wants_json(request):
        return saved_as(answer, state=state_of(answer.kind, answer.to_review, answer.revision))
    at = time_in_words(answer.updated_at) if answer.updated_at else ""
    autodiag = answer.autodiag
    messages.success(request, f"Critère {answer.criterion.code} enregistré à {at}.")
    if request.POST.get("next") == "list":
        return redirect(f"{autodiag.get_absolute_url()}#critere-{answer.criterion.position}")
    step = 1 if request.POST.get("next") == "next" else 0
    last = autodiag.answers.count()
    if answer.criterion.position + step > last:
        return redirect(autodiag.get_absolute_url())
    return redirect(autodiag.url("criterion", answer.criterion.position + step))


def refused(request, answer, form):
    """What is wrong, beside each field; what was typed stays."""
    if wants_json(request):
        return invalid(form)
    autodiag = chapter_around(request, answer)
    page = chapter_page(request, autodiag, answer.criterion.position)
    card = page.card(answer.criterion.position)
    card.typed = {name: form.data[name] for name in form.fields if name in form.data}
    card.errors = {name: list(texts) for name, texts in form.errors.items()}
    context = {"page": page, "autodiag": autodiag, "card": card, "remark_form": RemarkForm()}
    return render(request, "autodiag/criterion.html", context, status=422)


def conflict(request, answer, current, values):
    """Somebody saved in between: both texts, to choose from field by field. Nothing was written."""
    found = answer.autodiag if wants_json(request) else chapter_around(request, answer)
    context = {"autodiag": found, "answer": answer}
    return conflicting(request, conflict_of(answer, current, values), current, "autodiag/conflict.html", context)
