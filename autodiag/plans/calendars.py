"""The days of a plan for a diary: an event a day, all day long, since many diaries show no task."""

from datetime import timedelta

import icalendar

from autodiag.enums import ActionStatus
from caprse.base.text import NBSP

DOMAIN = "cap-rse"  # the same event wherever the site is: an update replaces it
MAKER = "-//CAP RSE//Plan d’actions//FR"


def plan_calendar(material) -> bytes:
    """The actions to come, each on its day. The same plan gives the same bytes."""
    calendar = icalendar.Calendar()
    calendar.add("PRODID", MAKER)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar["X-WR-CALNAME"] = icalendar.vText(f"Plan d’actions – {material.structure}")
    for line in material.to_come:
        calendar.add_component(_event(line))
    return calendar.to_ical()


def _event(line):
    event = icalendar.Event()
    event.add("UID", f"{line.public_id}@{DOMAIN}")
    event.add("DTSTAMP", line.updated_at)
    event.add("LAST-MODIFIED", line.updated_at)
    event.add("DTSTART", line.due_on)
    event.add("DTEND", line.due_on + timedelta(days=1))
    event.add("SUMMARY", _written(line.what))
    event.add("DESCRIPTION", _written(_description(line)))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    return event


def _description(line):
    """The structure's own words on it, an item a line."""
    said = (
        ("Qui", line.who or line.pilot),
        ("Où en est-on", ActionStatus(line.status).label),
        ("Raison", line.status_reason),
        ("Avec quels moyens", line.means),
        ("À quoi nous verrons que c’est fait", line.indicator),
    )
    return "\n".join(f"{label}{NBSP}: {text}" for label, text in said if text)


def _written(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")
