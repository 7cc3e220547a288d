"""Giving a structure more time for a chapter, for a reason."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base.access import REGIONAL, open_to
from caprse.base.requests import posted
from caprse.base.text import date_in_words
from caprse.base.versioned import StaleSave
from cohorts import rules
from cohorts.access import participation_or_404, visible_or_404
from cohorts.forms.followup import DelayForm
from cohorts.models import Round, RoundExtension
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.delays import adjust_round, can_adjust
from cohorts.services.organising import NotPossible


@open_to(*REGIONAL)
@require_http_methods(["GET", "POST"])
def round_adjust(request, region, public_id, number):
    """One structure's last day for one chapter; the page says why when it cannot move."""
    actor = request.actor
    found = participation_or_404(actor, region, public_id)
    actor.require(Permission.ADJUST_ROUND, found)
    request.place = Place.of_participation(found)
    rounds = Round.objects.visible_to(actor).select_related("chapter")
    round_ = visible_or_404(rounds, actor, cohort=found.cohort_id, chapter__number=number)
    given = RoundExtension.objects.visible_to(actor).filter(round=round_, participation=found)
    extension = given.select_related("granted_by").first()
    stands = rules.closing_day(round_, extension and extension.closes_on)
    form = DelayForm(posted(request), initial={"seen": stands})
    stale = None
    if request.method == "POST" and form.is_valid():
        saved, stale = adjusted_or_stale(found, round_, form, request.user)
        if saved:
            messages.success(request, f"C’est noté : le chapitre {number} ferme le {date_in_words(saved.closes_on)}.")
            return redirect(found)
    context = {"participation": found, "round": round_, "extension": extension, "stands": stands}
    context |= {"form": form, "stale": stale, "verdict": can_adjust(found, round_)}
    return render(request, "cohorts/delay.html", context, status=409 if stale else 422 if form.errors else 200)


def adjusted_or_stale(participation, round_, form, by):
    """Save the form: the day given, or whether somebody moved it in between; a refusal is said by the form."""
    try:
        return adjust_round(participation=participation, round=round_, by=by, **form.cleaned_data), False
    except StaleSave:
        return None, True
    except NotPossible as refusal:
        form.add_error(refusal.field, str(refusal))
        return None, False
