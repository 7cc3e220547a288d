"""The criteria a structure may put forward, with what says that there is room to progress, and their grid. Pure."""

from dataclasses import dataclass, field, replace
from itertools import groupby

from autodiag.documents import answer_in_words
from autodiag.rules.picture import has_room
from caprse.base.text import NBSP, plural
from referentiel.enums import Degree

# « effet » is masculine and « effort » too: the words of `Degree` are.
BIGGEST_FIRST = (Degree.HIGH, Degree.MEDIUM, Degree.LOW)
SMALLEST_FIRST = (Degree.LOW, Degree.MEDIUM, Degree.HIGH)


@dataclass(frozen=True)
class Line:
    """One criterion of a chapter begun: its answer in words, why there is room, what people chose for it."""

    answer: object
    answer_words: str
    reasons: tuple
    room: bool
    priority: object = None  # None: nothing chosen yet
    # What the page shows in the form: what was kept, or what somebody has just typed.
    impact: int | None = None
    effort: int | None = None
    forward: bool = False
    errors: list = field(default_factory=list)
    stale: object = None  # what somebody else kept meanwhile

    @property
    def criterion_id(self):
        return self.answer.criterion_id

    @property
    def prefix(self):
        """The start of the names of its fields."""
        return f"c{self.criterion_id}"

    @property
    def kept(self):
        """Impact, effort and whether it is put forward, as they are kept."""
        row = self.priority
        return (row.impact, row.effort, row.slot is not None) if row else (None, None, False)

    @property
    def seen(self):
        """What the form says it was made on: version, then what was shown."""
        impact, effort, forward = self.kept
        return f"{self.priority.revision if self.priority else 0}.{impact or 0}{effort or 0}{int(forward)}"

    @property
    def is_chosen(self):
        """Whether somebody kept something of it, or is about to."""
        return any(self.kept) or any((self.impact, self.effort, self.forward, self.errors, self.stale))


def lines_of(answers, scale, spreads, priorities):
    """One line per answer, in the order of the method.

    `scale`: the steps of the version; `spreads`: {(autodiagnostic, position): degrees}; `priorities`: rows.
    """
    labels = {step.value: step.label for step in scale}
    chosen = {row.criterion_id: row for row in priorities}
    return [_line(answer, labels, spreads, chosen.get(answer.criterion_id)) for answer in answers]


def _line(answer, labels, spreads, priority):
    spread = spreads.get((answer.autodiag_id, answer.position), 0)
    words = answer_in_words({"kind": answer.kind, "value": answer.value}, labels)
    reasons = []
    if answer.difficulty:
        reasons.append("une difficulté")
    if spread:
        reasons.append(f"{spread} {plural(spread, 'degré', 'degrés')} d’écart entre vos points de vue")
    room = has_room(answer.kind, answer.value, max(labels), difficulty=answer.difficulty, spread=spread)
    line = Line(answer, words, tuple(reasons), room, priority)
    impact, effort, forward = line.kept
    return replace(line, impact=impact, effort=effort, forward=forward)


@dataclass(frozen=True)
class ChapterLines:
    """The lines of one chapter: those with room to progress, or chosen already, then the others."""

    number: int
    title: str
    first: list
    others: list

    @property
    def forward(self):
        """How many are ticked."""
        return sum(line.forward for line in (*self.first, *self.others))

    @property
    def calls(self):
        """Whether something of it must be read: a line that was refused, or that somebody else changed."""
        return any(line.errors or line.stale for line in (*self.first, *self.others))


def by_chapter(lines):
    """The lines chapter by chapter; in each, the lowest levels first."""
    found = []
    for (number, title), inside in groupby(lines, key=lambda line: (line.answer.chapter, line.answer.chapter_title)):
        inside = list(inside)
        first = [line for line in inside if line.room or line.is_chosen]
        first.sort(key=lambda line: (not line.is_chosen, line.answer.value is None, line.answer.value or 0))
        found.append(ChapterLines(number, title, first, [line for line in inside if line not in first]))
    return found


@dataclass(frozen=True)
class GridRow:
    """One degree of effect: a cell per degree of effort, each with the rows placed there."""

    degree: Degree
    cells: list


def grid_of(priorities):
    """The drawing of impact and effort, the most effect first, the least effort first; None when nothing is placed."""
    placed = [row for row in priorities if row.impact and row.effort]
    if not placed:
        return None
    return [
        GridRow(
            impact,
            [
                (effort, [row for row in placed if (row.impact, row.effort) == (impact, effort)])
                for effort in SMALLEST_FIRST
            ],
        )
        for impact in BIGGEST_FIRST
    ]


def degrees_in_words(row):
    """« Effet grand, effort petit », or what is still to be said."""
    if not row.impact and not row.effort:
        return "Effet et effort à dire"
    impact = Degree(row.impact).label if row.impact else "à dire"
    effort = Degree(row.effort).label if row.effort else "à dire"
    return f"Effet{NBSP}: {impact} · effort{NBSP}: {effort}"
