"""Home: for each person and moment, the next thing to do, why, by when."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.enums import AnswerKind
from autodiag.models import Action
from caprse.base import clock, todo
from cohorts.enums import ClearanceKind, Role
from cohorts.models import Clearance, Participation, Share
from cohorts.services import people
from tests.worlds import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return World("ours")


def todos_of(world, role):
    actor = world.actor(role)
    paths = Participation.objects.visible_to(actor).filter(actor.own_q()).with_context()
    return todo.collect(actor, list(paths))


def page_of(client, world, role):
    client.force_login(world.user(role))
    return client.get("/").content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def complete(world):
    for position in (3, 4):
        world.save(world.answer(position), kind=AnswerKind.UNKNOWN)


def test_chapter_under_way_comes_first_with_its_last_day(ours, client):
    first = todos_of(ours, Role.REFERENT)[0]
    assert (first.title, first.due) == ("Continuer le chapitre 2", date(2025, 12, 9))
    assert first.url == ours.draft.get_absolute_url()
    page = page_of(client, ours, Role.REFERENT)
    assert "2 sur 4 critères ont une réponse" in page
    assert "mardi 9 décembre 2025" in page


def test_answered_chapter_is_to_be_transmitted_by_the_referent(ours):
    complete(ours)
    first = todos_of(ours, Role.REFERENT)[0]
    assert (first.title, first.url) == (
        "Relire le chapitre 2 et le transmettre",
        ours.draft.url("autodiag_submit"),
    )


def test_contributor_is_asked_to_read_it_over_not_to_transmit(ours):
    complete(ours)
    first = todos_of(ours, Role.CONTRIBUTOR)[0]
    assert (first.title, first.url) == ("Relire le chapitre 2", ours.draft.get_absolute_url())


def test_permanent_path_comes_after_the_dated_one(ours):
    titles = [one.title for one in todos_of(ours, Role.REFERENT)]
    assert titles == ["Continuer le chapitre 2", "Commencer le chapitre 1"]


def test_board_member_has_nothing_to_do_and_a_way_on(ours, client):
    assert todos_of(ours, Role.BOARD_MEMBER) == []
    page = page_of(client, ours, Role.BOARD_MEMBER)
    assert "Où vous en êtes" in page
    assert "Le parcours de Notre structure" in page


def test_clause_comes_before_everything_and_alone(ours):
    people.publish_clause(text="Nouveau texte", since=clock.today())
    assert [one.title for one in todos_of(ours, Role.REFERENT)] == ["Lire et accepter la clause de non-diffusion"]


def test_partner_is_asked_for_the_clause_only_when_a_resource_is_given_to_them(ours, client):
    people.publish_clause(text="Nouveau texte", since=clock.today())
    assert "Une ressource vous est confiée" in todos_of(ours, Role.PARTNER)[0].why
    Share.objects.update(withdrawn_at=clock.now(), withdrawn_by=ours.user(Role.REGION_ADMIN))
    assert [one.title for one in todos_of(ours, Role.PARTNER)] == ["Répondre à un besoin relayé"]
    assert "Juillet 2026 ?" in page_of(client, ours, Role.PARTNER)


def test_lapsed_structure_reads_why_and_what_stays(client):
    lapsed = World("lapsed")
    page = page_of(client, lapsed, Role.REFERENT)
    assert "l’adhésion n’est plus à jour" in page
    assert "Continuer le chapitre" not in page


def test_facilitator_reads_what_waits_the_longest_and_goes_to_the_board(ours, client):
    first = todos_of(ours, Role.FACILITATOR)
    assert [one.title for one in first] == ["Lire le chapitre 1 transmis par Notre structure"]
    assert (first[0].url, "Un autre attend aussi" in first[0].why) == (ours.submitted.url("synthesis"), True)
    board = reverse("cohort_board", args=["ici", "cohorte"])
    assert f'href="{board}"' in page_of(client, ours, Role.FACILITATOR)


def test_late_actions_are_said_kindly_and_counted(ours):
    Action.objects.filter(participation=ours.participation).update(due_on=date(2025, 11, 3))
    last = todos_of(ours, Role.REFERENT)[-1]
    assert last.why.startswith("2 actions ont dépassé la date prévue")
    assert (last.late, last.when) == (True, "En retard depuis le lundi 3 novembre 2025")


def test_action_due_today_is_not_late(ours):
    Action.objects.filter(participation=ours.participation).update(due_on=clock.today())
    assert all(one.title != "Faire le point sur le plan d’actions" for one in todos_of(ours, Role.REFERENT))


def test_without_clearance_the_chapter_waits_and_its_page_says_for_what(ours, client):
    clearances = Clearance.objects.filter(participation=ours.participation, kind=ClearanceKind.CONVENTION)
    clearances.update(until=date(2025, 11, 3))
    assert [one.title for one in todos_of(ours, Role.REFERENT)] == ["Commencer le chapitre 1"]
    client.force_login(ours.user(Role.REFERENT))
    page = client.get(ours.participation.get_absolute_url()).content.decode()
    assert "convention d’engagements" in page


@pytest.mark.parametrize(("number", "words"), [(1, "a fermé"), (9, None)])
def test_a_closed_chapter_is_not_started(ours, client, number, words):
    neighbour = World("neighbour")
    client.force_login(neighbour.user(Role.REFERENT))
    path = {"region": "ici", "public_id": neighbour.participation.public_id, "number": number}
    response = client.post(reverse("autodiag_start", kwargs=path))
    assert response.status_code == (403 if words else 404)
    assert words is None or words in response.content.decode()


def test_cohort_to_come_has_no_work(ours, clock_at):
    clock_at(clock.at(date(2025, 3, 1)))
    assert [one.title for one in todos_of(ours, Role.REFERENT)] == ["Commencer le chapitre 1"]
