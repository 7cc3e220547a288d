"""What may be done with viewpoints now, and if not why. Pure: no query."""

from dataclasses import dataclass
from datetime import datetime

from autodiag.rules.answering import can_work_in_round
from cohorts.rules import YES, Verdict

FROZEN = (
    "La comparaison est ouverte : les points de vue de ce chapitre ne changent plus. Le vôtre reste lisible par vous."
)
TRANSMITTED = "Ce chapitre est transmis : les points de vue n’y changent plus. Le vôtre reste lisible par vous."
BLIND = (
    "Les points de vue sont donnés à l’aveugle : personne ne lit rien de ceux des autres avant que la ou le "
    "référent·e ouvre la comparaison."
)
NO_VOICE = "Choisissez d’abord le groupe depuis lequel vous parlez."
GROUP_COUNTED = (
    "Votre groupe ne change plus : des points de vue que vous avez donnés se comparent déjà, et le changement "
    "montrerait lesquels sont les vôtres."
)
RULE_KEPT = (
    "Des points de vue ont été donnés à l’aveugle, et la comparaison n’est pas encore ouverte : la règle sous laquelle "
    "vos collègues ont répondu reste la même jusque-là."
)
ALREADY_OPEN = "La comparaison de ce chapitre est déjà ouverte."
AS_THEY_COME = "Votre structure compare les points de vue au fur et à mesure : il n’y a rien à ouvrir."
NOBODY_YET = "Personne n’a encore donné son point de vue sur ce chapitre : il n’y a rien à comparer."
RULE_CHANGED = (
    "La règle de votre structure vient de changer : lisez qui pourra voir votre point de vue, puis enregistrez-le."
)


@dataclass(frozen=True)
class Comparing:
    """Where a chapter stands: when its comparison was opened (or None), and the rule of the structure."""

    opened_at: datetime | None = None
    blind: bool = True
    revision: int = 0  # of the rule; 0: never decided, blind

    @property
    def shows(self):
        """Whether gaps are read, and notes without names."""
        return bool(self.opened_at) or not self.blind


def can_give(autodiag, comparing, today):
    """Viewpoints are given while the chapter is worked on, until its comparison opens.

    `autodiag` comes from `with_context()`.
    """
    if comparing.opened_at:
        return Verdict(False, FROZEN)
    if autodiag.is_submitted:
        return Verdict(False, TRANSMITTED)
    return can_work_in_round(
        autodiag.round, autodiag.participation.cohort, autodiag.is_cleared, autodiag.extended_to, today
    )


def can_compare(comparing):
    """Gaps are read once the comparison is open, or at any time where the structure compares as it goes."""
    return YES if comparing.shows else Verdict(False, BLIND)


def can_open(comparing, voices):
    """A comparison is opened once, where viewpoints are blind and somebody gave one."""
    if comparing.opened_at:
        return Verdict(False, ALREADY_OPEN)
    if not comparing.blind:
        return Verdict(False, AS_THEY_COME)
    return YES if voices else Verdict(False, NOBODY_YET)


def can_change_group(*, compared):
    """A voice changes group until one of its viewpoints is compared."""
    return Verdict(False, GROUP_COUNTED) if compared else YES


def can_change_rule(*, blind, waiting):
    """The rule changes as long as no viewpoint given blind waits for its comparison."""
    return Verdict(False, RULE_KEPT) if blind and waiting else YES
