"""The pair: two different people, one per seat, with a history; the page that names it."""

import re
from datetime import date

import pytest
from django.urls import reverse

from caprse.base import clock, todo
from caprse.base.models import AuditEvent
from cohorts.enums import CohortKind, PairSeat, Role
from cohorts.models import PairMember, Participation
from cohorts.services.invitations import accept, cancel
from cohorts.services.pairs import SamePerson, name_pair
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def page(ours):
    return url_of(ours)


def url_of(world):
    return reverse("pair", args=[world.participation.cohort.region.slug, world.participation.public_id])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")


def seats(world):
    rows = PairMember.objects.current().filter(participation=world.participation).order_by("pk")
    return {row.seat: row.user_id for row in rows}


def name(world, staff, board):
    people = {"staff_id": staff and staff.pk, "board_id": board and board.pk}
    return name_pair(participation=world.participation, by=world.user(Role.REFERENT), **people)


def todos_of(world, role=Role.REFERENT):
    actor = world.actor(role)
    paths = Participation.objects.visible_to(actor).filter(actor.own_q()).with_context()
    return [one.title for one in todo.collect(actor, list(paths)) if "binôme" in one.title]


def test_a_seat_that_changes_hands_keeps_its_history(ours, clock_at):
    referent, board, contributor = map(ours.user, (Role.REFERENT, Role.BOARD_MEMBER, Role.CONTRIBUTOR))
    clock_at(clock.at(date(2025, 11, 20), 9))
    name(ours, contributor, board)
    assert seats(ours) == {PairSeat.STAFF: contributor.pk, PairSeat.BOARD: board.pk}
    former = PairMember.objects.get(participation=ours.participation, user=referent)
    assert (former.since, former.until) == (date(2025, 11, 4), date(2025, 11, 20))
    assert PairMember.objects.filter(participation=ours.participation, user=board).count() == 1


def test_naming_the_same_people_again_changes_nothing(ours):
    before = PairMember.objects.count(), AuditEvent.objects.count()
    name(ours, ours.user(Role.REFERENT), ours.user(Role.BOARD_MEMBER))
    assert (PairMember.objects.count(), AuditEvent.objects.count()) == before


def test_the_two_people_may_swap_seats(ours):
    name(ours, ours.user(Role.BOARD_MEMBER), ours.user(Role.REFERENT))
    assert seats(ours)[PairSeat.BOARD] == ours.user(Role.REFERENT).pk


def test_one_person_cannot_hold_both_seats(ours):
    before = seats(ours)
    with pytest.raises(SamePerson, match="deux personnes différentes"):
        name(ours, ours.user(Role.REFERENT), ours.user(Role.REFERENT))
    assert seats(ours) == before


def test_an_empty_seat_is_to_be_filled_by_those_who_may(ours, client):
    assert todos_of(ours) == []
    name(ours, ours.user(Role.REFERENT), None)
    assert todos_of(ours) == todos_of(ours, Role.LEGAL_REPRESENTATIVE) == ["Compléter votre binôme"]
    assert todos_of(ours, Role.CONTRIBUTOR) == []
    name(ours, None, None)
    assert todos_of(ours) == ["Nommer votre binôme"]
    client.force_login(ours.user(Role.REFERENT))
    assert f'href="{url_of(ours)}"' in text_of(client.get("/"))


def test_a_lapsed_structure_is_asked_for_no_pair(db):
    lapsed = World("lapsed")
    name(lapsed, None, None)
    assert todos_of(lapsed) == []


def test_somebody_invited_can_be_named_and_leaves_the_seat_when_cancelled(ours, client, page):
    invited = ours.invitation.user
    client.force_login(ours.user(Role.REFERENT))
    assert "Ariane Conviée – contributeur·rice, invitation en attente" in text_of(client.get(page))
    client.post(page, {"staff": ours.user(Role.REFERENT).pk, "board": invited.pk})
    path = ours.participation.get_absolute_url()
    assert "Membre du conseil d’administration, invitation en attente" in text_of(client.get(path))
    cancel(invitation=ours.invitation, by=None)
    assert seats(ours) == {PairSeat.STAFF: ours.user(Role.REFERENT).pk}
    assert "À choisir" in text_of(client.get(path))


