"""Several actions changed at once, never over somebody else's work; who changed an action last."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from autodiag.enums import ActionStatus
from autodiag.models import Action
from caprse.base import clock, journal
from caprse.base.models import AuditEvent
from cohorts.models import User


class ChangedMeanwhile(Exception):
    """Somebody changed some of these actions since they were shown: nothing was written. `actions`: as they stand."""

    def __init__(self, actions):
        super().__init__("changed meanwhile")
        self.actions = actions


@transaction.atomic
def change_many(*, participation, chosen, by, **values):
    """Give the same values to several actions of one plan, all or none. Returns those that changed.

    `chosen`: {id of an action: the revision it was shown at}. What already is as wished is left alone, so the same
    wish sent twice is one. Raises `ChangedMeanwhile`.
    """
    rows = Action.objects.select_for_update().filter(participation=participation, pk__in=chosen).order_by("pk")
    changing = [row for row in rows if any(getattr(row, name) != value for name, value in values.items())]
    stale = [row for row in changing if row.revision != chosen[row.pk]]
    if stale:
        raise ChangedMeanwhile(stale)
    written = {"revision": F("revision") + 1, "updated_at": clock.now(), **values}
    if "status" in values:
        done = values["status"] == ActionStatus.DONE
        written["done_on"] = Coalesce(F("done_on"), Value(clock.today())) if done else None
    Action.objects.filter(pk__in=[row.pk for row in changing]).update(**written)
    AuditEvent.objects.bulk_create(
        journal.event("action.updated", row, by=by, details=_told(row, values)) for row in changing
    )
    return changing


def _told(row, values):
    """What the journal keeps of one change, as `update_action` writes it."""
    details = {"revision": row.revision + 1, "fields": sorted(values)}
    if values.get("status", row.status) != row.status:
        details["status"] = [row.status, values["status"]]
    return details


def last_hands(actions):
    """{id of an action: the name of who changed it last}, as the journal tells; no name for a person unknown."""
    events = AuditEvent.objects.filter(
        target_type=Action._meta.label_lower, target_id__in=[action.pk for action in actions]
    )
    hands = dict(events.order_by("pk").values_list("target_id", "actor_id"))
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in=set(hands.values()))}
    return {action_id: names[user_id] for action_id, user_id in hands.items() if user_id in names}
