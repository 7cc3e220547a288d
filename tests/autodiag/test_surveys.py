"""Surveys without an account: the threshold, the link, who counts and who does not, the end."""

import secrets
from datetime import date, timedelta

import pytest
import segno
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from autodiag.enums import SurveyChoice
from autodiag.models import Respondent, Survey, SurveyResponse
from autodiag.rules import surveys as rules
from autodiag.services import surveys
from autodiag.surveying import GSM_7, SMS_LENGTH, THRESHOLD, count, sms
from caprse.base import clock, links
from caprse.base.ids import ALPHABET
from caprse.base.models import AuditEvent
from caprse.base.qr import qr_svg
from cohorts.enums import Role
from referentiel.services import questions as writing
from tests.harness.threads import at_once
from tests.worlds import World
from tests.worlds_surveys import CLOSED_ANSWERS, LAST_DAY, OPEN_GROUP, give

QUESTIONS = [{"id": f"id{n}", "code": f"1.{n}", "text": f"Texte {n}", "easy_text": f"Facile {n}"} for n in (1, 2, 3)]
VALUES = [None, *SurveyChoice.values]
LINK = "https://cap-rse.example.org/q/abcdefghjk"


@pytest.fixture
def ours(db):
    return World("ours")


def group(world, name):
    return world.participation.cohort.version.voice_groups.get(name=name)


def opened(world, name="Partenaires", **values):
    given_ = {"closes_on": LAST_DAY, "by": world.actor(Role.REFERENT), **values}
    return surveys.open_survey(autodiag=world.draft, group=group(world, name), **given_)


# --- Counting ---------------------------------------------------------------------------------------------------


@given(st.lists(st.fixed_dictionaries({q["id"]: st.sampled_from(VALUES) for q in QUESTIONS}), max_size=12))
def test_nothing_is_shown_under_five_and_what_is_shown_adds_up(forms):
    responses = [{key: value for key, value in form.items() if value} for form in forms]
    results = count(QUESTIONS, responses)
    if len(responses) < THRESHOLD:
        assert results is None
        return
    assert [result.text for result in results] == [question["text"] for question in QUESTIONS]
    for question, result in zip(QUESTIONS, results, strict=True):
        answered = [choices[question["id"]] for choices in responses if question["id"] in choices]
        assert result.is_shown == (len(answered) >= THRESHOLD)
        if result.is_shown:
            assert {choice: answered.count(choice) for choice in SurveyChoice} == result.counts
            assert result.answered + result.skipped == len(responses)
            assert result.voiced + result.unknown == result.answered
            assert result.favourable <= result.voiced
        else:
            assert (result.counts, result.skipped) == (None, 0)


def test_a_response_to_other_questions_counts_for_none_of_these():
    assert [r.is_shown for r in count(QUESTIONS, [{"ailleurs": "yes"}] * 6)] == [False] * 3


# --- The text of an SMS -----------------------------------------------------------------------------------------


@given(st.text(max_size=160))
def test_the_sms_holds_in_one_message_whatever_the_name(name):
    text = sms(name, LINK, date(2025, 11, 25))
    assert len(text) <= SMS_LENGTH
    assert set(text) <= GSM_7 | {"_"}
    assert text.endswith(f"inclus : {LINK}")


def test_the_sms_says_who_asks_and_until_when():
    text = sms("L’Établi des Forêts – SCIC", LINK, date(2025, 11, 25))
    assert text.startswith("L'Établi des Forets - SCIC : votre avis en 3 minutes, sans donner votre nom.")
    assert "Jusqu'au 25/11/2025 inclus" in text


# --- The link ---------------------------------------------------------------------------------------------------


def test_the_code_is_ten_characters_to_copy_and_only_its_fingerprint_is_kept(ours, settings):
    survey, code = ours.survey, ours.survey_code
    assert len(code) == 10
    assert set(code) <= set(ALPHABET)
    assert survey.code_digest == links.digest(code)
    assert code not in str(Survey.objects.filter(pk=survey.pk).values().get())
    assert code != links.short_code(surveys.PURPOSE, survey.public_id, 2)
    settings.SECRET_KEY = "another"
    assert surveys.code_of(survey) is None


def test_the_code_opens_one_survey_and_no_other_door(ours):
    holder = Respondent(links.digest(ours.survey_code))
    assert list(Survey.objects.visible_to(holder)) == [ours.survey]
    assert not Survey.objects.visible_to(Respondent(links.digest("zzzzzzzzzz"))).exists()
    for somebody in ("neighbour", "stranger"):
        mine = Survey.objects.visible_to(World(somebody).actor(Role.REFERENT))
        assert ours.survey not in mine
        assert not SurveyResponse.objects.aggregates_for(World(somebody).actor(Role.REFERENT)).filter(
            survey=ours.survey
        )


def test_the_qr_code_holds_the_link_and_draws_itself(ours):
    drawn = qr_svg(LINK)
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    path = drawn.split('d="')[-1].split('"')[0]
    assert path in segno.make(LINK, micro=False, error="m").svg_inline(border=4, omitsize=True)


