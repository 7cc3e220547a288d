"""What a chapter lacks before it is transmitted; who may answer to a transmission, correct it; and if not, why.

Pure: no query. What blocks, and what only reminds: docs/decisions/0019-transmissions.md.
"""

from dataclasses import dataclass

from autodiag.enums import AnswerKind, Decision, ReopeningCause
from autodiag.rules.answering import can_work_in_round
from caprse.base.text import day_in_words, plural
from cohorts.rules import YES, Verdict, can_open_round, closing_day

# --- What is missing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One criterion as it is looked at before a transmission."""

    position: int
    code: str
    title: str
    kind: str
    na_reason: str = ""
    to_review: bool = False
    revision: int = 0
    open_threads: int = 0
    silent_indicators: int = 0
    expired: int = 0
    agreement_moved: bool = False
    assigned_to: tuple = ()

    @property
    def stamp(self):
        """Changes whenever what is said of this criterion does."""
        seen = (self.revision, self.open_threads, self.silent_indicators, self.expired, int(self.agreement_moved))
        return ".".join(map(str, seen))


@dataclass(frozen=True)
class Missing:
    """Something to see to. `about`: which page does it; `blocks`: whether it keeps the chapter from leaving."""

    position: int
    code: str
    title: str
    about: str
    sentence: str
    blocks: bool = False


def missing_from(checks):
    """Everything to see to before a chapter is transmitted, what keeps it from leaving first, in order."""
    found = [one for check in checks for one in _missing(check)]
    return sorted(found, key=lambda one: (not one.blocks, one.position))


def _missing(check):
    for about, sentence in _blocking(check):
        yield Missing(check.position, check.code, check.title, about, sentence, blocks=True)
    for about, sentence in _reminders(check):
        yield Missing(check.position, check.code, check.title, about, sentence)


def _blocking(check):
    if check.kind == AnswerKind.NONE:
        entrusted = f" Confié à {_enumerated(check.assigned_to)}." if check.assigned_to else ""
        yield "answer", f"Pas encore de réponse.{entrusted}"
    if check.kind == AnswerKind.NOT_APPLICABLE and not check.na_reason.strip():
        yield "answer", "« Non applicable », sans dire pourquoi."


def _reminders(check):
    if check.to_review:
        yield "answer", "Vous vouliez y revenir."
    if check.agreement_moved:
        yield "agreement", "La réponse n’est plus celle sur laquelle vous vous étiez mis d’accord."
    if count := check.open_threads:
        yield "threads", plural(count, "Un échange est encore ouvert.", f"{count} échanges sont encore ouverts.")
    if count := check.silent_indicators:
        yield (
            "indicators",
            plural(count, "Un indicateur est sans chiffre", f"{count} indicateurs sont sans chiffre")
            + ", et sans « nous ne savons pas ».",
        )
    if count := check.expired:
        yield (
            "evidence",
            plural(count, "Un justificatif n’est plus valable.", f"{count} justificatifs ne sont plus valables."),
        )


def _enumerated(names):
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last


def stamp_of(checks):
    """What somebody read before transmitting, for a change in between to be noticed."""
    return "-".join(check.stamp for check in checks)


def changed_since(stamp, checks):
    """The criteria that changed since that stamp; all of them when it is of another chapter."""
    seen = stamp.split("-")
    if len(seen) != len(checks):
        return list(checks)
    return [check for check, was in zip(checks, seen, strict=True) if check.stamp != was]


# --- Answering to a transmission ----------------------------------------------------------------------------------

NEVER = "Ce chapitre n’a pas encore été transmis."


def can_review(autodiag, last):
    """Whether the last transmission waits for an answer. `last`: see `Autodiag.last_submission`."""
    if last is None:
        return Verdict(False, NEVER)
    if last.said_back:
        done = "renvoyé ce chapitre" if last.said_back.decision == Decision.RETURNED else "pris acte de ce chapitre"
        again = "" if autodiag.is_submitted else " La structure le corrige."
        return Verdict(
            False, f"{last.said_back.decided_by_name} a {done} le {day_in_words(last.said_back.decided_at)}.{again}"
        )
    if last.reopened:
        return Verdict(
            False,
            f"La structure corrige ce chapitre depuis le {day_in_words(last.reopened.reopened_at)} : "
            "elle le transmettra de nouveau.",
        )
    return YES


def can_return(autodiag, today):
    """Whether the structure could answer again: its round may open, whatever its last day."""
    opening = can_open_round(autodiag.round, autodiag.participation.cohort, autodiag.is_cleared, today)
    if not opening:
        return Verdict(False, f"La structure ne pourrait pas reprendre ce chapitre. {opening.reason}")
    return YES


def needs_a_day(autodiag, today):
    """Whether returning asks for a new last day: the round is closed for the structure."""
    closes_on = closing_day(autodiag.round, autodiag.extended_to)
    return closes_on is not None and today > closes_on


def can_correct(autodiag, today):
    """A structure takes up again what it transmitted while its round is open for it."""
    if not autodiag.is_submitted:
        return Verdict(
            False, NEVER if not autodiag.is_reopened else "Ce chapitre est déjà rouvert : vous pouvez le corriger."
        )
    return can_work_in_round(
        autodiag.round, autodiag.participation.cohort, autodiag.is_cleared, autodiag.extended_to, today
    )


def asks_for_a_reason(last):
    """Whether the next transmission is a correction, that says what changed."""
    return last is not None


def first_words(last):
    """What the reason of a correction begins with: the structure's own when it reopened, else nothing."""
    reopening = last.reopened if last else None
    return reopening.reason if reopening and reopening.cause == ReopeningCause.CORRECTION else ""
