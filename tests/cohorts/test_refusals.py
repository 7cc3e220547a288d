"""A partner, or national staff, who goes where others work reads why, and whom to ask."""

import pytest

from caprse.access_matrix import address, matrix
from cohorts.enums import Role
from tests.worlds import World
from tests.worlds_organising import page

CELLS = matrix()
OF_STRUCTURES = (
    "participation",
    "plan",
    "autodiag",
    "criterion",
    "synthesis",
    "organisation",
    "action_new",
    "pair",
    "organisation_edit",
)
TOOLS = (*OF_STRUCTURES, "referentiels", "referentiel_version")
OF_REGIONS = ("cohort_setup", "cohort_calendar", "cohort_participants", "cohort_relays", "convention_edit")


@pytest.fixture
def ours(db):
    return World("ours")


def refused(client, world, role, route):
    client.force_login(world.user(role))
    response = client.get(address(route, world))
    assert response.status_code == 403, route
    return page(response)


@pytest.mark.parametrize("route", TOOLS)
def test_a_partner_is_told_whom_tools_and_answers_are_for_and_whom_to_ask(ours, client, route):
    shown = refused(client, ours, Role.PARTNER, route)
    assert "réservés aux structures adhérentes du réseau : la convention d’engagements le prévoit" in shown
    assert "Demandez à la délégation de la région" in shown


@pytest.mark.parametrize("route", OF_STRUCTURES)
def test_national_staff_are_told_that_answers_stay_between_a_structure_and_its_region(ours, client, route):
    shown = refused(client, ours, Role.NATIONAL_STAFF, route)
    assert "l’équipe nationale ne le lit jamais" in shown
    assert "écrivez à la délégation de sa région" in shown


@pytest.mark.parametrize("role", [Role.PARTNER, Role.NATIONAL_STAFF])
@pytest.mark.parametrize("route", OF_REGIONS)
def test_pages_that_organise_say_whose_they_are(ours, client, role, route):
    shown = refused(client, ours, role, route)
    assert "aux équipes des régions" in shown
    assert "Écrivez à la délégation de la région" in shown


@pytest.mark.parametrize("role", [Role.PARTNER, Role.NATIONAL_STAFF])
def test_no_refusal_of_theirs_is_left_without_its_reason(ours, client, role):
    closed = [route for (route, method), cell in CELLS.items() if method == "GET" and cell[role.value] == 403]
    assert len(closed) > 20
    client.force_login(ours.user(role))
    told = {route: page(client.get(address(route, ours))) for route in closed if not route.startswith("signing")}
    assert [route for route, shown in told.items() if "réservée à d’autres rôles que le vôtre" in shown] == []


def test_others_keep_the_plain_sentence(ours, client):
    assert "réservée à d’autres rôles que le vôtre" in refused(client, ours, Role.REFERENT, "cohort_setup")
