"""What the pages of viewpoints and of gaps show. Pure: no query, and no row of anybody else's."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.utils.safestring import SafeString

from autodiag.conflicts import conflict_between
from autodiag.enums import AnswerKind
from autodiag.forms.viewpoints import AS_THEY_COME, BLIND, LABELS
from autodiag.gaps import NOTHING, Gap, widest_first
from autodiag.presentation import Choice, level_choices
from caprse.base.stacked import DASHED, PLAIN, STEPS, Segment, stacked_bar, swatch
from caprse.base.templatetags.ui import ramp_step
from caprse.base.text import NBSP, plural
from cohorts.rules import closing_day

UNKNOWN = "Je ne sais pas"
NOT_APPLICABLE = "Ne s’applique pas à nous"
IN_WORDS = {
    AnswerKind.NONE: "Pas encore donné",
    AnswerKind.UNKNOWN: UNKNOWN,
    AnswerKind.NOT_APPLICABLE: NOT_APPLICABLE,
}


def rule_name(comparing):
    """The value of the form that stands for the rule of the structure."""
    return BLIND if comparing.blind else AS_THEY_COME


# --- One's own viewpoints -----------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One criterion, and what the person said of it: never what the structure answered."""

    position: int
    code: str
    title: str
    section: str
    question: str
    kind: str | None  # None: nothing kept yet
    words: str

    @property
    def state(self):
        if self.kind:
            return "done"
        return "not_started" if self.kind is None else "in_progress"


def lines_of(criteria, mine, scale):
    """The criteria of a chapter with one's own viewpoints.

    `criteria`: values in the order of `Line`, up to the question; `mine`: {position: viewpoint, with its level};
    `scale`: {value: label}.
    """
    lines = []
    for position, *words in criteria:
        kind = mine[position].kind if position in mine else None
        level = mine[position].level if kind == AnswerKind.LEVEL else None
        said = f"{level.value} – {scale[level.value]}" if level else IN_WORDS[AnswerKind(kind or "")]
        lines.append(Line(position, *words, kind, said))
    return lines


@dataclass(frozen=True)
class MyChapter:
    """A chapter as one person gives their viewpoints on it."""

    autodiag: object
    lines: list
    mine: dict  # {position: one's own viewpoint}
    scale: dict  # {value: label}
    comparing: object
    verdict: object
    voice: object  # None: no group chosen yet

    @property
    def sections(self):
        return [(title, list(lines)) for title, lines in groupby(self.lines, key=attrgetter("section"))]

    @property
    def total(self):
        return len(self.lines)

    @property
    def given(self):
        return sum(bool(line.kind) for line in self.lines)

    @property
    def can_write(self):
        return bool(self.verdict) and self.voice is not None

    @property
    def next_line(self):
        """Where to go on: the first criterion without a viewpoint, or None when all have one."""
        return next((line for line in self.lines if not line.kind), None)

    @property
    def rule(self):
        return rule_name(self.comparing)

    @property
    def closes_on(self):
        return closing_day(self.autodiag.round, self.autodiag.extended_to)


class MyCard:
    """One criterion, to be given one's viewpoint on. `typed` holds values the form refused, if any."""

    def __init__(self, criterion, scale, viewpoint, typed=None, errors=None):
        self.criterion = criterion
        self.position = criterion.position
        self.scale = scale
        self.answer = viewpoint  # as the line of the save's state names it; None: nothing kept yet
        self.typed = typed or {}
        self.errors = errors or {}

    @property
    def choice(self):
        if "choice" in self.typed:
            return self.typed["choice"]
        return posted(self.answer)["choice"]

    @property
    def note(self):
        return self.typed.get("note", self.answer.note if self.answer else "")

    @property
    def revision(self):
        return self.typed.get("revision", self.answer.revision if self.answer else 0)

    @property
    def levels(self):
        return level_choices(self.criterion, self.scale, self.choice)

    @property
    def others(self):
        texts = {
            AnswerKind.UNKNOWN: "C’est un point de vue aussi : il se compte à part.",
            AnswerKind.NOT_APPLICABLE: "Dites pourquoi, plus bas.",
        }
        return [Choice(kind.value, IN_WORDS[kind], text, None, self.choice == kind) for kind, text in texts.items()]

    @property
    def in_words(self):
        return IN_WORDS.get(self.answer.kind if self.answer else AnswerKind.NONE, "")

    @property
    def problems(self):
        return {name: self.errors.get(name, []) for name in LABELS}

    @property
    def problem_lines(self):
        return [(name, LABELS.get(name, ""), text) for name, texts in self.errors.items() for text in texts]