def test_somebody_who_joined_keeps_the_seat(ours):
    name(ours, ours.user(Role.REFERENT), ours.invitation.user)
    accept(invitation=ours.invitation, password="une petite phrase facile")
    assert seats(ours)[PairSeat.BOARD] == ours.invitation.user_id


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LEGAL_REPRESENTATIVE, Role.REGION_ADMIN])
def test_it_names_the_pair_and_shows_it_on_the_path(ours, client, page, role):
    client.force_login(ours.user(role))
    chosen = {"staff": ours.user(Role.CONTRIBUTOR).pk, "board": ours.user(Role.LEGAL_REPRESENTATIVE).pk}
    response = client.post(page, chosen, follow=True)
    assert response.redirect_chain == [(ours.participation.get_absolute_url(), 302)]
    assert seats(ours) == chosen
    assert ours.user(Role.CONTRIBUTOR).full_name in text_of(response)
    assert "Le binôme est enregistré" in text_of(response)


def test_a_pair_not_possible_says_why_and_changes_nothing(ours, client, page):
    client.force_login(ours.user(Role.REFERENT))
    before, me = seats(ours), ours.user(Role.REFERENT).pk
    stranger = World("stranger").user(Role.REFERENT).pk
    refusals = [
        ({"staff": me, "board": me}, "deux personnes différentes"),
        ({"staff": 0, "board": 0}, "Choisissez au moins une personne"),
        ({"staff": me, "board": stranger}, "n’est plus dans la liste"),
        ({}, "Choisissez une personne"),
    ]
    for typed, words in refusals:
        response = client.post(page, typed)
        assert response.status_code == 422
        assert words in text_of(response)
    assert seats(ours) == before


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR])
def test_a_reader_sees_the_pair_and_cannot_name_it(ours, client, page, role):
    client.force_login(ours.user(role))
    path = text_of(client.get(ours.participation.get_absolute_url()))
    assert ours.user(Role.BOARD_MEMBER).full_name in path
    assert page not in path
    before = seats(ours)
    assert client.get(page).status_code == 403
    assert client.post(page, {"staff": ours.user(role).pk, "board": 0}).status_code == 403
    assert seats(ours) == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_the_pair_of_another_structure_is_a_404(ours, client, key):
    theirs = World(key)
    client.force_login(ours.user(Role.REFERENT))
    before = seats(theirs)
    assert client.get(url_of(theirs)).status_code == 404
    assert client.post(url_of(theirs), {"staff": 0, "board": 0}).status_code == 404
    assert seats(theirs) == before


def test_a_permanent_path_has_no_pair(ours, client):
    permanent = Participation.objects.get(organisation=ours.organisation, cohort__kind=CohortKind.PERMANENT)
    client.force_login(ours.user(Role.REFERENT))
    assert "Le binôme" not in text_of(client.get(permanent.get_absolute_url()))


def test_a_pair_changed_meanwhile_is_shown_and_not_written_over(ours, page, client):
    referent, board, contributor = map(ours.user, (Role.REFERENT, Role.BOARD_MEMBER, Role.CONTRIBUTOR))
    client.force_login(referent)
    shown = re.search(r'name="seen" value="([^"]+)"', client.get(page).content.decode())[1]
    name(ours, contributor, board)
    late = {"staff": referent.pk, "board": 0, "seen": shown}
    answer = client.post(page, late)
    assert answer.status_code == 422
    assert contributor.full_name in text_of(answer).split("c’est maintenant")[1]
    assert seats(ours) == {PairSeat.STAFF: contributor.pk, PairSeat.BOARD: board.pk}
    again = {**late, "seen": re.search(r'name="seen" value="([^"]+)"', text_of(answer))[1]}
    assert client.post(page, again).status_code == 302
    assert seats(ours) == {PairSeat.STAFF: referent.pk}
