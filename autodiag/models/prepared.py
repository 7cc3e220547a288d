"""The product's hottest reads, compiled once, through the same doors as the others.

Each returns rows that hold what the rules, the services and the pages ask for.
"""

from functools import cache
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from autodiag.enums import AnswerKind
from autodiag.models.diagnostics import Answer, Autodiag, Comment
from autodiag.models.evidence import EvidenceUse
from autodiag.models.threads import Thread
from autodiag.models.voices import Assignment, Viewpoint
from caprse.base import clock
from caprse.base.prepared import PreparedRead
from cohorts.access import Actor
from cohorts.models import Cohort, Organisation, Participation, Region, Round
from referentiel.models import Chapter, Criterion, Indicator, Referentiel, Version

NO_LEVEL, NOWHERE = -1, [0]
CONTEXT = ("extended_to", "is_cleared")
BESIDE = ("thread_count", "evidence_count", "is_mine", "has_viewpoint")
CONTEXT_OF_AUTODIAG = (*CONTEXT, "reopened_for")
# Related rows with the columns read of each, children before what they hang on.
AUTODIAG = {
    "": (Autodiag, ("id", "public_id", "state", "region_id", "round_id", "participation_id", "submitted_at")),
    "round__": (Round, ("id", "opens_on", "closes_on", "chapter_id")),
    "round__chapter__": (Chapter, ("id", "number", "title", "short_title", "summary")),
    "participation__": (Participation, ("id", "public_id", "organisation_id", "cohort_id", "region_id")),
    "participation__organisation__": (Organisation, ("id", "public_id", "legal_name")),
    "participation__cohort__": (
        Cohort,
        ("id", "slug", "name", "kind", "condition", "region_id", "version_id"),
    ),
    "participation__cohort__region__": (Region, ("id", "slug", "name")),
    "participation__cohort__version__": (Version, ("id", "number", "referentiel_id")),
    "participation__cohort__version__referentiel__": (Referentiel, ("id", "code", "title", "notice")),
}
ANSWER = {
    "": (
        Answer,
        (
            "id",
            "region_id",
            "participation_id",
            "autodiag_id",
            "criterion_id",
            "kind",
            "level_id",
            "na_reason",
            "practice",
            "strength",
            "difficulty",
            "to_review",
            "frozen",
            "revision",
            "updated_at",
            "updated_by_id",
        ),
    ),
    "criterion__": (Criterion, ("id", "code", "position")),
    "autodiag__": (Autodiag, ("id", "public_id", "state", "round_id", "participation_id")),
    "autodiag__round__": (Round, ("id", "opens_on", "closes_on")),
    "autodiag__participation__": (Participation, ("id", "organisation_id", "cohort_id", "region_id")),
    "autodiag__participation__cohort__": (Cohort, ("id", "condition", "region_id")),
    "autodiag__participation__cohort__region__": (Region, ("id", "slug")),
}
COMMENT = ("comment__id", "comment__text", "comment__visibility")


def _columns(parts):
    return [prefix + name for prefix, (_, names) in parts.items() for name in names]


@cache
def _in_order(model, names):
    """The columns read of a model, in the order Django builds its rows from."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


def _assembled(parts, values):
    """The first row of `parts`, with the others hung on it by the names of their prefixes.

    A column that was not read is fetched if somebody asks for it, as after `only()`.
    """
    built = {}
    for prefix, (model, names) in parts.items():
        columns = _in_order(model, names)
        row = model.from_db(DEFAULT_DB_ALIAS, columns, [values[prefix + name] for name in columns])
        built[prefix] = row
        if prefix:
            parent, _, name = prefix[:-2].rpartition("__")
            setattr(built[f"{parent}__" if parent else ""], name, row)
    return built[""]


class _Somebody:
    """An actor known by its ids alone, for reads compiled before anybody asks."""

    own_q, accompanied_q, participation_q = Actor.own_q, Actor.accompanied_q, Actor.participation_q

    def __init__(self, structure_ids, facilitated_cohort_ids=(), coordinated_region_ids=()):
        self.structure_ids = structure_ids
        self.facilitated_cohort_ids = facilitated_cohort_ids
        self.coordinated_region_ids = coordinated_region_ids


@PreparedRead
def _autodiags(structures, cohorts, regions, region, public_id, today):
    return (
        Autodiag.objects.visible_to(_Somebody(structures, cohorts, regions))
        .annotate_context(today)
        .filter(participation__region__slug=region, public_id=public_id)
        .order_by("pk")
        .values_list(*_columns(AUTODIAG), *CONTEXT_OF_AUTODIAG)
    )


def visible_autodiag(actor, *, region, public_id):
    """The autodiagnostic this actor may see under a region's address, as `with_context()` gives it, or None."""
    rows = _autodiags(
        structures=sorted(actor.structure_ids) or NOWHERE,
        cohorts=sorted(actor.facilitated_cohort_ids) or NOWHERE,
        regions=sorted(actor.coordinated_region_ids) or NOWHERE,
        region=region,
        public_id=public_id,
        today=clock.today(),
    )
    if not rows:
        return None
    values = dict(zip([*_columns(AUTODIAG), *CONTEXT_OF_AUTODIAG], rows[0], strict=True))
    autodiag = _assembled(AUTODIAG, values)
    for name in CONTEXT_OF_AUTODIAG:
        setattr(autodiag, name, values[name])
    return autodiag


@PreparedRead
def _answers(structures, region, public_id, position, level_value, today):
    return (
        Answer.objects.to_save(level_value, today)
        .visible_to(_Somebody(structures))
        .filter(**_at(region, public_id, position))
        .order_by("pk")
        .values_list(*_columns(ANSWER), *COMMENT, "posted_level", *CONTEXT)
    )


