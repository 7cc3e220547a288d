"""What the head of a chapter tells: where one stopped, how long is left, what stands beside each criterion."""

from datetime import date

import pytest
from django.test import Client

from autodiag.enums import AnswerKind
from autodiag.presentation import MINUTES_A_CRITERION, moment_in_words, time_left
from caprse.base import clock
from cohorts.enums import Role
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


def head(world, role=Role.CONTRIBUTOR):
    client = Client()
    client.force_login(world.user(role))
    return client.get(world.draft.get_absolute_url()).content.decode().replace("&nbsp;", " ").replace("\xa0", " ")


def test_where_one_stopped_is_ones_own_last_save_even_under_a_colleagues(ours):
    assert "Vous vous êtes arrêté·e" not in head(ours, Role.REFERENT)
    with clock.stopped(clock.at(date(2025, 11, 3), 14, 32)):
        ours.save(ours.answer(3), by=Role.CONTRIBUTOR, practice="Mon texte")
    with clock.stopped(clock.at(date(2025, 11, 3), 15)):
        ours.save(ours.answer(3), by=Role.REFERENT, practice="Le sien")
    page = head(ours)
    assert f'<a href="{ours.draft.url("criterion", 3)}">critère 2.3</a>, hier à 14 h 32' in page


def test_a_reader_is_told_neither(ours):
    page = head(ours, Role.BOARD_MEMBER)
    assert "Vous vous êtes arrêté·e" not in page
    assert "Il vous reste" not in page


def test_time_left_then_all_done(ours):
    assert f"environ {2 * MINUTES_A_CRITERION} minutes" in head(ours)
    for position in (3, 4):
        ours.save(ours.answer(position), kind=AnswerKind.UNKNOWN)
    assert "Tous les critères ont une réponse : il reste à relire ensemble" in head(ours)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (0, ""),
        (1, "environ 5 minutes"),
        (11, "environ 55 minutes"),
        (12, "environ 1 h"),
        (13, "environ 1 h 30"),
        (20, "environ 2 h"),
        (100, "environ 8 h 30"),
    ],
)
def test_time_left_is_rounded_kindly(missing, words):
    assert time_left(missing).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 11, 4), "aujourd’hui à 14 h 32"),
        (date(2025, 11, 3), "hier à 14 h 32"),
        (date(2025, 10, 28), "le mardi 28 octobre à 14 h 32"),
        (date(2024, 12, 31), "le mardi 31 décembre 2024 à 14 h 32"),
    ],
)
def test_moments_as_people_say_them(day, words):
    assert moment_in_words(clock.at(day, 14, 32), date(2025, 11, 4)).replace("\xa0", " ") == words


def test_both_sides_are_saved_shown_and_told_in_history(ours):
    ours.save(ours.answer(3), strength="Un tutorat solide", difficulty="Peu de temps")
    client = Client()
    client.force_login(ours.user(Role.BOARD_MEMBER))
    for name in ("criterion", "answer_history"):
        page = client.get(ours.draft.url(name, 3)).content.decode()
        assert "Un tutorat solide" in page
        assert "Peu de temps" in page
