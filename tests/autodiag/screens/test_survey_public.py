"""The page behind the link: the same for everybody, keeping nothing of who answers, kind when it ends."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from autodiag.models import SurveyResponse
from autodiag.services import surveys
from caprse.base import clock, links
from caprse.webserver import DiscreetLogger
from cohorts.enums import Role
from referentiel.models import Chapter, Criterion, Indicator, MaturityLevel, ScaleStep, Section
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_surveys import LAST_DAY, text_about

NUMBER = re.compile(r'name="number" value="([0-9a-f]{32})"')


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return reverse("survey_answer", args=[ours.survey_code])


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def ticks(survey, value="yes", number="a" * 32, only=None):
    return {"number": number, **{f"q-{question['id']}": value for question in survey.questions[:only]}}


def questions_shown(world, page):
    return [q for q in world.survey.questions if q["text"] in page or q["easy_text"] in page]


def test_anybody_reads_who_sees_what_before_the_questions_then_answers(ours, client, url):
    page = text_of(client.get(url))
    promise = page.index("Avec moins de 5 réponses, personne ne voit rien")
    assert promise < page.index(ours.survey.questions[0]["text"])
    assert "Si tout le monde coche la même case, cela se saura" in page
    assert "jusqu’au mardi 25 novembre 2025 compris" in page
    assert "Notre structure" in page
    number = NUMBER.search(page)[1]
    response = client.post(url, ticks(ours.survey, "rather_no", number), follow=True)
    assert response.redirect_chain == [(f"{url}?merci=1", 302)]
    assert "Votre réponse est enregistrée, sans votre nom." in text_of(response)
    assert "Une autre personne répond sur cet appareil" in text_of(response)
    row = SurveyResponse.objects.get(form_digest=links.digest(number))
    assert (row.survey, row.on_paper) == (ours.survey, False)
    assert list(row.choices.values()) == ["rather_no"] * 3


def test_each_page_has_its_own_number_and_the_same_form_counts_once(ours, client, url):
    numbers = {NUMBER.search(text_of(client.get(url)))[1] for _ in range(3)}
    assert len(numbers) == 3
    client.post(url, ticks(ours.survey))
    response = client.post(url, ticks(ours.survey, "no"), follow=True)
    assert "Votre réponse était déjà enregistrée" in text_of(response)
    assert ours.survey.received == 3


def test_a_question_may_be_left(ours, client, url):
    client.post(url, ticks(ours.survey, only=1))
    assert list(SurveyResponse.objects.get(form_digest=links.digest("a" * 32)).choices.values()) == ["yes"]


def test_the_easy_variant_says_it_in_its_own_words_and_stays_easy(ours, client, url):
    page = text_of(client.get(url, {"facile": "1"}))
    assert ours.survey.questions[0]["easy_text"] in page
    assert ours.survey.questions[0]["text"] not in page
    assert "S’il y a moins de 5 réponses, personne ne voit rien" in page
    assert client.post(f"{url}?facile=1", ticks(ours.survey)).url == f"{url}?merci=1&facile=1"
    assert f'action="{url}?facile=1"' in text_of(client.post(f"{url}?facile=1", {"number": "b" * 32}))


@pytest.mark.parametrize("who", [None, Role.REFERENT, Role.FACILITATOR, Role.NATIONAL_STAFF])
def test_whoever_is_signed_in_the_page_is_the_same_and_nobody_is_read(ours, url, who):
    plain, client = Client(), Client()
    if who:
        client.force_login(ours.user(who))
    sessions, sent = Session.objects.count(), ticks(ours.survey)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
        client.post(url, sent)
    said = " ".join(query["sql"] for query in asked)
    for table in ("django_session", "cohorts_user", "cohorts_membership", "base_auditevent"):
        assert table not in said
    hidden = re.compile(r'value="[^"]{32,}"')
    assert hidden.sub("", text_of(response)) == hidden.sub("", text_of(plain.get(url)))
    assert Session.objects.count() == sessions
    assert set(response.cookies) == {"csrftoken"}


def test_robots_caches_and_other_sites_are_told_nothing(client, url):
    response = client.get(url)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in text_of(response)


def test_opening_it_changes_nothing(ours, client, url):
    before = contents()
    for query in ({}, {"facile": "1"}, {"merci": "1"}):
        assert client.get(url, query).status_code == client.head(url, query).status_code == 200
    assert contents() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Vous n’avez coché aucune réponse"),
        ({"FIRST": "maybe"}, "Cette réponse n’existe pas"),
        ({"FIRST": "x" * 1_000_000}, "Cette réponse n’existe pas"),
        ({"FIRST": "a\x00b"}, "Cette réponse n’existe pas"),
        ({"q-zzzzzzzzzzzz": "yes"}, "n’est pas celui de ce questionnaire"),
        ({"number": "a\x00" * 16}, "n’est pas celui de ce questionnaire"),
        ({"number": ""}, "n’est pas celui de ce questionnaire"),
        ({"number": "é" * 1_000_000}, "n’est pas celui de ce questionnaire"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_ticked_stays(ours, client, url, change, words):
    first, second = (f"q-{question['id']}" for question in ours.survey.questions[:2])
    sent = {"number": "a" * 32, **{first if name == "FIRST" else name: value for name, value in change.items()}}
    if change:
        sent[second] = "rather_no"
    before = contents()
    response = client.post(url, sent)
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    assert "Rien n’est encore envoyé" in page
    assert page.count(" checked>") == bool(change)
    if change:
        assert f'id="{second}-3" value="rather_no" checked>' in page
    assert "x" * 50 not in page
    assert contents() == before


def test_a_question_of_another_survey_is_refused_whole(ours, client, url):
    theirs = World("stranger").survey.questions[0]["id"]
    before = contents()
    response = client.post(url, {**ticks(ours.survey), f"q-{theirs}": "no"})
    assert response.status_code == 422
    assert contents() == before


def test_sent_from_another_site_it_is_refused(url):
    strict = Client(enforce_csrf_checks=True)
    before = contents()
    assert strict.post(url, {"number": "a" * 32}).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("code", ["zzzzzzzzzz", "z", "Z" * 300, "a-b_c"])
def test_an_unknown_code_is_a_page_in_plain_words(client, db, code):
    before = contents()
    for response in (client.get(reverse("survey_answer", args=[code])), client.post(f"/q/{code}/", {"number": "x"})):
        assert response.status_code == 404
        assert "Ce lien ne mène à rien" in text_of(response)
    assert contents() == before


def test_the_code_is_found_in_capitals_and_without_its_last_slash(ours, client):
    code = ours.survey_code
    assert questions_shown(ours, text_of(client.get(f"/q/{code.upper()}", follow=True)))


def close_it(world, clock_at):
    surveys.close(survey=world.survey, by=world.actor(Role.REFERENT))


def pass_its_day(world, clock_at):
    clock_at(clock.at(LAST_DAY.replace(day=26)))


def end_the_adhesion(world, clock_at):
    world.organisation.adhesions.update(until="2025-11-03")


@pytest.mark.parametrize("end", [close_it, pass_its_day, end_the_adhesion])
def test_ended_it_is_kind_and_shows_no_question(ours, client, url, clock_at, end):
    asked = ours.survey.questions
    end(ours, clock_at)
    before = contents()
    shown, refused = client.get(url), client.post(url, {"number": "a" * 32, f"q-{asked[0]['id']}": "yes"})
    assert (shown.status_code, refused.status_code) == (410, 410)
    assert "Vous ne pouvez plus répondre" in text_of(shown)
    assert "Votre réponse n’a pas été enregistrée" in text_of(refused)
    for page in map(text_of, (shown, refused)):
        assert not any(question["text"] in page for question in asked)
        assert "Parlez-en à la personne qui vous a donné ce lien" in page
    assert contents() == before


def test_on_its_last_evening_it_is_still_counted(ours, client, url, clock_at):
    clock_at(clock.at(LAST_DAY, 23, 59))
    assert "Votre réponse est enregistrée" in text_of(client.post(url, ticks(ours.survey), follow=True))
    assert ours.survey.received == 3


def test_too_many_at_once_are_asked_to_wait_and_keep_their_ticks(ours, client, url):
    cache.set(f"survey-pace-{ours.survey.pk}", surveys.A_MINUTE, 60)
    before = contents()
    response = client.post(url, ticks(ours.survey, "no"))
    assert response.status_code == 429
    assert "Attendez une minute" in text_of(response)
    assert text_of(response).count(" checked>") == 3
    assert contents() == before


def wordings(version):
    """Every text of a version that a clause protects."""
    criteria = Criterion.objects.filter(chapter__version=version)
    for rows, names in (
        (criteria, ("title", "question", "help", "examples", "evidence_hint")),
        (MaturityLevel.objects.filter(criterion__in=criteria), ("description",)),
        (Indicator.objects.filter(criterion__in=criteria), ("title",)),
        (Chapter.objects.filter(version=version), ("title", "short_title")),
        (Section.objects.filter(chapter__version=version), ("title",)),
        (ScaleStep.objects.filter(version=version), ("label",)),
    ):
        for row in rows.order_by("pk").values_list(*names):
            yield from filter(None, row)
    yield version.referentiel.notice
    yield version.referentiel.title


def test_nothing_of_the_referentiel_leaves_with_the_page_the_cards_or_the_sheet(ours, client, url):
    survey = ours.survey
    client.force_login(ours.user(Role.REFERENT))
    addresses = [url, f"{url}?facile=1", f"{url}?merci=1"]
    addresses += [survey.url("survey_cards"), survey.url("survey_sheet"), f"{survey.url('survey_sheet')}?facile=1"]
    pages = [text_of(client.get(address)) for address in addresses]
    assert text_about(Criterion.objects.get(chapter=ours.draft.round.chapter, position=1)) in pages[0]
    protected = set(wordings(ours.participation.cohort.version))
    assert len(protected) > 50
    for page in pages:
        assert [words for words in protected if words in page] == []


def test_the_access_log_keeps_no_line_of_who_answers(caplog):
    written = []
    logger = DiscreetLogger.__new__(DiscreetLogger)
    logger.cfg = SimpleNamespace(
        accesslog="-", access_log_format="%(U)s", logconfig=None, logconfig_dict=None, logconfig_json=None, syslog=False
    )
    logger.access_log = SimpleNamespace(info=lambda message, atoms: written.append(atoms["U"]))
    resp = SimpleNamespace(status="200 OK", sent=1, headers=[])
    req = SimpleNamespace(headers=[])
    for path in ("/q/abcdefghjk/", "/sante/"):
        environ = {"PATH_INFO": path, "RAW_URI": path, "REQUEST_METHOD": "POST", "SERVER_PROTOCOL": "HTTP/1.1"}
        logger.access(resp, req, environ, timedelta(0))
    assert written == ["/sante/"]


def test_what_the_product_logs_says_nothing_of_a_response(ours, client, url, caplog):
    with caplog.at_level(logging.DEBUG):
        client.post(url, ticks(ours.survey, "rather_no"))
        client.post(url, {"number": "a" * 32})
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "rather_no" not in said
    assert ours.survey_code not in said
