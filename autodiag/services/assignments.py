"""Entrusting criteria to people of the structure: a request between colleagues, which gives no right and takes none."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.models import Assignment, Autodiag
from autodiag.rules.agreement import can_assign_to
from autodiag.rules.answering import can_answer
from autodiag.services.answers import RoundClosed
from caprse.base import clock, journal, outbox
from cohorts.models import Membership
from cohorts.models.memberships import STRUCTURE_ROLES, current

ASSIGNED_MAIL = "criteria_assigned"


class AssignedMeanwhile(Exception):
    """Somebody else changed who does what since the page was opened: nothing was written."""


class NotOfTheStructure(PermissionDenied):
    """Somebody chosen does not belong to the structure today; the message says so, in French."""


@dataclass(frozen=True)
class Changes:
    """What one save did: pairs (answer id, user id)."""

    added: frozenset
    removed: frozenset

    def __bool__(self):
        return bool(self.added or self.removed)


@transaction.atomic
def assign(*, autodiag, seen, chosen, by):
    """Make `chosen` who does what in a chapter, and tell the people concerned once. Returns the `Changes`.

    `seen`, `chosen`: sets of (answer id, user id), as shown and as wished. The same wish sent twice changes nothing.
    Raises `AssignedMeanwhile` when somebody else changed it since it was shown, `NotOfTheStructure`, `RoundClosed`.
    """
    locked = Autodiag.objects.select_for_update(of=("self",)).with_context().get(pk=autodiag.pk)
    verdict = can_answer(locked, clock.today())
    if not verdict:
        raise RoundClosed(verdict.reason)
    standing = Assignment.objects.filter(answer__autodiag=locked)
    before = frozenset(standing.values_list("answer_id", "user_id"))
    changes = Changes(frozenset(chosen) - before, before - frozenset(chosen))
    if not changes:
        return changes
    if before != frozenset(seen):
        raise AssignedMeanwhile
    whom = can_assign_to({user_id for _, user_id in changes.added}, members_of(locked.participation.organisation_id))
    if not whom:
        raise NotOfTheStructure(whom.reason)
    gone = [row.pk for row in standing if (row.answer_id, row.user_id) in changes.removed]
    Assignment.objects.filter(pk__in=gone).delete()
    Assignment.objects.bulk_create(
        Assignment(
            region_id=locked.region_id,
            participation_id=locked.participation_id,
            answer_id=answer_id,
            user_id=user_id,
            assigned_by_id=by.user_id,
        )
        for answer_id, user_id in sorted(changes.added)
    )
    details = {"added": sorted(changes.added), "removed": sorted(changes.removed)}
    journal.record("criteria.assigned", locked, by=by, details=details)
    _tell({user_id for _, user_id in changes.added} - {by.user_id}, locked.participation_id)
    return changes


def members_of(organisation_id):
    """The ids of the people of a structure, today."""
    held = Membership.objects.filter(
        current(clock.today()), role__in=STRUCTURE_ROLES, organisation=organisation_id, user__is_active=True
    )
    return set(held.values_list("user_id", flat=True))


def _tell(user_ids, participation_id):
    """One mail per person a day, whatever the number of saves; what it says is counted when it leaves."""
    for user_id in sorted(user_ids):
        once = f"assigned:{participation_id}:{user_id}:{clock.today()}"
        outbox.post_once(ASSIGNED_MAIL, to_id=user_id, once_key=once, participation=participation_id)
