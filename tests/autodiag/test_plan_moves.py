"""Two people at once on one plan: nobody's work is written over, nothing is half done."""

from datetime import date

import pytest
from django.db import DatabaseError

from autodiag.enums import ActionStatus
from autodiag.models import Action
from autodiag.services.plan import update_action
from autodiag.services.plan_moves import ChangedMeanwhile, change_many, last_hands
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from tests.harness.threads import at_once
from tests.plan_at_hand import add, fresh, whole_plan
from tests.worlds import World


def chosen(actions):
    return {action.pk: action.revision for action in actions}


def outcome(act):
    """What a write gave: its value, or the name of what refused it."""

    def run():
        try:
            return len(act())
        except (ChangedMeanwhile, StaleSave) as refusal:
            return type(refusal).__name__

    return run


def test_two_bulk_changes_at_once_are_one_whole_change(committed_db):
    ours = World("ours")
    actions = [add(ours, f"Action {rank}") for rank in range(6)]
    by = (ours.actor(Role.REFERENT), ours.actor(Role.CONTRIBUTOR))

    def change(rank, subset):
        return outcome(
            lambda: change_many(
                participation=ours.participation, chosen=chosen(subset), by=by[rank], who=f"Personne {rank}"
            )
        )

    results = at_once(change(0, actions[:4]), change(1, actions[2:]))
    assert sorted(map(str, results)) == ["4", "ChangedMeanwhile"]
    winner = results.index(4)
    expected = set(range(4)) if winner == 0 else set(range(2, 6))
    now = [fresh(action) for action in actions]
    assert {rank for rank, action in enumerate(now) if action.who} == expected
    assert {action.who for action in now if action.who} == {f"Personne {winner}"}
    assert {action.revision for action in now if action.who} == {1}
    events = AuditEvent.objects.filter(verb="action.updated", target_id__in=[a.pk for a in actions])
    assert sorted(events.values_list("target_id", flat=True)) == sorted(actions[rank].pk for rank in expected)


def test_a_move_and_a_bulk_change_at_once_never_mix(committed_db):
    ours = World("ours")
    actions = [add(ours, f"Action {rank}") for rank in range(3)]
    by = ours.actor(Role.REFERENT)
    moved = fresh(actions[0])

    def move():
        update_action(action=moved, revision=0, by=ours.actor(Role.CONTRIBUTOR), status="in_progress")
        return [moved]

    def change():
        return change_many(participation=ours.participation, chosen=chosen(actions), by=by, who="Karim")

    results = at_once(outcome(move), outcome(change))
    first = fresh(actions[0])
    assert results in ([1, "ChangedMeanwhile"], ["StaleSave", 3])
    assert (first.status, first.who) in (("in_progress", ""), ("to_do", "Karim"))
    assert first.revision == 1
    assert {fresh(action).who for action in actions[1:]} == ({""} if results[0] == 1 else {"Karim"})


def test_two_moves_at_once_one_is_told(committed_db):
    ours = World("ours")
    action = add(ours, "Disputée")

    def move(role, status):
        row, by = fresh(action), ours.actor(role)
        return outcome(lambda: [update_action(action=row, revision=0, by=by, status=status)])

    results = at_once(move(Role.REFERENT, "done"), move(Role.CONTRIBUTOR, "in_progress"))
    assert sorted(map(str, results)) == ["1", "StaleSave"]
    assert fresh(action).status == ("done" if results[0] == 1 else "in_progress")
    assert fresh(action).revision == 1


def test_an_invariant_that_breaks_leaves_nothing_half_written(db):
    ours = World("ours")
    actions = [add(ours, "Une"), add(ours, "Deux", starts_on=date(2026, 5, 1))]
    before, events = whole_plan(ours), AuditEvent.objects.count()
    with pytest.raises(DatabaseError):
        change_many(
            participation=ours.participation,
            chosen=chosen(actions),
            by=ours.actor(Role.REFERENT),
            due_on=date(2026, 1, 1),
        )
    assert whole_plan(ours) == before
    assert AuditEvent.objects.count() == events


def test_an_action_of_another_plan_is_left_alone(db):
    ours, neighbour = World("ours"), World("neighbour")
    theirs = neighbour.action
    assert (
        change_many(
            participation=ours.participation,
            chosen={theirs.pk: theirs.revision},
            by=ours.actor(Role.REFERENT),
            who="Moi",
        )
        == []
    )
    assert fresh(theirs).who == theirs.who


def test_the_journal_tells_the_state_before_and_after(db):
    ours = World("ours")
    actions = [add(ours, "Une"), add(ours, "Deux", status=ActionStatus.BLOCKED)]
    by = ours.actor(Role.CONTRIBUTOR)
    change_many(participation=ours.participation, chosen=chosen(actions), by=by, status="done", status_reason="")
    told = dict(
        AuditEvent.objects.filter(verb="action.updated", target_id__in=[a.pk for a in actions]).values_list(
            "target_id", "details__status"
        )
    )
    assert told == {actions[0].pk: ["to_do", "done"], actions[1].pk: ["blocked", "done"]}
    assert last_hands(actions) == {action.pk: by.full_name for action in actions}
    assert set(Action.objects.filter(pk__in=told).values_list("done_on", "status_reason")) == {(date(2025, 11, 4), "")}
