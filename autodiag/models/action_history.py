"""Who made an action and changed it, read in the journal, and told in French."""

from typing import NamedTuple

from autodiag.enums import ActionStatus
from caprse.base.models import AuditEvent
from cohorts.models import User

CREATED, UPDATED = "action.created", "action.updated"
SHOWN = 30


class Move(NamedTuple):
    """One line of the history of an action."""

    at: object
    by: str
    said: str


def history_of(action):
    """The last changes of an action this person may read, the newest first, then its creation. Two queries."""
    lines = AuditEvent.objects.filter(target_type=action._meta.label_lower, target_id=action.pk)
    lines = list(lines.filter(verb__in=(CREATED, UPDATED)).order_by("-pk")[:SHOWN])
    people = User.objects.in_bulk({line.actor_id for line in lines if line.actor_id})
    return [Move(line.at, _name(people.get(line.actor_id)), _said(line)) for line in lines]


def _name(person):
    return person.full_name if person else "CAP RSE"


def _said(line):
    if line.verb == CREATED:
        return "Créée"
    statuses = line.details.get("status")
    if not statuses:
        return "Modifiée"
    return f"De « {ActionStatus(statuses[0]).label} » à « {ActionStatus(statuses[1]).label} »"
