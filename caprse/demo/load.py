"""Loads the whole demonstration, once, in one transaction."""

from datetime import date, timedelta

from django.db import transaction

from caprse.base import clock, outbox, pdf
from caprse.demo import (
    agreements,
    calendars,
    ceremony,
    charters,
    commitments,
    depth,
    drafts,
    followup,
    pairs,
    practices,
    questions,
    relays,
    remarks,
    reviews,
    story,
    wordings,
)
from caprse.demo.cast import Cast, read
from cohorts.calendars import THIRTEEN_STEPS, plan
from cohorts.enums import CohortKind, MeetingKind, OpeningCondition, OrganisationKind, Role
from cohorts.models import Cohort, Meeting
from cohorts.services.cohorts import add_partner, add_structure, create_cohort
from cohorts.services.grants import entrust
from cohorts.services.invitations import invite
from cohorts.services.organising import create_from_calendar, grant_exception
from cohorts.services.people import accept_clause, give_role, publish_clause
from cohorts.services.schedule import add_meeting, open_round
from conventions.services import drafting, sending
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
RUNNING = {NOUVELLE_AQUITAINE: "cap-rse-2025", OCCITANIE: "collectif-2025"}
ADMIN = "coorace-na/na-deleguee"
EDITOR = "coorace-national/national-rse"
LATE = "clain"
PILOT_ENDS = "Le groupe pilote est arrivé au bout de ses deux premiers chapitres"
INVITED = (
    ("Perrine", "Chabrely", Role.REFERENT, "Responsable de la vie associative"),
    ("Antoine", "Lachaise", Role.LEGAL_REPRESENTATIVE, "Président"),
)


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
            for version in versions.values():
                entrust(referentiel=version.referentiel, user=cast.people[EDITOR])
            clause = publish_clause(text=CLAUSE, since=DAWN.date())
        with clock.stopped(clock.at(date(2024, 11, 22), 12)):
            for key, user in cast.people.items():
                if not key.startswith(f"{NEVER_SIGNED_IN}/"):
                    accept_clause(user=user, clause=clause)
        questions.write(versions, cast.people[EDITOR])
        charters.write(cast, cast.people[ADMIN])
        _pilot(cast, versions["DEMO"])
        _nouvelle_aquitaine(cast, versions["DEMO"])
        _permanent(cast, versions["LE-CAP"])
        _being_signed(cast, versions["DEMO"])
        _in_preparation(cast, versions["DEMO"])
        _occitanie(cast, versions["LE-CAP"])
        drafts.prepare(versions["DEMO"].referentiel, cast.people[EDITOR])
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
        _partners(cast, cohort, "coorace-national", "inae")
    rounds = _calendar(cohort, calendars.THIRTEEN_STEPS)
    paths = _structures(cast, cohort, date(2025, 3, 4), but=LATE)
    admin = cast.people[ADMIN]
    convention = agreements.agree(cohort, date(2025, 3, 10), admin, prepare=commitments.annex)
    pairs.name_pairs(paths, date(2025, 3, 18))
    if clock.today() >= date(2025, 10, 6):
        paths |= _late(cast, cohort, admin)
    relays.relay(cast, cohort, admin)
    facilitator = cast.facilitators[NOUVELLE_AQUITAINE][0]
    followup.give_more_time(paths, rounds, facilitator)
    story.Storyteller(cast, paths, rounds).play(story.PATHS)
    remarks.write(cast, paths, rounds)
    depth.write(cast, paths, rounds)
    followup.write_notes(paths, facilitator)
    commitments.write(cast, convention, admin)
    commitments.go_on(cast, convention, admin)


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
        _partners(cast, cohort, "coorace-national")
    rounds = _calendar(cohort, calendars.NINETEEN_MONTHS)
    paths = _structures(cast, cohort, date(2025, 9, 16))
    agreements.agree(cohort, date(2025, 9, 17), cast.people["coorace-occitanie/occ-delegue"], final=False)
    pairs.name_pairs(paths, date(2025, 9, 23))
    story.Storyteller(cast, paths, rounds).play(story.OCCITANIE)
    practices.write_elsewhere(cast, paths, rounds)


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
    reviews.write(cast, paths, rounds)


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


def _structures(cast, cohort, day, but=()):
    """The structures the content files give to a cohort; those that name none are in their region's running one."""
    with clock.stopped(clock.at(day, 9)):
        return {
            key: add_structure(cohort=cohort, organisation=organisation)
            for key, organisation in cast.organisations.items()
            if organisation.kind == OrganisationKind.STRUCTURE and key not in but
            if organisation.region_id == cohort.region_id
            if cast.cohorts.get(key, RUNNING[cohort.region.slug]) == cohort.slug
        }


