"""Which years may hold the value of an indicator. Pure: no query."""

from cohorts.rules import YES, Verdict

FIRST_YEAR = 2000
SHOWN_YEARS = 3  # the current one and those before it: enough to see something move


def can_hold_a_value(year, today):
    """A figure is about a year that has begun, and not about another century."""
    if FIRST_YEAR <= year <= today.year:
        return YES
    return Verdict(False, f"Choisissez une année entre {FIRST_YEAR} et {today.year}.")


def years_shown(today, known, asked=None):
    """The last years, those that hold something, and the one asked for; in order."""
    last = range(today.year - SHOWN_YEARS + 1, today.year + 1)
    return sorted({*last, *known, *([asked] if asked else [])})
