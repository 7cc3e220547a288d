"""One function computes a number."""

from decimal import Decimal
from itertools import permutations

import pytest

from autodiag.enums import AnswerKind
from autodiag.scoring import Line, by_chapter, score, weighted_mean


def line(value=None, weight=1, kind=AnswerKind.LEVEL):
    return Line(code="1.1", title="Titre", weight=weight, kind=kind, value=value)


UNKNOWN = line(kind=AnswerKind.UNKNOWN)
NOT_APPLICABLE = line(kind=AnswerKind.NOT_APPLICABLE, weight=5)
NONE = line(kind=AnswerKind.NONE)


def test_score_is_the_weighted_mean_of_the_levels():
    result = score([line(3, weight=2), line(0), line(1)])
    assert (result.total, result.weight, result.value) == (7, 4, Decimal("1.8"))


@pytest.mark.parametrize(
    ("total", "weight", "expected"), [(1, 20, "0.1"), (5, 4, "1.3"), (49, 20, "2.5"), (0, 3, "0.0")]
)
def test_rounding_is_half_up_to_one_decimal(total, weight, expected):
    assert weighted_mean(total, weight) == Decimal(expected)


def test_level_zero_counts_and_the_three_others_do_not():
    result = score([line(0), line(2), UNKNOWN, NOT_APPLICABLE, NONE])
    assert (result.value, result.weight) == (Decimal("1.0"), 2)
    assert result.left_out == {AnswerKind.UNKNOWN: 1, AnswerKind.NOT_APPLICABLE: 1, AnswerKind.NONE: 1}
    assert result.answered == 4


def test_nothing_that_counts_is_no_score_not_zero():
    assert score([UNKNOWN, NOT_APPLICABLE, NONE]).value is None
    assert score([]).value is None


def test_order_changes_nothing():
    lines = [line(3, weight=2), line(0), UNKNOWN, line(1, weight=3)]
    assert len({score(some).value for some in permutations(lines)}) == 1


def test_score_stays_between_the_lowest_and_the_highest_level_chosen():
    for values in ([0, 3, 3], [1, 2], [2, 2, 2, 2]):
        for weights in ([1, 5, 2, 1], [3, 1, 1, 9]):
            lines = [line(value, weight) for value, weight in zip(values, weights, strict=False)]
            assert min(values) <= score(lines).value <= max(values)


def test_strengths_are_above_the_first_degree_and_at_least_the_score():
    lines = [line(0), line(1), line(3), line(2, weight=2), line(2)]
    assert [found.value for found in score(lines).strengths(above=0)] == [3, 2, 2]
    assert score([line(0), line(0)]).strengths(above=0) == ()
    assert score([UNKNOWN]).strengths(above=0) == ()


def test_by_chapter_divides_and_rounds_like_a_score():
    rows = [{"participation_id": 1, "criterion__chapter_id": 7, "total": 7, "weight": 4}]
    rows += [{"participation_id": 1, "criterion__chapter_id": 8, "total": None, "weight": None}]
    assert by_chapter(rows) == {1: {7: Decimal("1.8"), 8: None}}
