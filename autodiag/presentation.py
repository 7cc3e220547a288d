"""Turns rows into what the pages of a chapter show. Pure: no query."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from autodiag.enums import AnswerKind
from autodiag.forms.answers import LABELS
from autodiag.models.prepared import Entry, state_of
from caprse.base.text import NBSP, PARIS, date_in_words, time_in_words
from cohorts.enums import Visibility
from cohorts.rules import closing_day

# What reading a criterion, talking it over and writing a few lines takes, when people are told how long is left.
MINUTES_A_CRITERION = 5


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked: its posted value, name, description."""

    value: str
    label: str
    text: str
    rank: int | None  # from 0, whatever the scale's own values
    checked: bool


def level_choices(criterion, scale, chosen):
    """The levels of a criterion as they are offered; `chosen`: the posted value that stands."""
    return [
        Choice(str(level.value), scale[level.value], level.description, rank, chosen == str(level.value))
        for rank, level in enumerate(criterion.levels.all())
    ]


def by_position(remarks):
    """{position of the criterion: its remarks, in order}."""
    found = {}
    for remark in remarks:
        found.setdefault(remark.position, []).append(remark)
    return found


def standing(remarks):
    """How many remarks were not taken back."""
    return sum(remark.withdrawn_at is None for remark in remarks)


class Card:
    """One criterion with its answer, as the pages show it. `typed` holds values refused by the form, if any."""

    def __init__(self, answer, scale, typed=None, remarks=None):
        self.answer = answer
        self.criterion = answer.criterion
        self.position = answer.criterion.position
        self.scale = scale
        self.typed = typed or {}
        self.errors = {}
        self.remarks = remarks or []
        # On the page of one criterion: its figures by year, the evidence used for it, what a meeting agreed on.
        self.followed, self.year_form, self.uses, self.agreement = [], None, [], None

    @property
    def level(self):
        return self.answer.level

    @property
    def choice(self):
        """The posted value that stands for the answer."""
        if "choice" in self.typed:
            return self.typed["choice"]
        if self.answer.kind == AnswerKind.LEVEL:
            return str(self.level.value)
        return self.answer.kind

    @property
    def levels(self):
        return level_choices(self.criterion, self.scale, self.choice)

    @property
    def others(self):
        return [
            Choice(
                AnswerKind.UNKNOWN.value,
                "Nous ne savons pas",
                "Compté à part : votre score n’en tient pas compte.",
                None,
                self.choice == AnswerKind.UNKNOWN,
            ),
            Choice(
                AnswerKind.NOT_APPLICABLE.value,
                "Ne s’applique pas à nous",
                "Dites pourquoi ; le critère sort du calcul.",
                None,
                self.choice == AnswerKind.NOT_APPLICABLE,
            ),
        ]

    @property
    def answer_in_words(self):
        if self.answer.kind == AnswerKind.LEVEL:
            return f"{self.level.value} – {self.scale[self.level.value]}"
        return AnswerKind(self.answer.kind).label.capitalize()

    @property
    def entry(self):
        """Its line in the list of criteria."""
        return Entry(
            position=self.position,
            code=self.criterion.code,
            title=self.criterion.title,
            section=self.criterion.section.title,
            kind=self.answer.kind,
            to_review=self.answer.to_review,
            revision=self.answer.revision,
            threads=self.answer.thread_count,
            evidence=self.answer.evidence_count,
            mine=self.answer.is_mine,
            viewpoint=self.answer.has_viewpoint,
            remarks=standing(self.remarks),
        )

    @property
    def state(self):
        return state_of(self.answer.kind, self.answer.to_review, self.answer.revision)

    @property
    def is_written(self):
        """Whether the structure wrote anything here, were it only a comment or a remark."""
        answer = self.answer
        texts = answer.practice or answer.strength or answer.difficulty or self.comment
        return bool(answer.kind or answer.to_review or texts or self.remarks)

    @property
    def revision(self):
        """The version the form was made on: a refused save keeps its own."""
        return self.typed.get("revision", self.answer.revision)

    @property
    def problems(self):
        """What is wrong, by field; every field is there."""
        return {name: self.errors.get(name, []) for name in LABELS}

    @property
    def problem_lines(self):
        """What is wrong, for the top of the form: (field, its label, sentence)."""
        return [(name, LABELS.get(name, ""), text) for name, texts in self.errors.items() for text in texts]

    def figure(self, indicator, year):
        """One year of one indicator, shown were it beyond the usual years."""
        followed = next(one for one in self.followed if one.indicator.pk == indicator.pk)
        return followed.figure(year)

    def text(self, name):
        """What a text field shows: what was typed if it was refused, else what is stored."""
        if name in self.typed:
            return self.typed[name]
        return getattr(self.answer, name)

    @property
    def practice(self):
        return self.text("practice")

    @property
    def na_reason(self):
        return self.text("na_reason")

    @property
    def strength(self):
        return self.text("strength")

    @property
    def difficulty(self):
        return self.text("difficulty")

    @property
    def to_review(self):
        return "to_review" in self.typed if self.typed else self.answer.to_review

    @cached_property
    def stored_comment(self):
        return getattr(self.answer, "comment", None)

    @property
    def comment(self):
        return self.typed.get("comment", self.stored_comment.text if self.stored_comment else "")

    @property
    def comment_visibility(self):
        stored = self.stored_comment.visibility if self.stored_comment else Visibility.STRUCTURE.value
        return self.typed.get("comment_visibility", stored)

    @property
    def visibilities(self):
        return [(value, label, value == self.comment_visibility) for value, label in Visibility.choices]


