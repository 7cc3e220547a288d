"""Calendars of cohorts: dates with their precision, templates that propose them, and their order. Pure: no model."""

import calendar
from dataclasses import dataclass
from datetime import date, time, timedelta

from caprse.base.text import NBSP, date_in_words, month_in_words
from cohorts.enums import DatePrecision, MeetingKind, MeetingMode

ONLINE, ON_SITE = MeetingMode.ONLINE, MeetingMode.ON_SITE
# The drawing of each kind of step, among those of `ui_icon`.
ICONS = {
    MeetingKind.WEBINAR: "video",
    MeetingKind.KICKOFF: "flag",
    MeetingKind.READING: "video",
    MeetingKind.REGROUPEMENT: "users",
    MeetingKind.CAPSULE: "leaf",
    MeetingKind.CLOSING: "star",
}
# What the date of a step says of its chapter's round.
ROUND_DAYS = {MeetingKind.READING: "opens_on", MeetingKind.REGROUPEMENT: "closes_on"}


@dataclass(frozen=True)
class MeetingDate:
    """When a step takes place: exact, a day, a month (then `day` is its first), or still to be confirmed.

    `as_written` keeps the words of the calendar for a date that is not certain.
    """

    precision: str = DatePrecision.UNKNOWN
    day: date | None = None
    hour: time | None = None
    as_written: str = ""

    @property
    def is_certain(self):
        """Whether the day is known: only then may it trigger anything."""
        return self.precision in (DatePrecision.DATETIME, DatePrecision.DATE)

    @property
    def certain_day(self):
        return self.day if self.is_certain else None

    @property
    def last_day(self):
        """The last day it may fall on; a month lasts to its end, an unknown date for ever."""
        if self.precision == DatePrecision.UNKNOWN:
            return date.max
        if self.precision == DatePrecision.MONTH:
            return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return self.day

    @property
    def stamp(self):
        """The same for two equal dates: what a form carries to know which date it was filled on."""
        return f"{self.precision}|{self.day or ''}|{self.hour or ''}|{self.as_written}"

    def in_words(self):
        """As precisely as it is known; what is not certain stays as it was written."""
        if self.as_written:
            return self.as_written
        if self.precision == DatePrecision.DATETIME:
            minutes = f"{NBSP}{self.hour.minute:02d}" if self.hour.minute else ""
            return f"{date_in_words(self.day)}, {self.hour.hour}{NBSP}h{minutes}"
        if self.precision == DatePrecision.DATE:
            return date_in_words(self.day)
        if self.precision == DatePrecision.MONTH:
            return month_in_words(self.day)
        return "Date à confirmer"


@dataclass(frozen=True)
class Pattern:
    """One step of a template. `week` counts from the first step or, in a chapter's block, from its opening.

    `title` may hold `{chapter}`, the chapter's number.
    """

    kind: str
    title: str
    week: int
    mode: str
    hour: time | None = None
    precision: str = DatePrecision.DATE


@dataclass(frozen=True)
class CalendarTemplate:
    """Modèle de calendrier: opening steps, a block repeated for each chapter, closing steps.

    `first_week` is the week of the first block, `block_weeks` the time between two of them; closing steps count
    their weeks from the last step of the last block.
    """

    key: str
    label: str
    description: str
    opening: tuple
    first_week: int
    block: tuple
    block_weeks: int
    closing: tuple


@dataclass(frozen=True)
class PlannedMeeting:
    """A step a template proposes, before anybody read it over."""

    kind: str
    title: str
    chapter: int | None
    mode: str
    when: MeetingDate


def _reading(hour):
    return Pattern(MeetingKind.READING, "Visio lecture du chapitre {chapter}", 0, ONLINE, hour, DatePrecision.DATETIME)


def _regroupement(week):
    return Pattern(MeetingKind.REGROUPEMENT, "Regroupement du chapitre {chapter}", week, ON_SITE)


def _closing(title):
    """Five weeks later is always another month."""
    return Pattern(MeetingKind.CLOSING, title, 5, MeetingMode.UNKNOWN, precision=DatePrecision.MONTH)


# Source: framing day of 4 March 2025, « Planification CAP RSE »: from 22 November 2024 to July 2026, with rounds of
# 9 weeks on average and 52 weeks from the first visio to the fifth.
THIRTEEN_STEPS = CalendarTemplate(
    key="thirteen_steps",
    label="Treize étapes, une journée par chapitre",
    description="Webinaire, journée de lancement, puis pour chaque chapitre une visio lecture et, neuf semaines plus "
    "tard, un regroupement. Vingt mois environ pour cinq chapitres.",
    opening=(
        Pattern(MeetingKind.WEBINAR, "Webinaire d’information", 0, ONLINE),
        Pattern(MeetingKind.KICKOFF, "Journée de lancement", 15, ON_SITE),
    ),
    first_week=20,
    block=(_reading(time(10)), _regroupement(9)),
    block_weeks=13,
    closing=(_closing("Clôture, évaluation finale et labellisation"),),
)
QUARTERLY = CalendarTemplate(
    key="quarterly",
    label="Rythme long, avec une capsule au milieu",
    description="Journée de lancement, puis pour chaque chapitre une visio lecture, une capsule trimestrielle et un "
    "regroupement. Dix-neuf mois environ pour quatre chapitres.",
    opening=(Pattern(MeetingKind.KICKOFF, "Journée de lancement", 0, ON_SITE),),
    first_week=3,
    block=(
        _reading(time(14)),
        Pattern(MeetingKind.CAPSULE, "Capsule trimestrielle du chapitre {chapter}", 7, ONLINE),
        _regroupement(16),
    ),
    block_weeks=19,
    closing=(_closing("Clôture et évaluation finale"),),
)
TEMPLATES = {template.key: template for template in (THIRTEEN_STEPS, QUARTERLY)}


def plan(template, *, chapters, start):
    """The steps of a template for so many chapters, from the day of the first one, every one on its weekday."""
    steps = [_planned(pattern, start, pattern.week) for pattern in template.opening]
    week = 0
    for chapter in range(1, chapters + 1):
        opens = template.first_week + (chapter - 1) * template.block_weeks
        steps += [_planned(pattern, start, opens + pattern.week, chapter) for pattern in template.block]
        week = opens + template.block[-1].week
    return steps + [_planned(pattern, start, week + pattern.week) for pattern in template.closing]


def _planned(pattern, start, week, chapter=None):
    day = start + timedelta(weeks=week)
    if pattern.precision == DatePrecision.MONTH:
        day = day.replace(day=1)
    return PlannedMeeting(
        kind=pattern.kind,
        title=pattern.title.format(chapter=chapter),
        chapter=chapter,
        mode=pattern.mode,
        when=MeetingDate(pattern.precision, day, pattern.hour),
    )


def out_of_order(steps):
    """Steps dated before one that comes earlier in the list: {rank: (the step, the earlier one)}.

    `steps`: pairs (title, MeetingDate). Dates to be confirmed, or None, are passed over.
    """
    found, latest = {}, None
    for rank, (title, when) in enumerate(steps):
        if when is None or when.day is None:
            continue
        if latest and when.last_day < latest[1].day:
            found[rank] = ((title, when), latest)
        elif latest is None or when.day > latest[1].day:
            latest = (title, when)
    return found
