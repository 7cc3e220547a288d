"""What a structure may show outside: its own words, and nothing else is carried further.

The edition to be shown outside is made from an `Own`, which has no place for the wording of the référentiel, for a
comment, a difficulty, an agreement, an item of evidence. A text of the structure that repeats what is reserved to
members is withheld, and told, so that it may be written again.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from autodiag.enums import ActionStatus
from autodiag.reports import words
from caprse.base.paper import Logo


@dataclass(frozen=True)
class Withheld:
    """A text that stays out: where it is, what it repeats, and of what it is (chapter and criterion, or action)."""

    kind: str
    where: str
    words: str
    chapter: int | None = None
    code: str = ""
    action: str = ""


@dataclass(frozen=True)
class OwnChapter:
    """A chapter by its title: its score, what the structure does already, its strengths."""

    number: int
    title: str
    state: str
    score: Decimal | None
    counted: str
    low: int
    high: int
    practices: tuple[str, ...]
    strengths: tuple[str, ...]


@dataclass(frozen=True)
class OwnAction:
    """A line of the plan, as the structure wrote it."""

    what: str
    why: str
    who: str
    due_on: datetime.date | None
    means: str
    indicator: str
    status: str


@dataclass(frozen=True)
class Own:
    """Everything the edition to be shown outside may hold, and what was withheld from it."""

    purpose: str
    chapters: tuple[OwnChapter, ...]
    actions: tuple[OwnAction, ...] | None
    presentations: tuple[tuple[str, datetime.date], ...]
    logos: tuple[Logo, ...]
    mentions: tuple[str, ...]
    withheld: tuple[Withheld, ...]


def own_words(material, protected):
    """Keep of a `Material` what the structure may show; `protected` says what its texts must not repeat."""
    gate = Gate(protected)
    purpose = gate.passed(material.purpose, "purpose", "Notre pourquoi")
    chapters = tuple(_chapter(chapter, gate) for chapter in material.chapters)
    actions = None
    if material.actions is not None:
        # What was abandoned would raise questions that only its reason answers, and reasons stay inside.
        going_on = (action for action in material.actions if action.status != ActionStatus.ABANDONED.label)
        actions = tuple(filter(None, (own_action(action, gate) for action in going_on)))
    logos, mentions = _heads(material.letterheads, gate)
    return Own(
        purpose=purpose,
        chapters=chapters,
        actions=actions,
        presentations=tuple((one.to, one.held_on) for one in material.presentations),
        logos=logos,
        mentions=mentions,
        withheld=tuple(gate.withheld),
    )


class Gate:
    """Lets through the texts that repeat nothing reserved to members, and keeps note of the others."""

    def __init__(self, protected):
        self.protected, self.withheld = protected, []

    def passed(self, text, kind, where, **of):
        """The text, or nothing when it stays out."""
        echo = self.protected.echo_in(text) if text else None
        if echo is None:
            return text
        self.withheld.append(Withheld(kind, where, echo.words, **of))
        return ""


def _chapter(chapter, gate):
    said = {"practice": [], "strength": []}
    labels = {"practice": "ce que vous faites déjà", "strength": "une force"}
    for criterion in chapter.content["criteria"]:
        for kind, texts in said.items():
            where = f"critère {criterion['code']}, {labels[kind]}"
            of = {"chapter": chapter.number, "code": criterion["code"]}
            text = gate.passed(criterion.get(kind, ""), kind, where, **of)
            if text and text not in texts:
                texts.append(text)
    result = words.score_of(chapter)
    low, high = words.bounds([chapter])
    return OwnChapter(
        number=chapter.number,
        title=chapter.title,
        state=words.state_of(chapter),
        score=result.value,
        counted=words.counted(result),
        low=low,
        high=high,
        practices=tuple(said["practice"]),
        strengths=tuple(said["strength"]),
    )


def own_action(action, gate):
    """An action whose first words stay out stays out whole: None. `action`: anything that has these fields."""
    of = {"action": action.public_id}
    what = gate.passed(action.what, "action", "Plan d’actions, « quoi »", **of)
    if not what:
        return None

    def said(text, field):
        return gate.passed(text, "action", f"Plan d’actions, « {field} » de l’action « {what} »", **of)

    return OwnAction(
        what=what,
        why=said(action.why, "pourquoi"),
        who=said(action.who, "qui"),
        due_on=action.due_on,
        means=said(action.means, "avec quels moyens"),
        indicator=said(action.indicator, "à quoi nous verrons que c’est fait"),
        status=action.status,
    )


def _heads(letterheads, gate):
    logos, mentions = [], []
    for head in letterheads:
        if head.logo and gate.passed(head.logo.text, "letterhead", f"Description du logo, {head.organisation}"):
            logos.append(head.logo)
        if mention := gate.passed(head.mentions, "letterhead", f"Mentions, {head.organisation}"):
            mentions.append(mention)
    return tuple(logos), tuple(mentions)