@dataclass(frozen=True)
class Stop:
    """Where a person stopped: the criterion of their last save, and when, in words."""

    position: int
    code: str
    when: str


def moment_in_words(at, today):
    """« aujourd’hui à 14 h 32 », « hier à 9 h », « le mardi 4 novembre à 10 h », with the year if it is another."""
    day = at.astimezone(PARIS).date()
    days = (today - day).days
    if days in (0, 1):
        return f"{('aujourd’hui', 'hier')[days]} à {time_in_words(at)}"
    told = date_in_words(day)
    return f"le {told.removesuffix(f' {today.year}')} à {time_in_words(at)}"


def time_left(missing):
    """How long the criteria without answer should take: « environ 25 minutes », « environ 1 h 30 »; "" when none."""
    minutes = missing * MINUTES_A_CRITERION
    if not minutes:
        return ""
    if minutes < 60:
        return f"environ {minutes}{NBSP}minutes"
    hours, rest = divmod(-(-minutes // 30) * 30, 60)  # by half hours: nobody is held to it
    return f"environ {hours}{NBSP}h" + (f"{NBSP}{rest}" if rest else "")


@dataclass(frozen=True)
class ChapterPage:
    """A chapter: the list of its criteria, those shown in full, and what may be done with it now."""

    autodiag: object
    entries: list
    cards: list
    verdict: object
    can_write: bool
    can_submit: bool
    may_answer: bool  # by one's role, whatever the moment
    may_submit: bool
    may_share: bool = False

    def card(self, position):
        return next((card for card in self.cards if card.position == position), None)

    @property
    def sections(self):
        """Entries by sub-theme, in order."""
        return [(title, list(entries)) for title, entries in groupby(self.entries, key=attrgetter("section"))]

    @property
    def card_sections(self):
        """Cards by sub-theme, in order."""
        by_title = groupby(self.cards, key=lambda card: card.criterion.section.title)
        return [(title, list(cards)) for title, cards in by_title]

    @property
    def mine(self):
        """Cards entrusted to who reads."""
        return [card for card in self.cards if card.answer.is_mine]

    @property
    def written(self):
        """Cards on which the structure wrote something, an answer or a remark."""
        return [card for card in self.cards if card.is_written]

    @property
    def unwritten(self):
        return [card for card in self.cards if not card.is_written]

    @property
    def total(self):
        return len(self.entries)

    @property
    def answered(self):
        return self.total - len(self.missing)

    @property
    def to_review(self):
        return sum(entry.to_review for entry in self.entries)

    @cached_property
    def missing(self):
        return [entry for entry in self.entries if entry.kind == AnswerKind.NONE]

    @property
    def time_left(self):
        return time_left(len(self.missing))

    @property
    def next_position(self):
        """Where to go on: the first criterion without answer, else the first to review, else the first."""
        waiting = self.missing or [entry for entry in self.entries if entry.to_review] or self.entries
        return waiting[0].position

    @property
    def closes_on(self):
        return closing_day(self.autodiag.round, self.autodiag.extended_to)


@dataclass(frozen=True)
class FieldChange:
    """One field of an answer, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PastSave:
    """One save of an answer: what it changed, and the whole answer as it was then, as (label, text)."""

    change: object
    fields: list
    whole: list


def past_saves(states, levels, scale):
    """History lines in words, newest first. `states`: (change, whole state), see `past_states`."""
    names = {level.pk: f"{level.value} – {scale[level.value]}" for level in levels}
    return [
        PastSave(change, field_changes(change.before, change.after, names), whole_in_words(state, names))
        for change, state in states
    ]


def whole_in_words(state, level_names):
    """A whole answer: what was chosen, then the texts that were not empty."""
    shown = [(LABELS["choice"], _choice(state, level_names))]
    texts = ("practice", "na_reason", "strength", "difficulty", "comment")
    shown += [(LABELS[name], state[name]) for name in texts if state[name]]
    if state["comment"]:
        shown.append((LABELS["comment_visibility"], _plain("comment_visibility", state["comment_visibility"])))
    return [*shown, (LABELS["to_review"], _plain("to_review", state["to_review"]))]


def field_changes(before, after, level_names):
    """What differs between two states of an answer, field by field; kind and level make one."""
    shown = []
    if {"kind", "level_id"} & after.keys():
        shown.append(FieldChange(LABELS["choice"], _choice(before, level_names), _choice(after, level_names)))
    for name in ("practice", "na_reason", "strength", "difficulty", "comment", "comment_visibility", "to_review"):
        if name in after:
            shown.append(FieldChange(LABELS[name], _plain(name, before[name]), _plain(name, after[name])))
    return shown


def _choice(state, level_names):
    if state.get("level_id"):
        return level_names.get(state["level_id"], "niveau")
    return AnswerKind(state.get("kind", "")).label if "kind" in state else "autre niveau"


def _plain(name, value):
    if name == "comment_visibility":
        return Visibility(value).label
    if name == "to_review":
        return "oui" if value else "non"
    return value or "(vide)"
