"""Before and after: what is comparable and what is not, evolution in words, scores on what may be compared."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiag.comparing import (
    ONLY_AFTER,
    ONLY_BEFORE,
    OTHER_CRITERION,
    SAME,
    SCALE_CHANGED,
    WORDING_CHANGED,
    compare,
    degrees_in_words,
)
from autodiag.enums import AnswerKind

SCALE = [[0, "Rien"], [1, "Projet"], [2, "Fait"], [3, "Partagé"]]


def criterion(code, kind="level", value=None, *, stable_id=None, weight=1, question=None, levels=None, evidence=()):
    return {
        "stable_id": f"id-{code}" if stable_id is None else stable_id,
        "code": code,
        "title": f"Titre {code}",
        "question": question or f"Question {code} ?",
        "weight": weight,
        "levels": levels or [[value, f"Description {value} de {code}"] for value, _ in SCALE],
        "kind": kind,
        "value": value,
        "na_reason": "Sans objet" if kind == "not_applicable" else "",
        "practice": "",
        "comment": "",
        "evidence": list(evidence),
    }


def content(*criteria, scale=SCALE):
    return {
        "structure": "La structure",
        "chapter": {"number": 1, "title": "Un chapitre"},
        "scale": scale,
        "criteria": list(criteria),
    }


def level(code, value, **more):
    return criterion(code, "level", value, **more)


def only_row(before, after, **more):
    (row,) = compare(content(before), content(after), **more).rows
    return row


@pytest.mark.parametrize(
    ("before", "after", "words", "direction"),
    [
        (1, 2, "un degré de plus", "up"),
        (0, 2, "deux degrés de plus", "up"),
        (3, 0, "trois degrés de moins", "down"),
        (2, 1, "un degré de moins", "down"),
        (0, 0, SAME, "same"),
    ],
)
def test_an_evolution_is_told_in_degrees(before, after, words, direction):
    row = only_row(level("1.1", before), level("1.1", after))
    assert (row.evolution, row.direction, row.comparable) == (words, direction, True)


def test_degrees_are_counted_in_steps_of_the_scale_not_in_points():
    scale = [[10, "Bas"], [20, "Moyen"], [40, "Haut"]]
    levels = [[value, label] for value, label in scale]
    sides = [content(level("1.1", value, levels=levels), scale=scale) for value in (10, 40)]
    (row,) = compare(*sides).rows
    assert row.evolution == "deux degrés de plus"


def test_more_degrees_than_there_are_words_are_written_in_figures():
    assert degrees_in_words(12) == "12 degrés de plus"


KINDS = [("level", 1), ("unknown", None), ("not_applicable", None), ("", None)]


def test_the_four_kinds_of_answers_are_four_different_things():
    told = {}
    for before in KINDS:
        for after in KINDS:
            row = only_row(criterion("1.1", *before), criterion("1.1", *after))
            told[before[0], after[0]] = row.evolution
            assert row.comparable
            assert row.counts == (before[0] == after[0] == "level")
    changed = [words for (before, after), words in told.items() if before != after]
    assert len(set(changed)) == len(changed) == 12
    assert SAME not in changed
    assert {words for (before, after), words in told.items() if before == after} == {SAME}


def test_level_zero_is_a_level():
    row = only_row(criterion("1.1", ""), level("1.1", 0))
    assert row.evolution == "un niveau, sans réponse avant"
    assert row.after_words == "0 – Rien"
    assert row.before_words == "Pas encore répondu"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (level("1.1", 1), level("1.1", 2, question="Autre question ?"), WORDING_CHANGED),
        (level("1.1", 1), level("1.1", 2, levels=[[0, "Autre"], [2, "Description"]]), WORDING_CHANGED),
        (level("1.1", 1, stable_id="a"), level("1.1", 2, stable_id="b", question="Autre ?"), OTHER_CRITERION),
        (level("1.1", 1, stable_id=""), level("1.1", 2, question="Autre question ?"), WORDING_CHANGED),
    ],
)
def test_where_the_wording_changed_it_is_not_comparable_and_says_why(before, after, reason):
    row = only_row(before, after)
    assert row.reason == reason
    assert row.evolution == f"non comparable\xa0: {reason}"
    assert row.direction == "apart"
    assert row.degrees is None


def test_a_title_or_a_weight_that_changed_is_no_change_of_wording():
    after = level("1.1", 2, weight=5) | {"title": "Autre titre"}
    assert only_row(level("1.1", 1), after).comparable


def test_another_scale_makes_nothing_comparable_and_nothing_is_drawn():
    other = [[0, "Rien"], [1, "Projet"], [2, "Fait"], [3, "Exemplaire"]]
    compared = compare(content(level("1.1", 1), scale=SCALE), content(level("1.1", 2), scale=other))
    assert [row.reason for row in compared.rows] == [SCALE_CHANGED]
    assert compared.picture is None
    assert compared.bars is None
    assert compared.score_after.value is None


def test_a_criterion_of_one_side_only_is_told_in_its_place():
    compared = compare(content(level("1.1", 1), level("1.2", 1)), content(level("1.2", 1), level("1.3", 3)))
    assert [(row.code, row.reason) for row in compared.rows] == [
        ("1.2", ""),
        ("1.3", ONLY_AFTER),
        ("1.1", ONLY_BEFORE),
    ]
    assert [row.before_words for row in compared.rows][1] == ""


def test_a_criterion_is_followed_by_its_stable_id_when_its_code_moved():
    moved = level("1.2", 3, stable_id="a", question="Q ?", levels=[[0, "x"], [3, "y"]])
    was = level("1.1", 0, stable_id="a", question="Q ?", levels=[[0, "x"], [3, "y"]])
    new, second, gone = compare(content(was, level("1.2", 1)), content(level("1.1", 2, stable_id="new"), moved)).rows
    assert (new.code, new.reason) == ("1.1", ONLY_AFTER)
    assert (second.code, second.before["code"], second.evolution) == ("1.2", "1.1", "trois degrés de plus")
    assert (gone.code, gone.reason) == ("1.2", ONLY_BEFORE)


def test_contents_frozen_before_stable_ids_are_matched_by_code():
    old = {key: value for key, value in level("1.1", 1).items() if key not in ("stable_id", "evidence")}
    row = only_row(old, level("1.1", 2, evidence=[{"title": "x"}]))
    assert row.evolution == "un degré de plus"
    assert (row.before_support, row.after_support) == ("déclaré", "étayé")


def test_scores_are_compared_on_comparable_criteria_with_a_level_on_both_sides():
    before = content(level("1.1", 1), level("1.2", 3), criterion("1.3", "unknown"), level("1.4", 0))
    after = content(level("1.1", 2), level("1.2", 3, question="Autre ?"), level("1.3", 3), level("1.4", 1))
    compared = compare(before, after)
    assert [row.code for row in compared.counted] == ["1.1", "1.4"]
    assert (compared.score_before.value, compared.score_after.value) == (Decimal("0.5"), Decimal("1.5"))
    assert compared.own_scores == (Decimal("1.3"), Decimal("2.3"))
    assert compared.tally == {"up": 2, "down": 0, "same": 0, "moved": 1, "apart": 1}


def test_a_weight_that_changed_does_not_move_the_score_by_itself():
    before = content(level("1.1", 3, weight=1), level("1.2", 0, weight=1))
    after = content(level("1.1", 3, weight=3), level("1.2", 0, weight=1))
    compared = compare(before, after)
    assert compared.weights_changed
    assert compared.score_before.value == compared.score_after.value == Decimal("2.3")


def test_it_is_drawn_with_both_series_and_told_in_words():
    before = content(*(level(f"1.{rank}", 1) for rank in range(1, 5)))
    after = content(*(level(f"1.{rank}", 2) for rank in range(1, 5)))
    compared = compare(before, after, name_before="Juin", name_after="Décembre")
    assert "Juin\xa0: 1.1 1" in compared.picture.svg
    assert "Décembre\xa0: 1.1 2" in compared.picture.svg
    assert compared.picture.headers == ["Critère", "Juin", "Décembre"]
    assert "Décembre" in compared.bars
    assert compared.bars != compared.picture.svg


answers = st.sampled_from(
    [("level", value) for value in range(4)] + [("unknown", None), ("not_applicable", None), ("", None)]
)
chapters = st.dictionaries(st.sampled_from([f"1.{rank}" for rank in range(1, 7)]), answers, min_size=1)


def chapter_of(said):
    return content(*(criterion(code, *answer) for code, answer in sorted(said.items())))


@given(chapters)
def test_a_content_compared_with_itself_never_moves(said):
    compared = compare(chapter_of(said), deepcopy(chapter_of(said)))
    assert {row.evolution for row in compared.rows} == {SAME}
    assert compared.score_before == compared.score_after
    assert compared.score_after.value == compared.own_scores[0]


@given(chapters, chapters)
def test_each_criterion_is_told_once_and_the_other_way_round_is_the_opposite(first, second):
    there, back = compare(chapter_of(first), chapter_of(second)), compare(chapter_of(second), chapter_of(first))
    assert sorted(row.code for row in there.rows) == sorted(first.keys() | second.keys())
    assert {row.code: row.degrees for row in there.counted} == {row.code: -row.degrees for row in back.counted}
    assert (there.score_before, there.score_after) == (back.score_after, back.score_before)
    assert sum(there.tally.values()) == len(there.rows)


@given(chapters, st.sampled_from(list(AnswerKind)))
def test_a_change_of_wording_leaves_every_score_alone(said, kind):
    """Whatever the criterion says after, it enters neither score."""
    before, after = chapter_of(said), chapter_of(said)
    changed = after["criteria"][0]
    changed |= {"question": "Autre ?", "kind": kind, "value": 3 if kind == AnswerKind.LEVEL else None}
    compared = compare(before, after)
    assert changed["code"] not in {row.code for row in compared.counted}
    assert compared.score_before == compared.score_after
