"""Actions of the plan."""

from django.db import transaction

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
        **fields,
    )
    journal.record("action.created", action, by=by)
    return action


@transaction.atomic
def update_action(*, action, revision, by, **fields):
    """Change an action. Raises `StaleSave` when somebody changed it since it was shown."""
    guarded_update(action, revision=revision, updated_at=clock.now(), **fields)
    journal.record("action.updated", action, by=by, details={"revision": action.revision})
    return action
