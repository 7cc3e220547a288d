"""A convention of many parties of the four kinds, with names as long as people write them."""

from datetime import date

from caprse.base import clock
from cohorts.enums import CohortKind, OrganisationKind
from cohorts.models import Cohort, Organisation, Region
from cohorts.services import cohorts
from conventions.models import Convention
from referentiel.services import import_version, publish
from tests import worlds_conventions as do
from tests.worlds import referentiel_data

LONG = "Association intermédiaire pour l’insertion, l’accompagnement et l’emploi durable des Marches de l’Est"
SIGNED_ON = date(2025, 3, 3)


def cohort_of(parties, slug="nombreuse"):
    """A cohort whose convention has so many parties: a region, the national head, a partner, structures."""
    version = publish(version=import_version(data=referentiel_data(slug.upper())), by_name="Équipe nationale")
    region = Region.objects.create(slug=slug, name="Marches de l’Est")
    cohort = cohorts.create_cohort(
        region=region,
        slug=slug,
        name="Cohorte nombreuse",
        kind=CohortKind.DATED,
        version=version,
        starts_on=date(2025, 4, 1),
    )
    add = Organisation.objects.create
    add(kind=OrganisationKind.REGION, region=region, legal_name="Réseau des Marches de l’Est")
    for kind, name in ((OrganisationKind.NATIONAL, "Fédération nationale"), (OrganisationKind.PARTNER, "Pôle IAE")):
        here = None if kind == OrganisationKind.NATIONAL else region
        there_is = Organisation.objects.filter(kind=OrganisationKind.NATIONAL).first() if here is None else None
        partner = there_is or add(kind=kind, region=here, legal_name=name)
        cohorts.add_partner(cohort=cohort, organisation=partner)
    for rank in range(parties - 3):
        structure = add(kind=OrganisationKind.STRUCTURE, region=region, legal_name=f"{LONG} no {rank + 1:02d}")
        cohorts.add_structure(cohort=cohort, organisation=structure)
    return Cohort.objects.select_related("region", "version").get(pk=cohort.pk)


def signed_by_all(parties=18, slug="nombreuse"):
    """The convention of such a cohort, signed by all, its final document still to be made."""
    with clock.stopped(clock.at(SIGNED_ON, 10)):
        convention = do.sent_convention(cohort_of(parties, slug))
        for signatory in do.signatories_of(convention):
            do.sign_as(signatory)
    return Convention.objects.with_context().get(pk=convention.pk)
