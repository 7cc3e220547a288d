"""How the viewpoints of a structure differ, criterion by criterion, and nobody is pointed at. Pure: no query.

No cell shown has fewer than three voices, and no subtraction between what is shown isolates fewer than three.
Source: docs/decisions/0015-blind-viewpoints.md.
"""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from autodiag.enums import AnswerKind

SMALLEST_GROUP = 3


class Said(NamedTuple):
    """One viewpoint as it is counted: never shown as it is, never with a name.

    `group`: position and name of its group; `choice`: rank of a level, from 0, or an `AnswerKind` that holds none.
    """

    group: tuple
    choice: object
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """Voices counted together: a group of the version, or (`name` None) the other voices."""

    name: str | None
    counts: dict

    @property
    def voices(self):
        return sum(self.counts.values())


@dataclass(frozen=True)
class Gap:
    """What may be shown of one criterion: under three voices, how many they are and nothing more."""

    voices: int
    counts: dict = field(default_factory=dict)
    cells: tuple = ()
    notes: tuple = ()

    @property
    def is_shown(self):
        return self.voices >= SMALLEST_GROUP

    @property
    def ranks(self):
        """Lowest and highest level chosen; None when nobody whose voice is shown chose one."""
        chosen = [choice for choice in self.counts if isinstance(choice, int)]
        return (min(chosen), max(chosen)) if chosen else None

    @property
    def spread(self):
        """How many degrees apart the viewpoints are; None when there is no level to compare."""
        return self.ranks[1] - self.ranks[0] if self.ranks else None

    @property
    def apart(self):
        """How many voices do not say what most say: among equal spreads, where opinions divide most."""
        return self.voices - max(self.counts.values()) if self.counts else 0


NOTHING = Gap(voices=0)


def partition(sizes):
    """Which groups stand alone, and which are counted together as the other voices, in the order of the groups.

    `sizes`: {group: voices}. Groups under three are pooled; a pool of one or two takes in the smallest group that
    stood alone, so that it is not told by subtraction either. Under three voices in all, there is nothing to show.
    """
    sizes = {group: number for group, number in sizes.items() if number}
    if sum(sizes.values()) < SMALLEST_GROUP:
        return [], []
    alone = sorted(
        (group for group in sizes if sizes[group] >= SMALLEST_GROUP), key=lambda group: (sizes[group], group)
    )
    pooled = [group for group in sizes if sizes[group] < SMALLEST_GROUP]
    while pooled and sum(sizes[group] for group in pooled) < SMALLEST_GROUP:
        pooled.append(alone.pop(0))
    return sorted(alone), sorted(pooled)


def gap_of(said):
    """What may be shown of the viewpoints given on one criterion, whatever the order they come in."""
    said = list(said)
    if len(said) < SMALLEST_GROUP:
        return Gap(voices=len(said))
    by_group = {}
    for one in said:
        by_group.setdefault(one.group, Counter())[one.choice] += 1
    alone, pooled = partition({group: counts.total() for group, counts in by_group.items()})
    cells = [Cell(group[1], dict(by_group[group])) for group in alone]
    if pooled:
        cells.append(Cell(None, dict(sum((by_group[group] for group in pooled), Counter()))))
    counts = dict(Counter(one.choice for one in said))
    return Gap(len(said), counts, tuple(cells), shuffled(one.note for one in said if one.note))


def shuffled(notes):
    """Notes in an order that says nothing of who wrote them or when, the same at every reading."""
    return tuple(sorted(notes, key=lambda note: (sha256(note.encode()).digest(), note)))


def gaps_of(rows, ranks):
    """{position of the criterion: its gap}.

    `rows`: position, position and name of the group, kind, value of the level, note; `ranks`: {value: rank}.
    """
    said = {}
    for position, *group, kind, value, note in rows:
        choice = ranks[value] if kind == AnswerKind.LEVEL else AnswerKind(kind)
        said.setdefault(position, []).append(Said(tuple(group), choice, note))
    return {position: gap_of(given) for position, given in said.items()}


def widest_first(pairs):
    """`(position, gap)` pairs, the widest gaps first; those that show nothing last, in the order of the chapter."""
    return sorted(pairs, key=lambda pair: (*_width(pair[1]), pair[0]))


def _width(gap):
    if not gap.is_shown:
        return 1, 0, 0
    return 0, 1 if gap.spread is None else -gap.spread, -gap.apart
