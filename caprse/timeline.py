"""The calendar of a cohort as a line: past, today, next, later. Pure: no query."""

from dataclasses import dataclass

from cohorts.calendars import ICONS
from cohorts.enums import MeetingKind, MeetingMode


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
    return meeting.when.in_words()


def timeline(meetings, today, over=False):
    """The steps in order, each placed before or after today; the first to come is the next, unless all is over."""
    stops, next_found = [], False
    for meeting in meetings:
        past = meeting.when.last_day < today
        is_next = not past and not next_found
        next_found = next_found or is_next
        stops.append(
            Stop(
                title=meeting.title,
                kind=MeetingKind(meeting.kind).label,
                icon=ICONS[meeting.kind],
                when=when_in_words(meeting),
                mode=MeetingMode(meeting.mode).label,
                state="past" if past else "next" if is_next and not over else "later",
                today_before=is_next,
                certain=meeting.is_certain,
            )
        )
    return stops
