"""Until when, and to whom, a structure may show something. Pure: no query."""

from dateutil.relativedelta import relativedelta

from autodiag.enums import SharingKind
from caprse.base.text import date_in_words
from cohorts.rules import YES, Verdict

MONTHS, MOST_MONTHS = 3, 12
OF_A_CHAPTER = (SharingKind.SYNTHESIS, SharingKind.AUTODIAG)


def proposed_end(today):
    """The last day offered when nobody chose one."""
    return today + relativedelta(months=MONTHS)


def last_end(today):
    """The last day that may be chosen."""
    return today + relativedelta(months=MOST_MONTHS)


def can_last_until(until, today):
    """A sharing lasts at least today, and a year at most: what is shown grows old."""
    if until < today:
        return Verdict(False, f"Ce jour est passé : choisissez le {date_in_words(today)} ou un jour qui vient après.")
    if until > (last := last_end(today)):
        return Verdict(
            False,
            f"Un partage dure un an au plus : jusqu’au {date_in_words(last)}. Vous pourrez partager de nouveau ensuite.",
        )
    return YES


def can_show(kind, to_organisation, path):
    """Whether this may be shown to them, by a structure that is still in its cohort."""
    if path.left_on is not None:
        return Verdict(False, "Votre structure a quitté cette cohorte : elle ne peut plus rien y partager.")
    if kind == SharingKind.AUTODIAG and to_organisation is None:
        return Verdict(False, "Un autodiagnostic entier se partage avec une seule structure : choisissez laquelle.")
    return YES
