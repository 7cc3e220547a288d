"""The threshold and the remainder: what a sum takes in, what it leaves out. Numbers written by hand."""

import pytest

from autodiag.consolidation import Part, consolidate, summed


def part(cohort, region, structures, number=None):
    """A cohort whose structures all gave level 1 to criterion 7."""
    structures = frozenset(structures)
    return Part(cohort, region, structures, {(7, 1): number or len(structures)})


def number(shown):
    return shown and (shown.structures, shown.counts[7, 1], shown.left_out)


@pytest.mark.parametrize(
    ("structures", "seen"), [("", None), ("a", None), ("abcd", None), ("abcde", (5, 5, 0)), ("abcdef", (6, 6, 0))]
)
def test_a_scope_shows_nothing_under_five(structures, seen):
    found = consolidate([part(1, 1, structures)])
    assert [number(found.cohorts[1]), number(found.regions[1]), number(found.network)] == [seen] * 3


def test_small_parts_enter_together_when_they_are_five():
    large, small = [part(1, 1, "abcde")], [part(2, 1, "fg"), part(3, 1, "hij")]
    assert summed(large, small) == ([*large, *small], [])


def test_small_parts_stay_out_together_when_they_are_four():
    large, small = [part(1, 1, "abcde")], [part(2, 1, "fg"), part(3, 1, "hi")]
    assert summed(large, small) == (large, small)


def test_one_structure_in_two_cohorts_does_not_make_five_of_four():
    small = [part(1, 1, "ab"), part(2, 1, "bcd")]
    assert summed([], small) == ([], small)
    assert consolidate(small).regions[1] is None
    assert number(consolidate([part(1, 1, "abc"), part(2, 1, "cde")]).regions[1]) == (5, 6, 0)


def test_a_region_leaves_out_what_a_subtraction_would_tell():
    found = consolidate([part(1, 1, "abcde"), part(2, 1, "fghi")])
    assert number(found.cohorts[1]) == (5, 5, 0)
    assert found.cohorts[2] is None
    assert number(found.regions[1]) == (5, 5, 1)
    assert number(found.network) == (5, 5, 1)


def test_what_two_regions_leave_out_enters_the_network_once_it_is_five():
    parts = [part(1, 1, "abcde"), part(2, 1, "fg"), part(3, 2, "hijkl"), part(4, 2, "mno")]
    found = consolidate(parts)
    assert [number(found.regions[1]), number(found.regions[2])] == [(5, 5, 1), (5, 5, 1)]
    assert number(found.network) == (15, 15, 0)


def test_what_a_region_took_in_is_not_left_out_again():
    found = consolidate([part(1, 1, "ab"), part(2, 1, "cde"), part(3, 2, "fghi")])
    assert number(found.regions[1]) == (5, 5, 0)
    assert found.regions[2] is None
    assert number(found.network) == (5, 5, 1)


def every_difference(found, parts):
    """The structures one finds by taking the scopes shown inside a larger one away from it."""
    sizes = {part.cohort_id: len(part.structures) for part in parts}
    regions = {part.cohort_id: part.region_id for part in parts}
    for region, shown in found.regions.items():
        inside = [sizes[c] for c, seen in found.cohorts.items() if seen and regions[c] == region]
        if shown:
            yield shown.counts[7, 1] - sum(inside)
    if found.network:
        yield found.network.counts[7, 1] - sum(shown.counts[7, 1] for shown in found.regions.values() if shown)


def test_no_subtraction_isolates_fewer_than_five():
    """Every split of up to four cohorts of 0 to 6 structures in two regions."""
    letters = iter(range(10**9))
    sizes = [0, 1, 3, 4, 5, 6]
    for first in sizes:
        for second in sizes:
            for third in sizes:
                for fourth in sizes:
                    parts = [
                        part(rank, rank // 2, {next(letters) for _ in range(size)})
                        for rank, size in enumerate((first, second, third, fourth))
                    ]
                    assert all(left == 0 or left >= 5 for left in every_difference(consolidate(parts), parts))
