"""What may be read of a whole path, by whom: every chapter as plain data, in a constant number of queries."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef

from autodiag.models import Answer, Autodiag, EvidenceUse, Submission, Viewpoint
from autodiag.models.voices import SAID, is_compared


@dataclass(frozen=True)
class ChapterRead:
    """The criteria of one chapter as plain data, and the transmission they come from; None: the answers of the moment.

    Those of a draft hold what a picture needs, not all that a transmission freezes.
    """

    criteria: list
    submission: Submission | None


def path_autodiags(actor, participation):
    """The autodiagnostics of a path, each with its progress and whether its viewpoints are compared."""
    shown = ExpressionWrapper(is_compared("pk"), output_field=BooleanField())
    rows = Autodiag.objects.visible_to(actor).with_progress().annotate(shows_gaps=shown)
    return list(rows.filter(participation=participation).select_related("round__chapter"))


def path_criteria(actor, participation, autodiags, ends):
    """{id of an autodiagnostic: its `ChapterRead`}; a chapter this person may read nothing of is absent.

    The structure reads it as it stands, frozen once transmitted. Who accompanies it reads the last transmission.
    `ends`: see `services.snapshots.ends_of`.
    """
    insider = actor.is_insider(participation)
    drafts = {autodiag.pk for autodiag in autodiags if insider and not autodiag.is_submitted}
    here = {autodiag.pk for autodiag in autodiags} - drafts
    found = {one.autodiag_id: ChapterRead(one.content["criteria"], one) for one in ends if one.autodiag_id in here}
    for pk, criteria in _of_drafts(actor, drafts).items():
        found[pk] = ChapterRead(criteria, None)
    return found


def supported_now():
    """Condition on an answer: evidence supports it, shared or not, and was not put away."""
    return Exists(EvidenceUse.objects.filter(answer=OuterRef("pk"), evidence__archived_at=None))


def _of_drafts(actor, autodiags):
    """{id of an autodiagnostic: its criteria}, from the answers of the moment."""
    if not autodiags:
        return {}
    rows = Answer.objects.visible_to(actor).filter(autodiag__in=autodiags).in_order()
    rows = rows.annotate(supported=supported_now()).values_list(
        "autodiag_id", "criterion__code", "criterion__title", "criterion__weight", "kind", "level__value", "supported"
    )
    found = {}
    for autodiag, code, title, weight, kind, value, supported in rows:
        evidence = [{"title": ""}] if supported else []
        criterion = {"code": code, "title": title, "weight": weight, "kind": kind, "value": value, "evidence": evidence}
        found.setdefault(autodiag, []).append(criterion)
    return found


def compared_viewpoints(actor, participation):
    """{id of an autodiagnostic: rows that `gaps.gaps_of` counts}, and {id: {position: (code, title)}}.

    Of the chapters whose comparison shows. The notes stay on the page of gaps.
    """
    given = Viewpoint.objects.aggregates_for(actor).compared().filter(participation=participation)
    named = ("answer__autodiag", "answer__criterion__position", "answer__criterion__code", "answer__criterion__title")
    rows, names = {}, {}
    for autodiag, position, code, title, *said in given.values_list(*named, *SAID):
        rows.setdefault(autodiag, []).append((position, *said[:-1], ""))
        names.setdefault(autodiag, {})[position] = (code, title)
    return rows, names


class AnswerRead(NamedTuple):
    """One answer of a path as it stands, with what says whether there is room to progress."""

    pk: int
    autodiag_id: int
    criterion_id: int
    chapter: int
    chapter_title: str
    position: int
    code: str
    title: str
    kind: str
    value: int | None
    difficulty: str


def path_answers(actor, participation):
    """Every answer of the chapters begun, for the people of the structure, in the order of the method."""
    rows = Answer.objects.visible_to(actor).filter(participation=participation).in_order()
    criterion = ("chapter__number", "chapter__title", "position", "code", "title")
    named = (f"criterion__{name}" for name in criterion)
    return [
        AnswerRead(*row)
        for row in rows.values_list("pk", "autodiag_id", "criterion_id", *named, "kind", "level__value", "difficulty")
    ]