def posted(viewpoint):
    """A viewpoint in the words of its form. `viewpoint` may be None."""
    if viewpoint is None:
        return {"choice": "", "note": ""}
    choice = str(viewpoint.level.value) if viewpoint.kind == AnswerKind.LEVEL else str(viewpoint.kind)
    return {"choice": choice, "note": viewpoint.note}


class OtherPage(NamedTuple):
    """Another page of the same person, where a conflict asks who saved."""

    full_name: str = "Une autre page ouverte à votre nom"


class Saved(NamedTuple):
    revision: int
    updated_at: object
    updated_by: OtherPage = OtherPage()


def own_conflict(form, current, *, scale, url, rule):
    """Both texts of the same person, to be chosen from: the one just sent, the one another page of theirs saved."""

    def reads(name, text):
        if name == "choice":
            return f"{text} – {scale[int(text)]}" if text.isdecimal() else IN_WORDS[AnswerKind(text)]
        return text or "(vide)"

    conflict = conflict_between(
        {name: form.cleaned_data[name] for name in LABELS},
        posted(current),
        labels=LABELS,
        reads=reads,
        url=url,
        current=Saved(current.revision, current.updated_at),
        about="le même point de vue",
    )
    conflict.same.append(("rule", rule))
    return conflict


# --- The gaps -----------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """One answer: a level of the scale, “does not know” or “not applicable”."""

    choice: object
    label: str
    look: object

    @property
    def sample(self):
        return swatch(self.look)


def columns_of(scale):
    """The answers in order, each with the look of its part. `scale`: the steps of a version."""
    steps = list(scale)
    levels = [Column(rank, step.label, STEPS[ramp_step(rank, len(steps))]) for rank, step in enumerate(steps)]
    others = [
        Column(AnswerKind.NOT_APPLICABLE, "Ne s’applique pas", DASHED),
        Column(AnswerKind.UNKNOWN, "Ne sait pas", PLAIN),
    ]
    return [*levels, *others]


class Bar(NamedTuple):
    """Voices counted together: who, how many, the drawing and its numbers."""

    name: str
    voices: int
    drawing: SafeString
    numbers: list


@dataclass(frozen=True)
class GapRow:
    """One criterion of the page of gaps."""

    position: int
    code: str
    title: str
    gap: Gap
    bars: list
    words: str
    state: str  # none, near, wide: how far apart
    surveys: list  # (group, result of a question): what closed surveys say of it


def gap_rows(criteria, gaps, columns, *, widest=False, surveys=None):
    """One row per criterion, in the order of the chapter or the widest gaps first.

    `criteria`: position, code and title of each, in order; `gaps`: {position: gap}; `surveys`: {code: what they say}.
    """
    named = {position: (position, code, title) for position, code, title in criteria}
    pairs = [(position, gaps.get(position, NOTHING)) for position in named]
    ordered = [(named[position], gap) for position, gap in (widest_first(pairs) if widest else pairs)]
    return [gap_row(*names, gap, columns, (surveys or {}).get(names[1], [])) for names, gap in ordered]


def gap_row(position, code, title, gap, columns, surveys):
    bars = []
    if gap.is_shown:
        cells = gap.cells if len(gap.cells) > 1 else ()
        bars = [bar("Toutes les voix", gap.counts, columns)]
        bars += [bar(cell.name or "Autres voix", cell.counts, columns) for cell in cells]
    state = "none" if not gap.spread else "near" if gap.spread == 1 else "wide"
    return GapRow(position, code, title, gap, bars, spread_in_words(gap, columns), state, surveys)


def bar(name, counts, columns):
    numbers = [(column, counts.get(column.choice, 0)) for column in columns]
    drawing = stacked_bar(Segment(number, column.look) for column, number in numbers)
    return Bar(name, sum(counts.values()), drawing, [(column.label, number) for column, number in numbers])


def spread_in_words(gap, columns):
    """« Écart de 2 degrés », from which level to which."""
    if not gap.is_shown:
        return ""
    if gap.spread is None:
        return "Aucun niveau choisi"
    lowest, highest = gap.ranks
    if not gap.spread:
        return f"Un même niveau{NBSP}: {columns[lowest].label}"
    degrees = plural(gap.spread, "degré", "degrés")
    ends = f"de «{NBSP}{columns[lowest].label}{NBSP}» à «{NBSP}{columns[highest].label}{NBSP}»"
    return f"Écart de {gap.spread} {degrees}{NBSP}: {ends}"
