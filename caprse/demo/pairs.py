"""The pairs of the invented structures."""

from caprse.base import clock
from cohorts.enums import Role
from cohorts.services.pairs import name_pair

# Their home page asks for it.
UNNAMED = ("etabli",)


def name_pairs(paths, day):
    """The référent and a member of the board, for every structure but those that still have to choose."""
    if clock.today() < day:
        return
    with clock.stopped(clock.at(day, 11)):
        for key, participation in paths.items():
            if key not in UNNAMED:
                name_pair(
                    participation=participation,
                    staff_id=_first(participation, Role.REFERENT),
                    board_id=_first(participation, Role.BOARD_MEMBER),
                    by=None,
                )


def _first(participation, role):
    """Who holds this role in the structure, or None."""
    held = participation.organisation.memberships.filter(role=role).order_by("pk")
    return held.values_list("user_id", flat=True).first()