def test_a_new_link_ends_the_old_one_and_pressing_twice_makes_one(ours):
    survey, before, by = ours.survey, ours.survey_code, ours.actor(Role.CONTRIBUTOR)
    for _ in range(2):
        surveys.renew_link(survey=survey, number=1, by=by)
    assert ours.survey.code_number == 2
    assert not Survey.objects.visible_to(Respondent(links.digest(before))).exists()
    assert Survey.objects.visible_to(Respondent(links.digest(ours.survey_code))).exists()
    assert survey.responses.count() == 2


# --- Opening ----------------------------------------------------------------------------------------------------


def test_the_questions_are_those_released_that_day_and_stay_as_they_were(ours):
    survey = opened(ours)
    asked = [question["text"] for question in survey.questions]
    assert asked == [q.text for q in surveys.released_questions(ours.draft)]
    assert len(asked) == 3
    writing.withdraw_question(question=surveys.released_questions(ours.draft).first(), by_name="Équipe nationale")
    assert len(surveys.released_questions(ours.draft)) == 2
    assert [q["text"] for q in Survey.objects.get(pk=survey.pk).questions] == asked


def test_opening_twice_is_once_and_one_group_is_asked_once_at_a_time(ours):
    first = opened(ours, expected=12)
    assert opened(ours, expected=12) == first
    with pytest.raises(surveys.SurveyRefused, match="déjà ouvert à ce groupe"):
        opened(ours, expected=13)
    surveys.close(survey=first, by=ours.actor(Role.REFERENT))
    assert opened(ours, expected=13) != first


def test_it_does_not_open_on_a_transmitted_chapter_nor_without_question(ours):
    with pytest.raises(surveys.SurveyRefused, match="transmis"):
        surveys.open_survey(
            autodiag=ours.submitted, group=group(ours, "CSE"), closes_on=LAST_DAY, by=ours.actor(Role.REFERENT)
        )
    for question in surveys.released_questions(ours.draft):
        writing.withdraw_question(question=question, by_name="Équipe nationale")
    with pytest.raises(surveys.SurveyRefused, match="Aucune question"):
        opened(ours)


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "Ce jour est passé"), (91, "90 jours au plus"), (0, ""), (90, ""), (21, "")]
)
def test_the_last_day_is_to_come_and_near(days, reason):
    today = date(2025, 11, 4)
    verdict = rules.can_end_on(today + timedelta(days=days), today)
    assert reason in verdict.reason
    assert bool(verdict) is not bool(reason)


# --- Answering --------------------------------------------------------------------------------------------------


def test_a_response_is_what_was_ticked_and_nothing_else(ours):
    lines = AuditEvent.objects.count()
    number = give(ours.survey, "rather_no", only=2)
    row = SurveyResponse.objects.get(form_digest=links.digest(number))
    assert list(row.choices.values()) == ["rather_no"] * 2
    assert {field.name for field in SurveyResponse._meta.concrete_fields} == {
        "id",
        "region",
        "participation",
        "survey",
        "choices",
        "form_digest",
        "on_paper",
    }
    assert AuditEvent.objects.count() == lines
    give(ours.survey, "yes", on_paper=True)
    assert AuditEvent.objects.count() == lines


def test_the_same_form_counts_once_even_after_the_end(ours):
    survey = ours.survey
    number = give(survey, "yes")
    with pytest.raises(surveys.AlreadyCounted):
        surveys.answer(survey=survey, choices={"x": "no"}, number=number)
    surveys.close(survey=survey, by=ours.actor(Role.REFERENT))
    with pytest.raises(surveys.AlreadyCounted):
        surveys.answer(survey=survey, choices={"x": "no"}, number=number)
    assert survey.responses.count() == 3


def test_the_last_day_is_included_and_sheets_may_follow(ours, clock_at):
    survey = ours.survey
    clock_at(clock.at(LAST_DAY, 23, 59))
    give(survey, "yes")
    clock_at(clock.at(LAST_DAY + timedelta(days=1)))
    with pytest.raises(surveys.SurveyRefused, match="fini depuis le mardi 25 novembre 2025 au soir"):
        give(survey, "yes")
    give(survey, "yes", on_paper=True)
    assert (survey.responses.count(), survey.responses.filter(on_paper=True).count()) == (4, 1)


def test_it_stops_with_the_adhesion_and_goes_on_with_it(ours):
    survey, adhesion = ours.survey, ours.organisation.adhesions.get()
    adhesion.until = date(2025, 11, 3)
    adhesion.save()
    with pytest.raises(surveys.SurveyRefused, match="pas ouvert en ce moment"):
        give(survey, "yes")
    adhesion.until = date(2025, 11, 4)
    adhesion.save()
    give(survey, "yes")


def test_more_responses_a_minute_than_people_give_wait(ours):
    survey = ours.survey
    cache.set(f"survey-pace-{survey.pk}", surveys.A_MINUTE - 1, 60)
    give(survey, "yes")
    with pytest.raises(surveys.TooManyAtOnce):
        give(survey, "yes")
    give(survey, "yes", on_paper=True)
    cache.clear()
    give(survey, "yes")
    assert survey.responses.count() == 5


