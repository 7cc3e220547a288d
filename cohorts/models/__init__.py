"""Organisations, people, memberships, cohorts, calendar, follow-up. Imports go from right to left only."""

from cohorts.models.cohorts import Cohort, CohortPartner, Participation
from cohorts.models.followup import Clearance, StepDone, not_over, readiness
from cohorts.models.grants import EditorGrant
from cohorts.models.identity import Letterhead, NamedAtKickoff, Purpose, Stakeholder
from cohorts.models.invitations import Invitation, PairMember
from cohorts.models.memberships import Adhesion, ClauseAcceptance, ClauseVersion, Membership
from cohorts.models.notes import FollowupNote
from cohorts.models.organisations import Approach, Organisation, Region, SiaeStatus
from cohorts.models.people import User
from cohorts.models.relays import Need, Resource, Share
from cohorts.models.schedule import Meeting, Round, RoundExtension

__all__ = [
    "Adhesion",
    "Approach",
    "ClauseAcceptance",
    "ClauseVersion",
    "Clearance",
    "Cohort",
    "CohortPartner",
    "EditorGrant",
    "FollowupNote",
    "Invitation",
    "Letterhead",
    "Meeting",
    "Membership",
    "NamedAtKickoff",
    "Need",
    "Organisation",
    "PairMember",
    "Participation",
    "Purpose",
    "Region",
    "Resource",
    "Round",
    "RoundExtension",
    "Share",
    "SiaeStatus",
    "Stakeholder",
    "StepDone",
    "User",
    "not_over",
    "readiness",
]
