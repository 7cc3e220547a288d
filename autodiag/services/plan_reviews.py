"""The plan read over: how often, when next, and what was kept of each time."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Q

from autodiag.enums import ActionStatus
from autodiag.models import Action, PlanReview, PlanRhythm
from autodiag.rules.actions import stale
from autodiag.rules.plan_reviews import next_review
from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.models import Participation

NEVER_CHOSEN = -1


@transaction.atomic
def set_rhythm(*, participation, by, revision, months):
    """Choose how often the plan is read over, and count the next time. Returns the rhythm.

    `revision`: that of the rhythm that was shown, `NEVER_CHOSEN` when there was none. The same choice sent twice
    writes nothing. Raises `StaleSave` when somebody chose another one meanwhile.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    rhythm = PlanRhythm.objects.filter(participation=participation).first()
    if rhythm and rhythm.months == months:
        return rhythm
    next_on = next_review(_last_held_on(participation), months, clock.today())
    if rhythm is None:
        rhythm = PlanRhythm.objects.create(
            region_id=participation.region_id, participation=participation, months=months, next_on=next_on
        )
    elif revision == NEVER_CHOSEN:
        raise StaleSave(rhythm)
    else:
        guarded_update(rhythm, revision=revision, months=months, next_on=next_on)
    journal.record("plan.rhythm_chosen", rhythm, by=by, details={"months": months})
    return rhythm


@transaction.atomic
def note_review(*, participation, by, held_on, note=""):
    """Note that the plan was read over, and count the next time. Returns the review.

    The same thing sent twice by the same person is one review; an older one moves no date.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    mine = PlanReview.objects.filter(participation=participation)
    known = mine.filter(held_on=held_on, note=note, noted_by_id=by.user_id).first()
    if known:
        return known
    before = _last_held_on(participation)
    review = PlanReview.objects.create(
        region_id=participation.region_id,
        participation=participation,
        held_on=held_on,
        note=note,
        noted_by_id=by.user_id,
        noted_by_name=by.full_name,
    )
    rhythm = PlanRhythm.objects.filter(participation=participation).first()
    if rhythm and (before is None or held_on > before):
        # Counted again, not chosen again: whoever is choosing another rhythm meanwhile loses nothing.
        rhythm.next_on = next_review(held_on, rhythm.months, clock.today())
        rhythm.save(update_fields=["next_on"])
    journal.record("plan.reviewed", review, by=by)
    return review


def _last_held_on(participation):
    rows = PlanReview.objects.filter(participation=participation)
    return rows.aggregate(last=Max("held_on"))["last"]


@dataclass(frozen=True)
class ToLookAt:
    """The actions a review looks at: past their day, blocked, nobody spoke of, done since the last one."""

    late: list = field(default_factory=list)
    blocked: list = field(default_factory=list)
    quiet: list = field(default_factory=list)
    done: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.late or self.blocked or self.quiet or self.done)


def to_look_at(participation, actor, since):
    """What helps to read a plan over, in one query; each action once. `since`: the day of the last review, or None."""
    rows = Action.objects.visible_to(actor).filter(participation=participation).in_order()
    written = Max("notes__written_at", filter=Q(notes__withdrawn_at=None))
    found, today = ToLookAt(), clock.today()
    for action in rows.annotate(last_news_at=written):
        if action.status == ActionStatus.DONE:
            if since is None or action.done_on >= since:
                found.done.append(action)
        elif action.is_late:
            found.late.append(action)
        elif action.status == ActionStatus.BLOCKED:
            found.blocked.append(action)
        elif stale(action, action.last_news_at, today):
            found.quiet.append(action)
    return found
