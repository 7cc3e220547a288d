"""Who prepares which criterion: the référent's table, saved whole."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autodiag.forms.assignments import GONE, AssignmentsForm, Person
from autodiag.models import Assignment
from autodiag.models.agreeing import steps_of
from autodiag.rules.answering import can_answer
from autodiag.services.answers import RoundClosed
from autodiag.services.assignments import AssignedMeanwhile, NotOfTheStructure, assign
from autodiag.views.doors import autodiag_or_404
from autodiag.views.saving import not_now
from caprse.base import clock
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import plural
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import STRUCTURE_ROLES, current
from cohorts.roles import Permission


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def assignments(request, region, public_id):
    """Tick who prepares what; what somebody else ticked meanwhile is shown before anything is written."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.ASSIGN, found.participation)
    request.actor.require_tools(found.participation)
    rows = Assignment.objects.visible_to(request.actor).of_chapter(found)
    form = AssignmentsForm(
        request.POST if request.method == "POST" else None,
        steps=steps_of(request.actor, found),
        people=people_of(request.actor, found, rows),
        standing={(row.position, row.user.public_id) for row in rows},
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            changes = assign(autodiag=found, by=request.actor, **form.wish)
        except AssignedMeanwhile:
            form.merge()
            status = 409
        except NotOfTheStructure as refusal:
            form.add_error(None, str(refusal))
            status = 422
        except RoundClosed as closed:
            return not_now(request, str(closed))
        else:
            messages.success(request, told_in_words(changes))
            return redirect(found.url("assignments"))
    context = {"autodiag": found, "form": form, "verdict": can_answer(found, clock.today()), "stale": status == 409}
    return render(request, "autodiag/assignments.html", context, status=status)


def told_in_words(changes):
    """What a save did, for the person who made it."""
    added, removed = len(changes.added), len(changes.removed)
    said = []
    if added:
        said.append(f"{added} {plural(added, 'critère confié', 'critères confiés')}")
    if removed:
        said.append(f"{removed} {plural(removed, 'critère repris', 'critères repris')}")
    if not said:
        return "Rien n’a changé : la répartition est enregistrée."
    news = " Les personnes concernées reçoivent un courriel par jour au plus." if added else ""
    return f"Répartition enregistrée : {' et '.join(said)}.{news}"


def people_of(actor, autodiag, rows):
    """The people of the structure today, by name; then those who left and still have criteria."""
    held = Membership.objects.visible_to(actor).filter(
        current(clock.today()),
        organisation=autodiag.participation.organisation_id,
        role__in=STRUCTURE_ROLES,
        user__is_active=True,
    )
    held = held.select_related("user").order_by("user__last_name", "user__first_name", "user_id", "pk")
    people = []
    for _, memberships in groupby(held, key=lambda membership: membership.user_id):
        memberships = list(memberships)
        about = ", ".join(Role(membership.role).label for membership in memberships)
        people.append(person(memberships[0].user, about, is_member=True))
    there = {one.user_id for one in people}
    gone = {row.user_id: row.user for row in rows if row.user_id not in there}
    return people + [person(user, GONE, is_member=False) for user in gone.values()]


def person(user, about, *, is_member):
    return Person(user.pk, user.public_id, user.full_name, about, is_member)
