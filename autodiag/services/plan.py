"""Actions of the plan."""

from django.db import transaction

from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.models import Action
from caprse.base import clock, journal
from caprse.base.versioned import guarded_update


@transaction.atomic
def create_action(*, participation, by, criterion=None, **fields):
    """Add an action to a structure's plan, from a criterion or on its own."""
    action = Action.objects.create(
        region_id=participation.region_id,
        participation=participation,
        criterion=criterion,
        created_by_id=by.user_id,
        **follow_status(None, fields),
    )
    journal.record("action.created", action, by=by)
    return action


@transaction.atomic
def update_action(*, action, revision, by, **fields):
    """Change an action. Raises `StaleSave` when somebody changed it since it was shown."""
    guarded_update(action, revision=revision, updated_at=clock.now(), **follow_status(action, fields))
    journal.record("action.updated", action, by=by, details={"revision": action.revision})
    return action


def follow_status(action, fields):
    """The fields with what a status brings: the day an action is done, no reason left where none is asked for."""
    status = fields.get("status", action.status if action else ActionStatus.TO_DO)
    already = action.done_on if action else None
    followed = {**fields, "done_on": (already or clock.today()) if status == ActionStatus.DONE else None}
    if status not in EXPLAINED:
        followed["status_reason"] = ""
    return followed
