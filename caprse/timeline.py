"""The calendar of a cohort as a line: past, today, next, later. Pure: no query."""

import calendar
from dataclasses import dataclass
from datetime import date

from caprse.base.text import date_in_words, datetime_in_words, month_in_words
from cohorts.enums import DatePrecision, MeetingKind, MeetingMode

ICONS = {
    MeetingKind.WEBINAR: "video",
    MeetingKind.KICKOFF: "flag",
    MeetingKind.READING: "video",
    MeetingKind.REGROUPEMENT: "users",
    MeetingKind.CAPSULE: "leaf",
    MeetingKind.CLOSING: "star",
}


@dataclass(frozen=True)
class Stop:
    """One step of the line. `state` is past, next or later; `today_before` asks for the mark of today."""

    title: str
    kind: str
    icon: str
    when: str
    mode: str
    state: str
    today_before: bool
    certain: bool


def when_in_words(meeting):
    """The date of a step in words; an uncertain one stays as it was written."""
    if meeting.as_written:
        return meeting.as_written
    if meeting.precision == DatePrecision.DATETIME:
        return datetime_in_words(meeting.starts_at)
    if meeting.precision == DatePrecision.DATE:
        return date_in_words(meeting.day)
    if meeting.precision == DatePrecision.MONTH:
        return month_in_words(meeting.day)
    return "Date à confirmer"


def last_day(meeting):
    """The last day on which a step may still be to come; a month lasts to its end, an unknown date for ever."""
    if meeting.precision == DatePrecision.UNKNOWN:
        return date.max
    if meeting.precision == DatePrecision.MONTH:
        return meeting.day.replace(day=calendar.monthrange(meeting.day.year, meeting.day.month)[1])
    return meeting.day


def timeline(meetings, today):
    """The steps in order, each placed before or after today; the first to come is the next."""
    stops, next_found = [], False
    for meeting in meetings:
        past = last_day(meeting) < today
        is_next = not past and not next_found
        next_found = next_found or is_next
        stops.append(
            Stop(
                title=meeting.title,
                kind=MeetingKind(meeting.kind).label,
                icon=ICONS[meeting.kind],
                when=when_in_words(meeting),
                mode=MeetingMode(meeting.mode).label,
                state="past" if past else "next" if is_next else "later",
                today_before=is_next,
                certain=meeting.is_certain,
            )
        )
    return stops
