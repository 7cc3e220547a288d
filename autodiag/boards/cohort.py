"""The board of a cohort: one row per structure, who needs help first. Pure: the rows come from the doors."""

from dataclasses import dataclass
from typing import NamedTuple

from autodiag.boards import helping
from autodiag.enums import AutodiagState
from autodiag.scoring import weighted_mean
from caprse.base import clock
from caprse.base.addresses import addresses
from caprse.base.text import normalised
from cohorts.rules import closing_day, was_over_on_joining

WORDS = {
    "upcoming": "À venir",
    "before": "Avant son entrée",
    "waiting": "Convention attendue",
    "not_started": "Pas commencé",
    "in_progress": "En cours",
    "late": "En retard",
    "done": "Transmis",
}
CORRECTING = "En correction"
QUIET = frozenset({"upcoming", "before", "waiting"})
OPEN = frozenset({"waiting", "not_started", "in_progress"})


class Cell(NamedTuple):
    """One structure in one chapter.

    `state`: "upcoming", "before" (over before the structure joined), "waiting" (open, no clearance), "not_started",
    "in_progress", "late" (closed, not transmitted) or "done". `since`: from when the structure could begin it;
    `closes_on`: its own last day, extension included; `score` once transmitted; `autodiag`: None before its start.
    """

    number: int
    title: str
    state: str
    opens_on: object
    since: object
    closes_on: object
    extended: bool
    autodiag: object
    score: object
    url: str

    @property
    def is_quiet(self):
        """Whether nothing is expected of the structure there."""
        return self.state in QUIET

    @property
    def word(self):
        """Its state in a word."""
        return CORRECTING if self.is_reopened and self.is_open else WORDS[self.state]

    @property
    def is_reopened(self):
        """Whether it was transmitted, and is answered again since."""
        return bool(self.autodiag and self.autodiag.reopened_for)

    @property
    def progress(self):
        """How many answers, while it is not transmitted; "" when there is nothing to count."""
        if self.state == "done" or self.autodiag is None:
            return "pas commencé" if self.state == "late" else ""
        return f"{self.autodiag.answered} sur {self.autodiag.total}"

    @property
    def is_open(self):
        """Whether it is open by its days and not transmitted."""
        return self.state in OPEN


@dataclass(frozen=True)
class NextDate:
    """The nearest day that matters to a structure, and what happens then."""

    day: object
    what: tuple


class Pages:
    """Where the rows of a board lead, in one region: functions from a public id to an address."""

    def __init__(self, region, chapters):
        self.participation = addresses("participation", region)
        self.notes = addresses("notes", region)
        self.autodiag = addresses("autodiag", region)
        self.synthesis = addresses("synthesis", region)
        numbers = [round_.chapter.number for round_ in chapters]
        self.delays = {number: addresses("round_adjust", region, number) for number in numbers}


@dataclass(frozen=True)
class Row:
    """One structure: its chapters, why it needs help, its last activity and its next date (days, or None).

    `cleared`: whether its chapters may open, as far as the convention goes.
    """

    pages: Pages
    participation: object
    cleared: bool
    cells: list
    reasons: tuple
    last_activity: object
    next_date: object

    @property
    def weight(self):
        return helping.weight(self.reasons)

    @property
    def names(self):
        """The reasons in a few words each."""
        return dict.fromkeys(reason.kind.name for reason in self.reasons)

    @property
    def name(self):
        return self.participation.organisation.legal_name

    @property
    def url(self):
        return self.pages.participation(self.participation.public_id)

    @property
    def notes_url(self):
        return self.pages.notes(self.participation.public_id)

    @property
    def told(self):
        """Each reason with where its chapter could be given more time, "" when no day could be moved."""
        for reason in self.reasons:
            yield reason, self.pages.delays[reason.chapter](self.participation.public_id) if reason.chapter else ""


@dataclass(frozen=True)
class _Shared:
    """What the rows have in common. `own_days`: {(structure, round): its own closing day}; `begun`: their autodiags."""

    chapters: list
    own_days: dict
    begun: dict
    pages: Pages
    today: object