def test_a_survey_does_not_grow_without_end(ours, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 3)
    give(ours.survey, "yes")
    for on_paper in (False, True):
        with pytest.raises(surveys.SurveyRefused, match="toutes les réponses"):
            give(ours.survey, "yes", on_paper=on_paper)


def test_everybody_at_the_same_moment_is_counted_once(committed_db):
    survey, numbers = World("ours").survey, [secrets.token_hex(16) for _ in range(2)]
    choices = {survey.questions[0]["id"]: "yes"}
    sends = [lambda n=n: surveys.answer(survey=survey, choices=choices, number=n).pk for n in numbers * 2]
    given_ = at_once(*sends)
    assert sum(isinstance(one, surveys.AlreadyCounted) for one in given_) == 2
    assert survey.responses.count() == 2 + 2


def test_who_answers_while_it_is_closed_is_counted_or_told(committed_db):
    world = World("ours")
    survey, by = world.survey, world.actor(Role.REFERENT)
    sends = [lambda: give(survey, "yes")] * 3
    *sent, _ = at_once(*sends, lambda: surveys.close(survey=survey, by=by).pk)
    counted = sum(isinstance(one, str) for one in sent)
    assert all(isinstance(one, str | surveys.SurveyRefused) for one in sent)
    assert survey.responses.count() == 2 + counted


# --- Sheets, the end, results -----------------------------------------------------------------------------------


def test_the_last_sheet_is_taken_back_once_and_never_a_response_online(ours):
    survey, by = ours.survey, ours.actor(Role.CONTRIBUTOR)
    kept, taken = give(survey, "yes", on_paper=True), give(survey, "no", on_paper=True)
    assert [surveys.take_back_sheet(survey=survey, sheets=2, by=by) for _ in range(2)] == [True, False]
    digests = set(survey.responses.values_list("form_digest", flat=True))
    assert links.digest(kept) in digests
    assert links.digest(taken) not in digests
    assert surveys.take_back_sheet(survey=survey, sheets=1, by=by)
    assert not surveys.take_back_sheet(survey=survey, sheets=0, by=by)
    assert survey.responses.count() == 2


def test_closed_it_takes_nothing_any_more(ours):
    survey, by = ours.closed_survey, ours.actor(Role.REFERENT)
    acts = (
        lambda: give(survey, "yes"),
        lambda: give(survey, "yes", on_paper=True),
        lambda: surveys.take_back_sheet(survey=survey, sheets=1, by=by),
        lambda: surveys.renew_link(survey=survey, number=1, by=by),
    )
    for act in acts:
        with pytest.raises(surveys.SurveyRefused):
            act()
    at = survey.closed_at
    assert surveys.close(survey=survey, by=ours.actor(Role.CONTRIBUTOR)).closed_at == at
    assert ours.closed_survey.closed_by == ours.user(Role.REFERENT)
    assert survey.responses.count() == CLOSED_ANSWERS


def test_results_are_of_closed_surveys_of_five_responses_alone_in_one_query(ours, queries):
    actor, autodiag = ours.actor(Role.BOARD_MEMBER), ours.draft
    with queries(1):
        (only,) = surveys.results_for(actor, autodiag)
    assert (only.survey, only.received) == (ours.closed_survey, CLOSED_ANSWERS)
    (line,) = only.about("2.1")
    assert (line.favourable, line.voiced, line.unknown, line.skipped) == (4, 6, 0, 0)
    survey = ours.survey
    for _ in range(4):
        give(survey, "no")
    assert len(surveys.results_for(actor, autodiag)) == 1
    surveys.close(survey=survey, by=ours.actor(Role.REFERENT))
    with queries(1):
        assert len(surveys.results_for(actor, autodiag)) == 2
    assert surveys.results_for(World("neighbour").actor(Role.REFERENT), autodiag) == []
    assert surveys.results_for(ours.actor(Role.FACILITATOR), autodiag) == []


def test_closed_under_five_it_never_says_anything(ours):
    survey = ours.survey
    give(survey, "no")
    give(survey, "no")
    surveys.close(survey=survey, by=ours.actor(Role.REFERENT))
    (result,) = surveys.results_of(ours.actor(Role.REFERENT), [ours_survey(ours)])
    assert (result.received, result.questions) == (4, None)
    assert result.about("2.1") == []
    assert len(surveys.results_for(ours.actor(Role.REFERENT), ours.draft)) == 1


def ours_survey(world):
    return Survey.objects.for_pages().get(participation=world.participation, group__name=OPEN_GROUP)


def test_a_question_left_by_too_many_is_not_shown(ours):
    survey = ours.survey
    give(survey, "no")
    give(survey, "no")
    give(survey, "no", only=1)
    surveys.close(survey=survey, by=ours.actor(Role.REFERENT))
    (result,) = surveys.results_of(ours.actor(Role.REFERENT), [ours_survey(ours)])
    assert [line.is_shown for line in result.questions] == [True, False, False]
    assert result.about("2.2") == []
