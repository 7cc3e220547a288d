"""What the pages of the network's results show, from what the door let out. Pure: no query."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from autodiag.consolidation import Shown
from autodiag.enums import AnswerKind
from caprse.base.stacked import DASHED, PLAIN, STEPS, Segment, stacked_bar, swatch
from caprse.base.templatetags.ui import ramp_step
from cohorts.models import Cohort, Region
from referentiel.models import Chapter, Criterion, Version

OTHERS = ((AnswerKind.NOT_APPLICABLE, "Non applicable", DASHED), (AnswerKind.UNKNOWN, "Ne sait pas", PLAIN))


def chapter_url(chapter, region=None, cohort=None):
    """The results of a chapter, for the network, a region or a cohort. The version is at hand."""
    version = chapter.version
    url = reverse("network_chapter", args=[version.referentiel.code, version.number, chapter.number])
    scope = {name: found.slug for name, found in (("region", region), ("cohorte", cohort)) if found}
    return f"{url}?{urlencode(scope)}" if scope else url


# --- All versions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """How many structures transmitted one chapter: None where fewer than five did."""

    chapter: Chapter
    structures: int | None
    url: str


@dataclass(frozen=True)
class Line:
    """The network, a region or a cohort: `kind` says which."""

    kind: str
    name: str
    engaged: int
    cells: list

    @property
    def shows_nothing(self):
        return all(cell.structures is None for cell in self.cells)


@dataclass(frozen=True)
class Board:
    """One version of a référentiel, and who goes through it."""

    version: Version
    chapters: list
    lines: list


def boards(cohorts, standing):
    """One board per version, the one most structures go through first: the network, each region and its cohorts.

    `cohorts` come version by version, then region by region.
    """
    found = []
    for version, rows in groupby(cohorts, key=lambda cohort: cohort.version):
        chapters = list(version.chapters.all())
        lines = [_line(version, chapters, standing)]
        for region, inside in groupby(rows, key=lambda cohort: cohort.region):
            lines.append(_line(version, chapters, standing, region))
            lines += [_line(version, chapters, standing, region, cohort) for cohort in inside]
        found.append(Board(version, chapters, lines))
    return sorted(found, key=lambda board: -board.lines[0].engaged)


def _line(version, chapters, standing, region=None, cohort=None):
    ids = {"region_id": region and region.pk, "cohort_id": cohort and cohort.pk}
    shown = [(chapter, standing.chapters[chapter.pk].of(**ids)) for chapter in chapters]
    return Line(
        kind="cohort" if cohort else "region" if region else "network",
        name=cohort.name if cohort else region.name if region else "Tout le réseau",
        engaged=standing.engaged[version.pk, *ids.values()],
        cells=[
            Cell(chapter, found and found.structures, chapter_url(chapter, region, cohort)) for chapter, found in shown
        ],
    )


# --- One chapter --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What the page is about: a region, one of its cohorts, or all the network."""

    region: Region | None = None
    cohort: Cohort | None = None

    @property
    def name(self):
        return str(self.cohort or self.region or "Tout le réseau")

    @property
    def ids(self):
        return {"region_id": self.region and self.region.pk, "cohort_id": self.cohort and self.cohort.pk}


def scope_of(cohorts, region="", cohort=""):
    """The scope these slugs name among the cohorts of a version; None when there is no such one."""
    if not region:
        return None if cohort else Scope()
    inside = [found for found in cohorts if found.region.slug == region]
    if not inside or not cohort:
        return Scope(inside[0].region) if inside else None
    return next((Scope(found.region, found) for found in inside if found.slug == cohort), None)


@dataclass(frozen=True)
class Tab:
    name: str
    url: str
    current: bool


def tabs_of(cohorts, chapter, scope):
    """The network and its regions; then, inside a region, the region and its cohorts."""
    regions = sorted({cohort.region for cohort in cohorts}, key=lambda region: region.name)
    first = [Tab("Tout le réseau", chapter_url(chapter), scope.region is None)]
    first += [Tab(region.name, chapter_url(chapter, region), region == scope.region) for region in regions]
    if scope.region is None:
        return first, []
    second = [Tab("Toute la région", chapter_url(chapter, scope.region), scope.cohort is None)]
    second += [
        Tab(cohort.name, chapter_url(chapter, scope.region, cohort), cohort == scope.cohort)
        for cohort in cohorts
        if cohort.region == scope.region
    ]
    return first, second


@dataclass(frozen=True)
class Column:
    """One answer: a degree of the scale, “non applicable” or “ne sait pas”."""

    label: str
    sample: SafeString


@dataclass(frozen=True)
class Row:
    """One criterion: how many gave each answer, in the order of the columns."""

    criterion: Criterion
    bar: SafeString
    numbers: list
    total: int


@dataclass(frozen=True)
class Spread:
    """A chapter in one scope. `several`: some structure answers in more than one of its cohorts."""

    shown: Shown
    columns: list
    rows: list

    @property
    def several(self):
        return any(row.total > self.shown.structures for row in self.rows)


def spread_of(criteria, scale, shown):
    """The table of a chapter and its drawings; None where nothing may be shown."""
    if shown is None:
        return None
    steps = list(scale)
    answers = [(step.value, step.label, STEPS[ramp_step(rank, len(steps))]) for rank, step in enumerate(steps)]
    answers += OTHERS
    rows = []
    for criterion in criteria:
        numbers = [shown.counts.get((criterion.pk, answer), 0) for answer, _, _ in answers]
        bar = stacked_bar(Segment(number, look) for number, (_, _, look) in zip(numbers, answers, strict=True))
        labelled = [(label, number) for number, (_, label, _) in zip(numbers, answers, strict=True)]
        rows.append(Row(criterion, bar, labelled, sum(numbers)))
    return Spread(shown, [Column(label, swatch(look)) for _, label, look in answers], rows)
