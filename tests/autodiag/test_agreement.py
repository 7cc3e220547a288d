"""An agreement and its answer are written together or not at all, once; what it costs; who is entrusted with what."""

import pytest
from django.test import Client

from autodiag.agreement import Overview, spoken
from autodiag.enums import AnswerKind
from autodiag.models import AnswerChange, Assignment, Consensus
from autodiag.models.agreeing import Step, steps_of
from autodiag.rules.agreement import can_agree, can_assign_to
from autodiag.services.agreement import agree
from autodiag.services.answers import RoundClosed
from autodiag.services.assignments import AssignedMeanwhile, NotOfTheStructure, assign
from autodiag.services.submission import submit
from autodiag.services.viewpoints import open_comparison
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Membership
from tests import scale
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.voices_at_scale import give_voices
from tests.worlds import World
from tests.worlds_consensus import wish_of

REASON = "Nous le faisons partout depuis mars."


@pytest.fixture
def ours(db):
    return World("ours")


def note(world, position, *, by=Role.REFERENT, reason=REASON, **other):
    return agree(by=world.actor(by), **wish_of(world.answer(position), reason, **other))


UNKNOWN = {"kind": AnswerKind.UNKNOWN, "level_id": None, "na_reason": ""}


def test_the_answer_its_history_and_the_agreement_are_written_together(ours):
    agreement = note(ours, 2, **UNKNOWN)
    change = AnswerChange.objects.filter(answer=agreement.answer).first()
    assert (change.by, change.after) == (ours.user(Role.REFERENT), {"kind": "unknown", "level_id": None})
    event = AuditEvent.objects.filter(verb="answer.agreed").latest("pk")
    assert event.details == {"answer": agreement.answer_id, "revision": 2, "voices": 0}
    assert agreement.stands(ours.answer(2))


def test_agreeing_on_what_the_answer_already_says_leaves_it_as_it_is(ours):
    before = ours.answer(2)
    agreement = note(ours, 2)
    assert (ours.answer(2).revision, ours.answer(2).updated_at) == (before.revision, before.updated_at)
    assert agreement.stands(ours.answer(2))


def test_it_counts_the_viewpoints_that_are_compared(ours):
    assert note(ours, 1, **UNKNOWN).voices == 0
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert note(ours, 1, reason="Après comparaison.").voices == 3


def test_a_stale_agreement_writes_nothing(ours):
    answer = ours.answer(2)
    ours.save(ours.answer(2), by=Role.CONTRIBUTOR, **UNKNOWN)
    before = contents()
    with pytest.raises(StaleSave) as stale:
        agree(by=ours.actor(Role.REFERENT), **wish_of(answer, REASON))
    assert stale.value.current.revision == answer.revision + 1
    assert contents() == before


def test_a_chapter_transmitted_while_they_talked_takes_no_agreement(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), **UNKNOWN)
    answers = [ours.answer(2), ours.answer(3)]
    submit(autodiag=ours.draft, by=ours.user(Role.REFERENT))
    before = contents()
    for answer in answers:
        with pytest.raises(RoundClosed):
            agree(by=ours.actor(Role.REFERENT), **wish_of(answer, REASON, **UNKNOWN))
    assert contents() == before


def test_the_same_agreement_at_the_same_moment_is_one(committed_db):
    world = World("ours")
    wish, by = wish_of(world.answer(3), REASON, **UNKNOWN), world.actor(Role.REFERENT)
    answers = [world.answer(3) for _ in range(4)]
    given = at_once(*[lambda answer=answer: agree(by=by, **{**wish, "answer": answer}).pk for answer in answers])
    assert set(given) == {Consensus.objects.get(reason=REASON).pk}
    assert world.answer(3).revision == 1


def test_two_agreements_at_the_same_moment_one_is_refused(committed_db):
    world = World("ours")
    first, second = world.answer(3), world.answer(3)
    by = world.actor(Role.REFERENT)
    given = at_once(
        lambda: agree(by=by, **wish_of(first, REASON, **UNKNOWN)),
        lambda: agree(by=by, **wish_of(second, "Autre raison.", **UNKNOWN)),
    )
    assert [type(one) for one in sorted(given, key=lambda one: type(one).__name__)] == [Consensus, StaleSave]
    assert world.agreements(3).count() == 1


def test_the_rule_says_why(ours):
    today = clock.today()
    assert can_agree(ours.draft, today, may_answer=True)
    assert "L’accord est noté par la ou le référent·e" in can_agree(ours.draft, today, may_answer=False).reason
    assert "transmis" in can_agree(ours.submitted, today, may_answer=False).reason
    assert can_assign_to({1, 2}, {1, 2, 3})
    assert not can_assign_to({1, 4}, {1, 2, 3})


# --- What the pages show ------------------------------------------------------------------------------------------


def step(position, kind="level", level=1, agreed=None):
    return Step(position, position, f"1.{position}", "Titre", "Partie", kind, 1, level, *(agreed or (None, None, None)))


def test_the_meeting_goes_on_where_no_agreement_stands():
    held, changed, none = step(1, agreed=("hier", "level", 1)), step(2, agreed=("hier", "level", 2)), step(3)
    page = Overview([held, none, changed], {1: "Engagé"})
    assert (held.is_agreed, changed.has_changed, none.is_agreed, none.has_changed) == (True, True, False, False)
    assert (page.agreed, page.total, page.next_step) == (1, 3, none)
    assert Overview([held], {1: "Engagé"}).next_step is None


