"""A regional coordinator creates a cohort, then changes its dates."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import plural
from cohorts.access import coordinated_cohort_or_404, visible_or_404
from cohorts.enums import Step
from cohorts.forms.calendars import CalendarForm, ChangedCalendarForm, rebased
from cohorts.forms.organising import CohortForm
from cohorts.models import Meeting, Region, Round, StepDone
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.organising import NotPossible, StaleDates, change_dates, create_from_calendar


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def cohort_new(request, region):
    """Choose a name, a référentiel, a calendar and a start; read the dates over; create."""
    found = visible_or_404(Region, request.actor, slug=region)
    request.actor.require_coordination(Permission.ORGANISE, found.pk)
    request.place = Place(found.name, reverse("home"))
    given = request.POST if request.method == "POST" else request.GET or None
    form = CohortForm(given, region=found, actor=request.actor)
    if not form.is_valid() or "choix" in request.GET:
        return choices_page(request, found, form)
    dates = CalendarForm(form.planned(), posted(request))
    if dates.is_valid():
        try:
            cohort = create_from_calendar(region=found, steps=dates.planned(), by=request.user, **form.cohort())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
            return choices_page(request, found, form)
        messages.success(
            request, f"La cohorte « {cohort.name} » est créée, avec les {len(dates.rows)} étapes de son calendrier."
        )
        return redirect("cohort_setup", region, cohort.slug)
    context = {"region": found, "form": form, "dates": dates, "again": urlencode({**form.sent(), "choix": "1"})}
    return render(request, "cohorts/cohort_dates.html", context, status=422 if dates.is_bound else 200)


def choices_page(request, region, form):
    """The first of the two steps of a creation."""
    context = {"region": region, "form": form}
    return render(request, "cohorts/cohort_new.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def cohort_calendar(request, region, slug):
    """Change the dates of a cohort's steps; its rounds follow. Closing one under way is asked twice."""
    cohort = coordinated_cohort_or_404(request.actor, Permission.ORGANISE, region, slug)
    request.place = Place.of_cohort(cohort)
    meetings = list(Meeting.objects.visible_to(request.actor).filter(cohort=cohort).select_related("chapter"))
    context = rounds_of(request.actor, cohort)
    dates = ChangedCalendarForm(meetings, posted(request), **context)
    status = 422 if dates.is_bound else 200
    if meetings and dates.is_valid():
        try:
            moved = change_dates(cohort=cohort, dates=dates.by_meeting(), by=request.user)
        except StaleDates as stale:
            current = {rank: stale.current[m.pk] for rank, m in enumerate(meetings) if m.pk in stale.current}
            dates = ChangedCalendarForm(meetings, rebased(meetings, request.POST, current), **context)
            dates.tell_stale(current)
            status = 409
        else:
            messages.success(request, told(moved, dates.closing))
            return redirect("cohort_calendar", region, slug)
    return render(
        request, "cohorts/calendar.html", {"cohort": cohort, "dates": dates, "today": clock.today()}, status=status
    )


def rounds_of(actor, cohort):
    """The rounds of a cohort, and how many structures have begun each without having transmitted."""
    facts = StepDone.objects.visible_to(actor).standing().filter(round__cohort=cohort)
    steps = {step: set() for step in (Step.AUTODIAG_STARTED, Step.AUTODIAG_SUBMITTED)}
    for step, round_id, participation_id in facts.values_list("step", "round_id", "participation_id"):
        steps.setdefault(step, set()).add((round_id, participation_id))
    working = {}
    for round_id, _ in steps[Step.AUTODIAG_STARTED] - steps[Step.AUTODIAG_SUBMITTED]:
        working[round_id] = working.get(round_id, 0) + 1
    rounds = Round.objects.visible_to(actor).filter(cohort=cohort).select_related("chapter")
    return {"rounds": list(rounds.order_by("chapter__number")), "working": working}


def told(moved, closed):
    """What changed, in a sentence."""
    if not moved:
        return "Aucune date n’a changé."
    names = ", ".join(meeting.title for meeting in moved[:3]) + (" et d’autres" if len(moved) > 3 else "")
    said = f"{len(moved)} {plural(len(moved), 'date changée', 'dates changées')} : {names}. Les chapitres suivent."
    numbers = ", ".join(str(one.round.chapter.number) for one in closed)
    return f"{said} Refermé pour l’instant : chapitre {numbers}. Les réponses sont gardées." if closed else said
