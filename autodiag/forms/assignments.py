"""Who does what in a chapter: a grid of boxes, read and checked as one thing."""

from dataclasses import dataclass
from itertools import groupby

from django import forms

from autodiag.rules.agreement import NOT_OF_THE_STRUCTURE
from caprse.base.requests import whole_number

UNREADABLE = "Cette page n’est pas arrivée entière : rechargez-la, puis recommencez. Rien n’a changé."
GONE = "n’est plus dans la structure"


@dataclass(frozen=True)
class Person:
    """A column of the grid: somebody criteria are, or may be, entrusted to."""

    user_id: int
    public_id: str
    name: str
    about: str
    is_member: bool


@dataclass(frozen=True)
class Box:
    """One criterion and one person. `news`: what somebody else changed meanwhile, in words."""

    value: str
    person: Person
    checked: bool
    news: str = ""

    @property
    def can_change(self):
        """Somebody who left can be let off, and nothing more."""
        return self.checked or self.person.is_member


class AssignmentsForm(forms.Form):
    """The whole grid in one post: `confie` names boxes, `theme` whole sub-themes, `seen` what the page showed.

    `steps`: the criteria in order, each with its answer_id; `people`: the columns; `standing`: who has what now, as
    {(position, public id of the person)}.
    """

    seen = forms.RegexField(
        r"^=( \d{1,4}:[0-9A-Za-z]{12})*$",
        max_length=200_000,
        strip=False,
        widget=forms.HiddenInput,
        error_messages={"required": UNREADABLE, "invalid": UNREADABLE, "max_length": UNREADABLE},
    )

    def __init__(self, data=None, *, steps, people, standing):
        super().__init__(data)
        self.steps, self.people, self.standing = steps, people, frozenset(standing)
        self.news = {}
        self.chosen = self.standing

    def clean(self):
        """Read the boxes; a person or a criterion that is not on the page refuses the whole."""
        data = super().clean()
        known = {person.public_id for person in self.people}
        positions = {step.position for step in self.steps}
        boxes = [split(text) for text in self.data.getlist("confie")]
        themes = [split(text) for text in self.data.getlist("theme")]
        if any(public_id not in known for _, public_id in boxes + themes):
            raise forms.ValidationError(NOT_OF_THE_STRUCTURE)
        by_theme = {number: [step.position for step in steps] for number, (_, steps) in enumerate(self.by_theme, 1)}
        if any(number not in positions for number, _ in boxes) or any(number not in by_theme for number, _ in themes):
            raise forms.ValidationError(UNREADABLE)
        whole = {(position, public_id) for number, public_id in themes for position in by_theme[number]}
        self.chosen = frozenset(boxes) | whole
        return data

    @property
    def by_theme(self):
        """[(title of a sub-theme, its criteria)]."""
        return [(title, list(steps)) for title, steps in groupby(self.steps, key=lambda step: step.section)]

    @property
    def was_seen(self):
        """What the page showed, once the form is valid."""
        return frozenset(split(text) for text in self.cleaned_data["seen"].split(" ")[1:])

    @property
    def wish(self):
        """Keyword arguments of `assign`, once the form is valid."""
        return {"seen": self._in_ids(self.was_seen), "chosen": self._in_ids(self.chosen)}

    def _in_ids(self, pairs):
        """Pairs of the page as pairs of rows: (answer id, user id). What the page no longer knows has id 0."""
        answers = {step.position: step.answer_id for step in self.steps}
        users = {person.public_id: person.user_id for person in self.people}
        return {(answers.get(position, 0), users.get(public_id, 0)) for position, public_id in pairs}

    def merge(self):
        """Bring what was ticked and what somebody else changed meanwhile together; each change of theirs is told."""
        seen = self.was_seen
        added, removed = self.chosen - seen, seen - self.chosen
        self.news = dict.fromkeys(self.standing - seen, "ajouté entre-temps")
        self.news |= dict.fromkeys(seen - self.standing, "retiré entre-temps")
        self.chosen = (self.standing | added) - removed

    @property
    def stamp(self):
        """What the page shows of the state of things, for the next save to be made on."""
        return "=" + "".join(f" {position}:{public_id}" for position, public_id in sorted(self.standing))

    @property
    def grid(self):
        """[(number of the sub-theme, title, people who may be given it whole, [(criterion, boxes)])]."""
        members = [person for person in self.people if person.is_member]
        return [
            (number, title, members, [(step, self._boxes(step)) for step in steps])
            for number, (title, steps) in enumerate(self.by_theme, 1)
        ]

    def _boxes(self, step):
        pairs = [((step.position, person.public_id), person) for person in self.people]
        return [
            Box(f"{pair[0]}:{pair[1]}", person, pair in self.chosen, self.news.get(pair, "")) for pair, person in pairs
        ]


def split(text):
    """« 12:abc » as (12, "abc"); anything else as a pair no page holds."""
    number, _, public_id = text.partition(":")
    return whole_number(number) or 0, public_id
