"""The picture of a whole path: every chapter with its score, its strengths, what supports it. Pure."""

from dataclasses import dataclass
from functools import cached_property

from autodiag.comparing import compare
from autodiag.documents import DECLARED, SUPPORTED, lines_of, support_of
from autodiag.gaps import gaps_of
from autodiag.scoring import Score, score
from autodiag.services.snapshots import key_of
from autodiag.viewpoints import columns_of, spread_in_words
from caprse.base.svg import COLOURS, DASHES, Series, bars, picture

MOST_GAPS = 5


@dataclass(frozen=True)
class ChapterPicture:
    """One chapter of a path. `score` is None where nothing of it may be read yet."""

    chapter: object
    autodiag: object
    submission: object
    score: Score | None
    supported: int
    declared: int
    strengths: tuple

    @property
    def is_draft(self):
        """Whether these are the answers of the moment, read by the people of the structure alone."""
        return self.score is not None and self.submission is None

    @property
    def value(self):
        return self.score.value if self.score else None

    @property
    def name(self):
        """Its short title, which says so when it is a draft."""
        return f"{self.chapter.short_title} (brouillon)" if self.is_draft else self.chapter.short_title

    @property
    def without_level(self):
        """How many criteria have no level; None where nothing may be read."""
        return sum(self.score.left_out.values()) if self.score else None


@dataclass(frozen=True)
class PathPicture:
    """All the chapters of a path, drawn and told."""

    structure: str
    chapters: list
    scale: dict

    @property
    def is_empty(self):
        """Whether there is no score to draw yet."""
        return all(one.value is None for one in self.chapters)

    @property
    def has_drafts(self):
        return any(one.is_draft for one in self.chapters)

    @property
    def transmitted(self):
        return [one for one in self.chapters if one.submission]

    @property
    def ends(self):
        """Lowest and highest value of the scale."""
        return min(self.scale), max(self.scale)

    @cached_property
    def radar(self):
        """One axis per chapter; bars while there are fewer than three."""
        return picture(*self._series, ident="parcours", size=340, **self._frame).svg

    @cached_property
    def bars(self):
        """The same as bars; None where the radar is made of bars already."""
        return bars(*self._series, ident="parcours-barres", size=520, **self._frame) if len(self.chapters) > 2 else None

    @property
    def _series(self):
        return [one.name for one in self.chapters], [Series(self.structure, [one.value for one in self.chapters])]

    @property
    def _frame(self):
        low, high = self.ends
        return {"low": low, "high": high, "title": "Score de chaque chapitre"}


def path_picture(structure, rounds, autodiags, read, scale):
    """The picture of a path. `read`: {id of an autodiagnostic: `ChapterRead`}; `scale`: the steps of its version."""
    levels = {step.value: step.label for step in scale}
    by_round = {autodiag.round_id: autodiag for autodiag in autodiags}
    chapters = [_chapter(round_.chapter, by_round.get(round_.pk), read, min(levels)) for round_ in rounds]
    return PathPicture(structure, chapters, levels)


def _chapter(chapter, autodiag, read, lowest):
    found = read.get(autodiag.pk) if autodiag else None
    if found is None:
        return ChapterPicture(chapter, autodiag, None, None, 0, 0, ())
    supports = [support_of(criterion) for criterion in found.criteria]
    result = score(lines_of(found.criteria))
    return ChapterPicture(
        chapter,
        autodiag,
        found.submission,
        result,
        supports.count(SUPPORTED),
        supports.count(DECLARED),
        result.strengths(above=lowest),
    )


@dataclass(frozen=True)
class Moved:
    """A chapter between its first transmission and its last. `before`, `after`: their names in an address, their days."""

    autodiag: object
    before: tuple
    after: tuple
    compared: object

    @property
    def chapter(self):
        return self.autodiag.round.chapter


@dataclass(frozen=True)
class PathMoves:
    """Before and after over a whole path: the chapters transmitted twice, on the criteria that may be compared."""

    chapters: list
    scale: dict

    @cached_property
    def drawn(self):
        """Those that have a score on both sides."""
        return [one for one in self.chapters if one.compared.counted]

    @cached_property
    def picture(self):
        """Both series on one drawing; None when there is nothing to compare."""
        if not self.drawn:
            return None
        labels = [one.chapter.short_title for one in self.drawn]
        before = [one.compared.score_before.value for one in self.drawn]
        after = [one.compared.score_after.value for one in self.drawn]
        series = [
            Series("Avant", before, colour=COLOURS[1], dash=DASHES[1]),
            Series("Après", after, colour=COLOURS[0], dash=DASHES[0]),
        ]
        frame = {"low": min(self.scale), "high": max(self.scale), "ident": "parcours-avant-apres", "size": 340}
        return picture(labels, series, title="Chapitre par chapitre, avant et après", **frame).svg


def path_moves(pairs, scale):
    """The chapters of `pairs` compared; see `services.snapshots.first_and_last`."""
    moved = [
        Moved(
            autodiag,
            (key_of(first, autodiag), first.submitted_at),
            (key_of(last, autodiag), last.submitted_at),
            compare(first.content, last.content),
        )
        for autodiag, first, last in pairs
    ]
    return PathMoves(moved, {step.value: step.label for step in scale})


@dataclass(frozen=True)
class WideGap:
    """A criterion on which viewpoints differ, and by how much, in words."""

    autodiag: int
    position: int
    code: str
    title: str
    spread: int
    apart: int
    words: str


def widest_gaps(rows, names, scale):
    """Every gap of a path that may be shown, the widest first. Under three voices, a criterion is not there.

    `rows`, `names`: as `services.picture.compared_viewpoints` gives them; `scale`: the steps of the version.
    """
    steps = list(scale)
    ranks = {step.value: rank for rank, step in enumerate(steps)}
    columns = columns_of(steps)
    found = [
        WideGap(autodiag, position, *names[autodiag][position], gap.spread, gap.apart, spread_in_words(gap, columns))
        for autodiag, given in rows.items()
        for position, gap in gaps_of(given, ranks).items()
        if gap.is_shown and gap.spread
    ]
    return sorted(found, key=lambda one: (-one.spread, -one.apart, one.autodiag, one.position))
