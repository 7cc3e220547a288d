"""How long a convention holds a structure's rounds open: what its signatures, its end and its exits say. Pure: no query."""

from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.enums import OpeningCondition, OrganisationKind
from conventions.enums import ConventionState, Nature
from conventions.models.conventions import OVER

SIGNED_BY_ALL = (ConventionState.SIGNED, ConventionState.IN_FORCE)
BINDING = (Nature.CONVENTION, Nature.ACCESSION)
WITHOUT_END = date.max
# It stopped by nobody's decision: its rounds stay as they are until a person says until when.
UNDECIDED = date.max - timedelta(days=1)
STOPPED = (ConventionState.REFUSED, ConventionState.EXPIRED, ConventionState.SUPERSEDED)


@dataclass(frozen=True)
class Bond:
    """A structure bound by one convention. `unsigned`: the roles and ids of its parties that have not signed.

    `breach_on`: when a decided breach takes effect, or None.
    """

    party: object
    unsigned: tuple = ()
    breach_on: date | None = None

    @property
    def convention(self):
        return self.party.convention


def opens_before_all_signed(condition, party_pk, unsigned):
    """Whether a convention still being signed lets this party's rounds open: `unsigned` are (id, role) of those awaited."""
    if condition == OpeningCondition.NETWORK_SIGNED:
        return all(role == OrganisationKind.PARTNER for _, role in unsigned)
    if condition == OpeningCondition.OWN_SIGNED:
        return party_pk not in {pk for pk, _ in unsigned}
    return not unsigned


def last_day(bond, condition, today):
    """The last day on which a bond holds: `WITHOUT_END` as long as it goes on, None when it never held anything yet.

    One that was taken back holds until tonight; one refused, expired or replaced, until somebody decides.
    """
    convention = bond.convention
    if convention.state == ConventionState.ENDED:
        ends = convention.ended_on
    elif convention.state in STOPPED:
        ends = UNDECIDED
    elif convention.state in OVER:
        ends = today
    elif _opens(bond, condition):
        ends = WITHOUT_END
    else:
        return None
    exits = [day for day in (bond.party.left_on, bond.breach_on) if day]
    return min([ends, *exits])


def _opens(bond, condition):
    if bond.convention.state in SIGNED_BY_ALL:
        return True
    signed = opens_before_all_signed(condition, bond.party.pk, bond.unsigned)
    return bond.convention.state == ConventionState.OPEN and signed


def holds_until(bonds, parents, condition, today):
    """The last day on which these bonds, oldest first, hold a structure: the newest that ever did has the last word.

    None when none ever did. `parents`: {id: convention} of those that accessions join.
    """
    days = []
    for bond in bonds:
        day = last_day(bond, condition, today)
        parent = parents.get(bond.convention.parent_id)
        if day is not None:
            days.append(min(day, _of_parent(parent, today)) if parent else day)
    if WITHOUT_END in days:
        return WITHOUT_END
    return days[-1] if days else None


def _of_parent(parent, today):
    if parent.state == ConventionState.ENDED:
        return parent.ended_on
    return today if parent.state in OVER else WITHOUT_END
