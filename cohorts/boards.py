"""Who takes part in a cohort: rows for the pages of whoever organises it. Pure: the rows come from the doors."""

from dataclasses import dataclass

from cohorts.enums import Role
from cohorts.rules import was_over_on_joining


@dataclass(frozen=True)
class StructureRow:
    """One structure: its latest adhesion and whether it holds today, its référent·e·s, who is still invited.

    `remaining` are the numbers of its chapters when some had closed before it joined, None when it has them all.
    """

    participation: object
    adhesion: object
    adhesion_valid: bool
    referents: list
    invitations: list
    remaining: object

    @property
    def wants_referent(self):
        """Whether nobody is its référent·e, nor invited to be."""
        return not self.referents and all(invitation.role != Role.REFERENT for invitation in self.invitations)


@dataclass(frozen=True)
class PartnerRow:
    organisation: object
    invitations: list


@dataclass(frozen=True)
class Roster:
    """Everybody in a cohort. `facilitators` are memberships, `invited` the invitations to accompany it."""

    structures: list
    facilitators: list
    invited: list
    partners: list

    @property
    def pending(self):
        """Every invitation nobody answered."""
        rows = [*self.structures, *self.partners]
        return [*self.invited, *(invitation for row in rows for invitation in row.invitations)]


def roster(participations, partners, memberships, invitations, rounds, today):
    """Everybody, in alphabetical order. `participations` have their organisation with its adhesions."""
    by_organisation, invited = {}, []
    for invitation in invitations:
        target = by_organisation.setdefault(invitation.organisation_id, []) if invitation.organisation_id else invited
        target.append(invitation)
    referents, facilitators = {}, []
    for membership in memberships:
        if membership.role == Role.FACILITATOR:
            facilitators.append(membership)
        else:
            referents.setdefault(membership.organisation_id, []).append(membership.user.full_name)
    rounds = list(rounds)
    return Roster(
        structures=[
            _structure(participation, referents, by_organisation, rounds, today) for participation in participations
        ],
        facilitators=facilitators,
        invited=invited,
        partners=[
            PartnerRow(partner.organisation, by_organisation.get(partner.organisation_id, [])) for partner in partners
        ],
    )


def _structure(participation, referents, invitations, rounds, today):
    adhesions = sorted(participation.organisation.adhesions.all(), key=lambda adhesion: adhesion.since)
    valid = [a for a in adhesions if a.since <= today and (a.until is None or today <= a.until)]
    remaining = [r.chapter.number for r in rounds if not was_over_on_joining(r, participation)]
    return StructureRow(
        participation=participation,
        adhesion=(valid or adhesions or [None])[-1],
        adhesion_valid=bool(valid),
        referents=referents.get(participation.organisation_id, []),
        invitations=invitations.get(participation.organisation_id, []),
        remaining=sorted(remaining) if len(remaining) < len(rounds) else None,
    )


@dataclass(frozen=True)
class GivenResource:
    """A resource with its latest share to each organisation: those in force, then those that are over."""

    resource: object
    in_force: list
    over: list


def partners_with_people(organisations, memberships):
    """Each partner with the people who read what is relayed to it: [(organisation, [names])]."""
    names = {}
    for membership in memberships:
        names.setdefault(membership.organisation_id, []).append(membership.user.full_name)
    return [(organisation, names.get(organisation.pk, [])) for organisation in organisations]


def resources_given(shares, today):
    """The resources of a cohort, latest given first. `shares` come newest first, with their context."""
    latest = {}
    for share in shares:
        latest.setdefault(share.resource_id, {}).setdefault(share.organisation_id, share)
    given = []
    for by_organisation in latest.values():
        rows = sorted(by_organisation.values(), key=lambda share: share.organisation.legal_name)
        open_rows = [share for share in rows if share.is_in_force(today)]
        given.append(GivenResource(rows[0].resource, open_rows, [share for share in rows if share not in open_rows]))
    return given
