"""The life of one action: its steps ticked, the news that people give of it."""

from django.db import transaction

from autodiag.models import Action, ActionNote, ActionStep
from autodiag.rules.actions import can_withdraw_note
from autodiag.services.remarks import NotTheAuthor
from caprse.base import clock, journal


class StepGone(Exception):
    """Somebody took this step off the action meanwhile: nothing was written."""


@transaction.atomic
def tick_step(*, step, done, by):
    """Make a step done, or not done. As it stands already, nothing changes: who did it first stays named.

    Raises `StepGone`.
    """
    _hold(step.action_id)
    locked = ActionStep.objects.filter(pk=step.pk).first()
    if locked is None:
        raise StepGone
    if bool(locked.done_at) == done:
        return locked
    locked.done_at, locked.done_by_id = (clock.now(), by.user_id) if done else (None, None)
    locked.save(update_fields=["done_at", "done_by"])
    _news(locked.action_id)
    journal.record("action.step_ticked" if done else "action.step_unticked", locked, by=by)
    return locked


@transaction.atomic
def give_news(*, action, text, by):
    """Write what moved. The same words by the same person on the same day, sent twice, are one note."""
    _hold(action.pk)
    day = clock.at(clock.today())
    same = ActionNote.objects.filter(action=action, text=text, written_by=by.user_id, withdrawn_at=None)
    known = same.filter(written_at__gte=day).first()
    if known:
        return known
    note = ActionNote.objects.create(
        region_id=action.region_id,
        participation_id=action.participation_id,
        action=action,
        text=text,
        written_by_id=by.user_id,
    )
    _news(action.pk)
    journal.record("action.note_written", note, by=by)
    return note


@transaction.atomic
def withdraw_news(*, note, by):
    """Take one's own words back: the text is erased, its place stays. Twice changes nothing more.

    Raises `NotTheAuthor`, with the reason, for anybody else.
    """
    locked = ActionNote.objects.select_for_update(of=("self",)).select_related("written_by").get(pk=note.pk)
    verdict = can_withdraw_note(locked, by.user_id)
    if not verdict:
        raise NotTheAuthor(verdict.reason)
    if locked.withdrawn_at is None:
        locked.text, locked.withdrawn_at = "", clock.now()
        locked.save(update_fields=["text", "withdrawn_at"])
        journal.record("action.note_withdrawn", locked, by=by)
    return locked


def _hold(action_id):
    """Whoever changes the action meanwhile waits, and whoever ticks a step as well."""
    Action.objects.select_for_update().get(pk=action_id)


def _news(action_id):
    """Something was said of the action; the version that guards its form stays as it is."""
    Action.objects.filter(pk=action_id).update(updated_at=clock.now())
