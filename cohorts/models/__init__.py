"""Organisations, people, memberships, cohorts, calendar, follow-up. Imports go from right to left only."""

from cohorts.models.cohorts import Cohort, CohortPartner, Participation
from cohorts.models.followup import Clearance, StepDone
from cohorts.models.invitations import Invitation, PairMember
from cohorts.models.memberships import Adhesion, ClauseAcceptance, ClauseVersion, Membership
from cohorts.models.organisations import Approach, Organisation, Region, SiaeStatus
from cohorts.models.people import User
from cohorts.models.schedule import Meeting, Round, RoundExtension

__all__ = [
    "Adhesion",
    "Approach",
    "ClauseAcceptance",
    "ClauseVersion",
    "Clearance",
    "Cohort",
    "CohortPartner",
    "Invitation",
    "Meeting",
    "Membership",
    "Organisation",
    "PairMember",
    "Participation",
    "Region",
    "Round",
    "RoundExtension",
    "SiaeStatus",
    "StepDone",
    "User",
]
