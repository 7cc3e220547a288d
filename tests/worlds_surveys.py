"""The fixed worlds: one survey under way and one closed a structure, about the chapter it works on."""

import secrets
from datetime import date

from autodiag.enums import SurveyChoice
from autodiag.models import Survey
from autodiag.services import surveys
from caprse.base import clock
from cohorts.enums import Role
from referentiel.models import Criterion, SurveyQuestion
from referentiel.services import questions as writing

LAST_DAY = date(2025, 11, 25)
CLOSED_ANSWERS = 6
OPEN_GROUP, CLOSED_GROUP = "Salarié·e·s en parcours", "CSE"


def build_surveys(world, marker=""):
    """The structure whose adhesion is over opened one while it was a member."""
    with clock.stopped(clock.at(date(2025, 1, 7), 9)):
        for chapter in world.participation.cohort.version.chapters.filter(number__lte=2):
            release_questions(chapter)
    if world.key == "lapsed":
        open_one(world, OPEN_GROUP, date(2025, 8, 20), written=True)
        return
    closed = open_one(world, CLOSED_GROUP, date(2025, 10, 21))
    with clock.stopped(clock.at(date(2025, 10, 24), 11)):
        for rank in range(CLOSED_ANSWERS):
            give(closed, ["yes", "rather_yes", "rather_no"][rank % 3])
    with clock.stopped(clock.at(date(2025, 10, 30), 9)):
        surveys.close(survey=closed, by=world.actor(Role.REFERENT))
    survey = open_one(world, OPEN_GROUP, date(2025, 11, 3))
    with clock.stopped(clock.at(date(2025, 11, 3), 18)):
        for value in ("no", "yes"):
            give(survey, value)


def release_questions(chapter):
    """One question on each of the first three criteria of a chapter, in words of their own."""
    for criterion in Criterion.objects.filter(chapter=chapter, position__lte=3).order_by("position"):
        if SurveyQuestion.objects.released().filter(criterion=criterion, text=text_about(criterion)).exists():
            continue
        question = writing.write_question(
            criterion=criterion, text=text_about(criterion), easy_text=f"Le travail va bien ? ({criterion.position})"
        )
        writing.release_question(question=question, by_name="Équipe nationale")


def text_about(criterion):
    return f"Est-ce que votre travail vous convient, à propos de {criterion.chapter.number}-{criterion.position} ?"


def open_one(world, group, day, *, written=False):
    """A survey opened by its référent. `written`: by the ORM, about a chapter that was transmitted since."""
    held = world.participation.cohort.version.voice_groups.get(name=group)
    with clock.stopped(clock.at(day, 10)):
        if not written:
            by = world.actor(Role.REFERENT)
            return surveys.open_survey(autodiag=world.draft, group=held, closes_on=LAST_DAY, by=by)
        survey = Survey(
            region_id=world.participation.region_id,
            participation=world.participation,
            autodiag=world.draft,
            group=held,
            questions=[surveys.frozen(q) for q in surveys.released_questions(world.draft).select_related("criterion")],
            closes_on=LAST_DAY,
            created_by=world.user(Role.REFERENT),
        )
        survey.code_digest = surveys.digest_of(survey)
        survey.save()
        return survey


def give(survey, value, *, on_paper=False, only=None):
    """One response, the same to every question; `only`: to that many of them. Returns its number."""
    number = secrets.token_hex(16)
    choices = {question["id"]: SurveyChoice(value).value for question in survey.questions[:only]}
    send = surveys.enter_sheet if on_paper else surveys.answer
    send(survey=survey, choices=choices, number=number)
    return number


class SurveysOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def survey(self):
        """The one under way."""
        return Survey.objects.for_pages().get(participation=self.participation, state="open")

    @property
    def closed_survey(self):
        return Survey.objects.for_pages().get(participation=self.participation, state="closed")

    @property
    def survey_code(self):
        """What the link of the one under way ends with."""
        return surveys.code_of(self.survey)
