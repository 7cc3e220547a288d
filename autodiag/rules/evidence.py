"""What an item of evidence is worth today, and whether one more may be kept or linked. Pure: no query."""

from datetime import timedelta

from autodiag.rules.answering import can_answer
from caprse.base.text import NBSP, size_in_words
from cohorts.rules import YES, Verdict

NOTICE = timedelta(days=30)
EXPIRED, EXPIRING = "expired", "expiring"


def validity(evidence, today):
    """`EXPIRED`, `EXPIRING` (within thirty days), or nothing. Its last day is included."""
    if evidence.valid_until is None:
        return ""
    if evidence.valid_until < today:
        return EXPIRED
    return EXPIRING if evidence.valid_until <= today + NOTICE else ""


def can_keep(size, used, total):
    """Whether one more file of this size fits in what a structure may keep."""
    if used + size <= total:
        return YES
    return Verdict(
        False,
        f"Ce fichier pèse {size_in_words(size)}, et il reste {size_in_words(max(total - used, 0))} sur les "
        f"{size_in_words(total)} de votre structure. Rien n’a été ajouté{NBSP}: enregistrez-le en plus léger, ou donnez "
        "un lien vers l’endroit où il se trouve.",
    )


def can_link(autodiag, evidence, today):
    """Evidence is linked to an answer while that answer may be written, and unless it was put away."""
    verdict = can_answer(autodiag, today)
    if not verdict:
        return verdict
    if evidence.archived_at:
        return Verdict(False, f"«{NBSP}{evidence.title}{NBSP}» est rangé{NBSP}: ressortez-le avant de le relier.")
    return YES
