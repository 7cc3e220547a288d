"""The fixed worlds: letterhead, purpose, stakeholders."""

import io
from datetime import date

from PIL import Image

from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Membership, Organisation
from cohorts.services.letterheads import set_letterhead
from cohorts.services.purpose import set_purpose
from cohorts.services.stakeholders import add_stakeholder, name_at_kickoff, stamp_of

PURPOSE, PLACED, UNPLACED = "Pourquoi MARQUEINTIME", "Habitants MARQUEINTIME", "Fournisseurs MARQUEINTIME"
NAMED = ("Mairie", "Bailleurs")
MENTIONS = "Association loi 1901"
HEADED = (OrganisationKind.REGION, OrganisationKind.NATIONAL)


def logo(colour="#0e5a5c", size=(300, 120), mode="RGB", kind="PNG", **saving):
    """A picture as somebody would bring it."""
    kept = io.BytesIO()
    Image.new(mode, size, colour).save(kept, kind, **saving)
    return kept.getvalue()


def build_identity(world, marker=""):
    """A letterhead, a few lines, a stakeholder placed and another not; its region's and the network's, once."""
    with clock.stopped(clock.at(date(2025, 2, 10), 9)):
        by, organisation = world.actor(Role.REFERENT), world.organisation
        head(organisation, by, marker)
        set_purpose(organisation=organisation, revision=0, text=f"{PURPOSE}{marker}", by=by)
        placed = {"importance": 3, "influence": 2, "expectations": f"Écoute {marker}", "dialogue": f"Fête {marker}"}
        add_stakeholder(organisation=organisation, name=f"{PLACED}{marker}", by=by, **placed)
        add_stakeholder(organisation=organisation, name=f"{UNPLACED}{marker}", by=by)
        build_around(world, marker)


def build_around(world, marker):
    """The heads above a structure, and what the launch of its cohort named; neighbours share them."""
    cohort = world.participation.cohort
    if not cohort.named_at_kickoff.exists():
        names = [f"{name} {marker}".strip() for name in NAMED]
        name_at_kickoff(cohort=cohort, names=names, seen=stamp_of([]), by=None)
    above = Organisation.objects.filter(kind__in=HEADED, letterhead=None)
    for organisation in above.filter(region=world.participation.region) | above.filter(region=None):
        own = marker if organisation.region_id else ""
        head(organisation, Actor.of(Membership.objects.filter(organisation=organisation).earliest("pk").user), own)


def head(organisation, by, marker):
    """Give an organisation a logo and its mentions."""
    told = f"Logo {marker}".strip()
    mentions = f"{MENTIONS} {marker}".strip()
    set_letterhead(organisation=organisation, revision=0, mentions=mentions, logo=logo(), logo_text=told, by=by)


class IdentityOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def stakeholder(self):
        """The one it placed on its map."""
        return self.organisation.stakeholders.order_by("pk").first()
