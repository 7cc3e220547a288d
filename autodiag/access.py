"""The door to the results of the network: numbers only, for national staff, nothing under the threshold.

No view reads the counts themselves: what leaves this module has gone through `consolidate`.
"""

from dataclasses import dataclass

from django.db.models import Count

from autodiag.consolidation import Part, consolidate, distinct
from autodiag.enums import AnswerKind, AutodiagState
from autodiag.models import Answer, Autodiag
from caprse.base.access import Refused
from cohorts.models import Cohort, Participation


@dataclass(frozen=True)
class Standing:
    """How many structures take part, by scope (ids; None: the network), and what each chapter may show."""

    engaged: dict
    chapters: dict


def distributions_for(actor, chapter):
    """How the answers to a chapter spread, once transmitted. Raises `Refused` for whoever is not national staff."""
    _require_national(actor)
    cohorts = Cohort.objects.filter(version=chapter.version_id).order_by("pk").values_list("pk", "region_id")
    structures = {}
    submitted = Autodiag.objects.filter(round__chapter=chapter, state=AutodiagState.SUBMITTED)
    for cohort, organisation in submitted.values_list("participation__cohort_id", "participation__organisation_id"):
        structures.setdefault(cohort, set()).add(organisation)
    counts = _counts(chapter)
    return consolidate(
        Part(cohort, region, frozenset(structures.get(cohort, ())), counts.get(cohort, {}))
        for cohort, region in cohorts
    )


def _counts(chapter):
    """{cohort: {(criterion, answer): number}}, from one grouped query.

    Grouped by the value of a level rather than by its id: PostgreSQL then knows that there are few groups, and
    counts in parallel.
    """
    grouped = (
        Answer.objects.filter(autodiag__round__chapter=chapter, autodiag__state=AutodiagState.SUBMITTED)
        .order_by()
        .values_list("participation__cohort_id", "criterion_id", "kind", "level__value")
        .annotate(number=Count("*"))
    )
    counts = {}
    for cohort, criterion, kind, value, number in grouped:
        answer = value if kind == AnswerKind.LEVEL else kind
        counts.setdefault(cohort, {})[criterion, answer] = number
    return counts


def standing_for(actor, cohorts):
    """How many structures of these cohorts take part, and how many transmitted each chapter where it may be said.

    `cohorts` come with their version and its chapters. Raises `Refused` for whoever is not national staff.
    """
    _require_national(actor)
    inside = {"participation__cohort__in": cohorts, "state": AutodiagState.SUBMITTED}
    columns = ("participation__cohort_id", "participation__organisation_id")
    transmitted = {}
    for chapter, cohort, organisation in Autodiag.objects.filter(**inside).values_list("round__chapter_id", *columns):
        transmitted.setdefault((chapter, cohort), set()).add(organisation)
    chapters = {chapter.pk: [] for cohort in cohorts for chapter in cohort.version.chapters.all()}
    for cohort in cohorts:
        for chapter in cohort.version.chapters.all():
            structures = frozenset(transmitted.get((chapter.pk, cohort.pk), ()))
            chapters[chapter.pk].append(Part(cohort.pk, cohort.region_id, structures, {}))
    return Standing(_engaged(cohorts), {pk: consolidate(parts) for pk, parts in chapters.items()})


def _engaged(cohorts):
    """{(version, region, cohort): structures}, None standing for all: taking part is no answer, nothing is hidden."""
    structures = {}
    rows = Participation.objects.filter(cohort__in=cohorts).values_list("cohort_id", "organisation_id")
    for cohort, organisation in rows:
        structures.setdefault(cohort, set()).add(organisation)
    scopes = {}
    for cohort in cohorts:
        part = Part(cohort.pk, cohort.region_id, frozenset(structures.get(cohort.pk, ())), {})
        version, region = cohort.version_id, cohort.region_id
        for scope in ((version, None, None), (version, region, None), (version, region, cohort.pk)):
            scopes.setdefault(scope, []).append(part)
    return {scope: distinct(parts) for scope, parts in scopes.items()}


def _require_national(actor):
    if not actor.is_national:
        raise Refused(
            "Les résultats du réseau sont réservés à l’équipe nationale.",
            "Elle peut vous dire ce qui en est partagé.",
        )
