"""Six priorities at most, chosen by several people: rules and services. Nothing is lost, a seventh is never kept."""

import pytest
from django.db import DatabaseError, transaction

from autodiag.boards.priorities import by_chapter, grid_of, lines_of
from autodiag.models import Priority
from autodiag.rules.picture import can_put_forward, has_room
from autodiag.services.picture import AnswerRead
from autodiag.services.priorities import Chosen, StalePriorities, TooManyForward, save_priorities
from caprse.base.models import AuditEvent
from cohorts.enums import Role
from referentiel.enums import Degree
from tests.harness.threads import at_once
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


def criteria_of(world):
    """Those of its two chapters, in order: eight."""
    rows = world.participation.autodiags.order_by("round__chapter__number")
    return [
        pk for row in rows for pk in row.answers.order_by("criterion__position").values_list("criterion", flat=True)
    ]


def save(world, *chosen, by=Role.REFERENT):
    return save_priorities(participation=world.participation, by=world.actor(by), chosen=list(chosen))


def forward(pk, revision=0, impact=None, effort=None):
    return Chosen(pk, impact, effort, True, revision)


def slots(world):
    rows = Priority.objects.filter(participation=world.participation, slot__isnull=False)
    return dict(rows.order_by("slot").values_list("criterion_id", "slot"))


def test_the_places_are_filled_in_order_and_a_place_left_is_taken_again(ours):
    criteria = criteria_of(ours)
    save(ours, forward(criteria[2]), forward(criteria[3]))
    assert slots(ours) == {criteria[0]: 1, criteria[2]: 2, criteria[3]: 3}
    kept = Priority.objects.get(criterion=criteria[0], participation=ours.participation)
    save(ours, Chosen(criteria[0], kept.impact, kept.effort, False, kept.revision), forward(criteria[4]))
    assert slots(ours) == {criteria[4]: 1, criteria[2]: 2, criteria[3]: 3}


def test_what_was_chosen_is_kept_with_its_author_and_told_in_the_journal(ours):
    criteria = criteria_of(ours)
    (row,) = save(ours, Chosen(criteria[5], Degree.HIGH, Degree.LOW, False, 0), by=Role.CONTRIBUTOR)
    assert (row.impact, row.effort, row.slot, row.revision) == (3, 1, None, 1)
    assert row.updated_by_id == ours.user(Role.CONTRIBUTOR).pk
    line = AuditEvent.objects.get(verb="priority.chosen", target_id=row.pk)
    assert line.details == {"criterion": criteria[5], "revision": 1, "slot": None}


def test_the_same_choices_sent_twice_write_nothing_more(ours):
    criteria = criteria_of(ours)
    chosen = [forward(criteria[2], impact=2, effort=2)]
    assert len(save(ours, *chosen)) == 1
    lines = AuditEvent.objects.count()
    assert save(ours, *chosen) == []
    assert AuditEvent.objects.count() == lines


def test_a_seventh_is_refused_whole_and_six_pass(ours):
    criteria = criteria_of(ours)
    with pytest.raises(TooManyForward, match="Six priorités au plus"):
        save(ours, *(forward(pk) for pk in criteria[2:]))
    assert list(slots(ours)) == [criteria[0]]
    second = Priority.objects.get(participation=ours.participation, criterion=criteria[1])
    save(ours, forward(criteria[1], second.revision), *(forward(pk) for pk in criteria[2:6]))
    assert sorted(slots(ours).values()) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(TooManyForward):
        save(ours, forward(criteria[6]))
    first = Priority.objects.get(participation=ours.participation, criterion=criteria[0])
    save(ours, forward(criteria[6]), Chosen(criteria[0], None, None, False, first.revision))
    assert slots(ours)[criteria[6]] == 1


