"""Surveys without an account: opened, answered by nobody known, ended. Nothing here says who answered, nor when."""

from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.enums import SurveyState
from autodiag.models import Autodiag, Survey, SurveyResponse
from autodiag.rules import surveys as rules
from autodiag.surveying import count
from caprse.base import clock, journal, links
from referentiel.models import SurveyQuestion, VoiceGroup

PURPOSE = "autodiag.survey"
A_MINUTE = 60  # responses a survey takes in one minute: a whole team at once, not a script


class SurveyRefused(PermissionDenied):
    """This cannot be done to the survey now; the message is French, for the reader."""


class AlreadyCounted(Exception):
    """The same form was sent before: it counted then."""


class TooManyAtOnce(Exception):
    """More responses this minute than people give: to be sent again a little later."""


def code_of(survey):
    """The code of the link, made again from the secret of the site; None when that secret has changed since."""
    code = links.short_code(PURPOSE, survey.public_id, survey.code_number)
    return code if links.digest(code) == survey.code_digest else None


def released_questions(autodiag):
    """The questions a survey of this chapter may ask today, each with its criterion."""
    return SurveyQuestion.objects.released().filter(criterion__chapter=autodiag.round.chapter_id)


@transaction.atomic
def open_survey(*, autodiag, group, closes_on, by, expected=None):
    """Open a survey to a group about a chapter, with its questions as they are today. Opening twice returns the same.

    `autodiag` comes from `with_context()`. Raises `SurveyRefused`, saying why, when the chapter is not worked on, when
    nothing is released for it, or when this group has one open already.
    """
    Autodiag.objects.select_for_update().get(pk=autodiag.pk)
    standing = Survey.objects.filter(autodiag=autodiag, group=group, state=SurveyState.OPEN).first()
    if standing:
        if (standing.closes_on, standing.expected, standing.created_by_id) == (closes_on, expected, by.user_id):
            return standing
        raise SurveyRefused(rules.ALREADY_OPEN)
    questions = list(released_questions(autodiag).select_related("criterion"))
    _refuse_unless(rules.can_open(autodiag, bool(questions), clock.today()))
    _refuse_unless(rules.can_end_on(closes_on, clock.today()))
    survey = Survey(
        region_id=autodiag.region_id,
        participation_id=autodiag.participation_id,
        autodiag=autodiag,
        group=group,
        questions=[frozen(question) for question in questions],
        expected=expected,
        closes_on=closes_on,
        created_by_id=by.user_id,
    )
    survey.code_digest = digest_of(survey)
    survey.save(force_insert=True)
    journal.record("survey.opened", survey, by=by, details={"questions": len(questions)})
    return survey


def frozen(question):
    """A question as a survey keeps it."""
    return {
        "id": question.stable_id,
        "code": question.criterion.code,
        "text": question.text,
        "easy_text": question.easy_text,
    }


@transaction.atomic
def answer(*, survey, choices, number):
    """Count what somebody ticked. Nothing else is written: neither person, nor address, nor moment, nor journal line.

    `number` is that of the form, drawn when its page was shown. Raises `AlreadyCounted` when that form came before,
    `SurveyRefused` when the survey ended meanwhile, `TooManyAtOnce` when responses come faster than people.
    """
    locked = Survey.objects.select_for_update(of=("self",)).for_respondents().get(pk=survey.pk)
    if SurveyResponse.objects.filter(survey=locked, form_digest=links.digest(number)).exists():
        raise AlreadyCounted
    _refuse_unless(rules.takes_answers(locked, clock.today()))
    if not _within_pace(locked):
        raise TooManyAtOnce
    return _write(locked, choices, number, on_paper=False)


@transaction.atomic
def enter_sheet(*, survey, choices, number):
    """Count a paper sheet, until the survey is closed. Raises `AlreadyCounted` and `SurveyRefused` as `answer` does."""
    locked = _held(survey)
    if SurveyResponse.objects.filter(survey=locked, form_digest=links.digest(number)).exists():
        raise AlreadyCounted
    _refuse_unless(rules.can_change(locked))
    return _write(locked, choices, number, on_paper=True)


