"""The pair each structure sends to the days in person: one seat for the staff, one for the board."""

from django.db import transaction

from caprse.base import clock, journal
from caprse.base.text import NBSP
from cohorts.enums import PairSeat
from cohorts.models import Invitation, Membership, PairMember, Participation
from cohorts.models.memberships import current


class SamePerson(ValueError):
    """One person cannot hold both seats; `str()` is the French sentence to show."""

    def __init__(self):
        super().__init__(f"Le binôme réunit deux personnes différentes{NBSP}: choisissez quelqu’un d’autre.")


class StalePair(Exception):
    """Somebody else chose in between: the seats are no longer those that were shown."""


def stamp(seated):
    """What tells two states of a pair apart. `seated`: its current rows."""
    held = {row.seat: row.user_id for row in seated}
    return "-".join(str(held.get(seat, 0)) for seat in PairSeat)


@transaction.atomic
def name_pair(*, participation, staff_id, board_id, by, seen=None):
    """Seat two people (user ids, or None for a seat left empty). Naming the same people again changes nothing.

    A seat that changes hands ends its former row: who came when stays known. `seen`: the stamp of the pair that was
    shown. Returns the current seats. Raises `SamePerson`, or `StalePair`: then nothing changes.
    Source: convention, article 2.1.
    """
    if staff_id is not None and staff_id == board_id:
        raise SamePerson
    Participation.objects.select_for_update().get(pk=participation.pk)
    asked = {PairSeat.STAFF: staff_id, PairSeat.BOARD: board_id}
    before = {row.seat: row for row in _seated(participation_id=participation.pk)}
    if seen is not None and seen != stamp(before.values()):
        raise StalePair
    changed = [seat for seat in asked if asked[seat] != getattr(before.get(seat), "user_id", None)]
    for seat in changed:
        if seat in before:
            _end(before[seat], by)
    for seat in changed:
        if asked[seat] is not None:
            _seat(participation, seat, asked[seat], by)
    return list(_seated(participation_id=participation.pk))


@transaction.atomic
def vacate_if_gone(*, user_id, organisation_id, by):
    """Free the seats of somebody who neither belongs to the structure nor is invited to it any more."""
    there = {"user_id": user_id, "organisation_id": organisation_id}
    belongs = Membership.objects.filter(current(clock.today()), **there).exists()
    if belongs or Invitation.objects.pending().filter(**there).exists():
        return
    for row in _seated(user_id=user_id, participation__organisation_id=organisation_id):
        _end(row, by)


def _seated(**lookup):
    return PairMember.objects.current().filter(**lookup).select_related("participation").order_by("pk")


def _end(row, by):
    row.until = clock.today()
    row.save(update_fields=["until"])
    _record("pair.left", row, by)


def _seat(participation, seat, user_id, by):
    row = PairMember.objects.create(
        region_id=participation.region_id,
        participation=participation,
        seat=seat,
        user_id=user_id,
        named_by_id=getattr(by, "user_id", None),
    )
    _record("pair.named", row, by)


def _record(verb, row, by):
    journal.record(
        verb,
        row,
        by=by,
        details={"seat": row.seat, "user": row.user_id},
        region_id=row.region_id,
        cohort_id=row.participation.cohort_id,
        organisation_id=row.participation.organisation_id,
        participation_id=row.participation_id,
    )
