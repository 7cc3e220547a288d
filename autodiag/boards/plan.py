"""The plan as its views show it: each action with its news of the day, filtered, counted, in columns. Pure."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from autodiag.enums import OVER, ActionStatus
from autodiag.rules.actions import stale, stale_in_words
from caprse.base.text import NBSP, normalised, plural, short_date
from cohorts.enums import Visibility

WORDS = {
    ActionStatus.TO_DO: ("not_started", "À faire", "À faire"),
    ActionStatus.IN_PROGRESS: ("in_progress", "En cours", "En cours"),
    ActionStatus.BLOCKED: ("blocked", "Bloquée", "Bloquées"),
    ActionStatus.DONE: ("done", "Faite", "Faites"),
    ActionStatus.ABANDONED: ("abandoned", "Abandonnée", "Abandonnées"),
}
NOBODY = "-"
SHARED = {Visibility.FACILITATOR: "partagée", Visibility.STRUCTURE: "structure seule"}


def one_word(status):
    """« Bloquée »: the state of one action."""
    return WORDS[status][1]


def column_word(status):
    """« Bloquées »: the head of a column."""
    return WORDS[status][2]


@dataclass(frozen=True)
class Line:
    """One action on a given day. `last_news_at`: the moment of its last note, or None."""

    action: object
    last_news_at: object
    today: object

    @property
    def is_late(self):
        """Whether its day is past and something is still expected."""
        action = self.action
        return bool(action.due_on and action.due_on < self.today and action.status not in OVER)

    @property
    def is_stale(self):
        """Whether nobody said anything of it for a while."""
        return stale(self.action, self.last_news_at, self.today)

    @property
    def mark(self):
        """Its state for `ui_status`."""
        return WORDS[self.action.status][0]

    @property
    def word(self):
        return one_word(self.action.status)

    @property
    def note(self):
        """The one thing to say of it today, kindly; nothing as a rule."""
        if self.is_late:
            days = (self.today - self.action.due_on).days
            late = f"Date passée depuis {days}{NBSP}{plural(days, 'jour', 'jours')}"
            return f"{late}, à reprendre quand vous pourrez"
        return stale_in_words(self.action, self.last_news_at) if self.is_stale else ""

    @property
    def due(self):
        """« 12 mars 2026 », or nothing."""
        return short_date(self.action.due_on) if self.action.due_on else ""

    @property
    def names(self):
        """Everybody it can be looked for by: who does it, who follows it."""
        pilot = self.action.pilot.full_name if self.action.pilot_id else ""
        return [name for name in (self.action.who, pilot) if name]

    @property
    def pilot(self):
        """Who follows it, where « qui » does not name them already, by their first name or in full."""
        if not self.action.pilot_id:
            return ""
        who, pilot = set(normalised(self.action.who).split()), self.action.pilot.full_name
        return "" if who & set(normalised(pilot).split()) else pilot

    @property
    def people(self):
        """Who does it, then who follows it when that is somebody else."""
        return [name for name in (self.action.who, self.pilot) if name]

    @property
    def reading(self):
        return SHARED[self.action.visibility]


def lines_of(actions, news, today):
    """The actions with their news, in the order given. `news`: {action id: moment of its last note}."""
    return [Line(action, news.get(action.pk), today) for action in actions]


@dataclass(frozen=True)
class Filters:
    """What a view of the plan keeps. Empty: everything."""

    status: str = ""
    who: str = ""
    chapter: str = ""
    late: bool = False
    silent: bool = False

    @classmethod
    def read(cls, asked, choices):
        """From the address of a page; what it does not know is no filter."""

        def known(name, options):
            value = asked.get(name, "")
            return value if any(value == option for option, _ in options) else ""

        return cls(
            status=known("etat", choices.statuses),
            who=known("qui", choices.people),
            chapter=known("chapitre", choices.chapters),
            late=asked.get("retard") == "1",
            silent=asked.get("silence") == "1",
        )

    def __bool__(self):
        return self != Filters()

    def keeps(self, line):
        """Whether an action is among those asked for."""
        criterion = line.action.criterion
        names = [normalised(name) for name in line.names]
        return all(
            (
                not self.status or line.action.status == self.status,
                not self.who or (normalised(self.who) in names if self.who != NOBODY else not names),
                not self.chapter or (criterion is not None and str(criterion.chapter.number) == self.chapter),
                not self.late or line.is_late,
                not self.silent or line.is_stale,
            )
        )

    @property
    def words(self):
        """What it keeps, in words."""
        who = "à confier" if self.who == NOBODY else self.who
        told = (
            (self.status, self.status and column_word(self.status).lower()),
            (self.who, who),
            (self.chapter, f"chapitre {self.chapter}"),
            (self.late, "en retard"),
            (self.silent, "sans nouvelles"),
        )
        return ", ".join(words for asked, words in told if asked)

    @property
    def query(self):
        """The address of the same view, as a query string without its « ? »."""
        asked = {"etat": self.status, "qui": self.who, "chapitre": self.chapter}
        asked |= {"retard": "1" if self.late else "", "silence": "1" if self.silent else ""}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Choices:
    """What the plan can be filtered by, from what is in it: pairs (value, label)."""

    statuses: list
    people: list
    chapters: list


def choices_of(lines):
    """The filters that would keep something."""
    held = {line.action.status for line in lines}
    names = {normalised(name): name for line in reversed(lines) for name in line.names}
    people = [(name, name) for _, name in sorted(names.items())]
    if people and any(not line.names for line in lines):
        people.append((NOBODY, "À confier"))
    chapters = {line.action.criterion.chapter.number for line in lines if line.action.criterion}
    return Choices(
        statuses=[(status.value, column_word(status)) for status in WORDS if status in held],
        people=people,
        chapters=[(str(number), f"Chapitre {number}") for number in sorted(chapters)],
    )


def totals(lines):
    """[(number, words)] for the head of the plan: what there is to do, under way, done; what stops or is late, if any."""
    by_status = Counter(line.action.status for line in lines)
    late = sum(line.is_late for line in lines)
    told = [
        (by_status[ActionStatus.TO_DO], "à faire"),
        (by_status[ActionStatus.IN_PROGRESS], "en cours"),
        (by_status[ActionStatus.BLOCKED], plural(by_status[ActionStatus.BLOCKED], "bloquée", "bloquées")),
        (by_status[ActionStatus.DONE], plural(by_status[ActionStatus.DONE], "faite", "faites")),
        (late, "en retard"),
    ]
    always = ("à faire", "en cours", "faite", "faites")
    return [(number, words) for number, words in told if number or words in always]


@dataclass(frozen=True)
class Column:
    """One column of the board."""

    status: str
    word: str
    lines: list


def columns(lines):
    """The five columns, in order, each with its actions in the order given."""
    return [
        Column(status.value, column_word(status), [line for line in lines if line.action.status == status])
        for status in WORDS
    ]
