"""When a plan is read over next, and from when it is said. Pure: no query."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

RHYTHMS = ((1, "chaque mois"), (3, "chaque trimestre"), (6, "chaque semestre"), (12, "chaque année"))
NOTICE = timedelta(days=14)


def next_review(last_held_on, months, today):
    """The next time, counted from the last review, or from today when there was none; never a day already past."""
    return max((last_held_on or today) + relativedelta(months=months), today)


def rhythm_in_words(months):
    """« chaque trimestre »."""
    return dict(RHYTHMS).get(months, f"tous les {months} mois")
