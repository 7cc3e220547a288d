"""Two people saved the same thing: what each wrote, to be chosen from field by field."""

from dataclasses import dataclass

from autodiag.enums import AnswerKind
from autodiag.forms.answers import LABELS
from autodiag.forms.indicators import LABELS as FIGURE_LABELS
from autodiag.services.answers import state_of, tidy
from autodiag.services.indicators import figure_of, plain
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
    about: str = "la même réponse"

    def as_json(self):
        return [
            {"name": f.name, "label": f.label, "mine": f.mine.value, "theirs": f.theirs.value} for f in self.differing
        ]


def conflict_between(mine, theirs, *, labels, reads, url, current, about="la même réponse"):
    """Compare two states of one form, field by field.

    `mine`, `theirs`: {name: posted value} for every name of `labels`; `reads(name, value)`: how it reads;
    `current`: the row as it stands, with `revision`, `updated_by`, `updated_at`; `about`: what both texts are about.
    """
    differing, same = [], []
    for name, label in labels.items():
        if mine[name] == theirs[name]:
            same.append((name, mine[name]))
        else:
            sides = (Side(text, reads(name, text)) for text in (mine[name], theirs[name]))
            differing.append(FieldConflict(name, label, *sides))
    by = current.updated_by.full_name if current.updated_by else ""
    return Conflict(url, current.revision, by, current.updated_at, differing, same, about)


def conflict_of(answer, current, values):
    """Compare what was posted (`values`) with what now stands (`current`), in the form's own fields."""
    levels = {level.pk: level.value for level in answer.criterion.levels.all()}
    return conflict_between(
        _posted({**state_of(answer), **tidy(values)}, levels),
        _posted(state_of(current), levels),
        labels=LABELS,
        reads=_reads,
        url=answer.autodiag.url("answer_save", answer.criterion.position),
        current=current,
    )


def conflict_of_figures(autodiag, position, indicator, current, values):
    """Compare the figure posted for one year (`values`) with the one that now stands (`current`)."""
    return conflict_between(
        _posted_figure({**values, "value": plain(values["value"])}),
        _posted_figure(figure_of(current)),
        labels=FIGURE_LABELS,
        reads=_reads_figure,
        url=autodiag.url("indicator_save", position, indicator.position, current.year),
        current=current,
        about=f"« {indicator.title} », {current.year}",
    )


def _posted_figure(figure):
    """A figure in the words of its form."""
    return {**figure, "value": figure["value"].replace(".", ","), "unknown": "on" if figure["unknown"] else ""}


def _reads_figure(name, text):
    if name == "unknown":
        return "Oui" if text else "Non"
    return text or "(vide)"


def _posted(state, levels):
    """A state in the words of the form."""
    kind = state["kind"]
    choice = str(levels[state["level_id"]]) if kind == AnswerKind.LEVEL else str(AnswerKind(kind).value)
    return {
        "practice": state["practice"],
        "choice": choice,
        "na_reason": state["na_reason"],
        "strength": state["strength"],
        "difficulty": state["difficulty"],
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
