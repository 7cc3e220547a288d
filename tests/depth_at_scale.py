"""A chapter of a large cohort with everything that may stand around its answers: what the budgets are measured on."""

from datetime import date, timedelta
from decimal import Decimal

from autodiag.enums import SurveyChoice
from autodiag.models import Answer
from autodiag.rules.threads import STRUCTURE, TEAM
from autodiag.services import surveys
from autodiag.services.agreement import agree
from autodiag.services.assignments import assign
from autodiag.services.evidence import deposit, link_evidence
from autodiag.services.indicators import save_indicator_value
from autodiag.services.threads import open_thread, reply
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Visibility
from tests.voices_at_scale import give_voices
from tests.worlds_surveys import give, release_questions

EVERY = 5  # one criterion in five holds figures, evidence and exchanges


def surround(big, *, compare=True):
    """Five voices, and on one criterion in five figures of two years, evidence, exchanges; half are entrusted.

    `compare`: whether the comparison is open, then also with agreements.
    """
    by, team = Actor.of(big.referent), Actor.of(big.facilitator)
    release_questions(big.autodiag.round.chapter)
    with clock.stopped(clock.at(date(2025, 10, 21), 10)):
        answers = list(Answer.objects.filter(autodiag=big.autodiag).select_related("criterion").order_by("criterion"))
        for answer in answers:
            answer.autodiag = big.autodiag
        chosen = answers[::EVERY]
        evidence = [_evidence(big, by, rank) for rank in range(3)]
        for answer in chosen:
            _around(big, answer, evidence, by, team)
        assign(
            autodiag=big.autodiag, seen=set(), chosen={(answer.pk, big.referent.pk) for answer in answers[::2]}, by=by
        )
        _closed_survey(big, by)
    give_voices(big, compare=compare)
    if compare:
        for answer in chosen:
            said = {"kind": answer.kind, "level_id": answer.level_id, "na_reason": ""}
            agree(answer=answer, revision=answer.revision, by=by, reason="Nous sommes d’accord.", **said)


def _evidence(big, by, rank):
    return deposit(
        organisation=big.autodiag.participation.organisation,
        by=by,
        title=f"Document {rank}",
        visibility=Visibility.FACILITATOR,
        url=f"https://partage.example.org/{rank}",
    )


def _around(big, answer, evidence, by, team):
    for rank, one in enumerate(evidence):
        link_evidence(answer=answer, evidence=one, by=by, page=f"p. {rank + 1}")
    for indicator in answer.criterion.indicators.all():
        for year in (2023, 2024):
            save_indicator_value(
                autodiag=big.autodiag,
                indicator=indicator,
                year=year,
                revision=0,
                by=by,
                value=Decimal(year),
                unknown=False,
                source="Bilan social",
                comment="",
            )
    for rank in range(2):
        thread = open_thread(
            autodiag=big.autodiag, criterion=answer.criterion, side=STRUCTURE, text=f"Une question {rank}", by=by
        )
        reply(thread=thread, side=TEAM, text="Une réponse", by=team)


def _closed_survey(big, by):
    group = big.cohort.version.voice_groups.first()
    last_day = clock.today() + timedelta(days=20)
    survey = surveys.open_survey(autodiag=big.autodiag, group=group, closes_on=last_day, by=by)
    for rank in range(6):
        give(survey, list(SurveyChoice)[rank % 3].value)
    surveys.close(survey=survey, by=by)
