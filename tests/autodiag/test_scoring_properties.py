"""What holds of a score whatever the numbers: bounds, weights, what stays out, order, and one result everywhere."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autodiag.documents import content_of, lines_of_answers
from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag
from autodiag.scoring import Line, by_chapter, score, weighted_mean
from autodiag.services.reading import chapter_answers
from cohorts.models import Participation
from referentiel.models import MaturityLevel
from tests.network_data import answered, new_cohort, new_region, published

WEIGHTS = st.integers(1, 12)
LEVELS = st.integers(0, 5)
OUT = st.sampled_from([AnswerKind.NONE, AnswerKind.UNKNOWN, AnswerKind.NOT_APPLICABLE])


def line(weight, value=None, kind=AnswerKind.LEVEL):
    return Line(code="1.1", title="Titre", weight=weight, kind=kind, value=value)


levels = st.builds(line, WEIGHTS, LEVELS)
left_out = st.builds(lambda weight, kind: line(weight, kind=kind), WEIGHTS, OUT)
some_levels = st.lists(levels, min_size=1, max_size=30)
any_lines = st.lists(st.one_of(levels, left_out), max_size=30)


def exact(lines):
    counted = [one for one in lines if one.counts]
    return Fraction(sum(one.weight * one.value for one in counted), sum(one.weight for one in counted))


@given(some_levels)
def test_it_stays_between_the_lowest_and_the_highest_level_chosen(lines):
    chosen = [one.value for one in lines]
    assert min(chosen) <= score(lines).value <= max(chosen)


@given(some_levels, st.integers(2, 50))
def test_weighing_everything_more_changes_nothing(lines, times):
    heavier = [line(one.weight * times, one.value) for one in lines]
    assert score(heavier).value == score(lines).value


@given(st.lists(LEVELS, min_size=1, max_size=30))
def test_without_weights_it_is_the_plain_mean(values):
    result = score(line(1, value) for value in values)
    assert (result.total, result.weight) == (sum(values), len(values))
    assert result.value == weighted_mean(sum(values), len(values))


@given(some_levels, st.data())
def test_raising_one_level_never_lowers_it(lines, data):
    rank = data.draw(st.integers(0, len(lines) - 1))
    raised = [*lines[:rank], line(lines[rank].weight, lines[rank].value + 1), *lines[rank + 1 :]]
    assert score(raised).value >= score(lines).value


@given(some_levels, LEVELS, st.integers(1, 40))
def test_a_heavier_criterion_draws_the_score_towards_its_level(lines, value, weight):
    lighter, heavier = score([*lines, line(weight, value)]), score([*lines, line(weight + 1, value)])
    assert abs(exact(heavier.lines) - value) <= abs(exact(lighter.lines) - value)


@given(some_levels, st.lists(left_out, max_size=10))
def test_what_has_no_level_is_neutral_and_counted_apart(lines, others):
    result = score([*lines, *others])
    assert (result.value, result.total, result.weight) == tuple(
        getattr(score(lines), name) for name in ("value", "total", "weight")
    )
    assert result.left_out.total() == len(others)
    assert result.answered == len(lines) + sum(one.kind != AnswerKind.NONE for one in others)


@given(st.lists(left_out, max_size=10))
def test_nothing_that_counts_is_no_score(lines):
    assert score(lines).value is None
    assert score(lines).explained()["value"] is None


@given(any_lines, st.randoms(use_true_random=False))
def test_order_changes_nothing(lines, random):
    shuffled = random.sample(lines, len(lines))
    assert (score(shuffled).value, score(shuffled).left_out) == (score(lines).value, score(lines).left_out)


@given(st.integers(0, 10_000), st.integers(1, 500))
def test_it_is_rounded_half_up_to_one_decimal_and_nowhere_else(total, weight):
    value = weighted_mean(total, weight)
    assert value.as_tuple().exponent == -1
    away = Fraction(value) - Fraction(total, weight)
    assert -Fraction(1, 20) < away <= Fraction(1, 20)


@given(any_lines)
def test_the_explanation_adds_up_to_the_score(lines):
    told = score(lines).explained()
    counted = [one for one in told["lines"] if one["counts"]]
    assert len(told["lines"]) == len(lines)
    assert told["total"] == sum(one["points"] for one in counted)
    assert told["weight"] == sum(one["weight"] for one in counted)
    assert all(one["why_not"] and one["points"] is None for one in told["lines"] if not one["counts"])
    assert sum(told["left_out"].values()) == len(lines) - len(counted)
    assume(told["value"] is not None)
    assert Decimal(told["value"]) == weighted_mean(told["total"], told["weight"])


@given(some_levels)
def test_what_precedes_rounding_is_cut_never_rounded(lines):
    cut, goes_on = score(lines).before_rounding
    assert Fraction(cut) <= exact(lines) < Fraction(cut) + Fraction(1, 10_000)
    assert goes_on is (Fraction(cut) != exact(lines))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.lists(levels, max_size=6)), max_size=9))
def test_grouped_sums_give_the_same_as_the_lines(groups):
    sums = {(path, chapter): score(lines) for path, chapter, lines in groups}
    rows = [
        {
            "participation_id": path,
            "criterion__chapter_id": chapter,
            "total": one.total if one.weight else None,
            "weight": one.weight or None,
        }
        for (path, chapter), one in sums.items()
    ]
    found = by_chapter(rows)
    assert {(path, chapter): value for path in found for chapter, value in found[path].items()} == {
        key: one.value for key, one in sums.items()
    }


# --- On the rows of the database ----------------------------------------------------------------------------------


@pytest.fixture
def sent(db):
    """One structure that transmitted a chapter of eight criteria, and the levels of each."""
    cohort = new_cohort(new_region("scores"), published("SCORES", chapters=1, criteria=8), "scores")
    answered(cohort, "00000000")
    participation = Participation.objects.select_related("organisation").get(cohort=cohort)
    answers = list(Answer.objects.filter(participation=participation).in_order().select_related("criterion"))
    steps = {
        answer.pk: list(MaturityLevel.objects.filter(criterion=answer.criterion).order_by("value"))
        for answer in answers
    }
    return SimpleNamespace(participation=participation, answers=answers, steps=steps)


def write(sent, drawn):
    for answer, (kind, rank) in zip(sent.answers, drawn, strict=True):
        answer.kind, answer.level, answer.na_reason = kind, None, ""
        if kind == AnswerKind.LEVEL:
            answer.level = sent.steps[answer.pk][rank]
        if kind == AnswerKind.NOT_APPLICABLE:
            answer.na_reason = "Motif"
    Answer.objects.bulk_update(sent.answers, ["kind", "level", "na_reason"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(st.sampled_from(list(AnswerKind)), st.integers(0, 2)), min_size=8, max_size=8))
def test_page_board_and_consolidation_give_the_same_number(sent, drawn):
    write(sent, drawn)
    autodiag = Autodiag.objects.with_context().get(participation=sent.participation)
    lines = lines_of_answers(chapter_answers(autodiag))
    expected = score(lines).value
    content = content_of(
        autodiag, chapter_answers(autodiag), autodiag.participation.cohort.version.scale.all(), shared_only=True
    )
    assert content["score"] == score(lines).explained()
    totals = Answer.objects.filter(participation=sent.participation).weighted_totals()
    assert by_chapter(totals)[sent.participation.pk][autodiag.round.chapter_id] == expected
    row = Autodiag.objects.filter(pk=autodiag.pk).for_board().get()
    assert weighted_mean(row.points, row.weight) == expected
