"""When a chapter may be worked on. Pure: no query."""

from caprse.base.text import date_in_words
from cohorts.rules import YES, Verdict, can_open_round, closing_day

TRANSMITTED = "Ce chapitre est transmis : ses réponses sont figées. Elles restent lisibles par votre équipe."


def can_answer(autodiag, today):
    """Answers are written while the round is open, cleared, and the chapter is not transmitted.

    `autodiag` comes from `with_context()`.
    """
    if autodiag.is_submitted:
        return Verdict(False, TRANSMITTED)
    return can_work_in_round(
        autodiag.round, autodiag.participation.cohort, autodiag.is_cleared, autodiag.extended_to, today
    )


def can_work_in_round(round_, cohort, is_cleared, extended_to, today):
    """A round is worked on between its days, its own extension included, once the structure is cleared."""
    opening = can_open_round(round_, cohort, is_cleared, today)
    if not opening:
        return opening
    closes_on = closing_day(round_, extended_to)
    if closes_on and today > closes_on:
        return Verdict(
            False,
            f"L’autodiagnostic de ce chapitre a fermé le {date_in_words(closes_on)}. "
            "Votre accompagnateur·rice peut accorder un délai.",
        )
    return YES
