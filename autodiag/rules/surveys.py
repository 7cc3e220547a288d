"""When a survey may be opened, answered, changed; and if not, why. Pure: no query."""

from datetime import timedelta

from autodiag.enums import SurveyState
from autodiag.rules.answering import can_answer
from caprse.base.text import date_in_words
from cohorts.rules import YES, Verdict

USUAL_DAYS, LONGEST_DAYS = 21, 90
MOST = 2_000  # responses a survey holds: more is no survey of one structure

NOTHING_RELEASED = (
    "Aucune question n’est encore prête pour ce chapitre : c’est l’équipe nationale qui les écrit et les diffuse."
)
ALREADY_OPEN = "Un questionnaire est déjà ouvert à ce groupe pour ce chapitre : servez-vous de celui-là, ou commencez par le clore."
OVER = "Ce questionnaire est clos : il ne reçoit plus de réponses, et son lien ne s’ouvre plus."


def usual_day(today):
    """The last day proposed."""
    return today + timedelta(days=USUAL_DAYS)


def can_open(autodiag, has_questions, today):
    """A survey opens while its chapter is worked on, with questions released for it. `autodiag`: `with_context()`."""
    verdict = can_answer(autodiag, today)
    if verdict and not has_questions:
        return Verdict(False, NOTHING_RELEASED)
    return verdict


def can_end_on(day, today):
    """Whether a day may be the last one of a survey."""
    if day < today:
        return Verdict(False, f"Ce jour est passé ({date_in_words(day)}). Choisissez aujourd’hui ou un jour à venir.")
    if day > today + timedelta(days=LONGEST_DAYS):
        last = date_in_words(today + timedelta(days=LONGEST_DAYS))
        return Verdict(False, f"Un questionnaire reste ouvert {LONGEST_DAYS} jours au plus : jusqu’au {last} inclus.")
    return YES


def takes_answers(survey, today):
    """Whether the link opens today, in the words of whoever holds it. `survey` knows `adhesion_valid`.

    Source: convention, articles 2.1 and 3.3: the tools are open to a structure as long as it is a member.
    """
    if survey.state == SurveyState.CLOSED:
        return Verdict(False, "Ce questionnaire est fini.")
    if today > survey.closes_on:
        return Verdict(False, f"Ce questionnaire est fini depuis le {date_in_words(survey.closes_on)} au soir.")
    if not survey.adhesion_valid:
        return Verdict(False, "Ce questionnaire n’est pas ouvert en ce moment.")
    return YES


def can_change(survey):
    """Whether a survey still takes sheets, a new link, its end: until somebody closes it, its last day past or not."""
    return YES if survey.state == SurveyState.OPEN else Verdict(False, OVER)
