"""The plan as data: what an adoption freezes, and what changed from one state of it to another, in words."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from autodiag.enums import ActionStatus
from caprse.base.text import NBSP, date_in_words, number
from cohorts.enums import Visibility
from referentiel.documents import content_hash

FORMAT = 1
NOTHING = "–"
ADDED, CHANGED, DONE, ABANDONED, GONE = "added", "changed", "done", "abandoned", "gone"
# In the order an action is read; the words are those of its form.
LABELS = {
    "what": "Quoi",
    "why": "Pourquoi",
    "who": "Qui",
    "pilot": "Pilote",
    "due_on": "Pour quand",
    "starts_on": "À partir du",
    "means": "Avec quels moyens",
    "indicator": "À quoi nous verrons que c’est fait",
    "status": "Où en est-on",
    "status_reason": "Raison",
    "done_on": "Faite le",
    "partners": "Avec quels partenaires",
    "budget": "Budget",
    "criterion": "Critère",
    "also": "Autres critères",
    "visibility": "Qui peut lire",
    "steps": "Étapes",
}
DAYS = ("due_on", "starts_on", "done_on")
TEXTS = ("what", "why", "who", "means", "indicator", "status", "status_reason", "partners", "visibility")
# The columns of the one query that reads a whole plan: each action comes once per step and other criterion.
COLUMNS = (
    "public_id",
    *TEXTS,
    *DAYS,
    "budget",
    "pilot__first_name",
    "pilot__last_name",
    "criterion__stable_id",
    "criterion__code",
    "criterion__title",
    "steps__pk",
    "steps__text",
    "steps__done_at",
    "also__criterion__stable_id",
    "also__criterion__code",
    "also__criterion__title",
)


def freeze(rows):
    """The actions as JSON-ready data, from rows of `COLUMNS` in order: the shape of `PlanAdoption.content`."""
    actions, steps, also = {}, {}, {}
    for row in rows:
        key = row["public_id"]
        actions.setdefault(key, _frozen(row))
        if row["steps__pk"]:
            step = {"text": row["steps__text"], "done": row["steps__done_at"] is not None}
            steps.setdefault(key, {})[row["steps__pk"]] = step
        if row["also__criterion__stable_id"]:
            criterion = _criterion(row, "also__criterion__")
            also.setdefault(key, {})[criterion["stable_id"]] = criterion
    return [
        {**action, "steps": list(steps.get(key, {}).values()), "also": list(also.get(key, {}).values())}
        for key, action in actions.items()
    ]


def _frozen(row):
    return {
        "id": row["public_id"],
        **{name: row[name] for name in TEXTS},
        **{name: row[name].isoformat() if row[name] else None for name in DAYS},
        "budget": None if row["budget"] is None else f"{row['budget']:.2f}",
        "pilot": f"{row['pilot__first_name'] or ''} {row['pilot__last_name'] or ''}".strip(),
        "criterion": _criterion(row, "criterion__"),
    }


def _criterion(row, prefix):
    if row[f"{prefix}stable_id"] is None:
        return None
    return {name: row[f"{prefix}{name}"] for name in ("stable_id", "code", "title")}


# --- What was shown -----------------------------------------------------------------------------------------------


def stamp_of(actions):
    """What somebody read of a plan, for a change in between to be noticed: each action with a short fingerprint."""
    return " ".join(f"{action['id']}:{content_hash(action)[:16]}" for action in actions)


def changed_since(stamp, actions):
    """The actions that are no longer as that stamp says; all of them when it is of another plan."""
    seen = dict(part.partition(":")[::2] for part in stamp.split())
    return [action for action in actions if seen.get(action["id"]) != content_hash(action)[:16]]


# --- What changed -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FieldChange:
    """A field, in words: before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ActionChange:
    """An action that differs. `kind`: added, changed, done, abandoned, gone; `fields` are empty where it is new."""

    kind: str
    id: str
    what: str
    fields: tuple = ()


def compare(before, after):
    """What `after` changes of `before`, two lists of frozen actions, in the order one reads `after`."""
    old = {action["id"]: action for action in before}
    changes = [_change(old.get(action["id"]), action) for action in after]
    kept = {action["id"] for action in after}
    gone = [ActionChange(GONE, action["id"], action["what"]) for action in before if action["id"] not in kept]
    return [change for change in changes if change] + gone


def _change(old, new):
    if old is None:
        return ActionChange(ADDED, new["id"], new["what"])
    told, before = in_words(new), in_words(old)
    fields = tuple(
        FieldChange(label, before[name], told[name]) for name, label in LABELS.items() if before[name] != told[name]
    )
    if not fields:
        return None
    kind = CHANGED
    if new["status"] != old["status"]:
        kind = {ActionStatus.DONE: DONE, ActionStatus.ABANDONED: ABANDONED}.get(new["status"], CHANGED)
    return ActionChange(kind, new["id"], new["what"], fields)


def in_words(action):
    """A frozen action, each field as it is read; an em rule stands for nothing."""
    told = {name: action.get(name) or NOTHING for name in ("what", "why", "who", "pilot", "means", "indicator")}
    told |= {name: action.get(name) or NOTHING for name in ("status_reason", "partners")}
    told |= {name: _day(action.get(name)) for name in DAYS}
    told["status"] = _label(ActionStatus, action["status"])
    told["visibility"] = _label(Visibility, action["visibility"])
    told["budget"] = money(action.get("budget"))
    told["criterion"] = _name(action.get("criterion"))
    told["also"] = "\n".join(_name(one) for one in action.get("also", ())) or NOTHING
    told["steps"] = "\n".join(_step(one) for one in action.get("steps", ())) or NOTHING
    return told


def money(amount):
    """« 1 200 € », cents when there are some."""
    if amount is None:
        return NOTHING
    exact = Decimal(amount)
    return f"{number(exact, 0 if exact == exact.to_integral_value() else 2)}{NBSP}€"


def _day(iso):
    return date_in_words(datetime.date.fromisoformat(iso)) if iso else NOTHING


def _label(choices, value):
    label = choices(value).label if value in choices.values else value
    return label[:1].upper() + label[1:]


def _name(criterion):
    return f"{criterion['code']} {criterion['title']}" if criterion else NOTHING


def _step(step):
    return f"{step['text']} (faite)" if step["done"] else step["text"]
