"""Results of the network: how the answers of many structures spread, never those of one. Pure: no query.

A scope (cohort, region, network) of fewer than five structures shows nothing, and no subtraction between two scopes
isolates fewer than five. Source: docs/decisions/0013-aggregates.md.
"""

from collections import Counter
from dataclasses import dataclass

THRESHOLD = 5


@dataclass(frozen=True)
class Part:
    """One cohort: the ids of the structures that count in it, and how many gave each answer to each criterion.

    `counts` is {(criterion, answer): number}; an answer is the value of a level, or a kind that holds none.
    """

    cohort_id: int
    region_id: int
    structures: frozenset
    counts: dict


@dataclass(frozen=True)
class Shown:
    """What may be shown of a scope: its structures, the spread of their answers, how many cohorts it leaves out."""

    structures: int
    counts: dict
    left_out: int


@dataclass(frozen=True)
class Consolidation:
    """What may be shown of the network, of each region and of each cohort, by id; None under the threshold."""

    network: Shown | None
    regions: dict
    cohorts: dict

    def of(self, *, region_id=None, cohort_id=None):
        """The narrowest scope asked for."""
        if cohort_id is not None:
            return self.cohorts.get(cohort_id)
        return self.network if region_id is None else self.regions.get(region_id)


def distinct(parts):
    """How many structures these parts hold: one that is in two of them counts once."""
    return len(frozenset().union(*(part.structures for part in parts)))


def summed(large, small):
    """What a sum takes in, and what it leaves out: the small parts enter all together, or not at all.

    So the sum less its large parts is nothing, or at least `THRESHOLD` different structures.
    """
    if distinct(small) >= THRESHOLD:
        return [*large, *small], []
    return list(large), list(small)


def consolidate(parts):
    """What may be shown of these cohorts, of their regions and of all together."""
    cohorts, regions, taken, left = {}, {}, [], []
    for part in parts:
        regions.setdefault(part.region_id, []).append(part)
        cohorts[part.cohort_id] = _shown([part] if _large(part) else [], [])
    for region_id, inside in regions.items():
        large = [part for part in inside if _large(part)]
        enter, stay_out = summed(large, [part for part in inside if not _large(part)])
        regions[region_id] = _shown(enter, stay_out)
        taken += enter
        left += stay_out
    return Consolidation(network=_shown(*summed(taken, left)), regions=regions, cohorts=cohorts)


def _large(part):
    return len(part.structures) >= THRESHOLD


def _shown(parts, left_out):
    if not parts:
        return None
    counts = Counter()
    for part in parts:
        for key, number in part.counts.items():
            counts[key] += number
    return Shown(structures=distinct(parts), counts=dict(counts), left_out=len(left_out))
