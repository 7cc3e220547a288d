"""Exchanges on a criterion, between a structure and who accompanies it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from autodiag.models import Answer, Message, Thread
from autodiag.models.threads import path_to_talk_on
from autodiag.rules import threads as rules
from caprse.base import clock, journal, outbox
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import STRUCTURE_ROLES, current

THREADS_MAIL = "threads_waiting"


class CannotWrite(Exception):
    """Nothing may be written here now; the message says why, in French."""


class NotTheOpener(PermissionDenied):
    """Somebody closes or reopens an exchange another person opened; the message says who can, in French."""


class NotTheAuthor(PermissionDenied):
    """Somebody takes back a message another person wrote."""


@transaction.atomic
def open_thread(*, autodiag, criterion, side, text, by):
    """Open an exchange on a criterion with its first message, and tell the other side. Returns the thread.

    The answer itself is neither read nor touched. The same words by the same person, sent twice, open one exchange.
    Raises `CannotWrite` when the path is over, left, or the structure cannot read it.
    """
    answer = Answer.objects.select_for_update(of=("self",)).only("pk").get(autodiag=autodiag, criterion=criterion)
    _require(rules.can_write(path_to_talk_on(autodiag.participation, clock.today())))
    known = Thread.objects.standing().filter(answer=answer, opened_by=by.user_id)
    for thread in known.order_by("-opened_at", "-pk")[:1]:
        if _is_last(thread, side, text, by):
            return thread
    anchors = {"region_id": autodiag.region_id, "participation_id": autodiag.participation_id}
    thread = Thread.objects.create(answer=answer, opened_by_id=by.user_id, **anchors)
    journal.record("thread.opened", thread, by=by)
    _write(thread, side, text, by)
    return thread


@transaction.atomic
def reply(*, thread, side, text, by):
    """Add a message to an exchange, and tell the other side. Returns the message.

    The same words by the same person, just sent, are one message. Whoever closes meanwhile comes before or after.
    Raises `CannotWrite` when it is closed, or when nothing may be written on this path now.
    """
    locked = _locked(thread)
    if _is_last(locked, side, text, by):
        return locked.messages.latest("written_at", "pk")
    _require(rules.can_reply(locked, path_to_talk_on(locked.participation, clock.today())))
    return _write(locked, side, text, by)


@transaction.atomic
def close_thread(*, thread, by):
    """Close an exchange. Closing it twice changes nothing more. Raises `NotTheOpener` for anybody but who opened it."""
    locked = _locked(thread)
    _require(rules.can_close(locked, by.user_id), NotTheOpener)
    if locked.closed_at is None:
        locked.closed_at, locked.closed_by_id = clock.now(), by.user_id
        locked.save(update_fields=["closed_at", "closed_by"])
        journal.record("thread.closed", locked, by=by)
    return locked


@transaction.atomic
def reopen_thread(*, thread, by):
    """Take up a closed exchange. Raises `NotTheOpener`, or `CannotWrite` when the path is over."""
    locked = _locked(thread)
    _require(rules.can_close(locked, by.user_id), NotTheOpener)
    _require(rules.can_write(path_to_talk_on(locked.participation, clock.today())))
    if locked.closed_at is not None:
        locked.closed_at = locked.closed_by_id = None
        locked.save(update_fields=["closed_at", "closed_by"])
        journal.record("thread.reopened", locked, by=by)
    return locked


@transaction.atomic
def withdraw_message(*, message, by):
    """Take a message back, even from a closed exchange: its text is erased, its place stays. Twice is once.

    Raises `NotTheAuthor` for anybody but who wrote it.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.written_by_id != by.user_id:
        raise NotTheAuthor
    if locked.withdrawn_at is None:
        locked.text, locked.withdrawn_at = "", clock.now()
        locked.save(update_fields=["text", "withdrawn_at"])
        journal.record("message.withdrawn", locked, by=by)
    return locked


def _locked(thread):
    """The thread as it stands, held until the end of the transaction: who replies and who closes come in turn."""
    Thread.objects.select_for_update().get(pk=thread.pk)
    return Thread.objects.with_context().with_turn(clock.today()).get(pk=thread.pk)


def _require(verdict, refusal=CannotWrite):
    if not verdict:
        raise refusal(verdict.reason)


def _is_last(thread, side, text, by):
    """Whether the last message of a thread says just this, by the same person on the same side."""
    last = thread.messages.order_by("-written_at", "-pk").first()
    said = (by.user_id, side == rules.STRUCTURE, text, None)
    return last and (last.written_by_id, last.from_structure, last.text, last.withdrawn_at) == said


def _write(thread, side, text, by):
    message = Message.objects.create(
        region_id=thread.region_id,
        participation_id=thread.participation_id,
        thread=thread,
        from_structure=side == rules.STRUCTURE,
        text=text,
        written_by_id=by.user_id,
    )
    journal.record("message.written", message, by=by)
    _tell(thread)
    return message


def _tell(thread):
    """One mail a person and a day, whatever the exchanges; in one order for all, so that nobody waits on another."""
    today = clock.today()
    fresh = Thread.objects.with_context().with_turn(today).get(pk=thread.pk)
    for user_id in sorted(people_awaited([fresh], today)[fresh.pk]):
        outbox.post_once(THREADS_MAIL, to_id=user_id, once_key=f"threads:{user_id}:{today}")


def people_awaited(threads, today):
    """{thread id: ids of the people awaited}, in one query. `threads` come from `with_context()` and `with_turn()`.

    The same people as `Thread.objects.awaiting_somebody()`.
    """
    paths = [thread.participation for thread in threads]
    held = Membership.objects.filter(
        Q(organisation__in={path.organisation_id for path in paths}, role__in=STRUCTURE_ROLES)
        | Q(role=Role.FACILITATOR, cohort__in={path.cohort_id for path in paths})
        | Q(role=Role.REGION_ADMIN, region__in={path.region_id for path in paths}),
        current(today),
        user__is_active=True,
    )
    rows = list(held.values_list("role", "user_id", "organisation_id", "cohort_id", "region_id"))
    return {thread.pk: _of_side(thread, rows) - {thread.last_by} for thread in threads}


def _of_side(thread, rows):
    """Who answers for the side that is awaited, from the roles held around its path."""
    side, path = rules.awaited(thread), thread.participation
    structure = [(role, user) for role, user, organisation, _, _ in rows if organisation == path.organisation_id]
    facilitators = {user for role, user, _, cohort, _ in rows if role == Role.FACILITATOR and cohort == path.cohort_id}
    coordinators = {user for role, user, _, _, region in rows if role == Role.REGION_ADMIN and region == path.region_id}
    if side == rules.STRUCTURE:
        first = {user for role, user in structure if role == Role.REFERENT}
        return first | ({thread.opened_by_id} & {user for _, user in structure})
    if side == rules.TEAM:
        return (facilitators or coordinators) | ({thread.opened_by_id} & (facilitators | coordinators))
    return set()
