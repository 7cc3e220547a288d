"""May a round open for a structure, and if not, why. Pure: no query."""

from dataclasses import dataclass

from caprse.base.text import date_in_words


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with the reason in French. True when it is yes."""

    allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.allowed


YES = Verdict(True)


def can_open_round(round_, cohort, is_cleared, today):
    """A round opens with its day, for a structure that holds a clearance when its cohort asks for one.

    Source: framing day of 4 March 2025: the project goes on once the convention is validated by all.
    """
    if round_.opens_on is None:
        return Verdict(False, "Ce chapitre ouvrira avec sa visio lecture, dont la date reste à confirmer.")
    if today < round_.opens_on:
        return Verdict(False, f"Ce chapitre ouvre {date_in_words(round_.opens_on)}.")
    if cohort.needs_clearance and not is_cleared:
        return Verdict(
            False, "Ce chapitre demande une convention d’engagements en vigueur : elle ne l’est pas, ou pas encore."
        )
    return YES
