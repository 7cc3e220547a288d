"""Answering to a transmission: who accompanies takes note of it, or returns it with reasons; the structure reads them."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.enums import Decision
from autodiag.models import Review
from autodiag.services.reviews import reopen
from autodiag.todos.reviews import chapters_to_read
from caprse.base import clock, todo
from cohorts.enums import Role
from cohorts.models import Participation, RoundExtension
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World
from tests.worlds_reviews import REASONS, answer_to

ACCOMPANYING = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def sent(ours):
    """The chapter under way, transmitted, its round still open."""
    ours.transmit()
    return ours


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def answer(client, autodiag, decision, **data):
    return client.post(autodiag.url("autodiag_review"), {"number": 1, "decision": decision, **data}, follow=True)


def todos_of(world, role):
    actor = world.actor(role)
    paths = Participation.objects.visible_to(actor).filter(actor.own_q()).with_context()
    return todo.collect(actor, list(paths))


@pytest.mark.parametrize("role", ACCOMPANYING)
def test_who_accompanies_takes_note_with_or_without_a_word(sent, client, role):
    page = text_of(sign_in(client, sent, role).get(sent.draft.url("synthesis")))
    assert "La structure attend votre retour" in page
    page = text_of(answer(client, sent.draft, "noted"))
    assert "la structure sait que vous avez lu son chapitre" in page
    assert f"{sent.user(role).full_name} en a pris acte" in page
    assert sent.draft.is_submitted


@pytest.mark.parametrize("role", ACCOMPANYING)
def test_who_accompanies_returns_it_and_the_structure_reads_why(sent, client, role):
    page = text_of(answer(sign_in(client, sent, role), sent.draft, "returned", text=REASONS))
    assert "Le chapitre est rouvert" in page
    assert "Ce chapitre est en correction" in page
    assert "La structure attend votre retour" not in page
    page = text_of(sign_in(client, sent, Role.REFERENT).get(sent.draft.get_absolute_url()))
    assert "a lu votre chapitre et vous propose de le compléter" in page
    assert REASONS in page
    assert "Répondre ici" in page


def test_reasons_are_asked_for_and_nothing_typed_is_lost(sent, client):
    before = contents()
    response = answer(sign_in(client, sent, Role.FACILITATOR), sent.draft, "returned", text="  ")
    assert (response.status_code, "Écrivez vos raisons" in text_of(response)) == (422, True)
    response = answer(client, sent.draft, "", text="Des mots déjà tapés")
    assert (response.status_code, "Choisissez votre retour" in text_of(response)) == (422, True)
    assert "Des mots déjà tapés" in text_of(response)
    assert contents() == before


def test_a_closed_chapter_is_returned_with_a_new_last_day(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    page = text_of(client.get(ours.submitted.url("autodiag_review")))
    assert "Ce chapitre a fermé le mercredi 11 juin 2025 pour cette structure" in page
    before = contents()
    response = answer(client, ours.submitted, "returned", text=REASONS)
    assert (response.status_code, "Donnez un nouveau dernier jour" in text_of(response)) == (422, True)
    response = answer(client, ours.submitted, "returned", text=REASONS, closes_on="2025-06-30")
    assert (response.status_code, "Ce jour est passé" in text_of(response)) == (422, True)
    assert REASONS in text_of(response)
    assert contents() == before
    answer(client, ours.submitted, "returned", text=REASONS, closes_on="2025-11-28")
    assert RoundExtension.objects.get(participation=ours.participation).closes_on == date(2025, 11, 28)
    assert ours.submitted.is_reopened


def test_taking_note_of_a_closed_chapter_asks_for_no_day(ours, client):
    answer(sign_in(client, ours, Role.FACILITATOR), ours.submitted, "noted")
    assert Review.objects.get(participation=ours.participation).decision == Decision.NOTED


def test_sent_twice_it_is_one_and_says_the_same(sent, client):
    sign_in(client, sent, Role.FACILITATOR)
    for _ in range(2):
        assert "Le chapitre est rouvert" in text_of(answer(client, sent.draft, "returned", text=REASONS))
    assert Review.objects.filter(submission__autodiag=sent.draft).count() == 1


def test_the_second_person_is_told_who_came_first(sent, client):
    answer_to(sent.draft.last_submission, Decision.NOTED, "")
    before = contents()
    sign_in(client, sent, Role.REGION_ADMIN)
    page = text_of(client.get(sent.draft.url("autodiag_review")))
    assert f"{sent.user(Role.FACILITATOR).full_name} a pris acte de ce chapitre" in page
    response = answer(client, sent.draft, "returned", text=REASONS)
    assert response.status_code == 403
    assert "Votre retour n’a pas été enregistré" in text_of(response)
    assert contents() == before


def test_an_answer_to_a_version_replaced_meanwhile_is_refused(sent, client):
    reopen(autodiag=sent.draft, reason="Une erreur", by=sent.actor(Role.REFERENT))
    sent.transmit(reason="Corrigé")
    before = contents()
    response = answer(sign_in(client, sent, Role.FACILITATOR), sent.draft, "returned", text=REASONS)
    assert (response.status_code, "la n° 2 : lisez-la d’abord" in text_of(response)) == (403, True)
    assert contents() == before


def test_while_the_structure_corrects_it_there_is_nothing_to_answer(sent, client):
    reopen(autodiag=sent.draft, reason="Une erreur", by=sent.actor(Role.REFERENT))
    page = text_of(sign_in(client, sent, Role.FACILITATOR).get(sent.draft.url("autodiag_review")))
    assert "La structure corrige ce chapitre depuis le mardi 4 novembre 2025" in page
    assert "Envoyer ce retour" not in page


def test_a_structure_without_convention_may_only_be_thanked(sent, client):
    sent.participation.clearances.filter(since__lte=clock.today()).update(until=date(2025, 11, 3))
    page = text_of(sign_in(client, sent, Role.FACILITATOR).get(sent.draft.url("autodiag_review")))
    assert "La structure ne pourrait pas reprendre ce chapitre" in page
    assert "Renvoyer avec des raisons" not in page
    assert answer(client, sent.draft, "returned", text=REASONS).status_code == 422


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_nobody_of_the_structure_answers_to_it(sent, client, role):
    before = contents()
    assert answer(sign_in(client, sent, role), sent.draft, "noted").status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_for_a_team_elsewhere_the_chapter_does_not_exist(sent, client, role):
    before = contents()
    client.force_login(sent.user(role).__class__.objects.get(email=f"{role}@stranger.example.org"))
    assert answer(client, sent.draft, "noted").status_code == 404
    assert contents() == before


def test_a_chapter_never_transmitted_has_nothing_to_answer(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    assert client.get(ours.draft.url("autodiag_review")).status_code == 404
    assert answer(client, ours.draft, "noted").status_code == 404
    assert client.put(ours.submitted.url("autodiag_review")).status_code == 405


HOSTILE = {
    "1 MB": {"decision": "returned", "text": "x" * 1_000_000},
    "null": {"decision": "returned", "text": "a\x00b"},
    "control": {"decision": "noted", "text": "a\x07b"},
    "unknown decision": {"decision": "refused", "text": REASONS},
    "huge number": {"decision": "noted", "number": "9" * 30},
    "no number": {"decision": "noted", "number": ""},
    "day of no calendar": {"decision": "returned", "text": REASONS, "closes_on": "9999-12-31"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_person_types_is_refused_and_nothing_changes(ours, client, name):
    before = contents()
    data = {"number": 1, **HOSTILE[name]}
    response = sign_in(client, ours, Role.FACILITATOR).post(ours.submitted.url("autodiag_review"), data)
    assert response.status_code == 422
    assert "À corriger" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("text", ["=SOMME(A1:A9)", "Bravo 🎉🌱", "<script>alert(1)</script>"])
def test_any_other_text_is_kept_and_shown_as_it_was_written(sent, client, text):
    page = text_of(answer(sign_in(client, sent, Role.FACILITATOR), sent.draft, "returned", text=text))
    assert "<script>alert" not in page
    assert Review.objects.get(submission__autodiag=sent.draft).text == text


# --- What is to be done -------------------------------------------------------------------------------------------


def titles(world, role):
    return [one.title for one in todos_of(world, role)]


def test_its_facilitator_is_asked_to_read_it_until_it_is_answered(sent):
    assert titles(sent, Role.FACILITATOR) == ["Lire le chapitre 1 transmis par Notre structure"]
    assert "2 autres attendent aussi" in todos_of(sent, Role.FACILITATOR)[0].why
    answer_to(sent.submitted.last_submission, Decision.NOTED, "")
    answer_to(World("lapsed").submitted.last_submission, Decision.NOTED, "")
    assert titles(sent, Role.FACILITATOR) == ["Lire le chapitre 2 transmis par Notre structure"]
    answer_to(sent.draft.last_submission)
    assert titles(sent, Role.FACILITATOR) == []


def test_the_structure_is_told_on_its_first_page(sent, client):
    answer_to(sent.draft.last_submission)
    first = todos_of(sent, Role.REFERENT)[0]
    assert (first.title, first.url) == (
        "Reprendre le chapitre 2 : un retour vous attend",
        sent.draft.get_absolute_url(),
    )
    home = text_of(sign_in(client, sent, Role.CONTRIBUTOR).get(reverse("home")))
    assert "Reprendre le chapitre 2 : un retour vous attend" in home
    home = text_of(sign_in(client, sent, Role.BOARD_MEMBER).get(reverse("home")))
    assert "Le chapitre 2 est repris pour être corrigé" in home


@pytest.mark.parametrize("waiting", [1, 3])
def test_one_or_three_chapters_to_read_are_one_query(ours, queries, waiting):
    lapsed = World("lapsed").submitted.last_submission
    if waiting == 1:
        answer_to(lapsed, Decision.NOTED, "")
    else:
        ours.transmit()
    actor = ours.actor(Role.FACILITATOR)
    with queries(1):
        (one,) = chapters_to_read(actor, [])
    assert ("2 autres" in one.why) == (waiting == 3)


@pytest.mark.parametrize("role", [*STRUCTURE_ROLES, Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.PARTNER])
def test_it_costs_nobody_else_a_query(ours, queries, role):
    actor = ours.actor(role)
    with queries(0):
        assert list(chapters_to_read(actor, [])) == []
