"""Loads the whole demonstration, once, in one transaction."""

from datetime import date

from django.db import transaction

from caprse.base import clock, outbox
from caprse.demo import calendars, story
from caprse.demo.cast import Cast, read
from cohorts.enums import ClearanceKind, CohortKind, MeetingKind, OpeningCondition, Role
from cohorts.models import Cohort, Meeting
from cohorts.services.cohorts import add_partner, add_structure, create_cohort, grant_clearance
from cohorts.services.people import accept_clause, give_role, publish_clause
from cohorts.services.schedule import add_meeting, extend_round, open_round
from referentiel.services import import_version, publish

DAWN = clock.at(date(2024, 9, 2), 9)
CLAUSE = (
    "Le référentiel, les questionnaires, les guides et les documents que vous trouverez ici ont été construits "
    "par le réseau, pour ses adhérents. En les ouvrant, vous vous engagez à ne pas les transmettre ni les "
    "utiliser hors du réseau, sous quelque forme que ce soit : copie, capture d’écran, document téléchargé.\n\n"
    "Ce que votre structure écrit sur elle-même lui appartient : ses pratiques, ses actions, ses résultats. "
    "Elle en dispose librement.\n\n"
    "Chaque document téléchargé porte votre nom, celui de votre structure, la date et un numéro de registre."
)
NEVER_SIGNED_IN = "embauche"
PERMANENT_MEMBERS = ("passerelle", "sillons", "embauche")
NOUVELLE_AQUITAINE, OCCITANIE = "nouvelle-aquitaine", "occitanie"


def is_loaded():
    """Whether the demonstration is already there."""
    return Cohort.objects.exists()


def load():
    """Load everything, or nothing; then let the mails of the story leave."""
    with transaction.atomic():
        with clock.stopped(DAWN):
            cast = Cast()
            cast.enter()
            versions = {
                data["code"]: publish(version=import_version(data=data), by_name="Yannick Tresmontant")
                for data in (read("demo_referentiel.toml"), read("le_cap_referentiel.toml"))
            }
            clause = publish_clause(text=CLAUSE, since=DAWN.date())
        with clock.stopped(clock.at(date(2024, 11, 22), 12)):
            for key, user in cast.people.items():
                if not key.startswith(f"{NEVER_SIGNED_IN}/"):
                    accept_clause(user=user, clause=clause)
        _nouvelle_aquitaine(cast, versions["DEMO"])
        _permanent(cast, versions["LE-CAP"])
        _occitanie(cast, versions["LE-CAP"])
    outbox.send_waiting()


def _nouvelle_aquitaine(cast, version):
    with clock.stopped(clock.at(date(2024, 11, 4), 9)):
        cohort = _cohort(
            cast,
            NOUVELLE_AQUITAINE,
            slug="cap-rse-2025",
            name="CAP RSE 2025-2026",
            version=version,
            starts_on=date(2024, 11, 22),
        )
        add_partner(cohort=cohort, organisation=cast.organisations["inae"])
    rounds = _calendar(cohort, calendars.THIRTEEN_STEPS)
    paths = _structures(cast, cohort, date(2025, 3, 4))
    facilitator = cast.facilitators[NOUVELLE_AQUITAINE][0]
    for path in paths.values():
        grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=date(2025, 4, 1), by=facilitator)
    if clock.today() >= date(2025, 9, 22):
        with clock.stopped(clock.at(date(2025, 9, 22), 14)):
            extend_round(
                round=rounds[2],
                participation=paths["etabli"],
                closes_on=date(2025, 11, 14),
                reason="Déménagement de l’atelier en septembre",
                by=facilitator,
            )
    story.Storyteller(cast, paths, rounds).play(story.PATHS)


def _occitanie(cast, version):
    with clock.stopped(clock.at(date(2025, 6, 2), 9)):
        cohort = _cohort(
            cast,
            OCCITANIE,
            slug="collectif-2025",
            name="Collectif 2025-2027",
            version=version,
            starts_on=date(2025, 9, 16),
        )
    rounds = _calendar(cohort, calendars.NINETEEN_MONTHS)
    paths = _structures(cast, cohort, date(2025, 9, 16))
    for path in paths.values():
        grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=date(2025, 9, 30))
    story.Storyteller(cast, paths, rounds).play(story.OCCITANIE)


def _permanent(cast, version):
    """Le Cap, open to members at any time: no calendar, no convention."""
    with clock.stopped(clock.at(date(2025, 1, 6), 9)):
        cohort = create_cohort(
            region=cast.regions[NOUVELLE_AQUITAINE],
            slug="le-cap",
            name="Le Cap en continu",
            kind=CohortKind.PERMANENT,
            version=version,
            starts_on=date(2025, 1, 6),
            condition=OpeningCondition.NONE,
        )
        rounds = {
            chapter.number: open_round(cohort=cohort, chapter=chapter, opens_on=date(2025, 1, 6))
            for chapter in version.chapters.all()
        }
        paths = {key: add_structure(cohort=cohort, organisation=cast.organisations[key]) for key in PERMANENT_MEMBERS}
        for user in cast.facilitators[NOUVELLE_AQUITAINE]:
            give_role(user=user, role=Role.FACILITATOR, cohort=cohort)
    story.Storyteller(cast, paths, rounds).play(story.PERMANENT)


def _cohort(cast, region, **fields):
    cohort = create_cohort(region=cast.regions[region], kind=CohortKind.DATED, **fields)
    for user in cast.facilitators[region]:
        give_role(user=user, role=Role.FACILITATOR, cohort=cohort)
    return cohort


def _calendar(cohort, steps):
    """Write the steps, and a round per chapter from its reading to its regroupement."""
    chapters = {chapter.number: chapter for chapter in cohort.version.chapters.all()}
    for position, step in enumerate(steps, start=1):
        chapter = chapters.get(step.get("chapter"))
        add_meeting(cohort=cohort, position=position, **{**step, "chapter": chapter})
    days = {
        kind: dict(Meeting.objects.filter(cohort=cohort, kind=kind).values_list("chapter__number", "day"))
        for kind in (MeetingKind.READING, MeetingKind.REGROUPEMENT)
    }
    return {
        number: open_round(
            cohort=cohort,
            chapter=chapter,
            opens_on=days[MeetingKind.READING][number],
            closes_on=days[MeetingKind.REGROUPEMENT][number],
        )
        for number, chapter in chapters.items()
    }


def _structures(cast, cohort, day):
    with clock.stopped(clock.at(day, 9)):
        return {
            key: add_structure(cohort=cohort, organisation=organisation)
            for key, organisation in cast.organisations.items()
            if organisation.kind == "structure" and organisation.region_id == cohort.region_id
        }