def _partners(cast, cohort, *keys):
    for key in keys:
        add_partner(cohort=cohort, organisation=cast.organisations[key])


def _late(cast, cohort, admin):
    """A structure that joins on the way: the chapters that remain, opened by exception, since it did not sign."""
    with clock.stopped(clock.at(date(2025, 10, 6), 14)):
        path = add_structure(cohort=cohort, organisation=cast.organisations[LATE], by=admin)
    with clock.stopped(clock.at(date(2025, 10, 13), 10)):
        grant_exception(
            participation=path,
            since=date(2025, 10, 13),
            reason="Arrivée après la signature, en attendant son entrée dans la convention",
            by=admin,
        )
    return {LATE: path}


def _pilot(cast, version):
    """A first group whose convention has ended: its rounds are closed, its tools stay open."""
    cohort = _planned(cast, version, "Groupe pilote 2024-2025", date(2024, 10, 1))
    rounds = {round_.chapter.number: round_ for round_ in cohort.rounds.select_related("chapter")}
    paths = _structures(cast, cohort, date(2024, 10, 1))
    admin = cast.people[ADMIN]
    convention = agreements.agree(cohort, date(2025, 1, 15), admin)
    story.Storyteller(cast, paths, rounds).play(story.PILOT)
    reviews.write(cast, paths, rounds)
    last_day = date(2025, 9, 30)
    if convention and last_day <= clock.today():
        with clock.stopped(clock.at(last_day, 17)):
            sending.end(convention=convention, last_day=last_day, reason=PILOT_ENDS, by=admin)


def _being_signed(cast, version):
    """A cohort whose first chapter should be open: two signatures are awaited, one structure goes on by exception."""
    cohort = _planned(cast, version, "CAP RSE Adour 2025-2027", date(2025, 6, 3))
    paths = _structures(cast, cohort, date(2025, 6, 3))
    admin, sent_on = cast.people[ADMIN], date(2025, 10, 6)
    if clock.today() < date(2025, 10, 21) or not pdf.available():
        return
    draft = agreements.draft(cohort, sent_on, admin, prepare=ceremony.prepare)
    convention = agreements.send(draft, sent_on, admin)
    agreements.sign(convention, sent_on + timedelta(days=1), but=ceremony.NOT_YET)
    ceremony.go_on(convention, admin)
    with clock.stopped(clock.at(date(2025, 10, 21), 16)):
        grant_exception(
            participation=paths["landes"],
            since=date(2025, 10, 21),
            until=date(2025, 12, 31),
            reason="Son conseil d’administration a prévu d’examiner le chapitre 1 en décembre",
            by=admin,
        )


def _in_preparation(cast, version):
    """A cohort being organised: its calendar is made, people are invited, the convention is a draft."""
    today = clock.today()
    cohort = _planned(cast, version, "CAP RSE 2026-2027", date(2025, 12, 2))
    admin = cast.people[ADMIN]
    _structures(cast, cohort, min(date(2025, 10, 27), today))
    with clock.stopped(clock.at(min(date(2025, 10, 28), today), 9)):
        for first_name, last_name, role, job in INVITED:
            invite(
                email=f"{first_name}.{last_name}@example.org".lower(),
                first_name=first_name,
                last_name=last_name,
                role=role,
                organisation=cast.organisations["limousin"],
                job=job,
                by=admin,
            )
        drafting.draft(cohort=cohort, by=admin)
    charters.begin_with_partner(cast, admin, min(date(2025, 10, 30), today))
    wordings.write(cast, cast.people[EDITOR], admin)


def _planned(cast, version, name, start):
    """A cohort of Nouvelle-Aquitaine on the calendar of thirteen steps, with the national head and INAÉ."""
    steps = plan(THIRTEEN_STEPS, chapters=version.chapters.count(), start=start)
    with clock.stopped(clock.at(min(start - timedelta(days=20), clock.today()), 9)):
        cohort = create_from_calendar(
            region=cast.regions[NOUVELLE_AQUITAINE],
            name=name,
            version=version,
            starts_on=start,
            steps=steps,
            condition=OpeningCondition.ALL_SIGNED,
            by=cast.people[ADMIN],
        )
        for user in cast.facilitators[NOUVELLE_AQUITAINE]:
            give_role(user=user, role=Role.FACILITATOR, cohort=cohort)
        _partners(cast, cohort, "coorace-national", "inae")
    return cohort
