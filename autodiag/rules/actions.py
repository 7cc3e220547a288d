"""How an action is doing, in a kind sentence; whether its criterion may be assessed again, and if not, why.

Pure: no query. Nobody is blamed: a plan is read by tired people, and an action that stopped is news like another.
"""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from autodiag.rules.answering import can_answer
from autodiag.rules.reviews import can_correct
from caprse.base.text import NBSP, PARIS, date_in_words, plural
from cohorts.rules import YES, Verdict

QUIET = relativedelta(months=3)

OPEN, CORRECT = "open", "correct"
ASK_REFERENT = "Ce chapitre est transmis : votre référent·e peut le rouvrir, si votre réponse n’est plus la même."
NOT_BEGUN = "Son chapitre n’est pas encore commencé."


def news_day(action, last_news_at=None):
    """The day of the last thing somebody said of an action: its last change, or its last note when it is later."""
    return max(action.updated_at, last_news_at or action.updated_at).astimezone(PARIS).date()


def stale(action, last_news_at, today):
    """Whether nothing new was said of an action for three months, while something is still expected of it.

    `last_news_at`: the moment of its last note, or None; its own last change counts as well. An action that begins
    later is not stale before its time.
    """
    if action.is_over:
        return False
    day = news_day(action, last_news_at)
    since = max(day, action.starts_on) if action.starts_on else day
    return since <= today - QUIET


def stale_in_words(action, last_news_at=None):
    """Said beside an action nobody spoke of for three months."""
    return f"Sans nouvelles depuis le {date_in_words(news_day(action, last_news_at))}"


def late_in_words(action, today):
    """Said beside an action whose day is past, in days: no reproach."""
    days = (today - action.due_on).days
    return f"Prévue pour le {date_in_words(action.due_on)}, il y a {days}{NBSP}{plural(days, 'jour', 'jours')}"


def kind_word(action, last_news_at, today):
    """The one sentence an action deserves today, or nothing: its day past first, then the silence."""
    if action.is_over:
        return ""
    if action.due_on and action.due_on < today:
        return f"{late_in_words(action, today)}. Une autre date{NBSP}? Elle se change en un instant."
    if stale(action, last_news_at, today):
        return f"{stale_in_words(action, last_news_at)}. Une phrase suffit pour dire où elle en est."
    return ""


def steps_in_words(done, total):
    """« 2 étapes sur 5 », or nothing when an action has none."""
    return f"{done} {plural(done, 'étape faite', 'étapes faites')} sur {total}" if total else ""


@dataclass(frozen=True)
class Reassessment:
    """« Réévaluer ce critère ? »: `way` is how (`OPEN`, `CORRECT`), or nothing with the sentence that says when."""

    way: str
    sentence: str


def reassessment(autodiag, today, may_correct=True):
    """What one may do about the criterion of an action that is done. People decide: nothing changes by itself.

    `autodiag`: the chapter of the criterion, from `with_context()`, or None when it was never begun. `may_correct`:
    whether this person may open a transmitted chapter again.
    """
    if autodiag is None:
        return Reassessment("", f"{NOT_BEGUN} Vous y direz où vous en êtes quand il ouvrira.")
    answering = can_answer(autodiag, today)
    if answering:
        return Reassessment(OPEN, "Vous pouvez revenir sur votre réponse, si l’action a changé les choses.")
    correcting = can_correct(autodiag, today)
    if autodiag.is_submitted and correcting and not may_correct:
        return Reassessment("", ASK_REFERENT)
    if autodiag.is_submitted and correcting:
        return Reassessment(
            CORRECT,
            "Ce chapitre est transmis. Vous pouvez le rouvrir pour corriger votre réponse, puis le retransmettre.",
        )
    reason = correcting.reason if autodiag.is_submitted else answering.reason
    return Reassessment("", f"{reason} Gardez cette action en tête pour la prochaine évaluation.")


def can_withdraw_note(note, user_id):
    """A note of progress is taken back by whoever wrote it."""
    if note.written_by_id == user_id:
        return YES
    return Verdict(False, f"Cette nouvelle a été écrite par {note.written_by.full_name}, qui peut seul·e la reprendre.")


def can_accept_proposal(proposal):
    """A proposal is accepted while national staff still proposes it."""
    if proposal.withdrawn_at is None:
        return YES
    return Verdict(
        False,
        "Cette action vient d’être retirée de la bibliothèque par l’équipe nationale. Rien n’a été ajouté à votre plan.",
    )
