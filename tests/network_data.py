"""Structures that transmitted a chapter, in bulk: cohorts and regions of the size a test asks for."""

from datetime import date

from autodiag.enums import AnswerKind, AutodiagState
from autodiag.models import Answer, Autodiag
from caprse.base import clock
from cohorts.enums import CohortKind, OrganisationKind
from cohorts.models import Organisation, Participation, Region, Round, User
from cohorts.services import cohorts, schedule
from referentiel.models import MaturityLevel
from referentiel.services import import_version, publish
from tests.worlds import referentiel_data

MARKER = "MARQUESTRUCTURE"
NOT_APPLICABLE, UNKNOWN = "n", "u"


def published(code="RESEAU", **shape):
    """A published version of two chapters of four criteria, three levels from 0."""
    return publish(version=import_version(data=referentiel_data(code, **shape)), by_name="Équipe nationale")


def new_region(slug):
    return Region.objects.create(slug=slug, name=f"Région {slug}")


def new_cohort(region, version, slug):
    cohort = cohorts.create_cohort(
        region=region,
        slug=slug,
        name=f"Cohorte {slug}",
        kind=CohortKind.DATED,
        version=version,
        starts_on=date(2025, 1, 6),
    )
    for chapter in version.chapters.all():
        schedule.open_round(cohort=cohort, chapter=chapter, opens_on=date(2025, 1, 6))
    return cohort


def new_structures(region, count):
    return [
        Organisation.objects.create(
            kind=OrganisationKind.STRUCTURE, region=region, legal_name=f"{MARKER} {region.slug} {rank}"
        )
        for rank in range(count)
    ]


def answered(cohort, *words, structures=None, chapter=1, transmitted=True):
    """One structure per word, e.g. "012n": one answer per criterion – a level, `n` not applicable, `u` unknown.

    Returns the structures; given some, they are those that answer.
    """
    structures = structures or new_structures(cohort.region, len(words))
    for organisation, word in zip(structures, words, strict=True):
        participation, _ = Participation.objects.get_or_create(
            region=cohort.region, cohort=cohort, organisation=organisation
        )
        _answer(participation, Round.objects.get(cohort=cohort, chapter__number=chapter), word, transmitted)
    return structures


def _answer(participation, round_, word, transmitted):
    by = User.objects.first()
    done = {"state": AutodiagState.SUBMITTED, "submitted_at": clock.now(), "submitted_by": by} if transmitted else {}
    anchors = {"region_id": participation.region_id, "participation": participation}
    autodiag = Autodiag.objects.create(**anchors, round=round_, started_by=by, **done)
    for criterion, letter in zip(round_.chapter.criteria.all(), word, strict=True):
        Answer.objects.create(
            **anchors, autodiag=autodiag, criterion=criterion, frozen=transmitted, **_said(criterion, letter)
        )


def _said(criterion, letter):
    if letter == NOT_APPLICABLE:
        return {"kind": AnswerKind.NOT_APPLICABLE, "na_reason": f"Motif {MARKER}"}
    if letter == UNKNOWN:
        return {"kind": AnswerKind.UNKNOWN}
    level = MaturityLevel.objects.filter(criterion=criterion).order_by("value")[int(letter)]
    return {"kind": AnswerKind.LEVEL, "level": level}


def first_criterion(shown, version, position=1, chapter=1):
    """What a scope shows of one criterion: {answer: number}."""
    pk = version.chapters.get(number=chapter).criteria.get(position=position).pk
    return {answer: number for (criterion, answer), number in shown.counts.items() if criterion == pk}
