"""The plan read over: how often, what to look at, what was kept."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autodiag.forms.plan_reviews import ReviewForm, RhythmForm
from autodiag.models import PlanReview, PlanRhythm
from autodiag.rules.plan_reviews import rhythm_in_words
from autodiag.services.plan_reviews import note_review, set_rhythm, to_look_at
from autodiag.views.adoption import own_path
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import date_in_words
from caprse.base.versioned import StaleSave
from cohorts.roles import Permission

RHYTHM = "rythme"


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def plan_review(request, region, public_id):
    """What helps to read the plan over, then what is kept of it; the rhythm beside."""
    participation = own_path(request, region, public_id, Permission.READ_PLAN)
    if request.method == "GET":
        return review_page(request, participation)
    request.actor.require(Permission.EDIT_PLAN, participation)
    request.actor.require_tools(participation)
    act = choose_rhythm if request.POST.get("act") == RHYTHM else keep_review
    return act(request, participation) or redirect("plan_review", region=region, public_id=public_id)


def choose_rhythm(request, participation):
    """The page again when it cannot be saved; nothing when it is."""
    form = RhythmForm(request.POST)
    if not form.is_valid():
        return review_page(request, participation, rhythm_form=form, status=422)
    try:
        rhythm = set_rhythm(participation=participation, by=request.actor, **form.choice())
    except StaleSave as refusal:
        return review_page(request, participation, rhythm_form=form, stale=refusal.current, status=409)
    words = f"{rhythm_in_words(rhythm.months)}. Prochaine fois : le {date_in_words(rhythm.next_on)}."
    messages.success(request, f"Vous relirez votre plan {words}")
    return None


def keep_review(request, participation):
    """The page again when it cannot be saved; nothing when it is."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return review_page(request, participation, form=form, status=422)
    note_review(participation=participation, by=request.actor, **form.cleaned_data)
    messages.success(request, "La relecture est notée.")
    return None


def review_page(request, participation, *, form=None, rhythm_form=None, stale=None, status=200):
    """What to look at, the two forms, and the reviews already held."""
    actor = request.actor
    reviews = list(PlanReview.objects.visible_to(actor).filter(participation=participation).order_by("-held_on", "-pk"))
    rhythm = PlanRhythm.objects.visible_to(actor).filter(participation=participation).first()
    since = reviews[0].held_on if reviews else None
    lapse = actor.lapse(participation)
    chosen = {"months": rhythm.months, "revision": rhythm.revision} if rhythm else None
    context = {
        "participation": participation,
        "form": form or ReviewForm(initial={"held_on": clock.today()}),
        "rhythm_form": rhythm_form or RhythmForm(initial=chosen, auto_id="rhythm_%s"),
        "rhythm": rhythm,
        "rhythm_words": rhythm_in_words(rhythm.months) if rhythm else "",
        "due": bool(rhythm and rhythm.next_on <= clock.today()),
        "stale": stale,
        "stale_words": rhythm_in_words(stale.months) if stale else "",
        "reviews": reviews,
        "since": since,
        "looked_at": to_look_at(participation, actor, since),
        "can_edit": actor.can(Permission.EDIT_PLAN, participation) and not lapse,
        "lapse": lapse,
    }
    return render(request, "autodiag/plan_review.html", context, status=status)
