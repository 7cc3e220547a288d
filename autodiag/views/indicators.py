"""Saving the figure of one year: as one types (JSON) or by a plain form, as an answer is."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from autodiag.conflicts import conflict_of_figures
from autodiag.forms.indicators import IndicatorForm
from autodiag.forms.remarks import RemarkForm
from autodiag.models.prepared import place_of_figure
from autodiag.services.answers import RoundClosed
from autodiag.services.indicators import save_indicator_value
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import chapter_around
from autodiag.views.saving import conflicting, invalid, may_not_save, not_now, saved_as, wants_json
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from cohorts.roles import Permission


@open_to(*STRUCTURE)
@require_POST
def indicator_save(request, region, public_id, position, indicator, year):
    """200 with the new version, 409 with both figures when stale, 422 with the errors by field."""
    reached = {"region": region, "public_id": public_id, "position": position, "indicator": indicator}
    place = place_of_figure(request.actor, **reached)
    if place is None:
        raise Http404
    answer, followed = place
    found = answer.autodiag
    if refusal := may_not_save(request, found.participation, Permission.ANSWER):
        return refusal
    form = IndicatorForm(request.POST, unit=followed.unit, year=year, today=clock.today())
    if not form.is_valid():
        return refused(request, answer, form, followed, year)
    values, revision = form.values(), form.cleaned_data["revision"]
    try:
        row = save_indicator_value(
            autodiag=found, indicator=followed, year=year, revision=revision, by=request.actor, **values
        )
    except StaleSave as stale:
        return conflict(request, answer, followed, stale.current, values)
    except RoundClosed as closed:
        return not_now(request, str(closed))
    return saved(request, found, position, followed, row)


def saved(request, autodiag, position, indicator, row):
    """The new version and the server's time; or, by a plain form, the figures again."""
    if wants_json(request):
        return saved_as(row)
    if row.updated_at:
        at = time_in_words(row.updated_at)
        messages.success(request, f"« {indicator.title} », {row.year} : enregistré à {at}.")
    return redirect(f"{autodiag.url('criterion', position)}#chiffres-{indicator.position}")


def conflict(request, answer, indicator, current, values):
    """Somebody saved this figure in between: both, to choose from. Nothing was written."""
    found = answer.autodiag if wants_json(request) else chapter_around(request, answer)
    shown = conflict_of_figures(found, answer.criterion.position, indicator, current, values)
    return conflicting(request, shown, current, "autodiag/conflict.html", {"autodiag": found, "answer": answer})


def refused(request, answer, form, indicator, year):
    """What is wrong, beside each field; what was typed stays."""
    if wants_json(request):
        return invalid(form)
    autodiag = chapter_around(request, answer)
    page = chapter_page(request, autodiag, answer.criterion.position)
    card = page.card(answer.criterion.position)
    figure = card.figure(indicator, year)
    figure.typed = {name: form.data[name] for name in form.fields if name in form.data}
    figure.errors = {name: list(texts) for name, texts in form.errors.items()}
    context = {"page": page, "autodiag": autodiag, "card": card, "remark_form": RemarkForm()}
    return render(request, "autodiag/criterion.html", context, status=422)
