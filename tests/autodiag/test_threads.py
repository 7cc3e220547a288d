"""Exchanges on a criterion: who is awaited, who is told, who closes; nothing said is lost or said twice."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from autodiag.models import Message, Thread
from autodiag.models.threads import path_to_talk_on
from autodiag.rules import threads as rules
from autodiag.rules.threads import STRUCTURE, TEAM
from autodiag.services.submission import submit
from autodiag.services.threads import (
    CannotWrite,
    NotTheAuthor,
    NotTheOpener,
    close_thread,
    open_thread,
    reopen_thread,
    reply,
    withdraw_message,
)
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Adhesion, Participation
from tests.harness.threads import at_once
from tests.worlds import STRUCTURE_ROLES, TODAY, World
from tests.worlds_threads import (
    ANSWER,
    WORDS,
    asked,
    awaited_emails,
    end_path,
    facilitator_of,
    from_team,
    leave,
)


@pytest.fixture
def ours(db):
    return World("ours")


def turn_of(thread):
    return rules.awaited(Thread.objects.with_turn(clock.today()).get(pk=thread.pk))


# --- Whose turn it is ---------------------------------------------------------------------------------------------


def test_each_side_waits_for_the_other_until_it_is_closed(ours):
    thread = asked(ours)
    assert turn_of(thread) == TEAM
    assert awaited_emails(thread) == {"facilitator@ours.example.org"}
    reply(thread=thread, side=TEAM, text=ANSWER, by=facilitator_of(ours))
    assert turn_of(thread) == STRUCTURE
    assert awaited_emails(thread) == {"referent@ours.example.org", "contributor@ours.example.org"}
    close_thread(thread=thread, by=ours.user(Role.CONTRIBUTOR))
    assert turn_of(thread) is None
    assert awaited_emails(thread) == set()


def test_whoever_accompanies_and_opened_it_is_awaited_with_the_facilitators(ours):
    thread = open_thread(
        autodiag=ours.draft,
        criterion=ours.draft.round.chapter.criteria.get(position=2),
        side=TEAM,
        text=WORDS,
        by=ours.user(Role.REGION_ADMIN),
    )
    assert awaited_emails(thread) == {"referent@ours.example.org"}
    reply(thread=thread, side=STRUCTURE, text=ANSWER, by=ours.user(Role.BOARD_MEMBER))
    assert awaited_emails(thread) == {"facilitator@ours.example.org", "region_admin@ours.example.org"}


def test_without_facilitator_the_coordination_is_awaited(ours):
    thread = asked(ours)
    leave(facilitator_of(ours))
    assert awaited_emails(thread) == {"region_admin@ours.example.org"}


def test_a_message_taken_back_awaits_nobody(ours):
    thread = asked(ours)
    withdraw_message(message=thread.messages.get(), by=ours.user(Role.CONTRIBUTOR))
    assert turn_of(thread) is None
    assert awaited_emails(thread) == set()


def test_when_its_opener_left_the_answer_to_them_is_the_last_word(ours):
    opener = ours.user(Role.CONTRIBUTOR)
    thread = asked(ours)
    leave(opener)
    assert awaited_emails(thread) == {"facilitator@ours.example.org"}
    reply(thread=thread, side=TEAM, text=ANSWER, by=facilitator_of(ours))
    assert turn_of(thread) is None
    assert awaited_emails(thread) == set()


@pytest.mark.parametrize("ended", ["over", "left", "lapsed"])
def test_nobody_is_awaited_where_nobody_may_write(ours, ended):
    thread = asked(ours)
    refuse_writing(ours, ended)
    today = clock.today()
    assert not Thread.objects.awaiting_somebody(Actor.of(facilitator_of(ours)), today).exists()
    assert thread.closed_at is None


def refuse_writing(world, ended):
    if ended == "over":
        end_path(world)
    if ended == "left":
        Participation.objects.filter(pk=world.participation.pk).update(left_on=TODAY)
    if ended == "lapsed":
        Adhesion.objects.filter(organisation=world.organisation).update(until=TODAY - timedelta(days=1))


# --- Rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "sides"),
    [
        *[({role}, (STRUCTURE,)) for role in STRUCTURE_ROLES],
        ({Role.FACILITATOR}, (TEAM,)),
        ({Role.REGION_ADMIN}, (TEAM,)),
        ({Role.REFERENT, Role.FACILITATOR}, (STRUCTURE, TEAM)),
    ],
)
def test_the_sides_one_speaks_for(roles, sides):
    assert rules.sides_of(frozenset(roles)) == sides


@pytest.mark.parametrize(
    ("ended", "words"), [("over", "parcours est terminé"), ("left", "a quitté cette cohorte"), ("lapsed", "adhésion")]
)
def test_one_writes_until_the_path_is_over_and_reads_why(ours, ended, words):
    thread = asked(ours)
    assert rules.can_write(path_to_talk_on(ours.participation, clock.today()))
    refuse_writing(ours, ended)
    before = Message.objects.count()
    assert words in rules.can_write(path_to_talk_on(ours.participation, clock.today())).reason
    for act in (lambda: asked(ours, text="Encore"), lambda: reply_to(ours, thread)):
        with pytest.raises(CannotWrite, match=words):
            act()
    assert Message.objects.count() == before


def reply_to(world, thread, text=ANSWER):
    return reply(thread=thread, side=TEAM, text=text, by=facilitator_of(world))


def test_a_transmitted_chapter_is_still_talked_about(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    thread = from_team(ours)
    assert reply(thread=thread, side=STRUCTURE, text=ANSWER, by=ours.user(Role.REFERENT)).text == ANSWER


def test_the_rule_names_who_can_close():
    opener = SimpleNamespace(full_name="Ana Roux")
    thread = SimpleNamespace(opened_by_id=1, opened_by=opener, opener_here=True)
    assert rules.can_close(thread, 1)
    assert "ouvert par Ana Roux, qui peut seul·e le clore" in rules.can_close(thread, 2).reason
    thread.opener_here = False
    assert "n’attend plus personne" in rules.can_close(thread, 2).reason


# --- Writing, closing, taking back --------------------------------------------------------------------------------


def test_only_who_opened_it_closes_and_reopens_it(ours):
    thread, opener = asked(ours), ours.user(Role.CONTRIBUTOR)
    for other in (ours.user(Role.REFERENT), facilitator_of(ours)):
        with pytest.raises(NotTheOpener, match="peut seul·e le clore"):
            close_thread(thread=thread, by=other)
        with pytest.raises(NotTheOpener):
            reopen_thread(thread=thread, by=other)
    assert close_thread(thread=thread, by=opener).closed_by == opener
    closed_at = close_thread(thread=thread, by=opener).closed_at
    assert closed_at == close_thread(thread=thread, by=opener).closed_at
    with pytest.raises(CannotWrite, match="a été clos"):
        reply_to(ours, thread)
    assert reopen_thread(thread=thread, by=opener).closed_at is None
    assert reply_to(ours, thread).text == ANSWER


def test_its_author_alone_takes_a_message_back_even_from_a_closed_exchange(ours):
    thread, author = asked(ours), ours.user(Role.CONTRIBUTOR)
    close_thread(thread=thread, by=author)
    message = thread.messages.get()
    with pytest.raises(NotTheAuthor):
        withdraw_message(message=message, by=ours.user(Role.REFERENT))
    taken = withdraw_message(message=message, by=author)
    assert (taken.text, taken.withdrawn_at is None) == ("", False)
    assert withdraw_message(message=message, by=author).withdrawn_at == taken.withdrawn_at


def test_the_answer_is_not_touched(ours):
    before = (ours.answer(3).revision, ours.answer(3).updated_at, ours.answer(3).kind)
    asked(ours)
    assert (ours.answer(3).revision, ours.answer(3).updated_at, ours.answer(3).kind) == before


# --- Sent twice, at the same moment -------------------------------------------------------------------------------


def test_an_exchange_sent_twice_at_once_is_opened_once(committed_db):
    ours, role = World("ours"), Role.CONTRIBUTOR
    given = at_once(*[lambda: asked(ours, role, text="Envoyé deux fois").pk] * 4)
    assert set(given) == {Message.objects.get(text="Envoyé deux fois").thread_id}


def test_a_message_sent_twice_at_once_is_kept_once_and_two_people_s_both(committed_db):
    ours = World("ours")
    thread = asked(ours)
    referent, team = ours.user(Role.REFERENT), facilitator_of(ours)
    given = at_once(*[lambda: reply(thread=thread, side=STRUCTURE, text="Deux fois", by=referent).pk] * 4)
    assert set(given) == {thread.messages.get(text="Deux fois").pk}
    at_once(
        lambda: reply(thread=thread, side=STRUCTURE, text="L’une", by=referent),
        lambda: reply(thread=thread, side=TEAM, text="L’autre", by=team),
    )
    assert set(thread.messages.values_list("text", flat=True)) == {WORDS, "Deux fois", "L’une", "L’autre"}


def test_the_same_words_said_again_later_are_another_message(ours):
    thread = asked(ours)
    reply_to(ours, thread, "Merci")
    reply(thread=thread, side=STRUCTURE, text="Et ensuite ?", by=ours.user(Role.REFERENT))
    reply_to(ours, thread, "Merci")
    assert thread.messages.filter(text="Merci").count() == 2


def test_who_replies_while_it_is_closed_is_in_it_or_refused(committed_db):
    ours = World("ours")
    for rank in range(4):
        thread = asked(ours, text=f"Question {rank}")
        opener = ours.user(Role.CONTRIBUTOR)
        replied, closed = at_once(
            lambda thread=thread: reply_to(ours, thread),
            lambda thread=thread, opener=opener: close_thread(thread=thread, by=opener),
        )
        assert not isinstance(closed, Exception)
        assert isinstance(replied, CannotWrite) or thread.messages.filter(pk=replied.pk).exists()
        assert thread.messages.count() == 1 + (not isinstance(replied, CannotWrite))