@transaction.atomic
def take_back_sheet(*, survey, sheets, by):
    """Take the last paper sheet back, when there are still `sheets` of them. Returns whether one was.

    Raises `SurveyRefused` once the survey is closed.
    """
    locked = _held(survey)
    _refuse_unless(rules.can_change(locked))
    entered = SurveyResponse.objects.filter(survey=locked, on_paper=True)
    if sheets < 1 or entered.count() != sheets:
        return False
    entered.order_by("pk").last().delete()
    journal.record("survey.sheet_taken_back", locked, by=by)
    return True


@transaction.atomic
def close(*, survey, by):
    """End a survey for good. Whoever is answering at this moment is counted before, or told. Closing twice is once."""
    locked = _held(survey)
    if locked.state == SurveyState.OPEN:
        locked.state, locked.closed_at, locked.closed_by_id = SurveyState.CLOSED, clock.now(), by.user_id
        locked.save(update_fields=["state", "closed_at", "closed_by"])
        journal.record("survey.closed", locked, by=by)
    return locked


@transaction.atomic
def renew_link(*, survey, number, by):
    """Give a survey a new link, when its link is still number `number`; the old one leads nowhere at once.

    Raises `SurveyRefused` once the survey is closed.
    """
    locked = _held(survey)
    _refuse_unless(rules.can_change(locked))
    if locked.code_number == number:
        locked.code_number += 1
        locked.code_digest = digest_of(locked)
        locked.save(update_fields=["code_number", "code_digest"])
        journal.record("survey.link_renewed", locked, by=by, details={"number": locked.code_number})
    return locked


@dataclass(frozen=True)
class SurveyResult:
    """What a closed survey says: None for `questions` when too few people answered for anything to be shown."""

    survey: Survey
    received: int
    questions: list | None

    def about(self, code):
        """The results that shed light on one criterion, those under the threshold left out."""
        return [result for result in self.questions or () if result.code == code and result.is_shown]


def results_of(actor, surveys):
    """The results of those of these surveys that are closed, in their order, in one query more."""
    closed = [survey for survey in surveys if not survey.is_open]
    responses = {survey.pk: [] for survey in closed}
    rows = SurveyResponse.objects.aggregates_for(actor).filter(survey__in=closed, survey__state=SurveyState.CLOSED)
    for survey_id, choices in rows.order_by().values_list("survey_id", "choices"):
        responses[survey_id].append(choices)
    return [
        SurveyResult(survey, len(responses[survey.pk]), count(survey.questions, responses[survey.pk]))
        for survey in closed
    ]


def results_for(actor, autodiag):
    """The closed surveys about a chapter that may be shown, oldest first, each with its group: one query."""
    found = {}
    for pk, public_id, group, asked, choices in SurveyResponse.objects.aggregates_for(actor).of_closed(autodiag):
        survey = Survey(pk=pk, public_id=public_id, group=VoiceGroup(name=group), questions=asked)
        found.setdefault(pk, (survey, []))[1].append(choices)
    results = [SurveyResult(survey, len(given), count(survey.questions, given)) for survey, given in found.values()]
    return [result for result in results if result.questions is not None]


def results_by_code(actor, autodiag):
    """{code of a criterion: [(group, result of a question)]}: what closed surveys say of it, in one query."""
    found = {}
    for result in results_for(actor, autodiag):
        for question in result.questions:
            if question.is_shown:
                found.setdefault(question.code, []).append((result.survey.group, question))
    return found


def _held(survey):
    return Survey.objects.select_for_update().get(pk=survey.pk)


def digest_of(survey):
    """What the row keeps of the code of its link."""
    return links.digest(links.short_code(PURPOSE, survey.public_id, survey.code_number))


def _refuse_unless(verdict):
    if not verdict:
        raise SurveyRefused(verdict.reason)


def _within_pace(survey):
    """Whether the survey still takes responses this minute: a number per survey, forgotten with the minute."""
    key = f"survey-pace-{survey.pk}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) <= A_MINUTE
    except ValueError:  # the minute ended in between
        return True


def _write(survey, choices, number, *, on_paper):
    if SurveyResponse.objects.filter(survey=survey).count() >= rules.MOST:
        raise SurveyRefused("Ce questionnaire a reçu toutes les réponses qu’il peut recevoir.")
    return SurveyResponse.objects.create(
        region_id=survey.region_id,
        participation_id=survey.participation_id,
        survey=survey,
        choices=choices,
        form_digest=links.digest(number),
        on_paper=on_paper,
    )
