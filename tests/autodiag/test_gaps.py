"""No gap ever points at one person: properties of the partition, tried on many structures of voices."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodiag.enums import AnswerKind
from autodiag.gaps import NOTHING, SMALLEST_GROUP, Said, gap_of, gaps_of, partition, widest_first

GROUPS = [(rank, f"Groupe {rank}") for rank in range(1, 8)]
CHOICES = [0, 1, 2, 3, AnswerKind.UNKNOWN, AnswerKind.NOT_APPLICABLE]
steady = settings(derandomize=True, deadline=None, database=None, max_examples=200)
sizes = st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 9))
voices = st.lists(
    st.builds(Said, st.sampled_from(GROUPS), st.sampled_from(CHOICES), st.sampled_from(["", "Un mot", "Un autre mot"])),
    max_size=25,
)


@steady
@given(sizes)
def test_every_group_with_a_voice_is_counted_once(sizes):
    alone, pooled = partition(sizes)
    if sum(sizes.values()) < SMALLEST_GROUP:
        assert (alone, pooled) == ([], [])
    else:
        assert sorted(alone + pooled) == sorted(group for group, number in sizes.items() if number)


@steady
@given(sizes)
def test_no_cell_has_fewer_than_three_voices(sizes):
    alone, pooled = partition(sizes)
    assert all(sizes[group] >= SMALLEST_GROUP for group in alone)
    assert not pooled or sum(sizes[group] for group in pooled) >= SMALLEST_GROUP


@steady
@given(sizes)
def test_no_subtraction_between_what_is_shown_isolates_fewer_than_three(sizes):
    """The whole less any of its cells, and any sum of cells less another, is nothing or at least three voices."""
    alone, pooled = partition(sizes)
    cells = [sizes[group] for group in alone] + [sum(sizes[group] for group in pooled)] * bool(pooled)
    sums = [sum(chosen) for count in range(len(cells) + 1) for chosen in combinations(cells, count)]
    assert all(total == 0 or total >= SMALLEST_GROUP for total in sums)
    whole = sum(cells)
    assert all(whole - total == 0 or whole - total >= SMALLEST_GROUP for total in sums)


@steady
@given(sizes)
def test_a_group_is_pooled_only_when_it_must_be(sizes):
    alone, pooled = partition(sizes)
    taken_in = [group for group in pooled if sizes[group] >= SMALLEST_GROUP]
    if not alone and not pooled:
        return
    assert len(taken_in) <= 1
    for group in taken_in:
        assert sum(sizes[other] for other in pooled if other != group) < SMALLEST_GROUP
        assert all(sizes[group] <= sizes[other] for other in alone)


@steady
@given(voices, st.randoms(use_true_random=False))
def test_what_is_shown_is_the_same_whatever_the_order(said, dice):
    other = list(said)
    dice.shuffle(other)
    assert gap_of(said) == gap_of(other)


@steady
@given(voices)
def test_cells_add_up_to_the_whole(said):
    gap = gap_of(said)
    assert gap.voices == len(said)
    if not gap.is_shown:
        assert (gap.counts, gap.cells, gap.notes, gap.spread) == ({}, (), (), None)
        return
    assert sum(cell.voices for cell in gap.cells) == sum(gap.counts.values()) == gap.voices
    for choice in CHOICES:
        assert sum(cell.counts.get(choice, 0) for cell in gap.cells) == gap.counts.get(choice, 0)
    assert sorted(gap.notes) == sorted(one.note for one in said if one.note)


@steady
@given(voices)
def test_the_spread_is_between_the_lowest_and_the_highest_level(said):
    gap, levels = gap_of(said), [one.choice for one in said if isinstance(one.choice, int)]
    if gap.is_shown and levels:
        assert gap.spread == max(levels) - min(levels)
        assert 0 <= gap.apart < gap.voices
    else:
        assert gap.spread is None


@pytest.mark.parametrize(
    ("sizes", "alone", "pooled"),
    [
        ({"a": 2}, [], []),
        ({"a": 1, "b": 1}, [], []),
        ({"a": 3}, ["a"], []),
        ({"a": 1, "b": 2}, [], ["a", "b"]),
        ({"a": 3, "b": 3}, ["a", "b"], []),
        ({"a": 3, "b": 1}, [], ["a", "b"]),
        ({"a": 3, "b": 4, "c": 1}, ["b"], ["a", "c"]),
        ({"a": 5, "b": 2, "c": 1}, ["a"], ["b", "c"]),
    ],
)
def test_small_groups_are_counted_with_others(sizes, alone, pooled):
    assert partition(sizes) == (alone, pooled)


def test_rows_are_counted_by_criterion_with_the_ranks_of_the_scale():
    rows = [(1, 2, "CA", AnswerKind.LEVEL, 1, "a")] * 3 + [(1, 1, "Direction", AnswerKind.LEVEL, 3, "")]
    rows += [(2, 1, "Direction", AnswerKind.UNKNOWN, None, "secret")]
    gaps = gaps_of(rows, {1: 0, 2: 1, 3: 2})
    assert gaps[1].counts == {0: 3, 2: 1}
    assert (gaps[1].spread, gaps[1].notes) == (2, ("a", "a", "a"))
    assert [(cell.name, cell.voices) for cell in gaps[1].cells] == [(None, 4)]
    assert (gaps[2].voices, gaps[2].notes) == (1, ())


def test_the_widest_gaps_come_first_and_those_that_show_nothing_last():
    same = gap_of([Said(GROUPS[0], 1)] * 4)
    one_apart = gap_of([Said(GROUPS[0], 0)] * 3 + [Said(GROUPS[0], 2)])
    divided = gap_of([Said(GROUPS[0], 0)] * 2 + [Said(GROUPS[0], 2)] * 2)
    unknown = gap_of([Said(GROUPS[0], AnswerKind.UNKNOWN)] * 3)
    pairs = [(1, NOTHING), (2, same), (3, one_apart), (4, unknown), (5, divided), (6, gap_of([Said(GROUPS[0], 1)]))]
    assert [position for position, _ in widest_first(pairs)] == [5, 3, 2, 4, 1, 6]