def answer_to_save(actor, *, region, public_id, position, level_value=None):
    """The answer this actor may see at this address, ready for `save_answer`, or None.

    It carries `posted_level`, the id of the criterion's level of value `level_value` (None when there is none).
    """
    rows = _answers(
        structures=sorted(actor.structure_ids),
        region=region,
        public_id=public_id,
        position=position,
        level_value=NO_LEVEL if level_value is None else level_value,
        today=clock.today(),
    )
    if not rows:
        return None
    columns = [*_columns(ANSWER), *COMMENT, "posted_level", *CONTEXT]
    values = dict(zip(columns, rows[0], strict=True))
    answer = _assembled(ANSWER, values)
    answer.posted_level = values["posted_level"]
    answer.autodiag.extended_to, answer.autodiag.is_cleared = values["extended_to"], values["is_cleared"]
    pk, text, visibility = (values[name] for name in COMMENT)
    comment = Comment(pk=pk, text=text, visibility=visibility) if pk else None
    Answer.comment.related.set_cached_value(answer, comment)
    return answer


def _light(parts):
    """The same rows, of the answer itself nothing of what it says."""
    return {**parts, "": (Answer, ("id", "region_id", "participation_id", "autodiag_id", "criterion_id"))}


PLACE = _light(ANSWER)
FIGURE = ("id", "position", "title", "unit")


@PreparedRead
def _places(structures, region, public_id, position, level_value, today):
    return (
        Answer.objects.to_save(level_value, today)
        .visible_to(_Somebody(structures))
        .filter(**_at(region, public_id, position))
        .order_by("pk")
        .values_list(*_columns(PLACE), *CONTEXT, "posted_level")
    )


@PreparedRead
def _figures(structures, region, public_id, position, indicator, today):
    return (
        Answer.objects.to_save(NO_LEVEL, today)
        .visible_to(_Somebody(structures))
        .filter(**_at(region, public_id, position), criterion__indicators__position=indicator)
        .order_by("pk")
        .values_list(*_columns(PLACE), *CONTEXT, *(f"criterion__indicators__{name}" for name in FIGURE))
    )


def _at(region, public_id, position):
    return {
        "autodiag__public_id": public_id,
        "autodiag__participation__region__slug": region,
        "criterion__position": position,
    }


def _place(row):
    """The answer of a row of `PLACE`, its chapter ready for the rules; and the columns that follow."""
    columns = [*_columns(PLACE), *CONTEXT]
    values = dict(zip(columns, row, strict=False))
    answer = _assembled(PLACE, values)
    answer.autodiag.extended_to, answer.autodiag.is_cleared = values["extended_to"], values["is_cleared"]
    return answer, row[len(columns) :]


def place_to_give(actor, *, region, public_id, position, level_value=None):
    """The answer, without what it says, that a viewpoint is given on at this address, or None.

    It carries `posted_level`, as `answer_to_save` does.
    """
    level = NO_LEVEL if level_value is None else level_value
    reached = {"region": region, "public_id": public_id, "position": position}
    rows = _places(structures=sorted(actor.structure_ids), **reached, level_value=level, today=clock.today())
    if not rows:
        return None
    answer, (answer.posted_level,) = _place(rows[0])
    return answer


def place_of_figure(actor, *, region, public_id, position, indicator):
    """The answer, without what it says, and the indicator of its criterion at this address, or None."""
    reached = {"region": region, "public_id": public_id, "position": position, "indicator": indicator}
    rows = _figures(structures=sorted(actor.structure_ids), **reached, today=clock.today())
    if not rows:
        return None
    answer, values = _place(rows[0])
    return answer, Indicator(criterion=answer.criterion, **dict(zip(FIGURE, values, strict=True)))


class Entry(NamedTuple):
    """One criterion in the list beside a form: what it is called and where its answer stands."""

    position: int
    code: str
    title: str
    section: str
    kind: str
    to_review: bool
    revision: int
    threads: int = 0  # that nobody closed
    evidence: int = 0  # not put away
    mine: bool = False  # entrusted to who reads
    viewpoint: bool = False  # who reads gave theirs
    remarks: int = 0  # that were not taken back

    @property
    def state(self):
        return state_of(self.kind, self.to_review, self.revision)


def state_of(kind, to_review, revision):
    """The state of an answer among those of the look."""
    if to_review:
        return "to_review"
    if kind != AnswerKind.NONE:
        return "done"
    return "in_progress" if revision else "not_started"


def beside(user_id):
    """Annotations: what stands beside an answer, for one person of its structure, in the order of `Entry`."""
    answer = {"answer": OuterRef("pk")}
    return {
        "thread_count": _how_many(Thread.objects.standing().filter(**answer)),
        "evidence_count": _how_many(EvidenceUse.objects.filter(**answer)),
        "is_mine": Exists(Assignment.objects.filter(**answer, user=user_id)),
        "has_viewpoint": Exists(Viewpoint.objects.filter(**answer, voice__user=user_id).exclude(kind="")),
    }


def _how_many(rows):
    counted = rows.order_by().values("answer").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@PreparedRead
def _entries(structures, autodiag, user):
    return (
        Answer.objects.visible_to(_Somebody(structures))
        .filter(autodiag=autodiag)
        .in_order()
        .annotate(**beside(user))
        .values_list(
            "criterion__position",
            "criterion__code",
            "criterion__title",
            "criterion__section__title",
            "kind",
            "to_review",
            "revision",
            *BESIDE,
        )
    )


def chapter_entries(actor, autodiag):
    """The criteria of an autodiagnostic with the state of their answers, for the people of its structure."""
    rows = _entries(structures=sorted(actor.structure_ids), autodiag=autodiag.pk, user=actor.user_id)
    return [Entry(*row) for row in rows]
