"""A large cohort, copied in bulk from one structure built by the services: 200 structures, 100 criteria, all answered."""

from datetime import date
from types import SimpleNamespace

from autodiag.enums import AnswerKind, AutodiagState
from autodiag.models import Answer, Autodiag, Comment
from autodiag.services.answers import start
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import ClearanceKind, CohortKind, OrganisationKind, Role, Visibility
from cohorts.models import (
    Adhesion,
    ClauseAcceptance,
    ClauseVersion,
    Clearance,
    Membership,
    Organisation,
    Participation,
    Region,
    User,
)
from cohorts.services import cohorts, people, schedule
from referentiel.models import MaturityLevel
from referentiel.services import import_version, publish
from tests.worlds import referentiel_data


def build(*, structures, criteria, chapters=1, slug="grande"):
    """A cohort of `structures` whose every chapter is answered in full, one référent each, one facilitator.

    Returns region, cohort, participations, and the first structure's autodiag, référent and the facilitator.
    """
    with clock.stopped(clock.at(date(2025, 10, 20), 9)):
        data = referentiel_data(slug.upper(), chapters=chapters, criteria=criteria)
        version = publish(version=import_version(data=data), by_name="Équipe nationale")
        region = Region.objects.create(slug=slug, name=f"Région {slug}")
        cohort = cohorts.create_cohort(
            region=region,
            slug=slug,
            name="Grande cohorte",
            kind=CohortKind.DATED,
            version=version,
            starts_on=date(2025, 1, 6),
        )
        rounds = [
            schedule.open_round(cohort=cohort, chapter=chapter, opens_on=date(2025, 10, 14), closes_on=None)
            for chapter in version.chapters.all()
        ]
        clause = ClauseVersion.objects.first() or people.publish_clause(text="Clause.", since=date(2025, 1, 1))
        facilitator = User.objects.create_user(
            email=f"facilitator@{slug}.example.org", first_name="Accompagnatrice", last_name=slug
        )
        people.give_role(user=facilitator, role=Role.FACILITATOR, cohort=cohort)
        paths = _structures(cohort, structures, slug)
        users = [path.referent for path in paths]
        ClauseAcceptance.objects.bulk_create(
            ClauseAcceptance(clause=clause, user=user) for user in [*users, facilitator]
        )
        autodiags = _autodiags(paths, rounds)
        _answers(autodiags, version)
    return SimpleNamespace(
        region=region,
        cohort=cohort,
        participations=paths,
        autodiag=Autodiag.objects.with_context().get(pk=autodiags[0].pk),
        referent=users[0],
        facilitator=facilitator,
    )


def _structures(cohort, count, slug):
    """Structures with their adhesion, référent, role and clearance, in bulk."""
    make = range(count)
    rows = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.STRUCTURE, region=cohort.region, legal_name=f"Structure {slug} {n:05d}")
        for n in make
    )
    users = User.objects.bulk_create(
        User(email=f"referent{n}@{slug}.example.org", first_name="Référente", last_name=str(n), password="!")
        for n in make
    )
    day = date(2025, 1, 6)
    Adhesion.objects.bulk_create(Adhesion(region=cohort.region, organisation=row, since=day) for row in rows)
    Membership.objects.bulk_create(
        Membership(region=cohort.region, user=user, organisation=row, role=Role.REFERENT, since=day)
        for user, row in zip(users, rows, strict=True)
    )
    paths = Participation.objects.bulk_create(
        Participation(region=cohort.region, cohort=cohort, organisation=row, joined_on=day) for row in rows
    )
    Clearance.objects.bulk_create(
        Clearance(region=cohort.region, participation=path, kind=ClearanceKind.CONVENTION, since=day) for path in paths
    )
    for path, user in zip(paths, users, strict=True):
        path.referent = user
    return paths


def _autodiags(paths, rounds):
    first = [start(participation=paths[0], round=round_, by=Actor.of(paths[0].referent)) for round_ in rounds]
    rest = Autodiag.objects.bulk_create(
        Autodiag(region_id=path.region_id, participation=path, round=round_, started_by=path.referent)
        for path in paths[1:]
        for round_ in rounds
    )
    for autodiag in first:
        autodiag.participation = paths[0]
    return [*first, *rest]


def _answers(autodiags, version):
    """Every criterion of every chapter answered, with a practice and a comment."""
    levels = {}
    for level in MaturityLevel.objects.filter(criterion__chapter__version=version).select_related("criterion"):
        levels.setdefault(level.criterion.chapter_id, {}).setdefault(level.criterion_id, []).append(level)
    Answer.objects.filter(autodiag__in=[a.pk for a in autodiags]).delete()
    answers = Answer.objects.bulk_create(
        (
            Answer(
                region_id=autodiag.region_id,
                participation_id=autodiag.participation_id,
                autodiag=autodiag,
                criterion_id=criterion_id,
                kind=AnswerKind.LEVEL,
                level=of_criterion[(autodiag.participation_id + criterion_id) % 3],
                practice="Nous tenons un carnet partagé, relu chaque mois en équipe." * 2,
                revision=1,
                updated_at=clock.now(),
                updated_by=autodiag.participation.referent,
            )
            for autodiag in autodiags
            for criterion_id, of_criterion in levels[autodiag.round.chapter_id].items()
        ),
        batch_size=2_000,
    )
    Comment.objects.bulk_create(
        (
            Comment(
                region_id=answer.region_id,
                participation_id=answer.participation_id,
                answer=answer,
                text="À reprendre au prochain conseil d’administration.",
                visibility=Visibility.STRUCTURE,
            )
            for answer in answers[:: max(1, len(answers) // 500)]
        ),
        batch_size=2_000,
    )


def transmit(big):
    """Mark every autodiagnostic of a large cohort as transmitted, in bulk."""
    for path in big.participations:
        Autodiag.objects.filter(participation=path).update(
            state=AutodiagState.SUBMITTED, submitted_at=clock.now(), submitted_by=path.referent
        )
    Answer.objects.filter(region=big.region).update(frozen=True)
