"""What the pages of an action share: how one is reached, whom and what its form may name, what differs from a save."""

from dataclasses import dataclass

from django.shortcuts import render

from autodiag.enums import ActionStatus
from autodiag.forms.plan import FIRST, MORE, Choices
from autodiag.models import Action, ActionCriterion, ActionEvidence, Answer, Evidence
from caprse.base import clock
from caprse.base.text import NBSP, date_in_words, euros
from cohorts.access import participation_or_404, visible_or_404
from cohorts.enums import Visibility
from cohorts.models import Membership
from cohorts.models.memberships import STRUCTURE_ROLES, current
from cohorts.places import Place
from cohorts.roles import Permission


@dataclass(frozen=True)
class Difference:
    """One field as somebody else saved it meanwhile; `differs` from what was typed or not."""

    label: str
    stands: str
    differs: bool


def path_of_plan(request, region, public_id, *, editing=False):
    """The path a plan belongs to, for who may read it, or change it. Sets the page's place."""
    participation = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(participation)
    if editing:
        request.actor.require(Permission.EDIT_PLAN, participation)
        request.actor.require_tools(participation)
    return participation


def action_or_404(request, participation, action_id):
    """One action of this plan, with its criterion, its pilot and who made it."""
    return visible_or_404(
        Action.objects.in_order().select_related("pilot", "created_by", "participation"),
        request.actor,
        participation=participation,
        public_id=action_id,
    )


def parts_in_full(actor, action):
    """The other criteria an action serves and the items that show it is done, that this person may read."""
    also = ActionCriterion.objects.visible_to(actor).filter(action=action).select_related("criterion__chapter")
    proofs = ActionEvidence.objects.visible_to(actor).filter(action=action).select_related("evidence")
    also = also.order_by("criterion__chapter__number", "criterion__position")
    return [row.criterion for row in also], [row.evidence for row in proofs.order_by("evidence__title", "pk")]


def choices_for(actor, participation, action=None, linked=()):
    """Whom and what the form may name: people of the structure, criteria begun, the library; and what stands."""
    items = Evidence.objects.visible_to(actor).filter(organisation=participation.organisation_id).kept()
    evidence = {row.public_id: row for row in [*linked, *items.order_by("title", "pk")]}
    begun = Answer.objects.visible_to(actor).filter(participation=participation).select_related("criterion__chapter")
    criteria = {}
    for answer in begun.in_order():
        row = answer.criterion
        if action is None or row.pk != action.criterion_id:
            criteria.setdefault(f"Chapitre {row.chapter.number}{NBSP}– {row.chapter.title}", {})[row.stable_id] = row
    return Choices(people=people_of(actor, participation, action), criteria=criteria, evidence=evidence)


def people_of(actor, participation, action=None):
    """The people of the structure today, by name; and the pilot, who may have left."""
    held = Membership.objects.visible_to(actor).filter(
        current(clock.today()),
        organisation=participation.organisation_id,
        role__in=STRUCTURE_ROLES,
        user__is_active=True,
    )
    held = held.select_related("user").order_by("user__last_name", "user__first_name", "user_id")
    people = {row.user.public_id: row.user for row in held}
    if action and action.pilot:
        people.setdefault(action.pilot.public_id, action.pilot)
    return people


def form_page(request, participation, form, *, status=200, **said):
    """The form of an action. `said`: what else the page tells; see `_action_said.html`."""
    context = {
        "participation": participation,
        "form": form,
        "action": None,
        "criterion": None,
        "proposal": None,
        "stale": None,
        "differences": [],
        "withdrawn": "",
        "already": None,
        "post_to": "",
    }
    return render(request, "autodiag/action_edit.html", context | said, status=status)


def typed_from(action, also, proofs):
    """What the form of an action begins with."""
    columns = {
        name: getattr(action, name) for name in (*FIRST, *MORE) if name not in ("pilot", "also", "evidence", "steps")
    }
    return {
        **columns,
        "revision": action.revision,
        "pilot": action.pilot.public_id if action.pilot else "",
        "steps": [step.text for step in action.steps.order_by("position", "pk")],
        "also": [row.stable_id for row in also],
        "evidence": [row.public_id for row in proofs],
    }


def differences(actor, form, standing):
    """Every field of an action as it stands, beside what was typed in the form."""
    also, proofs = parts_in_full(actor, standing)
    stands = {name: getattr(standing, name) for name in (*FIRST, *MORE) if name not in ("also", "evidence", "steps")}
    stands |= {"steps": [step.text for step in standing.steps.order_by("position", "pk")], "also": also}
    stands |= {"evidence": proofs}
    typed = form.fields_to_save()
    return [
        Difference(form[name].label, in_words(name, stands[name]), _key(name, stands[name]) != _key(name, typed[name]))
        for name in (*FIRST, *MORE)
    ]


def _key(name, value):
    return {row.pk for row in value} if name in ("also", "evidence") else value


def in_words(name, value):
    """The value of a field of an action, as a page says it; nothing when it is empty."""
    if value is None or value == "" or value == []:
        return ""
    words = {
        "due_on": date_in_words,
        "starts_on": date_in_words,
        "status": lambda status: ActionStatus(status).label,
        "visibility": lambda who: Visibility(who).label,
        "pilot": lambda person: person.full_name,
        "budget": euros,
        "steps": "\n".join,
        "also": lambda rows: "\n".join(f"{row.code} – {row.title}" for row in rows),
        "evidence": lambda rows: "\n".join(row.title for row in rows),
    }
    return words[name](value) if name in words else value
