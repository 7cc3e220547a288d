"""The demonstration: what salarié·e·s en parcours and the CSE of one structure say, without an account."""

import random
import secrets
from datetime import date

from autodiag.enums import SurveyChoice
from autodiag.models import Autodiag, Survey, SurveyResponse
from autodiag.services import surveys
from caprse.base import clock
from cohorts.access import Actor

STRUCTURE, CHAPTER, WHO = "passerelle", 3, "passerelle/passerelle-referente"
# Group, day opened, last day, people, responses (of which on paper), day closed; None: still open.
STORY = (
    ("Salarié·e·s en parcours", date(2025, 10, 17), date(2025, 10, 31), 22, 14, 6, date(2025, 11, 3)),
    ("CSE", date(2025, 10, 30), date(2025, 11, 24), 6, 3, 0, None),
)
SHARES = (35, 30, 15, 8, 12)  # yes, rather yes, rather no, no, does not know
SKIPPED = 0.06


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""
    for group, opened_on, last_day, people, responses, sheets, closed_on in STORY:
        if opened_on > clock.today():
            continue
        by = Actor.of(cast.people[WHO])
        with clock.stopped(clock.at(opened_on, 11)):
            autodiag = Autodiag.objects.with_context().get(participation=paths[STRUCTURE], round=rounds[CHAPTER])
            asked = autodiag.participation.cohort.version.voice_groups.get(name=group)
            survey = surveys.open_survey(autodiag=autodiag, group=asked, closes_on=last_day, expected=people, by=by)
        with clock.stopped(clock.at(opened_on, 18)):
            respond(survey, responses, sheets)
        if closed_on and closed_on <= clock.today():
            with clock.stopped(clock.at(closed_on, 16)):
                surveys.close(survey=survey, by=by)


def respond(survey, responses, sheets):
    """As many responses as told, the same each time the demonstration is loaded."""
    dice = random.Random(survey.group.name)  # noqa: S311  a story told the same each time, no secret
    for rank in range(responses):
        choices = {
            question["id"]: dice.choices(SurveyChoice.values, SHARES)[0]
            for question in survey.questions
            if dice.random() > SKIPPED
        }
        send = surveys.enter_sheet if rank < sheets else surveys.answer
        send(survey=survey, choices=choices or {survey.questions[0]["id"]: "yes"}, number=secrets.token_hex(16))


class SurveysSide:
    """What the matrix of access is played on."""

    @property
    def survey(self):
        """One of the replay's own, opened again each time it was closed."""
        if not self._standing_surveys().exists():
            self.__dict__.setdefault("opened_surveys", []).append(self._copy().pk)
        return self._standing_surveys().get()

    def _standing_surveys(self):
        return Survey.objects.for_pages().filter(pk__in=self.__dict__.get("opened_surveys", ()), state="open")

    def _copy(self):
        """One more survey about the chapter, written as it would be, whatever the day and the adhesion."""
        group = self.participation.cohort.version.voice_groups.order_by("-surveyed", "position").first()
        survey = Survey(
            region_id=self.participation.region_id,
            participation=self.participation,
            autodiag=self.draft,
            group=group,
            questions=[surveys.frozen(q) for q in surveys.released_questions(self.draft).select_related("criterion")],
            closes_on=clock.today(),
            created_by_id=self.referent.user_id,
        )
        survey.code_digest = surveys.digest_of(survey)
        survey.save()
        return survey

    @property
    def survey_code(self):
        return surveys.code_of(self.survey)

    def take_away_surveys(self):
        """The replay's own rows."""
        made = self.__dict__.pop("opened_surveys", [])
        SurveyResponse.objects.filter(survey__in=made).delete()
        Survey.objects.filter(pk__in=made).delete()
