"""When a plan is read over next, and from when it is said. Pure: no query."""

from datetime import timedelta

from autodiag.rules.actions import months_before

RHYTHMS = ((1, "chaque mois"), (3, "chaque trimestre"), (6, "chaque semestre"), (12, "chaque année"))
NOTICE = timedelta(days=14)


def months_after(day, months):
    """The same day some months later, or the last of that month when it has no such day."""
    return months_before(day, -months)


def next_review(last_held_on, months, today):
    """The next time, counted from the last review, or from today when there was none; never a day already past."""
    return max(months_after(last_held_on or today, months), today)


def rhythm_in_words(months):
    """« chaque trimestre »."""
    return dict(RHYTHMS).get(months, f"tous les {months} mois")
