"""The steps of a meeting: every criterion of a chapter with what it says and what was agreed, in one read."""

from typing import NamedTuple

from django.db.models import OuterRef, Prefetch, Subquery

from autodiag.models.diagnostics import Answer
from autodiag.models.voices import Consensus, is_compared
from cohorts.models import User
from referentiel.models import MaturityLevel, ScaleStep

AGREED = {"at": "agreed_at", "kind": "kind", "level_id": "level_id"}
SHOWN = {
    **AGREED,
    "reason": "reason",
    "voices": "voices",
    "first_name": "noted_by__first_name",
    "last_name": "noted_by__last_name",
}
COLUMNS = (
    "pk",
    "criterion__position",
    "criterion__code",
    "criterion__title",
    "criterion__section__title",
    "kind",
    "level__value",
    "level_id",
)


class Step(NamedTuple):
    """One criterion: its answer now, and the last agreement on it if any (`agreed_at`)."""

    answer_id: int
    position: int
    code: str
    title: str
    section: str
    kind: str
    value: int | None
    level_id: int | None
    agreed_at: object
    agreed_kind: str | None
    agreed_level_id: int | None

    @property
    def is_agreed(self):
        """Whether an agreement stands: the answer still says it."""
        return bool(self.agreed_at) and (self.kind, self.level_id) == (self.agreed_kind, self.agreed_level_id)

    @property
    def has_changed(self):
        """Whether the answer says something else than what was agreed."""
        return bool(self.agreed_at) and not self.is_agreed


def answers_to_agree_on(actor):
    """Answers with all that is shown of them in a meeting: their levels, each with its `label`, and `is_compared`.

    `agreement_of` tells the last agreement of each, without a query.
    """
    names = ScaleStep.objects.filter(version=OuterRef("criterion__chapter__version"), value=OuterRef("value"))
    levels = MaturityLevel.objects.annotate(label=Subquery(names.values("label")[:1])).order_by("value")
    answers = Answer.objects.visible_to(actor).for_pages()
    answers = answers.annotate(is_compared=is_compared("autodiag"), **last_agreed(SHOWN))
    return answers.prefetch_related(Prefetch("criterion__levels", levels))


def agreement_of(answer):
    """The last agreement on an answer read to be agreed on, or None. Not to be saved."""
    if answer.agreed_at is None:
        return None
    levels = {level.pk: level for level in answer.criterion.levels.all()}
    return Consensus(
        kind=answer.agreed_kind,
        level=levels.get(answer.agreed_level_id),
        reason=answer.agreed_reason,
        voices=answer.agreed_voices,
        agreed_at=answer.agreed_at,
        noted_by=User(first_name=answer.agreed_first_name, last_name=answer.agreed_last_name),
    )


def last_agreed(columns):
    """Annotations of answers: what these columns say in the last agreement on each. `columns`: {name: path}."""
    last = Consensus.objects.filter(answer=OuterRef("pk")).newest_first()
    return {f"agreed_{name}": Subquery(last.values(path)[:1]) for name, path in columns.items()}


def steps_of(actor, autodiag):
    """The criteria of an autodiagnostic in order, for the people of its structure."""
    agreed = last_agreed(AGREED)
    rows = Answer.objects.visible_to(actor).filter(autodiag=autodiag).in_order().annotate(**agreed)
    return [Step(*row) for row in rows.values_list(*COLUMNS, *agreed)]
