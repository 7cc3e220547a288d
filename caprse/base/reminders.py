"""What people are reminded of, told by the upper floors; the top floor groups it in one mail per person and day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

_sources = {}


@dataclass(frozen=True)
class Reminder:
    """One thing a person is late to answer: `ref` is the id of the row, for its own source."""

    user_id: int
    ref: int


@dataclass(frozen=True)
class Line:
    """One thing of a reminder mail: a title, a sentence, an absolute address (made now, tokens included)."""

    title: str
    sentence: str
    url: str


@dataclass(frozen=True)
class Source:
    """Where reminders come from.

    `due(today)` gives the reminders to send on a working day, whatever the number of rows in a few queries.
    `note(refs, today)` writes down that they leave, in the transaction that posts the mail: from then on `due` no
    longer gives them today. `lines(refs)` is asked when the mail leaves and keeps only what still waits.
    `undelivered(refs)`, where there is one, is told that the mail came back for good.
    """

    kind: str
    due: Callable[[date], Iterable[Reminder]]
    note: Callable[[list, date], None]
    lines: Callable[[list], Iterable[Line]]
    undelivered: Callable[[list], None] | None = None


def register(source):
    """Add a source; its kind is stored in the mails that wait."""
    _sources[source.kind] = source
    return source


def due(today):
    """{user id: {kind: [refs]}} of everything to remind of today."""
    found = {}
    for kind, source in _sources.items():
        for reminder in source.due(today):
            found.setdefault(reminder.user_id, {}).setdefault(kind, []).append(reminder.ref)
    return found


def note(refs_by_kind, today):
    """Write down that these leave today."""
    for kind, refs in refs_by_kind.items():
        _sources[kind].note(refs, today)


def lines(refs_by_kind):
    """What still waits among these, ready to be written in a mail."""
    return [line for kind, refs in refs_by_kind.items() if kind in _sources for line in _sources[kind].lines(refs)]


def undelivered(refs_by_kind):
    """Tell the sources that a mail about these was given up."""
    for kind, refs in refs_by_kind.items():
        if kind in _sources and _sources[kind].undelivered:
            _sources[kind].undelivered(refs)
