"""The plan read over: the arithmetic of its rhythm, its services, its reminder."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from autodiag.enums import ActionStatus
from autodiag.models import Action, PlanReview, PlanRhythm
from autodiag.rules.plan_reviews import next_review
from autodiag.services.plan import create_action
from autodiag.services.plan_reviews import NEVER_CHOSEN, note_review, set_rhythm, to_look_at
from autodiag.todos.plan_reviews import plans_to_read_over
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from cohorts.models import Participation
from tests.harness.threads import at_once
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_months_are_added_and_end_with_their_month(day, months, then):
    assert next_review(None, months, day) == then


def test_the_next_time_counts_from_the_last_review_and_is_never_past():
    assert next_review(date(2025, 10, 24), 3, TODAY) == date(2026, 1, 24)
    assert next_review(None, 1, TODAY) == date(2025, 12, 4)
    assert next_review(date(2024, 1, 1), 1, TODAY) == TODAY


def rhythm_of(world):
    return PlanRhythm.objects.get(participation=world.participation)


def review(world, held_on, note="", by=Role.CONTRIBUTOR):
    return note_review(participation=world.participation, by=world.actor(by), held_on=held_on, note=note)


def choose(world, months, revision=0):
    by = world.actor(Role.CONTRIBUTOR)
    return set_rhythm(participation=world.participation, by=by, revision=revision, months=months)


def test_a_review_moves_the_next_time_and_an_older_one_moves_nothing(ours):
    assert rhythm_of(ours).next_on == date(2026, 1, 24)
    made = review(ours, date(2025, 11, 3), "Deux actions avancent")
    assert rhythm_of(ours).next_on == date(2026, 2, 3)
    assert made.noted_by_name == ours.user(Role.CONTRIBUTOR).full_name
    review(ours, date(2025, 6, 1))
    assert rhythm_of(ours).next_on == date(2026, 2, 3)
    assert AuditEvent.objects.filter(verb="plan.reviewed", participation_id=ours.participation.pk).count() == 3


def test_a_review_sent_twice_is_noted_once(committed_db):
    ours = World("ours")
    given = at_once(*[lambda: review(ours, TODAY, "Même chose").pk] * 3)
    assert set(given) == {PlanReview.objects.get(note="Même chose").pk}


def test_a_review_is_never_changed_nor_deleted(ours):
    rows = PlanReview.objects.filter(participation=ours.participation)
    for write in (lambda: rows.update(note="Autre"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_another_rhythm_counts_again_and_one_chosen_meanwhile_is_not_written_over(ours):
    assert choose(ours, 1).next_on == date(2025, 11, 24)
    assert choose(ours, 1, revision=0).revision == 1
    with pytest.raises(StaleSave) as refusal:
        choose(ours, 12, revision=0)
    assert refusal.value.current.months == 1
    with pytest.raises(StaleSave):
        choose(ours, 12, revision=NEVER_CHOSEN)
    assert rhythm_of(ours).months == 1


def test_two_people_choose_the_first_rhythm_at_once_and_one_is_told(committed_db):
    ours = World("ours")
    PlanRhythm.objects.filter(participation=ours.participation).delete()
    acts = [lambda months=months: choose(ours, months, NEVER_CHOSEN) for months in (1, 6)]
    given = at_once(*acts)
    assert sorted(type(one).__name__ for one in given) == ["PlanRhythm", "StaleSave"]


def test_a_review_does_not_make_a_rhythm_on_the_screen_stale(ours):
    review(ours, TODAY)
    assert choose(ours, 6, revision=0).months == 6


def make(world, what, **fields):
    return create_action(participation=world.participation, by=world.actor(Role.REFERENT), what=what, **fields)


def test_what_to_look_at_is_read_in_one_query_each_action_once(ours, queries):
    Action.objects.filter(participation=ours.participation).update(updated_at=clock.now())
    late = make(ours, "En retard", due_on=date(2025, 11, 3))
    blocked = make(ours, "Bloquée", status=ActionStatus.BLOCKED, status_reason="Attente")
    quiet = make(ours, "Silencieuse")
    Action.objects.filter(pk=quiet.pk).update(updated_at=clock.at(date(2025, 7, 1), 9))
    done, before = (make(ours, what, status=ActionStatus.DONE) for what in ("Faite", "Faite avant"))
    Action.objects.filter(pk=before.pk).update(done_on=date(2025, 9, 1))
    make(ours, "Abandonnée", status=ActionStatus.ABANDONED, status_reason="Non")
    actor = ours.actor(Role.CONTRIBUTOR)
    with queries(1):
        found = to_look_at(ours.participation, actor, date(2025, 10, 24))
    assert (found.late, found.blocked, found.quiet, found.done) == ([late], [blocked], [quiet], [done])


def todos(world, role=Role.REFERENT):
    paths = Participation.objects.with_context().filter(pk=world.participation.pk)
    return list(plans_to_read_over(world.actor(role), paths))


@pytest.mark.parametrize(
    ("days", "said"), [(15, None), (14, "Avant la fin du"), (0, "Avant la fin du"), (-1, "Prévu"), (-200, "Prévu")]
)
def test_the_reminder_comes_two_weeks_before_and_stays_until_it_is_done(ours, days, said):
    PlanRhythm.objects.filter(participation=ours.participation).update(next_on=TODAY + timedelta(days=days))
    found = todos(ours)
    assert len(found) == (1 if said else 0)
    if said:
        (one,) = found
        assert one.when.startswith(said)
        assert one.late == (days < 0)
        assert "chaque trimestre" in one.why
        review(ours, TODAY)
        assert todos(ours) == []


def test_only_who_keeps_the_plan_with_its_tools_open_is_reminded(ours):
    PlanRhythm.objects.update(next_on=TODAY)
    assert [bool(todos(ours, role)) for role in (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER)] == [
        True,
        True,
        False,
    ]
    assert todos(World("lapsed")) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_reminder_costs_one_query_whatever_the_paths(ours, queries, count):
    PlanRhythm.objects.update(next_on=TODAY)
    actor = ours.actor(Role.REFERENT)
    paths = list(Participation.objects.with_context().filter(pk=ours.participation.pk)) * count
    with queries(1):
        assert len(list(plans_to_read_over(actor, paths))) == 1
