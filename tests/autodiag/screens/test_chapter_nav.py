"""The places of a chapter: those one may open, the one where one stands, and nothing where there is nowhere else to go."""

import re

import pytest
from django.test import Client

from cohorts.enums import Role
from tests.worlds import STRUCTURE_ROLES, World

INSIDE = ["Réponses", "Points de vue", "Questionnaires", "Écarts", "Accord", "Échanges", "Synthèse"]
HERE = {
    "autodiag": "Réponses",
    "viewpoints": "Points de vue",
    "surveys": "Questionnaires",
    "gaps": "Écarts",
    "agreements": "Accord",
    "threads": "Échanges",
    "synthesis": "Synthèse",
}


@pytest.fixture
def ours(db):
    return World("ours")


def places(world, role, url):
    """The labels of the places of a page, and the one marked."""
    client = Client()
    client.force_login(world.user(role))
    page = client.get(url).content.decode()
    links = re.findall(
        r'<a class="places__link"[^>]*?( aria-current="page")?>(?:<svg.*?</svg>)?([^<]+)</a>', page, re.S
    )
    return [label for _, label in links], [label for mark, label in links if mark]


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
@pytest.mark.parametrize("route", HERE)
def test_who_is_of_the_structure_finds_each_place_from_each_other(ours, role, route):
    assert places(ours, role, ours.draft.url(route)) == (INSIDE, [HERE[route]])


@pytest.mark.parametrize("route", ["autodiag", "threads"])
def test_before_the_transmission_who_accompanies_is_not_shown_a_single_place(ours, route):
    assert places(ours, Role.FACILITATOR, ours.draft.url(route)) == ([], [])


def test_a_transmitted_chapter_opens_its_exchanges_and_its_synthesis_to_who_accompanies(ours):
    submitted = ours.autodiag(1)
    assert places(ours, Role.FACILITATOR, submitted.url("synthesis")) == (["Échanges", "Synthèse"], ["Synthèse"])
    last = submitted.last_submission
    assert places(ours, Role.REFERENT, last.get_absolute_url()) == (INSIDE, ["Synthèse"])
