"""The history of an answer, and a past answer put back: a new save, refused when somebody saved in between."""

import pytest
from django.test import Client

from autodiag.enums import AnswerKind
from autodiag.models import AnswerChange
from autodiag.services.answers import UnknownState, restore_answer, state_at, state_of
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World


@pytest.fixture
def ours(db):
    world = World("ours")
    level = world.answer(3).criterion.levels.get(value=2).pk
    world.save(world.answer(3), kind=AnswerKind.LEVEL, level_id=level, practice="Premier texte", strength="Une force")
    world.save(
        world.answer(3), by=Role.CONTRIBUTOR, practice="Deuxième texte", comment="Un mot", difficulty="Le temps manque"
    )
    world.save(world.answer(3), kind=AnswerKind.NOT_APPLICABLE, na_reason="Pas d’atelier", strength="")
    return world


def client_of(world, role=Role.REFERENT):
    client = Client()
    client.force_login(world.user(role))
    return client


def address(world, past=1, position=3):
    return world.draft.url("answer_restore", position, past)


def history(world, role=Role.REFERENT):
    return client_of(world, role).get(world.draft.url("answer_history", 3)).content.decode()


def test_the_whole_answer_at_each_save_comes_from_the_chain(ours):
    first, second = state_at(ours.answer(3), 1), state_at(ours.answer(3), 2)
    assert (first["practice"], first["strength"], first["difficulty"], first["comment"]) == (
        "Premier texte",
        "Une force",
        "",
        "",
    )
    assert (second["practice"], second["kind"], second["comment"]) == ("Deuxième texte", "level", "Un mot")
    assert state_at(ours.answer(3), 3) == state_of(ours.answer(3))
    with pytest.raises(UnknownState):
        state_at(ours.answer(3), 9)


def test_restoring_is_a_save_of_its_own_and_destroys_nothing(ours):
    before = list(AnswerChange.objects.filter(answer=ours.answer(3)).values())
    response = client_of(ours, Role.CONTRIBUTOR).post(address(ours), {"revision": "3"}, follow=True)
    assert response.redirect_chain == [(ours.draft.url("criterion", 3), 302)]
    assert "la réponse choisie est remise" in response.content.decode()
    answer = ours.answer(3)
    assert (answer.kind, answer.practice, answer.strength, answer.difficulty) == (
        AnswerKind.LEVEL,
        "Premier texte",
        "Une force",
        "",
    )
    assert (answer.na_reason, answer.comment.text, answer.revision) == ("", "", 4)
    assert answer.updated_by_id == ours.user(Role.CONTRIBUTOR).pk
    changes = list(AnswerChange.objects.filter(answer=answer).values())
    assert changes[1:] == before
    event = AuditEvent.objects.filter(verb="answer.saved").latest("pk")
    assert (event.details["revision"], event.details["restored"]) == (4, 1)
    restore_answer(answer=answer, past=3, revision=4, by=ours.actor(Role.REFERENT))
    assert (ours.answer(3).kind, ours.answer(3).na_reason) == (AnswerKind.NOT_APPLICABLE, "Pas d’atelier")


def test_a_stale_one_shows_both_and_writes_nothing(ours):
    before = contents()
    response = client_of(ours).post(address(ours), {"revision": "2"})
    assert response.status_code == 409
    page = response.content.decode()
    for text in ("Premier texte", "Deuxième texte", "Niveau 2", 'name="revision" value="3"'):
        assert text in page
    assert contents() == before
    with pytest.raises(StaleSave):
        restore_answer(answer=ours.answer(3), past=1, revision=2, by=ours.actor(Role.REFERENT))


def test_the_answer_of_today_put_back_again_writes_nothing(ours):
    before = contents()
    assert client_of(ours).post(address(ours, past=3), {"revision": "3"}).status_code == 302
    assert contents() == before


def test_a_double_click_writes_once(ours):
    client = client_of(ours)
    client.post(address(ours), {"revision": "3"})
    assert client.post(address(ours), {"revision": "3"}).status_code == 409
    assert ours.answer(3).revision == 4


@pytest.mark.parametrize("revision", ["", "abc", "-1", "9" * 30])
def test_without_its_version_the_history_comes_again_and_nothing_changes(ours, revision):
    before = contents()
    response = client_of(ours).post(address(ours), {"revision": revision})
    assert response.status_code == 422
    assert "choisissez de nouveau" in response.content.decode()
    assert contents() == before


@pytest.mark.parametrize("past", [0, 4, 99999999999999999999])
def test_a_save_that_never_was_does_not_exist(ours, past):
    before = contents()
    assert client_of(ours).post(address(ours, past=past), {"revision": "3"}).status_code == 404
    assert contents() == before


def test_a_reader_reads_the_whole_answer_without_a_button(ours):
    assert "Remettre cette réponse" in history(ours)
    page = history(ours, Role.BOARD_MEMBER)
    assert "Voir cette réponse en entier" in page
    assert "Une force" in page
    assert "Remettre cette réponse" not in page
    before = contents()
    assert client_of(ours, Role.BOARD_MEMBER).post(address(ours), {"revision": "3"}).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_it_does_not_exist_for_others(ours, key):
    before = contents()
    assert client_of(World(key)).post(address(ours), {"revision": "3"}).status_code == 404
    assert contents() == before


def test_a_transmitted_chapter_is_not_put_back(ours):
    before = contents()
    response = client_of(ours).post(ours.submitted.url("answer_restore", 1, 1), {"revision": "1"})
    assert response.status_code == 403
    assert "transmis" in response.content.decode()
    assert contents() == before
    assert client_of(ours).get(address(ours)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_with_1_and_3_saves_more(ours, queries, count):
    for rank in range(count):
        ours.save(ours.answer(3), practice=f"Texte {rank}")
    client, url = client_of(ours), ours.draft.url("answer_history", 3)
    with queries(10):
        page = client.get(url).content.decode()
    assert page.count("Remettre cette réponse</span>") == 2 + count