def test_the_database_refuses_a_seventh_place_and_a_place_held_twice(ours):
    criteria = criteria_of(ours)
    row = {"region_id": ours.participation.region_id, "participation": ours.participation}
    row["updated_by"] = ours.user(Role.REFERENT)
    for wrong in ({"slot": 7}, {"slot": 0}, {"slot": 1}, {"impact": 4}, {"effort": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Priority.objects.create(criterion_id=criteria[6], **row, **wrong)
    assert not Priority.objects.filter(criterion=criteria[6]).exists()


def test_a_choice_made_on_a_version_that_changed_is_refused_whole(ours):
    criteria = criteria_of(ours)
    kept = Priority.objects.get(participation=ours.participation, criterion=criteria[0])
    save(ours, Chosen(criteria[0], 1, 1, True, kept.revision), by=Role.CONTRIBUTOR)
    with pytest.raises(StalePriorities) as stale:
        save(ours, Chosen(criteria[0], 2, 2, True, kept.revision), forward(criteria[3]))
    assert stale.value.current[criteria[0]].updated_by == ours.user(Role.CONTRIBUTOR)
    kept.refresh_from_db()
    assert (kept.impact, kept.effort) == (1, 1)
    assert criteria[3] not in slots(ours)


def test_two_people_who_chose_the_same_are_not_in_each_other_s_way(ours):
    criteria = criteria_of(ours)
    save(ours, forward(criteria[4], impact=3, effort=1))
    assert save(ours, forward(criteria[4], impact=3, effort=1), by=Role.CONTRIBUTOR) == []


def test_of_two_people_who_put_the_sixth_forward_together_one_is_told(committed_db):
    ours = World("ours")
    criteria = criteria_of(ours)
    save(ours, *(forward(pk) for pk in criteria[2:6]))
    assert len(slots(ours)) == 5
    given = at_once(
        lambda: save(ours, forward(criteria[6])), lambda: save(ours, forward(criteria[7]), by=Role.CONTRIBUTOR)
    )
    assert sorted(type(one) for one in given if isinstance(one, Exception)) == [TooManyForward]
    assert sorted(slots(ours).values()) == [1, 2, 3, 4, 5, 6]
    assert len({criteria[6], criteria[7]} & set(slots(ours))) == 1


def test_six_is_the_most():
    assert can_put_forward(6)
    assert not can_put_forward(7)
    assert "six" in can_put_forward(7).reason.lower()


@pytest.mark.parametrize(
    ("kind", "value", "difficulty", "spread", "expected"),
    [
        ("level", 2, "", 0, False),
        ("level", 0, "", 0, True),
        ("level", 2, "Le temps", 0, True),
        ("level", 2, "", 1, True),
        ("unknown", None, "", 0, False),
        ("unknown", None, "", 2, True),
        ("not_applicable", None, "", 0, False),
        ("", None, "", 0, False),
    ],
)
def test_there_is_room_under_the_top_where_it_is_hard_or_where_voices_differ(kind, value, difficulty, spread, expected):
    assert has_room(kind, value, 2, difficulty=difficulty, spread=spread) is expected


class Step:
    def __init__(self, value):
        self.value, self.label = value, f"Degré {value}"


def answer(position, kind="level", value=0, chapter=1, difficulty=""):
    named = (chapter, f"Chapitre {chapter}", position, f"{chapter}.{position}", f"Critère {position}")
    return AnswerRead(position, chapter, chapter * 10 + position, *named, kind, value, difficulty)


def test_the_lowest_levels_come_first_and_what_has_no_room_is_apart():
    answers = [answer(1, value=1), answer(2, value=2), answer(3, value=0), answer(4, kind="unknown", value=None)]
    (chapter,) = by_chapter(lines_of(answers, [Step(0), Step(1), Step(2)], {}, []))
    assert [line.answer.code for line in chapter.first] == ["1.3", "1.1"]
    assert [line.answer.code for line in chapter.others] == ["1.2", "1.4"]


def test_a_criterion_says_why_there_is_room():
    answers = [answer(1, value=2, difficulty="Le temps manque"), answer(2, value=1)]
    first, second = lines_of(answers, [Step(0), Step(1), Step(2)], {(1, 2): 2}, [])
    assert first.reasons == ("une difficulté",)
    assert second.reasons == ("2 degrés d’écart entre vos points de vue",)
    assert second.answer_words == "1 – Degré 1"


def test_the_grid_holds_what_both_degrees_were_chosen_for_the_best_corner_first():
    best, other = Priority(impact=3, effort=1), Priority(impact=1, effort=3)
    grid = grid_of([other, best, Priority(impact=2)])
    assert grid[0].degree == Degree.HIGH
    assert grid[0].cells[0] == (Degree.LOW, [best])
    assert grid[2].cells[2] == (Degree.HIGH, [other])
    assert sum(len(rows) for line in grid for _, rows in line.cells) == 2
    assert grid_of([Priority(impact=2)]) is None
