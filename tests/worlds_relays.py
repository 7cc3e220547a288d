"""What is relayed and given in the fixed worlds: a need that waits and a resource, per partner.

Ours are our partner's. The neighbour's are another partner's of the same cohort, the stranger's those of the partner
of the other region; every text of theirs carries its marker.
"""

from functools import cache
from io import BytesIO

import pikepdf

from caprse.base import clock
from cohorts.enums import OrganisationKind, Role
from cohorts.models import ClauseVersion, Cohort, Need, Organisation, Share, User
from cohorts.services import cohorts, organisations, people
from cohorts.services.relays import give_resource, relay_need

REGIONS = {"ours": "ici", "neighbour": "ici", "stranger": "ailleurs"}


@cache
def blank_pdf(pages=2):
    """A small PDF without words."""
    content = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(content)
    return content.getvalue()


def build_relays(day, markers):
    """`markers`: the marker of each side. Called once the cohorts, their conventions and the staff are there."""
    for key, marker in markers.items():
        cohort = Cohort.objects.select_related("region").get(region__slug=REGIONS[key], slug="cohorte")
        by = User.objects.get(email=f"region_admin@{'stranger' if key == 'stranger' else 'ours'}.example.org")
        with clock.stopped(clock.at(day, 9)):
            partner = second_partner(cohort, marker) if key == "neighbour" else partner_of(key)
            relay_need(
                cohort=cohort,
                organisation=partner,
                title=f"Besoin de {key} {marker}",
                text=f"Précisions {marker}",
                by=by,
            )
            give_resource(
                cohort=cohort,
                title=f"Ressource de {key} {marker}",
                summary=f"Résumé {marker}",
                content=blank_pdf(),
                organisations=[partner],
                by=by,
            )


def second_partner(cohort, marker):
    """Another partner of our cohort, with somebody in it."""
    partner = organisations.create_organisation(
        kind=OrganisationKind.PARTNER, legal_name=f"Partenaire {marker}", region=cohort.region
    )
    cohorts.add_partner(cohort=cohort, organisation=partner)
    user = people.create_person(email="partner@neighbour.example.org", first_name="Partenaire", last_name=marker)
    people.give_role(user=user, role=Role.PARTNER, organisation=partner)
    people.accept_clause(user=user, clause=ClauseVersion.objects.get())
    return partner


def partner_of(key):
    """The partner organisation of one side; the lapsed structure has ours."""
    email = f"partner@{'ours' if key == 'lapsed' else key}.example.org"
    return Organisation.objects.get(memberships__user__email=email)


class RelaysOfWorld:
    """What one side of the worlds has here, by its key."""

    @property
    def partner(self):
        return partner_of(self.key)

    @property
    def need(self):
        """A need that waits for the answer of this side's partner."""
        return Need.objects.with_context().get(organisation=self.partner)

    @property
    def share(self):
        """The resource given to this side's partner."""
        return Share.objects.with_context().get(organisation=self.partner)
