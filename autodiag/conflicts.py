"""Two people saved the same answer: what each wrote, to be chosen from field by field."""

from dataclasses import dataclass

from autodiag.enums import AnswerKind
from autodiag.forms.answers import LABELS
from autodiag.services.answers import state_of, tidy
from cohorts.enums import Visibility


@dataclass(frozen=True)
class Side:
    """One text of a field: what is posted if it is kept, and how it reads."""

    value: str
    text: str


@dataclass(frozen=True)
class FieldConflict:
    name: str
    label: str
    mine: Side
    theirs: Side


@dataclass(frozen=True)
class Conflict:
    """A refused save: fields that differ, those that do not, and the version to build upon."""

    url: str
    revision: int
    by: str
    at: object
    differing: list
    same: list

    def as_json(self):
        return [
            {"name": f.name, "label": f.label, "mine": f.mine.value, "theirs": f.theirs.value} for f in self.differing
        ]


def conflict_of(answer, current, values):
    """Compare what was posted (`values`) with what now stands (`current`), in the form's own fields."""
    levels = {level.pk: level.value for level in answer.criterion.levels.all()}
    mine = _posted({**state_of(answer), **tidy(values)}, levels)
    theirs = _posted(state_of(current), levels)
    differing, same = [], []
    for name, label in LABELS.items():
        if mine[name] == theirs[name]:
            same.append((name, mine[name]))
        else:
            sides = (Side(text, _reads(name, text)) for text in (mine[name], theirs[name]))
            differing.append(FieldConflict(name, label, *sides))
    return Conflict(
        url=answer.autodiag.url("answer_save", answer.criterion.position),
        revision=current.revision,
        by=current.updated_by.full_name if current.updated_by else "",
        at=current.updated_at,
        differing=differing,
        same=same,
    )


def _posted(state, levels):
    """A state in the words of the form."""
    kind = state["kind"]
    choice = str(levels[state["level_id"]]) if kind == AnswerKind.LEVEL else str(AnswerKind(kind).value)
    return {
        "practice": state["practice"],
        "choice": choice,
        "na_reason": state["na_reason"],
        "comment": state["comment"],
        "comment_visibility": str(state["comment_visibility"]),
        "to_review": "on" if state["to_review"] else "",
    }


def _reads(name, text):
    """A posted value as a person reads it."""
    if name == "choice":
        return f"Niveau {text}" if text.isdecimal() else AnswerKind(text).label.capitalize()
    if name == "comment_visibility":
        return Visibility(text).label.capitalize()
    if name == "to_review":
        return "Oui" if text else "Non"
    return text or "(vide)"
