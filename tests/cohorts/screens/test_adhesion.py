"""Noting an adhesion: the tools open the moment it is valid."""

from datetime import date

import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Adhesion, Organisation
from tests.worlds import World


@pytest.fixture
def lapsed(db):
    return World("lapsed")


@pytest.fixture
def address(lapsed):
    return reverse("adhesion_add", args=["ici", lapsed.organisation.public_id])


@pytest.fixture
def admin(client, lapsed):
    client.force_login(World("ours").user(Role.REGION_ADMIN))
    return client


def post(client, address, since="2025-11-04", until="2026-12-31"):
    return client.post(address, {"since": since, "until": until}, follow=True)


def test_the_tools_of_a_lapsed_structure_reopen_at_once(lapsed, admin, address):
    assert not lapsed.actor(Role.REFERENT).tools_open(lapsed.participation)
    page = post(admin, address).content.decode()
    assert "est notée" in page
    assert "jeudi 31 décembre 2026" in page
    assert lapsed.actor(Role.REFERENT).tools_open(lapsed.participation)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2025-11-04", "2025-11-03", "ne peut pas précéder"),
        ("2025-01-01", "2025-11-03", "déjà finie"),
        ("", "2026-12-31", "obligatoire"),
    ],
)
def test_dates_that_open_nothing_are_explained_and_kept(admin, address, since, until, words):
    before = Adhesion.objects.count()
    page = post(admin, address, since, until)
    assert words in page.content.decode()
    assert until in page.content.decode()
    assert Adhesion.objects.count() == before


def test_it_opens_until_the_end_of_its_last_day(lapsed, admin, address, clock_at):
    post(admin, address, until="2025-11-04")
    clock_at(clock.at(date(2025, 11, 4), 23, 59))
    assert lapsed.actor(Role.REFERENT).tools_open(lapsed.participation)


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR])
def test_others_do_not_note_it(client, address, role):
    client.force_login(World("ours").user(role))
    before = Adhesion.objects.count()
    assert "réservée à d’autres rôles" in post(client, address).content.decode()
    assert Adhesion.objects.count() == before


def test_only_a_structure_has_one(admin):
    partner = Organisation.objects.get(legal_name="Partenaire ours")
    assert post(admin, reverse("adhesion_add", args=["ici", partner.public_id])).status_code == 404
    assert not partner.adhesions.exists()


def test_a_stranger_s_structure_does_not_exist(admin):
    stranger = World("stranger")
    url = reverse("adhesion_add", args=["ailleurs", stranger.organisation.public_id])
    assert post(admin, url).status_code == 404
    assert stranger.organisation.adhesions.count() == 1
