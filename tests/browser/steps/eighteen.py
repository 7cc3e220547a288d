"""Eighteen parties of four kinds: fifteen structures, a delegation, the national head, a partner."""

from datetime import date

from cohorts.enums import CohortKind, OrganisationKind, Role
from cohorts.models import ClauseVersion, Cohort, Organisation, Region
from cohorts.services import cohorts, organisations, people, schedule
from tests.browser.steps.ceremony import Signer
from tests.worlds import person

COHORT = "Promotion des dix-huit"
DELEGATION, NATIONAL, PARTNER = "Délégation ours", "Tête de réseau", "Partenaire ours"
STRUCTURES = (
    "Atelier du Vieux Pont",
    "Association intermédiaire pour l’insertion, l’accompagnement et l’emploi durable du Haut-Limousin",
    "Chantiers verts du Thouet",
    "Les Jardins de la Dronne",
    "Régie de quartier des Trois Clochers",
    "La Fabrique à linge",
    "Entreprise d’insertion « Bois & Façades »",
    "Solidarité mobilité Creuse",
    "Cuisine centrale du Marais",
    "Ressourcerie l’Écluse",
    "Ensemble et travail temporaire d’insertion – Aquitaine Nord",
    "Le Relais des brandes",
    "Groupement d’employeurs Œuvrer ici",
    "Transport & services de l’Île-d’Yeu",
    "Métiers d’art en Périgord",
)
FIRST_NAMES = ("Irène", "Mathurin", "Solveig", "Zoé", "Gaëtan", "Marie-Aimée", "Lucien", "Françoise", "Ÿann")
LAST_NAMES = (
    "Rondeau",
    "de La Touche-Kerambellec",
    "N’Diaye",
    "Lœuillet",
    "Ortiz y Vargas",
    "Bauça",
    "Château-Thierry",
)
PLACES = ("Limoges", "Parthenay", "Périgueux", "L’Île-d’Yeu")
COORDINATOR = "region_admin@ours.example.org"
REFERENT = "referent@dix-huit.example.org"


def the_cohort():
    """Everybody is in; its first chapter is open, but for the convention. Before the first click."""
    region = Region.objects.get(slug="ici")
    here = Cohort.objects.select_related("version").get(region=region, slug="cohorte")
    cohort = cohorts.create_cohort(
        region=region,
        slug="dix-huit",
        name=COHORT,
        kind=CohortKind.DATED,
        version=here.version,
        starts_on=date(2025, 10, 1),
    )
    schedule.open_round(
        cohort=cohort, chapter=cohort.version.chapters.first(), opens_on=date(2025, 10, 14), closes_on=date(2026, 3, 1)
    )
    for name in (NATIONAL, PARTNER):
        cohorts.add_partner(cohort=cohort, organisation=Organisation.objects.get(legal_name=name))
    for name in STRUCTURES:
        structure = organisations.create_organisation(
            kind=OrganisationKind.STRUCTURE, legal_name=name, region=region, siae_kinds=["ai"]
        )
        organisations.record_adhesion(organisation=structure, since=date(2020, 1, 1))
        cohorts.add_structure(cohort=cohort, organisation=structure)
    first = Organisation.objects.get(legal_name=STRUCTURES[0])
    referent = person(REFERENT, "Dix-Huit", Role.REFERENT, organisation=first)
    people.accept_clause(user=referent, clause=ClauseVersion.objects.get())
    return cohort


def signers():
    """One person for each party; only the delegation’s and the national head’s have an account."""
    made = [
        Signer(
            party=name,
            first_name=FIRST_NAMES[rank % len(FIRST_NAMES)],
            last_name=LAST_NAMES[rank % len(LAST_NAMES)],
            email=f"signataire{rank:02d}@dix-huit.example.org",
            quality="Présidente du conseil d’administration" if rank % 2 else "Président",
            power="Statuts, article 12" if rank % 3 else "Statuts du 3 février 2011, article 12, alinéa 4",
            place=PLACES[rank % len(PLACES)],
        )
        for rank, name in enumerate((*STRUCTURES, PARTNER))
    ]
    made += [
        Signer(NATIONAL, "Noé", "Tête", "national_staff@ours.example.org", "Président"),
        Signer(DELEGATION, "Solange", "Ici", COORDINATOR, "Déléguée régionale"),
    ]
    return {signer.party: signer for signer in made}
