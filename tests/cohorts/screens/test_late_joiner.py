"""A structure that joins after chapters closed works on the remaining ones."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.models import Autodiag
from caprse.base import todo
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.services import cohorts, organisations, people
from cohorts.services.delays import adjust_round
from cohorts.services.organising import NotPossible
from tests.worlds import World
from tests.worlds_organising import organised, page


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def late(ours):
    """Ours joins on the tests' day: chapter 1 had closed in August, chapter 2 closes on 25 November."""
    path = cohorts.add_structure(cohort=organised(ours), organisation=ours.organisation)
    path.refresh_from_db()
    return path


def start(client, path, number):
    return client.post(reverse("autodiag_start", args=["ici", path.public_id, number]))


def test_a_chapter_over_before_it_joined_cannot_be_started(ours, late, client):
    client.force_login(ours.user(Role.REFERENT))
    assert start(client, late, 1).status_code == 404
    assert not Autodiag.objects.filter(participation=late).exists()
    assert start(client, late, 2).status_code == 302
    assert Autodiag.objects.get(participation=late).round.chapter.number == 2


def test_its_page_and_its_todos_show_the_remaining_chapters(ours, late, client):
    client.force_login(ours.user(Role.REFERENT))
    shown = page(client.get(late.get_absolute_url()))
    assert "Titre du chapitre 2" in shown
    assert "Titre du chapitre 1" not in shown
    first = late.cohort.rounds.get(chapter__number=1)
    user = ours.user(Role.REGION_ADMIN)
    with pytest.raises(NotPossible, match="avant l’entrée de la structure"):
        adjust_round(round=first, participation=late, closes_on=date(2025, 12, 20), reason="Motif", by=user)
    todos = todo.collect(Actor.of(ours.user(Role.REFERENT)), [late])
    assert [one.title for one in todos if "chapitre" in one.title] == ["Commencer le chapitre 2"]


def test_participants_and_the_board_say_it(ours, late, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    address = ["ici", late.cohort.slug]
    assert "Chapitres restants : 2" in page(client.get(reverse("cohort_participants", args=address)))
    table = page(client.get(reverse("cohort_board", args=address)))
    assert table.count("Avant son entrée") == 1
    assert table.count(">Pas commencé<") == 1


def test_a_structure_there_from_the_start_is_late_not_absent(ours, client):
    path = cohorts.add_structure(cohort=organised(ours), organisation=ours.organisation, joined_on=date(2025, 2, 4))
    client.force_login(ours.user(Role.REGION_ADMIN))
    address = ["ici", path.cohort.slug]
    assert "Chapitres restants" not in page(client.get(reverse("cohort_participants", args=address)))
    board = page(client.get(reverse("cohort_board", args=address)))
    assert "Avant son entrée" not in board
    assert "Le chapitre 1 a fermé le mardi 26 août 2025" in board


def test_a_chapter_it_began_stays_on_its_page_wherever_its_days_move(ours, late, client):
    client.force_login(ours.user(Role.REFERENT))
    start(client, late, 2)
    autodiag = Autodiag.objects.get(participation=late)
    late.cohort.rounds.filter(chapter__number=2).update(closes_on=date(2025, 11, 3))
    shown = page(client.get(late.get_absolute_url()))
    assert "Titre du chapitre 2" in shown
    assert f'href="{autodiag.get_absolute_url()}"' in shown
    assert "Titre du chapitre 1" not in shown


def test_every_page_stands_a_chapter_without_opening_day(ours, late, client):
    late.cohort.rounds.filter(chapter__number=2).update(opens_on=None)
    user = people.create_person(email="aide@ici.example.org", first_name="Aide", last_name="Ici")
    people.give_role(user=user, role=Role.FACILITATOR, cohort=late.cohort)
    for reader in (ours.user(Role.REFERENT), user, ours.user(Role.REGION_ADMIN)):
        client.force_login(reader)
        for url in ("/", late.get_absolute_url(), late.cohort.get_absolute_url()):
            assert client.get(url).status_code == 200
    client.force_login(user)
    assert "À venir" in page(client.get(reverse("cohort_board", args=["ici", late.cohort.slug])))
    client.force_login(ours.user(Role.REFERENT))
    assert "dont la date reste à confirmer" in page(client.get(late.get_absolute_url()))
    assert start(client, late, 2).status_code == 403


def test_a_structure_that_joins_after_everything_has_no_chapter_left(ours, client):
    cohort = organised(ours)
    organisation = organisations.create_organisation(kind="structure", legal_name="Tardive", region=cohort.region)
    cohorts.add_structure(cohort=cohort, organisation=organisation, joined_on=date(2026, 1, 5))
    client.force_login(ours.user(Role.REGION_ADMIN))
    assert "Aucun chapitre restant" in page(client.get(reverse("cohort_participants", args=["ici", cohort.slug])))
