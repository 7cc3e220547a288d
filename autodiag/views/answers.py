"""Saving one answer: as one types (JSON) or by a plain form, with the same rules."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from autodiag.conflicts import conflict_of
from autodiag.forms.answers import AnswerForm
from autodiag.forms.remarks import RemarkForm
from autodiag.models.prepared import answer_to_save, state_of
from autodiag.services.answers import RoundClosed, save_answer
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import autodiag_or_404
from caprse.base.access import STRUCTURE, Refused, open_to
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from cohorts.roles import Permission

# A tablet goes round a table: what one person typed is never saved under the name of the next one to sign in.
ANOTHER_PERSON = (
    "Une autre personne est maintenant connectée sur cet appareil : ce texte n’a pas été enregistré sous son nom. "
    "Reconnectez-vous, puis rechargez cette page."
)


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
    participation = answer.autodiag.participation
    request.actor.require(Permission.ANSWER, participation)
    if wants_json(request) and (lapse := request.actor.lapse(participation)):
        return not_now(request, lapse.reason)
    request.actor.require_tools(participation)
    if request.POST.get("person", str(request.actor.user_id)) != str(request.actor.user_id):
        return not_now(request, ANOTHER_PERSON)
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


def wants_json(request):
    return "application/json" in request.headers.get("Accept", "")


def saved(request, answer):
    """The new version and the server's time; or, by a plain form, where the person goes next."""
    at = time_in_words(answer.updated_at) if answer.updated_at else ""
    if wants_json(request):
        state = state_of(answer.kind, answer.to_review, answer.revision)
        return JsonResponse({"revision": answer.revision, "saved_at": at, "state": state})
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
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    autodiag = autodiag_or_404(request, answer.autodiag.participation.cohort.region.slug, answer.autodiag.public_id)
    page = chapter_page(request, autodiag, answer.criterion.position)
    card = page.card(answer.criterion.position)
    card.typed = {name: form.data[name] for name in form.fields if name in form.data}
    card.errors = {name: list(texts) for name, texts in form.errors.items()}
    context = {"page": page, "autodiag": autodiag, "card": card, "remark_form": RemarkForm()}
    return render(request, "autodiag/criterion.html", context, status=422)


def conflict(request, answer, current, values):
    """Somebody saved in between: both texts, to choose from field by field. Nothing was written."""
    shown = conflict_of(answer, current, values)
    if wants_json(request):
        html = render_to_string("autodiag/_conflict.html", {"conflict": shown}, request)
        body = {"revision": current.revision, "saved_at": time_in_words(current.updated_at), "html": html}
        return JsonResponse({**body, "fields": shown.as_json()}, status=409)
    autodiag = autodiag_or_404(request, answer.autodiag.participation.cohort.region.slug, answer.autodiag.public_id)
    context = {"conflict": shown, "autodiag": autodiag, "answer": answer}
    return render(request, "autodiag/conflict.html", context, status=409)


def not_now(request, reason):
    """Nothing was written, and why: in the line of the form, or on a page of its own."""
    if wants_json(request):
        return JsonResponse({"error": reason}, status=403)
    raise Refused(reason, "Votre accompagnateur·rice peut vous aider.")
