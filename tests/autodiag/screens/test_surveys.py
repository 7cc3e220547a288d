"""Surveys, for who organises them: opening, handing out, sheets, the end, and what is shown of the answers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from autodiag.models import Survey
from autodiag.services import surveys
from caprse.base import clock, links
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_surveys import LAST_DAY, OPEN_GROUP, give

RUN = (Role.REFERENT, Role.CONTRIBUTOR)
READ = (Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
ACTS = ("survey_cards", "survey_sheet", "survey_entry", "survey_close")
NEW = {"closes_on": "2025-11-20", "expected": "12"}


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def group_id(world, name="Partenaires"):
    return world.participation.cohort.version.voice_groups.get(name=name).stable_id


def ticks(survey, value="yes", number="a" * 32):
    return {"number": number, **{f"q-{question['id']}": value for question in survey.questions}}


# --- Opening ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", RUN)
def test_it_opens_with_its_questions_read_over_first(ours, client, role):
    url = ours.draft.url("survey_new")
    page = text_of(sign_in(client, ours, role).get(url))
    for question in surveys.released_questions(ours.draft):
        assert question.text in page
        assert question.easy_text in page
    assert page.index(OPEN_GROUP) < page.index("Direction")
    assert 'value="2025-11-25"' in page
    response = client.post(url, {**NEW, "group": group_id(ours)}, follow=True)
    made = Survey.objects.get(group__name="Partenaires", participation=ours.participation)
    assert response.redirect_chain == [(reverse("survey", args=["ici", made.public_id]), 302)]
    assert "Le questionnaire est ouvert" in text_of(response)
    assert (made.expected, made.closes_on.isoformat(), made.created_by) == (12, "2025-11-20", ours.user(role))


def test_sent_twice_it_opens_once(ours, client):
    sign_in(client, ours, Role.REFERENT)
    sent = {**NEW, "group": group_id(ours)}
    addresses = {client.post(ours.draft.url("survey_new"), sent).url for _ in range(2)}
    assert len(addresses) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group": ""}, "Choisissez un groupe."),
        ({"group": "a\x00b"}, "Choisissez un groupe de la liste."),
        ({"closes_on": "2025-11-03"}, "Ce jour est passé"),
        ({"closes_on": "2026-02-03"}, "90 jours au plus"),
        ({"closes_on": "9999-12-31"}, "90 jours au plus"),
        ({"closes_on": "31/02/2026"}, "Cette date n’existe pas."),
        ({"expected": "0"}, "Écrivez au moins 1"),
        ({"expected": "9" * 30}, "Écrivez un nombre plus petit"),
        ({"expected": "x" * 1_000_000}, "Écrivez un nombre, en chiffres."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(ours, client, change, words):
    before = contents()
    sent = {**NEW, "group": group_id(ours), **change}
    response = sign_in(client, ours, Role.REFERENT).post(ours.draft.url("survey_new"), sent)
    assert response.status_code == 422
    assert words in text_of(response)
    kept = next(value for name, value in NEW.items() if name not in change)
    assert f'value="{kept}"' in text_of(response)
    assert contents() == before


def test_the_group_of_another_version_is_not_one_of_the_list(ours, client):
    before = contents()
    sent = {**NEW, "group": group_id(World("stranger"))}
    response = sign_in(client, ours, Role.REFERENT).post(ours.draft.url("survey_new"), sent)
    assert response.status_code == 422
    assert "Choisissez un groupe de la liste." in text_of(response)
    assert contents() == before


def test_a_group_already_asked_and_a_transmitted_chapter_are_refused_with_the_reason(ours, client):
    before = contents()
    sign_in(client, ours, Role.REFERENT)
    response = client.post(ours.draft.url("survey_new"), {**NEW, "group": group_id(ours, OPEN_GROUP)})
    assert response.status_code == 422
    assert "déjà ouvert à ce groupe" in text_of(response)
    url = ours.submitted.url("survey_new")
    assert "Ce chapitre est transmis" in text_of(client.get(url))
    assert client.post(url, {**NEW, "group": group_id(ours)}).status_code == 422
    assert "Ce chapitre est transmis" in text_of(client.get(ours.submitted.url("surveys")))
    assert contents() == before


# --- Reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", RUN)
def test_while_it_is_open_its_organisers_have_the_link_and_the_number(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(ours.survey.get_absolute_url()))
    assert f"http://127.0.0.1:8000/q/{ours.survey_code}" in page
    assert '<dd class="stat__value num">2</dd>' in page
    assert "un seul message" in page
    assert "survey-result" not in page
    assert "Visible par votre structure seulement" in page


@pytest.mark.parametrize("role", READ)
def test_who_reads_has_the_number_and_neither_link_nor_act(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(ours.survey.get_absolute_url()))
    assert "Les résultats viendront à la fin" in page
    assert ours.survey_code not in page
    assert "Clore le questionnaire" not in page
    assert "Ouvrir un questionnaire" not in text_of(client.get(ours.draft.url("surveys")))


@pytest.mark.parametrize("role", [*RUN, *READ])
def test_once_closed_everybody_of_the_structure_reads_the_counts(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(ours.closed_survey.get_absolute_url()))
    assert page.count('class="table survey-result"') == 3
    assert page.count('max="6" value="2" aria-label="Plutôt non"') == 3
    assert "Clos le jeudi 30 octobre 2025" in page
    assert "/q/" not in page


def test_under_five_nothing_is_shown_and_it_is_said(ours, client):
    survey = ours.survey
    give(survey, "no")
    give(survey, "no")
    sign_in(client, ours, Role.REFERENT)
    assert "Sous 5 réponses, rien ne sera jamais montré" in text_of(client.get(survey.url("survey_close")))
    page = text_of(client.post(survey.url("survey_close"), follow=True))
    assert "Moins de cinq réponses" in page
    assert "4 réponses : c’est trop peu" in page
    assert "survey-bar" not in page


def test_a_question_left_by_too_many_is_not_shown(ours, client):
    survey = ours.survey
    for only in (None, None, 1):
        give(survey, "no", only=only)
    page = text_of(sign_in(client, ours, Role.REFERENT).post(survey.url("survey_close"), follow=True))
    assert page.count('class="table survey-result"') == 1
    assert page.count("Moins de 5 personnes ont répondu à cette question") == 2


def test_more_responses_than_people_is_told(ours, client):
    Survey.objects.filter(pk=ours.survey.pk).update(expected=1)
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.survey.get_absolute_url()))
    assert "2 sur 1" in page
    assert "Plus de réponses que de personnes" in page


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_surveys_cost_the_same(ours, client, queries, count):
    for name in ("Direction", "Bénévoles", "Partenaires")[: count - 1]:
        surveys.open_survey(
            autodiag=ours.draft,
            group=ours.participation.cohort.version.voice_groups.get(name=name),
            closes_on=LAST_DAY,
            by=ours.actor(Role.REFERENT),
        )
    sign_in(client, ours, Role.REFERENT)
    with queries(7):
        assert text_of(client.get(ours.draft.url("surveys"))).count("rows__title") == count + 1
    survey, closed = ours_open(ours), ours.closed_survey
    for page in (survey, closed):
        address = page.get_absolute_url()
        with queries(5 if page is closed else 4):
            client.get(address)


def ours_open(world):
    return Survey.objects.for_pages().get(participation=world.participation, group__name=OPEN_GROUP)


# --- Sheets -----------------------------------------------------------------------------------------------------


def test_sheets_are_typed_in_one_after_the_other_and_the_last_taken_back(ours, client):
    survey = ours.survey
    url = survey.url("survey_entry")
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(url))
    assert "<h1>Feuille 1</h1>" in page
    page = text_of(client.post(url, ticks(survey), follow=True))
    assert "Feuille 1 enregistrée." in page
    assert "<h1>Feuille 2</h1>" in page
    page = text_of(client.post(url, ticks(survey, "no"), follow=True))
    assert "déjà enregistrée" in page
    client.post(url, ticks(survey, "no", "b" * 32))
    undo = survey.url("survey_entry_undo")
    assert "La dernière feuille est retirée" in text_of(client.post(undo, {"sheets": "2"}, follow=True))
    assert "Rien n’a été retiré" in text_of(client.post(undo, {"sheets": "2"}, follow=True))
    sheets = survey.responses.filter(on_paper=True)
    assert [set(row.choices.values()) for row in sheets] == [{"yes"}]


@pytest.mark.parametrize("sheets", ["", "-1", "9" * 30, "a\x00b", "²", "1"])
def test_a_damaged_act_takes_nothing_back(ours, client, sheets):
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(
        ours.survey.url("survey_entry_undo"), {"sheets": sheets}, follow=True
    )
    assert "Rien n’a été retiré" in text_of(response)
    client.post(ours.survey.url("survey_renew"), {"number": sheets if sheets != "1" else "2"})
    assert contents() == before


@pytest.mark.parametrize(
    "change",
    [{}, {"q-zzzzzzzzzzzz": "yes"}, {"FIRST": "maybe"}, {"FIRST": "x" * 1_000_000}, {"FIRST": "a\x00b"}],
)
def test_a_sheet_with_something_wrong_is_not_counted(ours, client, change):
    survey = ours.survey
    first = f"q-{survey.questions[0]['id']}"
    sent = {"number": "a" * 32, **{first if name == "FIRST" else name: value for name, value in change.items()}}
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(survey.url("survey_entry"), sent)
    assert response.status_code == 422
    assert "Cette feuille n’est pas encore enregistrée" in text_of(response)
    assert contents() == before


def test_closed_meanwhile_the_sheet_being_typed_is_told(ours, client):
    survey = ours.survey
    sign_in(client, ours, Role.CONTRIBUTOR)
    surveys.close(survey=survey, by=ours.actor(Role.REFERENT))
    before = contents()
    response = client.post(survey.url("survey_entry"), ticks(survey))
    assert response.status_code == 409
    assert "Cette feuille n’est pas enregistrée" in text_of(response)
    for name, sent in (("survey_entry_undo", {"sheets": "1"}), ("survey_renew", {"number": "1"})):
        response = client.post(survey.url(name), sent)
        assert response.status_code == 403
        assert "Ce questionnaire est clos" in text_of(response)
    for name in ("survey_cards", "survey_sheet"):
        assert "Ce questionnaire est clos" in text_of(client.get(survey.url(name)))
    assert client.get(survey.url("survey_close")).status_code == 302
    assert contents() == before


# --- Paper ------------------------------------------------------------------------------------------------------


def test_a_page_of_cards_carries_the_link_eight_times_and_no_mark(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.survey.url("survey_cards")))
    assert page.count(f'<p class="paper-card__link">127.0.0.1:8000/q/{ours.survey_code}</p>') == 8
    assert page.count("Jusqu’au mardi 25 novembre 2025.") == 8
    assert page.count("<svg") == 8
    for hidden in ("réservé", "Referent", ours.user(Role.REFERENT).email):
        assert hidden not in page


def test_the_sheet_asks_no_name_and_has_an_easy_variant(ours, client):
    survey = ours.survey
    sign_in(client, ours, Role.REFERENT)
    plain, easy = (text_of(client.get(survey.url("survey_sheet"), query)) for query in ({}, {"facile": "1"}))
    for page, key in ((plain, "text"), (easy, "easy_text")):
        assert all(question[key] in page for question in survey.questions)
        assert "N’écrivez pas votre nom" in page
        assert page.count('class="paper-box"') == 15
    assert survey.questions[0]["text"] not in easy


# --- The link ---------------------------------------------------------------------------------------------------


def test_a_new_link_and_the_old_one_leads_nowhere(ours, client):
    before = ours.survey_code
    page = text_of(
        sign_in(client, ours, Role.REFERENT).post(ours.survey.url("survey_renew"), {"number": "1"}, follow=True)
    )
    assert "Le lien est remplacé" in page
    assert before not in page
    assert ours.survey_code in page
    assert client.get(reverse("survey_answer", args=[before])).status_code == 404
    again = text_of(client.post(ours.survey.url("survey_renew"), {"number": "1"}, follow=True))
    assert "Rien n’a changé" in again
    assert ours.survey.code_number == 2


# --- Who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READ)
@pytest.mark.parametrize("name", ACTS)
def test_who_only_reads_is_refused_with_a_sentence(ours, client, role, name):
    before = contents()
    response = sign_in(client, ours, role).get(ours.survey.url(name))
    assert response.status_code == 403
    assert "Votre rôle ne permet pas ceci : ouvrir un questionnaire sans compte" in text_of(response)
    assert client.post(ours.survey.url("survey_close")).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
@pytest.mark.parametrize("name", ["survey", *ACTS])
def test_for_others_it_does_not_exist(ours, client, key, name):
    before = contents()
    sign_in(client, World(key), Role.REFERENT)
    assert client.get(ours.survey.url(name)).status_code == 404
    assert client.get(ours.survey.url(name).replace("/ici/", "/ailleurs/")).status_code == 404
    assert client.post(ours.survey.url("survey_entry"), ticks(ours.survey)).status_code == 404
    assert client.get(ours.draft.url("surveys")).status_code == 404
    assert contents() == before


def test_when_the_adhesion_is_over_one_reads_and_hands_out_nothing(client, db):
    lapsed = World("lapsed")
    before = contents()
    page = text_of(sign_in(client, lapsed, Role.REFERENT).get(lapsed.survey.get_absolute_url()))
    assert links.short_code(surveys.PURPOSE, lapsed.survey.public_id, 1) not in page
    for name in ACTS:
        response = client.get(lapsed.survey.url(name))
        assert response.status_code == 403
        assert "jusqu’au dimanche 31 août 2025 inclus" in text_of(response)
    assert contents() == before


def test_past_its_last_day_it_says_what_is_left_to_do(ours, client, clock_at):
    clock_at(clock.at(LAST_DAY.replace(day=26), 9))
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.survey.get_absolute_url()))
    assert "Délai passé, à clore" in page
    assert "Imprimer des cartes" not in page
    assert ours.survey.url("survey_entry") in page


def test_the_secret_of_the_site_has_changed(ours, client, settings):
    sign_in(client, ours, Role.REFERENT)
    survey = ours.survey
    survey.code_digest = links.digest("autre secret")
    survey.save(update_fields=["code_digest"])
    page = text_of(client.get(survey.get_absolute_url()))
    assert "Ce lien ne vaut plus" in page
    assert client.get(survey.url("survey_cards")).status_code == 302


# --- Home -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opened_by", RUN)
def test_home_asks_to_close_it_from_the_day_after_its_last(ours, client, opened_by):
    Survey.objects.filter(pk=ours.survey.pk).update(created_by=ours.user(opened_by))
    asked = f"Clore le questionnaire : {OPEN_GROUP}"
    asks = {Role.REFERENT: True, Role.CONTRIBUTOR: opened_by == Role.CONTRIBUTOR, Role.BOARD_MEMBER: False}
    for day in (LAST_DAY, LAST_DAY + timedelta(days=1)):
        with clock.stopped(clock.at(day, 9)):
            for role, told in asks.items():
                page = text_of(sign_in(client, ours, role).get("/"))
                assert (asked in page) is (told and day > LAST_DAY)
    with clock.stopped(clock.at(LAST_DAY + timedelta(days=1), 10)):
        surveys.close(survey=ours.survey, by=ours.actor(Role.REFERENT))
        assert asked not in text_of(sign_in(client, ours, Role.REFERENT).get("/"))
