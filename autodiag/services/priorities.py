"""What people think of acting on each criterion, and the six at most they put forward."""

from typing import NamedTuple

from django.db import transaction

from autodiag.models import Priority
from autodiag.rules.picture import MOST_PRIORITIES, can_put_forward
from caprse.base import clock, journal
from caprse.base.versioned import guarded_update
from cohorts.models import Participation


class Chosen(NamedTuple):
    """What a person chose for one criterion, on the version they were shown (0: nothing was kept yet)."""

    criterion_id: int
    impact: int | None
    effort: int | None
    forward: bool
    revision: int


class TooManyForward(ValueError):
    """A seventh criterion would be put forward; the message says so, in French. Nothing was written."""


class StalePriorities(Exception):
    """Somebody chose otherwise for some criteria since they were shown: `current`, {criterion: row}. Nothing written."""

    def __init__(self, current):
        super().__init__("stale priorities")
        self.current = current


@transaction.atomic
def save_priorities(*, participation, by, chosen):
    """Keep what was chosen for some criteria of a path, all of it or nothing. Returns the rows that changed.

    Two people at once wait for each other: the second is judged on what the first left. Saving what is already there
    writes nothing. Raises `StalePriorities`, then `TooManyForward`.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    kept = {
        row.criterion_id: row
        for row in Priority.objects.filter(participation=participation).select_related("updated_by")
    }
    changed = [one for one in chosen if said_of(kept.get(one.criterion_id)) != one[1:4]]
    stale = {one.criterion_id: kept[one.criterion_id] for one in changed if _is_stale(one, kept)}
    if stale:
        raise StalePriorities(stale)
    slots = _slots(kept, changed)
    _leave_slots(kept, changed)
    return [_keep(one, kept.get(one.criterion_id), slots[one.criterion_id], participation, by) for one in changed]


def said_of(row):
    """Impact, effort and whether it is put forward, as a `Chosen` says them; `row` may be None."""
    return (row.impact, row.effort, row.slot is not None) if row else (None, None, False)


def _is_stale(one, kept):
    return one.criterion_id in kept and kept[one.criterion_id].revision != one.revision


def _slots(kept, changed):
    """{criterion: place} of the changed ones. Raises `TooManyForward`."""
    leaving = {one.criterion_id for one in changed if not one.forward}
    held = {pk: row.slot for pk, row in kept.items() if row.slot is not None and pk not in leaving}
    coming = [one.criterion_id for one in changed if one.forward and one.criterion_id not in held]
    verdict = can_put_forward(len(held) + len(coming))
    if not verdict:
        raise TooManyForward(verdict.reason)
    free = (place for place in range(1, MOST_PRIORITIES + 1) if place not in held.values())
    places = held | dict(zip(coming, free, strict=False))
    return {one.criterion_id: places.get(one.criterion_id) for one in changed}


def _leave_slots(kept, changed):
    """Places are left before others take them: no two rows ever hold one."""
    leaving = [one.criterion_id for one in changed if not one.forward and one.criterion_id in kept]
    Priority.objects.filter(pk__in=[kept[pk].pk for pk in leaving]).update(slot=None)


def _keep(one, row, slot, participation, by):
    said = {"impact": one.impact, "effort": one.effort, "slot": slot}
    moment = {"updated_at": clock.now(), "updated_by_id": by.user_id}
    if row is None:
        row = Priority.objects.create(
            region_id=participation.region_id,
            participation=participation,
            criterion_id=one.criterion_id,
            revision=1,
            **said,
            **moment,
        )
    else:
        guarded_update(row, revision=row.revision, **said, **moment)
    details = {"criterion": one.criterion_id, "revision": row.revision, "slot": slot}
    journal.record("priority.chosen", row, by=by, details=details)
    return row
