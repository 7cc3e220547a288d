"""Who may note an agreement, and who a criterion may be entrusted to. Pure: no query."""

from autodiag.rules.answering import can_answer
from cohorts.rules import YES, Verdict

NOT_OF_THE_STRUCTURE = (
    "Une des personnes choisies ne fait pas partie de votre structure aujourd’hui : rien n’a été enregistré. "
    "Vérifiez vos choix, puis enregistrez."
)


def can_agree(autodiag, today, *, may_answer):
    """An agreement becomes the answer: it is noted by who may answer, while answers are written.

    `autodiag` comes from `with_context()`; `may_answer`: by one's role.
    """
    open_today = can_answer(autodiag, today)
    if open_today and not may_answer:
        return Verdict(
            False,
            "Votre rôle permet de suivre la réunion. L’accord est noté par la ou le référent·e, ou par une personne "
            "qui contribue.",
        )
    return open_today


def can_assign_to(people, members):
    """Criteria are entrusted to people of the structure alone. `people`, `members`: ids."""
    return YES if set(people) <= set(members) else Verdict(False, NOT_OF_THE_STRUCTURE)
