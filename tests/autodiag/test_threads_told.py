"""Exchanges told: one mail a person and a day, a recall the next morning, one thing to do on home."""

from datetime import timedelta

import pytest
from django.core import mail

from autodiag.reminders import threads as recalls
from autodiag.rules.threads import STRUCTURE
from autodiag.services.threads import THREADS_MAIL, open_thread, reply
from autodiag.todos.threads import exchanges_to_answer
from caprse.base import clock, todo
from caprse.base.models import OutboxMessage
from caprse.reminders import remind
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Participation
from cohorts.services import people
from tests.worlds import TODAY, World
from tests.worlds_threads import ANSWER, WORDS, asked, awaited_emails, end_path, facilitator_of, from_team


@pytest.fixture
def ours(db):
    OutboxMessage.objects.all().delete()
    return World("ours")


def todos_of(user):
    actor = Actor.of(user)
    paths = Participation.objects.visible_to(actor).filter(actor.own_q()).current().with_context()
    return [one for one in todo.collect(actor, list(paths)) if "échange" in one.title]


# --- Telling ------------------------------------------------------------------------------------------------------


def mails_to(role, world):
    return [one for one in mail.outbox if one.to == [world.user(role).email]]


def test_one_mail_a_person_and_a_day_without_a_word_of_the_messages(ours, run_queue, clock_at):
    thread = from_team(ours)
    other = from_team(ours, position=4, text="Une autre question")
    run_queue()
    [sent] = mails_to(Role.REFERENT, ours)
    assert sent.subject.replace("\xa0", " ") == "CAP RSE : 2 échanges vous attendent"
    assert f"/regions/ici/echanges/{thread.public_id}/" in sent.body
    assert f"/regions/ici/echanges/{other.public_id}/" in sent.body
    assert WORDS not in sent.body
    assert not mails_to(Role.CONTRIBUTOR, ours)
    from_team(ours, position=2, text="Une troisième")
    run_queue()
    assert len(mails_to(Role.REFERENT, ours)) == 1
    clock_at(clock.at(TODAY + timedelta(days=1), 11))
    from_team(ours, position=1, text="Une quatrième")
    run_queue()
    assert len(mails_to(Role.REFERENT, ours)) == 2


def test_nothing_leaves_once_it_is_answered(ours, run_queue):
    thread = from_team(ours)
    reply(thread=thread, side=STRUCTURE, text=ANSWER, by=ours.user(Role.CONTRIBUTOR))
    run_queue()
    assert not mails_to(Role.REFERENT, ours)
    assert len(mails_to(Role.FACILITATOR, ours)) == 1


def test_a_mail_another_one_follows_does_not_leave(ours, run_queue, clock_at):
    from_team(ours)
    clock_at(clock.at(TODAY + timedelta(days=1), 11))
    from_team(ours, position=4, text="Le lendemain")
    run_queue()
    assert len(mails_to(Role.REFERENT, ours)) == 1


def test_what_came_after_the_mail_of_the_day_is_told_the_next_morning_once(ours, run_queue, clock_at):
    from_team(ours)
    run_queue()
    clock_at(clock.at(TODAY, 18))
    late = from_team(ours, position=4, text="Le soir")
    run_queue()
    assert recalls.due(TODAY) == []
    for hour in (9, 10):
        clock_at(clock.at(TODAY + timedelta(days=1), hour))
        remind()
        run_queue()
    [_, recalled] = mails_to(Role.REFERENT, ours)
    assert f"/regions/ici/echanges/{late.public_id}/" in recalled.body
    assert "Le soir" not in recalled.body
    clock_at(clock.at(TODAY + timedelta(days=2), 9))
    assert recalls.due(TODAY + timedelta(days=2)) == []


def test_a_recall_leaves_out_what_was_answered_meanwhile(ours, clock_at):
    thread = from_team(ours)
    OutboxMessage.objects.filter(kind=THREADS_MAIL).delete()
    clock_at(clock.at(TODAY + timedelta(days=1), 9))
    [reminder] = recalls.due(clock.today())
    assert reminder.user_id == ours.user(Role.REFERENT).pk
    assert len(list(recalls.lines([reminder.ref]))) == 1
    reply(thread=thread, side=STRUCTURE, text=ANSWER, by=ours.user(Role.REFERENT))
    assert list(recalls.lines([reminder.ref])) == []


# --- Home ---------------------------------------------------------------------------------------------------------


def test_home_says_it_to_who_is_awaited_until_they_answer(ours):
    thread = from_team(ours)
    [one] = todos_of(ours.user(Role.REFERENT))
    assert (one.title, one.url) == ("Répondre à un échange", f"/regions/ici/echanges/{thread.public_id}/")
    assert one.when == "Reçu le mardi 4 novembre 2025"
    assert todos_of(ours.user(Role.CONTRIBUTOR)) == todos_of(facilitator_of(ours)) == []
    reply(thread=thread, side=STRUCTURE, text=ANSWER, by=ours.user(Role.BOARD_MEMBER))
    assert todos_of(ours.user(Role.REFERENT)) == []
    assert "Notre structure, chapitre 2" in todos_of(facilitator_of(ours))[0].why


def test_home_asks_nothing_once_the_path_is_over(ours):
    asked(ours)
    assert todos_of(facilitator_of(ours))
    end_path(ours)
    assert todos_of(facilitator_of(ours)) == []


def test_several_of_a_chapter_are_one_thing_to_do(ours):
    for position in (3, 4):
        from_team(ours, position=position, text=f"Question {position}")
    [one] = todos_of(ours.user(Role.REFERENT))
    assert (one.title, one.url) == ("Répondre à 2 échanges", ours.draft.url("threads"))


@pytest.mark.parametrize("structures", [("ours",), ("ours", "neighbour")])
def test_home_reads_them_in_one_query_whatever_the_structures(ours, queries, structures):
    for key in structures:
        asked(World(key))
    actor = Actor.of(facilitator_of(ours))
    with queries(1):
        [one] = exchanges_to_answer(actor, [])
    assert one.title == ("Répondre à un échange" if len(structures) == 1 else "Répondre à 2 échanges")
    assert "(Notre structure, chapitre 2)" in one.why
    partner = Actor.of(ours.user(Role.PARTNER))
    with queries(0):
        assert list(exchanges_to_answer(partner, [])) == []


def test_somebody_of_both_sides_is_not_asked_to_answer_themselves(ours):
    both = facilitator_of(ours)
    people.give_role(user=both, role=Role.REFERENT, organisation=ours.organisation)
    thread = open_thread(
        autodiag=ours.draft,
        criterion=ours.draft.round.chapter.criteria.get(position=3),
        side=STRUCTURE,
        text=WORDS,
        by=both,
    )
    assert thread.messages.get().from_structure
    assert awaited_emails(thread) == set()
