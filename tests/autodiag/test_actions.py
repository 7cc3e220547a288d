"""How an action is doing, in kind sentences; what its services keep; what is expected of people once it is over."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from autodiag.models import Action, ActionNote, ActionStep
from autodiag.rules.actions import kind_word, reassessment, stale, stale_in_words, steps_in_words
from autodiag.services.actions import StepGone, give_news, tick_step
from autodiag.services.plan import add_action, create_action, update_action
from autodiag.todos.answering import late_actions
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from cohorts.models import Participation
from tests.harness.threads import at_once, raised_at_once
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def an_action(*, said="2025-10-01", due=None, starts=None, over=False):
    def day(text):
        return date.fromisoformat(text) if text else None

    at = datetime.fromisoformat(f"{said}T23:30:00").replace(tzinfo=UTC)
    return SimpleNamespace(updated_at=at, due_on=day(due), starts_on=day(starts), is_over=over)


def moment(text):
    return datetime.fromisoformat(f"{text}T09:00:00").replace(tzinfo=UTC)


# --- Kind words ---------------------------------------------------------------------------------------------------


# An action whose last change is late in an evening, UTC: the next day in Paris.
@pytest.mark.parametrize(
    ("said", "today", "quiet"),
    [
        ("2025-02-27", date(2025, 5, 31), True),
        ("2025-02-28", date(2025, 5, 31), False),
        ("2024-02-28", date(2024, 5, 31), True),
        ("2024-10-14", date(2025, 1, 15), True),
        ("2024-10-15", date(2025, 1, 15), False),
    ],
)
def test_three_months_end_with_a_shorter_month(said, today, quiet):
    assert stale(an_action(said=said), None, today) is quiet


@pytest.mark.parametrize(
    ("row", "note", "quiet"),
    [
        (an_action(said="2025-08-03"), None, True),
        (an_action(said="2025-08-04"), None, False),
        (an_action(said="2025-03-01"), "2025-10-01", False),
        (an_action(said="2025-10-01"), "2025-03-01", False),
        (an_action(said="2025-03-01", over=True), None, False),
        (an_action(said="2025-03-01", starts="2025-12-01"), None, False),
        (an_action(said="2025-03-01", starts="2025-05-01"), None, True),
    ],
)
def test_three_months_without_news(row, note, quiet):
    assert stale(row, note and moment(note), TODAY) is quiet


def test_the_silence_is_told_from_its_day_in_paris():
    assert stale_in_words(an_action(said="2025-03-01")) == "Sans nouvelles depuis le dimanche 2 mars 2025"
    late_note = moment("2025-04-01")
    assert stale_in_words(an_action(said="2025-03-01"), late_note) == "Sans nouvelles depuis le mardi 1er avril 2025"


@pytest.mark.parametrize(
    ("row", "begins"),
    [
        (an_action(due="2025-11-03"), "Prévue pour le lundi 3 novembre 2025, il y a 1\u00a0jour."),
        (an_action(due="2025-10-25"), "Prévue pour le samedi 25 octobre 2025, il y a 10\u00a0jours."),
        (an_action(said="2025-03-01"), "Sans nouvelles depuis le"),
        (an_action(due="2025-11-04"), ""),
        (an_action(due="2025-10-25", over=True), ""),
    ],
)
def test_one_sentence_that_blames_nobody(row, begins):
    word = kind_word(row, None, TODAY)
    assert word.startswith(begins)
    assert bool(word) == bool(begins)
    for harsh in ("retard", "oubli", "devez", "!"):
        assert harsh not in word


@pytest.mark.parametrize(
    ("done", "total", "said"),
    [(0, 0, ""), (0, 3, "0 étape faite sur 3"), (1, 3, "1 étape faite sur 3"), (2, 3, "2 étapes faites sur 3")],
)
def test_steps_are_counted_in_words(done, total, said):
    assert steps_in_words(done, total) == said


def test_a_chapter_never_begun_is_assessed_when_it_opens():
    said = reassessment(None, TODAY)
    assert (said.way, "quand il ouvrira" in said.sentence) == ("", True)


# --- Services -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("add", [create_action, add_action])
def test_an_action_done_has_its_day_and_one_blocked_its_reason(ours, add):
    plan = {"participation": ours.participation, "by": ours.actor(Role.REFERENT)}
    done = add(**plan, what="Faite", status="done", status_reason="De trop")
    blocked = add(**plan, what="Bloquée", status="blocked", status_reason="Sans lieu")
    assert (done.done_on, done.status_reason) == (TODAY, "")
    assert (blocked.done_on, blocked.status_reason) == (None, "Sans lieu")
    moved = update_action(action=blocked, revision=0, by=plan["by"], status="in_progress")
    assert moved.status_reason == ""


def test_moving_an_action_leaves_its_parts(ours):
    action = ours.full_action
    update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), status="in_progress")
    assert (action.steps.count(), action.also.count(), action.evidence.count()) == (3, 1, 2)


def test_a_plan_of_the_same_words_by_another_person_is_another_action(ours):
    plan = {"participation": ours.participation, "what": "Deux fois"}
    first = add_action(**plan, by=ours.actor(Role.REFERENT))
    assert add_action(**plan, by=ours.actor(Role.REFERENT)) == first
    assert add_action(**plan, by=ours.actor(Role.CONTRIBUTOR)) != first
    assert add_action(**plan, by=ours.actor(Role.REFERENT), steps=["Une"]) != first


def test_an_action_sent_twice_at_once_is_one(committed_db):
    ours = World("ours")
    path, by = ours.participation, ours.actor(Role.REFERENT)
    said = {"what": "Envoyée deux fois", "steps": ["Une", "Deux"]}
    given = at_once(*[lambda: add_action(participation=path, by=by, **said).pk] * 4)
    assert set(given) == {Action.objects.get(what="Envoyée deux fois").pk}


def test_two_changes_at_once_one_is_stale_and_parts_follow_the_winner(committed_db):
    ours = World("ours")
    pk, by = ours.full_action.pk, ours.actor(Role.REFERENT)
    revision = ours.full_action.revision

    def change(word):
        action = Action.objects.select_related("participation").get(pk=pk)
        return update_action(action=action, revision=revision, by=by, what=word, steps=[f"Étape {word}"])

    raised = raised_at_once(lambda: change("Une"), lambda: change("Autre"))
    assert [type(one) for one in raised if one] == [StaleSave]
    kept = Action.objects.get(pk=pk)
    assert (kept.what in ("Une", "Autre"), kept.revision) == (True, revision + 1)
    assert [step.text for step in kept.steps.all()] == [f"Étape {kept.what}"]


def test_a_step_taken_off_meanwhile_is_ticked_by_nobody(ours):
    action, step, by = ours.full_action, ours.step, ours.actor(Role.REFERENT)
    update_action(action=action, revision=action.revision, by=by, what=action.what, steps=["Une autre"])
    lines = AuditEvent.objects.count()
    with pytest.raises(StepGone):
        tick_step(step=step, done=False, by=by)
    assert AuditEvent.objects.count() == lines


def test_ticking_says_it_is_alive_without_a_new_version(ours):
    action = ours.full_action
    step = action.steps.get(position=2)
    tick_step(step=step, done=True, by=ours.actor(Role.CONTRIBUTOR))
    fresh = Action.objects.get(pk=action.pk)
    assert (fresh.revision, fresh.updated_at) == (action.revision, clock.now())
    assert ActionStep.objects.get(pk=step.pk).done_by == ours.user(Role.CONTRIBUTOR)
    verbs = AuditEvent.objects.filter(target_type="autodiag.actionstep", target_id=step.pk)
    assert [line.verb for line in verbs] == ["action.step_ticked"]


def test_the_same_news_sent_twice_at_once_are_one(committed_db):
    ours = World("ours")
    action, by = ours.full_action, ours.actor(Role.REFERENT)
    given = at_once(*[lambda: give_news(action=action, text="Envoyée deux fois", by=by).pk] * 3)
    assert set(given) == {ActionNote.objects.get(text="Envoyée deux fois").pk}


def test_the_same_words_another_day_are_news(ours):
    action, by = ours.full_action, ours.actor(Role.REFERENT)
    with clock.stopped(clock.at(date(2025, 11, 1), 10)):
        first = give_news(action=action, text="Rien de neuf", by=by)
    assert give_news(action=action, text="Rien de neuf", by=by) != first


# --- What is expected of people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "counted"), [("to_do", 1), ("blocked", 1), ("in_progress", 1), ("done", 0), ("abandoned", 0)]
)
def test_only_what_is_still_expected_is_late(ours, status, counted):
    action, by = ours.action, ours.actor(Role.REFERENT)
    said = {"due_on": date(2025, 11, 1), "status": status, "status_reason": "Une raison"}
    update_action(action=action, revision=action.revision, by=by, **said)
    paths = list(Participation.objects.with_context().filter(pk=ours.participation.pk))
    told = list(late_actions(by, paths))
    assert len(told) == counted
    assert all(one.why.startswith("1 action a dépassé") for one in told)
