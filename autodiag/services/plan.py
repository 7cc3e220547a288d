"""Actions of the plan."""

from django.db import transaction

from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.models import Action
from autodiag.services.action_parts import parts_differ, write_parts
from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.models import Participation

PARTS = ("steps", "also", "evidence")


@transaction.atomic
def create_action(*, participation, by, criterion=None, **fields):
    """Add an action to a structure's plan, from a criterion or on its own.

    Beyond its columns, `fields` may hold its parts: `steps` (texts in order), `also` (criteria), `evidence` (items).
    """
    parts, columns = _apart(fields)
    action = Action.objects.create(
        region_id=participation.region_id,
        participation=participation,
        criterion=criterion,
        created_by_id=by.user_id,
        **follow_status(None, columns),
    )
    write_parts(action, parts)
    journal.record("action.created", action, by=by)
    return action


@transaction.atomic
def add_action(*, participation, by, criterion=None, **fields):
    """The same, from a form: sent twice by the same person, it is one action. Returns it."""
    parts, columns = _apart(fields)
    one_plan_at_a_time(participation)
    same = Action.objects.filter(participation=participation, criterion=criterion, created_by=by.user_id, revision=0)
    known = same.filter(proposal=None, **follow_status(None, columns)).order_by("pk").first()
    if known and not parts_differ(known, parts):
        return known
    return create_action(participation=participation, by=by, criterion=criterion, **fields)


@transaction.atomic
def update_action(*, action, revision, by, **fields):
    """Change an action. What stands already is not written again.

    Raises `StaleSave` when somebody changed it since it was shown, unless they made the very same change.
    """
    parts, columns = _apart(fields)
    written = follow_status(action, columns)
    changed = changed_names(action, written)
    if not changed and not parts_differ(action, parts):
        return action
    before = action.status
    try:
        guarded_update(action, revision=revision, updated_at=clock.now(), **written)
    except StaleSave as stale:
        if changed_names(stale.current, written) or parts_differ(stale.current, parts):
            raise
        return stale.current
    write_parts(action, parts)
    details = {"revision": action.revision}
    if action.status != before:
        details["status"] = [before, action.status]
    journal.record("action.updated", action, by=by, details=details)
    return action


def follow_status(action, fields):
    """The fields with what a status brings: the day an action is done, no reason left where none is asked for."""
    status = fields.get("status", action.status if action else ActionStatus.TO_DO)
    already = action.done_on if action else None
    followed = {**fields, "done_on": (already or clock.today()) if status == ActionStatus.DONE else None}
    if status not in EXPLAINED:
        followed["status_reason"] = ""
    return followed


def changed_names(action, fields):
    """The columns these values would change."""
    return [name for name, value in fields.items() if _stored(action, name) != getattr(value, "pk", value)]


def one_plan_at_a_time(participation):
    """Two writers of one plan wait for each other: what is sent twice is seen to be."""
    Participation.objects.select_for_update().get(pk=participation.pk)


def _stored(action, name):
    return getattr(action, action._meta.get_field(name).attname)


def _apart(fields):
    parts = {name: value for name, value in fields.items() if name in PARTS}
    return parts, {name: value for name, value in fields.items() if name not in PARTS}
