"""What the pages of a meeting show: one criterion on the wall, and what remains to be agreed. Pure: no query."""

from dataclasses import dataclass, field

from autodiag.enums import AnswerKind

OTHERS = ((AnswerKind.UNKNOWN, "Nous ne savons pas"), (AnswerKind.NOT_APPLICABLE, "Ne s’applique pas à nous"))
OTHER_VOICES = "Autres voix"


@dataclass(frozen=True)
class Option:
    """One answer to agree on, and how many think it. `rank` is None beside the scale."""

    value: str
    label: str
    text: str
    rank: int | None
    checked: bool
    voices: int

    @property
    def dots(self):
        """One per voice."""
        return range(self.voices)


@dataclass(frozen=True)
class Overview:
    """A chapter before, during and after its meeting."""

    steps: list
    scale: dict

    @property
    def total(self):
        return len(self.steps)

    @property
    def agreed(self):
        return sum(step.is_agreed for step in self.steps)

    @property
    def next_step(self):
        """Where the meeting goes on: the first criterion without a standing agreement; None when all is agreed."""
        return next((step for step in self.steps if not step.is_agreed), None)

    @property
    def rows(self):
        """(step, its answer in words)."""
        return [(step, said(step.kind, step, self.scale)) for step in self.steps]


@dataclass(frozen=True)
class AgreementPage:
    """One criterion of a meeting. `typed`: what was posted and refused; `stale`: the answer has just changed.

    `answer` comes from `answers_to_agree_on`, `gap` from `autodiag.gaps`.
    """

    autodiag: object
    answer: object
    steps: list
    gap: object
    agreement: object
    verdict: object
    can_open_comparison: bool
    form: object
    typed: dict = field(default_factory=dict)
    stale: bool = False
    surveys: list = field(default_factory=list)

    @property
    def criterion(self):
        return self.answer.criterion

    @property
    def position(self):
        return self.criterion.position

    @property
    def total(self):
        return len(self.steps)

    @property
    def can_note(self):
        """Whether the form is there: the role and the day allow it."""
        return bool(self.verdict)

    @property
    def is_compared(self):
        return self.answer.is_compared

    @property
    def revision(self):
        """The version the form is made on: what stands now, also after a refusal for having changed."""
        return self.answer.revision if self.stale else self.typed.get("revision", self.answer.revision)

    @property
    def choice(self):
        """What is ticked: what was typed, else what was agreed; a meeting starts from nothing."""
        if self.typed:
            return self.typed.get("choice", "")
        if not self.agreement or not self.agreement.holds:
            return ""
        return str(self.answer.level.value) if self.answer.kind == AnswerKind.LEVEL else self.answer.kind

    @property
    def reason(self):
        if self.typed:
            return self.typed.get("reason", "")
        return self.agreement.reason if self.agreement and self.agreement.holds else ""

    @property
    def levels(self):
        """The levels of the criterion, lowest first."""
        return [
            self._option(str(level.value), level.label, level.description, rank, rank)
            for rank, level in enumerate(self.criterion.levels.all())
        ]

    @property
    def others(self):
        """What stands beside the scale."""
        return [self._option(kind.value, label, "", None, kind) for kind, label in OTHERS]

    def _option(self, value, label, text, rank, choice):
        return Option(value, label, text, rank, self.choice == value, self.gap.counts.get(choice, 0))

    @property
    def answer_in_words(self):
        return said(self.answer.kind, self.answer.level, scale_of(self.answer))

    @property
    def cells(self):
        """(name of a group, its answers in words) of each cell that may be shown; none when they are all one."""
        names = {
            option.rank if option.rank is not None else AnswerKind(option.value): option.label
            for option in self.options
        }
        if len(self.gap.cells) < 2:
            return []
        return [(cell.name or OTHER_VOICES, spoken(cell.counts, names)) for cell in self.gap.cells]

    @property
    def options(self):
        return self.levels + self.others


def spoken(counts, names):
    """« 3 Structuré, 1 Engagé »: what a group says, most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], list(names).index(item[0])))
    return ", ".join(f"{number} {names[choice]}" for choice, number in ordered)


def scale_of(answer):
    """{value: name} of the levels of an answer read to be agreed on."""
    return {level.value: level.label for level in answer.criterion.levels.all()}


def said(kind, level, scale):
    """An answer in words; `level` has a value, or is None."""
    return f"{level.value} – {scale[level.value]}" if kind == AnswerKind.LEVEL else AnswerKind(kind).label.capitalize()


def told(agreement, answer, scale):
    """The last agreement on an answer as `autodiag/_agreement.html` shows it; None where there is none.

    It gains `holds` (the answer still says it) and `words` (what was agreed). `agreement`: read `with_names`.
    """
    if agreement is not None:
        agreement.holds = agreement.stands(answer)
        agreement.words = said(agreement.kind, agreement.level, scale)
    return agreement
