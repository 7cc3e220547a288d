"""Whether a plan may be adopted today, and if not, why. Pure: no query."""

from autodiag.enums import ActionStatus
from cohorts.rules import YES, Verdict

EMPTY = "Votre plan n’a pas encore d’action : il n’y a rien à adopter. Ajoutez-en une, même courte, puis revenez ici."
ALL_ABANDONED = (
    "Toutes les actions de votre plan sont abandonnées : il n’y a rien à adopter. Ajoutez-en une, puis revenez ici."
)


def can_adopt(actions):
    """A plan is adopted when at least one of its actions is not abandoned. `actions`: the rows of the frozen plan."""
    if not actions:
        return Verdict(False, EMPTY)
    if all(action["status"] == ActionStatus.ABANDONED for action in actions):
        return Verdict(False, ALL_ABANDONED)
    return YES