def board_rows(cohort, participations, rounds, autodiags, meetings, today):
    """One row per structure: the heaviest reasons first, then by name.

    `cohort` has its region; `participations` carry what `readiness` and `shared_actions` add; `rounds` come from
    `with_extensions`, one line per extension; `autodiags` from `for_board`; `meetings`: those to come whose day is
    certain.
    """
    chapters, own_days = _chapters(rounds)
    begun = {(autodiag.participation_id, autodiag.round_id): autodiag for autodiag in autodiags}
    shared = _Shared(chapters, own_days, begun, Pages(cohort.region.slug, chapters), today)
    next_meetings = _next_meetings(meetings)
    rows = []
    for path in participations:
        cleared = not cohort.needs_clearance or path.cleared_since is not None
        free_since = max(path.joined_on, path.cleared_since) if cohort.needs_clearance and cleared else path.joined_on
        cells = _cells(shared, path, cleared, free_since)
        last = _last_activity(path, cells)
        reasons = helping.reasons(path, cells, last, today)
        rows.append(Row(shared.pages, path, cleared, cells, reasons, last, _next_date(cells, next_meetings)))
    return sorted(rows, key=lambda row: (-row.weight, normalised(row.name)))


def _chapters(lines):
    """The rounds, once each, and {(structure, round): its own closing day}."""
    chapters, own_days = {}, {}
    for line in lines:
        chapters.setdefault(line.pk, line)
        if line.extended_participation:
            own_days[line.extended_participation, line.pk] = line.extended_to
    return list(chapters.values()), own_days


def _cells(shared, path, cleared, free_since):
    """The chapters of one structure. `cleared`, `free_since`: whether it may work, and from when it could.

    A chapter counts as free to begin once the one before is transmitted.
    """
    cells = []
    for round_ in shared.chapters:
        cell = _cell(shared, path, round_, cleared, free_since)
        if cell.state == "done":
            free_since = max(free_since, _day(cell.autodiag.submitted_at))
        cells.append(cell)
    return cells


def _cell(shared, path, round_, cleared, free_since):
    key = path.pk, round_.pk
    autodiag = shared.begun.get(key)
    closes_on = closing_day(round_, shared.own_days.get(key))
    state = _state(path, round_, autodiag, cleared, closes_on, shared.today)
    done = state == "done"
    transmitted = done or (autodiag and autodiag.reopened_for)
    page = shared.pages.synthesis if transmitted else shared.pages.autodiag
    return Cell(
        number=round_.chapter.number,
        title=round_.chapter.short_title,
        state=state,
        opens_on=round_.opens_on,
        since=max(round_.opens_on, free_since) if round_.opens_on else None,
        closes_on=closes_on,
        extended=closes_on != round_.closes_on,
        autodiag=autodiag,
        score=weighted_mean(autodiag.points, autodiag.weight) if done else None,
        url=page(autodiag.public_id) if autodiag else "",
    )


def _state(path, round_, autodiag, cleared, closes_on, today):
    if autodiag and autodiag.state == AutodiagState.SUBMITTED:
        return "done"
    if autodiag is None and was_over_on_joining(round_, path):
        return "before"
    if round_.opens_on is None or today < round_.opens_on:
        return "upcoming"
    if closes_on and closes_on < today:
        return "late"
    if not cleared:
        return "waiting"
    return "in_progress" if autodiag else "not_started"


def _day(moment):
    return moment.astimezone(clock.PARIS).date()


def _last_activity(path, cells):
    """The day of the last answer saved, chapter begun or transmitted, shared action written."""
    begun = [cell.autodiag for cell in cells if cell.autodiag]
    moments = [path.last_action_at]
    moments += [moment for a in begun for moment in (a.last_saved_at, a.submitted_at)]
    moments = [moment for moment in moments if moment]
    return _day(max(moments)) if moments else None


def _next_meetings(meetings):
    """The nearest day on which the cohort meets, and all that happens then."""
    nearest = min((meeting.day for meeting in meetings), default=None)
    return nearest, [meeting.title for meeting in meetings if meeting.day == nearest]


def _next_date(cells, next_meetings):
    """The nearer of the next meeting and of the closing days of its open chapters; both when they are the same."""
    day, titles = next_meetings
    events = [(day, title) for title in titles]
    events += [
        (cell.closes_on, f"fin du chapitre {cell.number}{', délai accordé' if cell.extended else ''}")
        for cell in cells
        if cell.is_open and cell.closes_on
    ]
    if not events:
        return None
    nearest = min(day for day, _ in events)
    return NextDate(nearest, tuple(what for day, what in events if day == nearest))
