"""One answer about to be saved, with what its rules need: the product's hottest read, compiled once."""

from autodiag.models.diagnostics import Answer, Autodiag, Comment
from caprse.base.prepared import PreparedRead
from cohorts.access import Actor
from cohorts.models import Cohort, Participation, Region, Round
from referentiel.models import Criterion

NO_LEVEL = -1
ANSWER = (
    "id",
    "region_id",
    "participation_id",
    "autodiag_id",
    "criterion_id",
    "kind",
    "level_id",
    "na_reason",
    "practice",
    "to_review",
    "frozen",
    "revision",
    "updated_at",
    "updated_by_id",
)
PARTS = (
    (Comment, "comment__", ("id", "text", "visibility")),
    (Criterion, "criterion__", ("id", "code", "position")),
    (Autodiag, "autodiag__", ("id", "public_id", "state", "round_id", "participation_id")),
    (Round, "autodiag__round__", ("id", "opens_on", "closes_on")),
    (Participation, "autodiag__participation__", ("id", "organisation_id", "cohort_id", "region_id")),
    (Cohort, "autodiag__participation__cohort__", ("id", "needs_clearance")),
    (Region, "autodiag__participation__cohort__region__", ("id", "slug")),
)
ANNOTATIONS = ("posted_level", "extended_to", "is_cleared")
COLUMNS = (*ANSWER, *(prefix + name for _, prefix, names in PARTS for name in names), *ANNOTATIONS)


class _Insider:
    """Somebody of these structures, for a read compiled before anybody asks."""

    own_q = Actor.own_q

    def __init__(self, structure_ids):
        self.structure_ids = structure_ids


@PreparedRead
def _rows(structure_ids, region, public_id, position, level_value):
    """The columns of one answer visible to the people of these structures."""
    return (
        Answer.objects.to_save(level_value)
        .visible_to(_Insider(structure_ids))
        .filter(
            autodiag__public_id=public_id,
            autodiag__participation__region__slug=region,
            criterion__position=position,
        )
        .order_by("pk")
        .values_list(*COLUMNS)
    )


def answer_to_save(actor, *, region, public_id, position, level_value=None):
    """The answer this actor may see at this address, ready for `save_answer`, or None.

    It carries `posted_level`, the id of the criterion's level of value `level_value` (None when there is none).
    """
    rows = _rows(
        structure_ids=sorted(actor.structure_ids),
        region=region,
        public_id=public_id,
        position=position,
        level_value=NO_LEVEL if level_value is None else level_value,
    )
    return _assembled(dict(zip(COLUMNS, rows[0], strict=True))) if rows else None


def _assembled(values):
    """The answer with its related rows, each holding only what was read."""
    comment, criterion, autodiag, round_, participation, cohort, region = (
        model(**{name: values[prefix + name] for name in names}) for model, prefix, names in PARTS
    )
    cohort.region, participation.cohort = region, cohort
    autodiag.round, autodiag.participation = round_, participation
    autodiag.extended_to, autodiag.is_cleared = values["extended_to"], values["is_cleared"]
    answer = Answer(**{name: values[name] for name in ANSWER})
    answer._state.adding = False
    answer.autodiag, answer.criterion = autodiag, criterion
    answer.posted_level = values["posted_level"]
    Answer.comment.related.set_cached_value(answer, comment if comment.pk else None)
    return answer
