"""A whole network that transmitted one chapter: 10,000 structures, 100 criteria, written by the database itself."""

from datetime import date
from types import SimpleNamespace

from django.db import connection

from autodiag.access import distributions_for
from autodiag.enums import AnswerKind, AutodiagState
from autodiag.models import Answer, Autodiag
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.access import Actor
from cohorts.enums import CohortKind, OrganisationKind, Role
from cohorts.models import Organisation, Participation, Region, User
from cohorts.services import cohorts, people, schedule
from referentiel.services import import_version, publish
from tests.worlds import referentiel_data

REGIONS, COHORTS, STRUCTURES, CRITERIA = 5, 10, 200, 100

# In ten answers: seven levels, two "not applicable", one "does not know".
FILL = """
INSERT INTO autodiag_answer
  (region_id, participation_id, autodiag_id, criterion_id, kind, level_id, na_reason, practice, to_review, frozen, revision)
SELECT d.region_id, d.participation_id, d.id, c.id,
  CASE WHEN said.rank < 7 THEN %s WHEN said.rank < 9 THEN %s ELSE %s END,
  CASE WHEN said.rank < 7 THEN l.id END,
  CASE WHEN said.rank IN (7, 8) THEN 'Sans objet ici' ELSE '' END,
  'Nous tenons un carnet partagé, relu chaque mois en équipe.', %s, %s, 1
FROM autodiag_autodiag d
JOIN cohorts_round r ON r.id = d.round_id
JOIN referentiel_criterion c ON c.chapter_id = r.chapter_id
JOIN referentiel_maturitylevel l ON l.criterion_id = c.id AND l.value = (d.id * 7 + c.id) %% 3
JOIN (SELECT 0 AS rank UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
  UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) said
  ON said.rank = (d.id * 3 + c.id * 7) %% 10
WHERE r.chapter_id = %s
"""
PLAIN = """
SELECT p.cohort_id, a.criterion_id, a.kind, l.value, COUNT(*)
FROM autodiag_answer a
JOIN autodiag_autodiag d ON d.id = a.autodiag_id
JOIN cohorts_round r ON r.id = d.round_id
JOIN cohorts_participation p ON p.id = a.participation_id
LEFT JOIN referentiel_maturitylevel l ON l.id = a.level_id
WHERE r.chapter_id = %s AND d.state = 'submitted'
GROUP BY p.cohort_id, a.criterion_id, a.kind, l.value
"""


def build():
    """Five regions of ten cohorts of two hundred structures; returns the chapter and somebody of the national staff."""
    with clock.stopped(clock.at(date(2025, 10, 20), 9)):
        data = referentiel_data("DIX-MILLE", chapters=1, criteria=CRITERIA)
        version = publish(version=import_version(data=data), by_name="Équipe nationale")
        chapter = version.chapters.get()
        national = Organisation.objects.create(kind=OrganisationKind.NATIONAL, legal_name="Tête de réseau")
        user = User.objects.create_user(email="national@dix-mille.example.org", first_name="Équipe", last_name="N")
        people.give_role(user=user, role=Role.NATIONAL_STAFF, organisation=national)
        for rank in range(REGIONS):
            region = Region.objects.create(slug=f"dix-mille-{rank}", name=f"Région {rank}")
            for number in range(COHORTS):
                _cohort(region, version, chapter, number, user)
        kinds = [AnswerKind.LEVEL.value, AnswerKind.NOT_APPLICABLE.value, AnswerKind.UNKNOWN.value]
        with connection.cursor() as cursor:
            cursor.execute(FILL, [*kinds, False, True, chapter.pk])
            cursor.execute("ANALYZE")
    return SimpleNamespace(chapter=chapter, national=user)


def _cohort(region, version, chapter, number, user):
    cohort = cohorts.create_cohort(
        region=region,
        slug=f"cohorte-{number}",
        name=f"Cohorte {number}",
        kind=CohortKind.DATED,
        version=version,
        starts_on=date(2025, 1, 6),
    )
    round_ = schedule.open_round(cohort=cohort, chapter=chapter, opens_on=date(2025, 10, 14), closes_on=None)
    structures = Organisation.objects.bulk_create(
        Organisation(kind=OrganisationKind.STRUCTURE, region=region, legal_name=f"Structure {new_public_id()}")
        for _ in range(STRUCTURES)
    )
    paths = Participation.objects.bulk_create(
        Participation(region=region, cohort=cohort, organisation=structure) for structure in structures
    )
    done = {"state": AutodiagState.SUBMITTED, "submitted_at": clock.now(), "submitted_by": user}
    Autodiag.objects.bulk_create(
        Autodiag(region=region, participation=path, round=round_, started_by=user, **done) for path in paths
    )


def consolidated():
    """The door of the network's results, beside the plain SQL aggregate of the same million answers."""
    built = build()
    actor, chapter = Actor.of(built.national), built.chapter
    rows = Answer.objects.filter(autodiag__round__chapter=chapter).count()
    assert rows == REGIONS * COHORTS * STRUCTURES * CRITERIA, rows

    def door():
        found = distributions_for(actor, chapter)
        assert sum(found.network.counts.values()) == rows

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, [chapter.pk])
            assert sum(row[-1] for row in cursor.fetchall()) == rows

    return rows, door, bare