def test_steps_tell_the_last_agreement(ours):
    note(ours, 1, **UNKNOWN)
    first, second, *_ = steps_of(ours.actor(Role.BOARD_MEMBER), ours.draft)
    assert (first.agreed_kind, first.is_agreed, second.agreed_at) == ("unknown", True, None)
    assert steps_of(World("neighbour").actor(Role.REFERENT), ours.draft) == []


def test_a_group_is_told_in_words_most_frequent_first():
    names = {0: "Initié", 2: "Structuré", AnswerKind.UNKNOWN: "Nous ne savons pas"}
    assert spoken({0: 1, AnswerKind.UNKNOWN: 1, 2: 3}, names) == "3 Structuré, 1 Initié, 1 Nous ne savons pas"


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("criteria", [20, 100])
def test_the_whole_request_of_a_step_with_five_viewpoints(db, queries, criteria):
    grand = scale.build(structures=3, criteria=criteria)
    give_voices(grand)
    client = Client()
    client.force_login(grand.referent)
    with queries(max=10):
        page = client.get(grand.autodiag.url("consensus", criteria // 2)).content.decode()
    assert f"Critère {criteria // 2} sur {criteria}" in page.replace("&nbsp;", " ")
    assert "5 points de vue" in page


@pytest.mark.parametrize("criteria", [20, 100])
def test_what_remains_and_who_prepares_what_cost_the_same(db, queries, criteria):
    grand = scale.build(structures=3, criteria=criteria)
    give_voices(grand)
    client = Client()
    client.force_login(grand.referent)
    with queries(6):
        assert f"0 sur {criteria}" in client.get(grand.autodiag.url("agreements")).content.decode()
    with queries(7):
        assert f"1.{criteria}" in client.get(grand.autodiag.url("assignments")).content.decode()


# --- Assignments --------------------------------------------------------------------------------------------------


def test_people_are_entrusted_and_let_off(ours):
    changes = ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.CONTRIBUTOR), (4, Role.BOARD_MEMBER))
    assert (len(changes.added), len(changes.removed)) == (3, 0)
    changes = ours.entrust_criteria((4, Role.BOARD_MEMBER))
    assert (len(changes.added), len(changes.removed)) == (0, 2)
    assert ours.assigned == {(4, "board_member")}
    assert not ours.entrust_criteria((4, Role.BOARD_MEMBER))


def test_it_gives_no_right_and_takes_none(ours):
    before = [ours.actor(role).permissions_on(ours.participation) for role in (Role.CONTRIBUTOR, Role.BOARD_MEMBER)]
    ours.entrust_criteria((3, Role.BOARD_MEMBER))
    after = [ours.actor(role).permissions_on(ours.participation) for role in (Role.CONTRIBUTOR, Role.BOARD_MEMBER)]
    assert after == before
    ours.save(ours.answer(3), by=Role.CONTRIBUTOR, **UNKNOWN)
    assert ours.answer(3).kind == AnswerKind.UNKNOWN


def test_what_somebody_else_changed_meanwhile_is_not_lost(ours):
    seen = {(ours.answer(3).pk, ours.user(Role.CONTRIBUTOR).pk)}
    ours.entrust_criteria((4, Role.BOARD_MEMBER))
    before = contents()
    with pytest.raises(AssignedMeanwhile):
        assign(autodiag=ours.draft, seen=set(), chosen=seen, by=ours.actor(Role.REFERENT))
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_nobody_of_another_structure_is_chosen(ours, key):
    stranger, before = World(key).user(Role.CONTRIBUTOR), contents()
    chosen = {(ours.answer(3).pk, stranger.pk)}
    with pytest.raises(NotOfTheStructure):
        assign(autodiag=ours.draft, seen=set(), chosen=chosen, by=ours.actor(Role.REFERENT))
    assert contents() == before


def test_somebody_who_left_is_let_off_and_not_chosen_again(ours):
    ours.entrust_criteria((3, Role.CONTRIBUTOR))
    Membership.objects.filter(user=ours.user(Role.CONTRIBUTOR)).update(until="2025-11-03")
    with pytest.raises(NotOfTheStructure):
        ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.CONTRIBUTOR))
    assert ours.entrust_criteria().removed
    assert not Assignment.objects.filter(answer__autodiag=ours.draft).exists()


def test_nothing_is_entrusted_once_the_chapter_is_transmitted(ours):
    chosen = {(ours.submitted.answers.first().pk, ours.user(Role.CONTRIBUTOR).pk)}
    with pytest.raises(RoundClosed):
        assign(autodiag=ours.submitted, seen=set(), chosen=chosen, by=ours.actor(Role.REFERENT))


def test_colleagues_see_who_does_what_and_nobody_else(ours):
    ours.entrust_criteria((3, Role.CONTRIBUTOR))
    read = Assignment.objects.visible_to
    assert read(ours.actor(Role.BOARD_MEMBER)).count() == 1
    for actor in (ours.actor(Role.FACILITATOR), World("neighbour").actor(Role.REFERENT), Actor(0, "", ())):
        assert not read(actor).exists()
