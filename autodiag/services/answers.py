"""Opening a chapter and saving answers, one version at a time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag import rules
from autodiag.enums import AnswerKind
from autodiag.models import Answer, AnswerChange, Autodiag, Comment
from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.enums import Step, Visibility
from cohorts.services import followup
from referentiel.models import Criterion


class RoundClosed(PermissionDenied):
    """The chapter cannot be worked on now; the message says why, in French."""


class UnknownState(LookupError):
    """The history of this answer holds no such save."""


FIELDS = ("kind", "level_id", "na_reason", "practice", "strength", "difficulty", "to_review")
COMMENT_FIELDS = ("comment", "comment_visibility")


@transaction.atomic
def start(*, participation, round, by):
    """Open a chapter: an autodiagnostic with one empty answer per criterion. Opening twice returns the same."""
    autodiag, created = Autodiag.objects.get_or_create(
        participation=participation,
        round=round,
        defaults={"region_id": participation.region_id, "started_by_id": by.user_id},
    )
    if created:
        Answer.objects.bulk_create(
            Answer(
                region_id=participation.region_id,
                participation=participation,
                autodiag=autodiag,
                criterion_id=criterion_id,
            )
            for criterion_id in Criterion.objects.filter(chapter=round.chapter_id).values_list("pk", flat=True)
        )
        followup.record(
            participation=participation,
            step=Step.AUTODIAG_STARTED,
            round=round,
            by=by,
            source_ref=autodiag.public_id,
        )
        journal.record("autodiag.started", autodiag, by=by)
    return autodiag


def state_of(answer):
    """The values of an answer as they are compared, kept in history and shown in a conflict."""
    comment = getattr(answer, "comment", None)
    return {
        **{name: getattr(answer, name) for name in FIELDS},
        "comment": comment.text if comment else "",
        "comment_visibility": comment.visibility if comment else Visibility.STRUCTURE,
    }


@transaction.atomic
def save_answer(*, answer, revision, by, restored=None, **values):
    """Write one answer, made on `revision`, with its history line; saving the same values writes nothing.

    `values`: kind, level_id, na_reason, and any of practice, strength, difficulty, to_review, comment and
    comment_visibility; what is not given stays as it is. `restored`: the past version they are those of, if any.
    Raises `StaleSave` when somebody saved in between, `RoundClosed` when the chapter is not open.
    """
    verdict = rules.can_answer(answer.autodiag, clock.today())
    if not verdict:
        raise RoundClosed(verdict.reason)
    before = state_of(answer)
    after = {**before, **tidy(values)}
    if after == before and revision == answer.revision:
        return answer
    now, changed = clock.now(), [name for name in after if after[name] != before[name]]
    # A short statement is a fast one; made on another version than the one read, the save writes everything.
    written = changed if revision == answer.revision else FIELDS
    write(answer, revision, {name: after[name] for name in FIELDS if name in written}, at=now, by=by)
    if not set(changed).isdisjoint(COMMENT_FIELDS):
        write_comment(answer, text=after["comment"], visibility=after["comment_visibility"])
    AnswerChange.objects.create(
        region_id=answer.region_id,
        participation_id=answer.participation_id,
        answer=answer,
        revision=answer.revision,
        at=now,
        by_id=by.user_id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    details = {"revision": answer.revision, "fields": changed}
    journal.record(
        "answer.saved", answer, by=by, details=details if restored is None else {**details, "restored": restored}
    )
    return answer


def past_states(answer, changes):
    """The whole answer as it was after each of its last saves: (change, state).

    `changes`: lines of its history, the newest first and none missing; each holds only what it changed.
    """
    state = state_of(answer)
    for change in changes:
        yield change, state
        state = {**state, **change.before}


def state_at(answer, past):
    """The whole answer as it was after the save number `past`. Raises `UnknownState`."""
    saves = AnswerChange.objects.filter(answer=answer, revision__gte=past, revision__lte=answer.revision)
    for change, state in past_states(answer, saves.order_by("-revision")):
        if change.revision == past:
            return state
    raise UnknownState(past)


def restore_answer(*, answer, past, revision, by):
    """Put an answer back as it was after the save number `past`: a new save, made on `revision`, like any other.

    Nothing is destroyed: what stood until now stays in the history. Raises `UnknownState`, and what `save_answer` does.
    """
    return save_answer(answer=answer, revision=revision, by=by, restored=past, **state_at(answer, past))


def write(answer, revision, fields, *, at, by):
    """The guarded statement itself: refused when somebody saved, or transmitted, in between."""
    try:
        guarded_update(
            answer,
            revision=revision,
            only_if={"frozen": False},
            updated_at=at,
            updated_by_id=by.user_id,
            **fields,
        )
    except StaleSave as stale:
        if stale.current.frozen:
            raise RoundClosed(rules.TRANSMITTED) from stale
        raise


def tidy(values):
    """Keep only what the kind of answer holds: a level for a level, a reason for "not applicable"."""
    kind = values["kind"]
    return {
        **values,
        "level_id": values["level_id"] if kind == AnswerKind.LEVEL else None,
        "na_reason": values["na_reason"] if kind == AnswerKind.NOT_APPLICABLE else "",
    }


def write_comment(answer, *, text, visibility):
    """Create or replace the comment of an answer, in one statement."""
    comment = Comment(
        region_id=answer.region_id,
        participation_id=answer.participation_id,
        answer=answer,
        text=text,
        visibility=visibility,
    )
    Comment.objects.bulk_create(
        [comment], update_conflicts=True, unique_fields=["answer"], update_fields=["text", "visibility"]
    )
