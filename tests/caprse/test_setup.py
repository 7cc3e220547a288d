"""Getting a cohort under way: one line each for what is done and what is left."""

from datetime import date

import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import OpeningCondition, OrganisationKind, Role
from cohorts.models import Adhesion, Invitation, Organisation
from cohorts.services import cohorts, people
from cohorts.services.invitations import invite
from conventions.services import sending
from tests.worlds import World
from tests.worlds_organising import organised, page, posted


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def cohort(ours):
    return organised(ours)


@pytest.fixture
def admin(ours, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    return client


def lines(client, cohort):
    """{title: (state, words)} as the page shows them."""
    response = client.get(reverse("cohort_setup", args=["ici", cohort.slug]))
    assert response.status_code == 200
    found = {line.title: (line.mark[1], line.says) for line in response.context["lines"]}
    assert all(title in page(response) and says in page(response) for title, (_, says) in found.items())
    return found


def test_a_new_cohort_has_its_calendar_and_all_the_rest_to_do(cohort, admin):
    found = lines(admin, cohort)
    assert found["Le calendrier"] == ("Fait", "7 étapes, entre février 2025 et décembre 2025.")
    assert {title: mark for title, (mark, _) in found.items()} == {
        "Le calendrier": "Fait",
        "Les structures": "À faire",
        "L’accompagnement": "À faire",
        "Le national et les partenaires": "Fait",
        "Les personnes invitées": "Fait",
    }


def fill(ours, cohort):
    """Everybody a cohort needs, and no answer awaited."""
    Invitation.objects.filter(organisation=ours.organisation).delete()
    cohorts.add_structure(cohort=cohort, organisation=ours.organisation)
    people.give_role(user=ours.user(Role.FACILITATOR), role=Role.FACILITATOR, cohort=cohort)
    cohorts.add_partner(cohort=cohort, organisation=Organisation.objects.get(kind=OrganisationKind.NATIONAL))


def test_everything_done(ours, cohort, admin):
    fill(ours, cohort)
    found = lines(admin, cohort)
    assert {mark for mark, _ in found.values()} == {"Fait"}
    assert found["Les structures"][1] == "1 structure."
    assert found["Le national et les partenaires"][1] == "Tête de réseau."


def test_a_convention_still_to_send_is_something_left(ours, admin):
    """All lines are done, and the convention of this cohort has not been drafted."""
    cohort = organised(ours, name="À signer", condition=OpeningCondition.ALL_SIGNED)
    for one in (cohort, organised(ours)):
        fill(ours, one)
        assert {mark for mark, _ in lines(admin, one).values()} == {"Fait"}
        shown = page(admin.get(reverse("cohort_setup", args=["ici", one.slug])))
        assert ("Tout est prêt" in shown) is not one.needs_clearance


def test_nobody_is_missing_among_partners_where_nothing_is_to_be_signed(ours, admin):
    for condition, mark in ((OpeningCondition.NONE, "Fait"), (OpeningCondition.OWN_SIGNED, "À faire")):
        cohort = organised(ours, name=condition.label, condition=condition)
        assert lines(admin, cohort)["Le national et les partenaires"][0] == mark


def test_what_is_missing_is_counted(ours, cohort, admin, client):
    Invitation.objects.filter(organisation=ours.organisation).delete()
    client.post(reverse("cohort_calendar", args=["ici", cohort.slug]), posted(cohort, etape_4_precision="month"))
    cohorts.add_structure(cohort=cohort, organisation=ours.organisation)
    ours.organisation.memberships.filter(role=Role.REFERENT).update(until=date(2025, 11, 3))
    Adhesion.objects.filter(organisation=ours.organisation).update(until=date(2025, 11, 3))
    person = {"email": "lise@ici.example.org", "first_name": "Lise", "last_name": "Bordes"}
    invite(role=Role.FACILITATOR, cohort=cohort, by=None, **person)
    found = lines(admin, cohort)
    assert found["Le calendrier"][0] == "À compléter"
    assert "1 date reste à fixer" in found["Le calendrier"][1]
    assert found["Les structures"] == ("À compléter", "1 structure, 1 sans référent·e, 1 sans adhésion à jour.")
    assert found["L’accompagnement"] == ("En attente", "Personne n’a encore accepté son invitation.")
    assert found["Les personnes invitées"] == ("En attente", "1 invitation attend une réponse.")
    Invitation.objects.filter(cohort=cohort).update(expires_at=clock.at(date(2025, 11, 3)))
    assert lines(admin, cohort)["Les personnes invitées"] == (
        "À compléter",
        "1 invitation attend une réponse, dont 1 à renvoyer.",
    )


def test_the_cohort_page_leads_there_for_who_coordinates_alone(ours, client):
    for role, led in ((Role.REGION_ADMIN, True), (Role.FACILITATOR, False), (Role.REFERENT, False)):
        client.force_login(ours.user(role))
        shown = page(client.get(ours.cohort.get_absolute_url()))
        assert (reverse("cohort_setup", args=["ici", "cohorte"]) in shown) is led


def test_a_coordinator_of_another_region_finds_nothing(cohort, client):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    assert client.get(reverse("cohort_setup", args=["ici", cohort.slug])).status_code == 404


def test_a_convention_taken_back_is_to_be_prepared_again(ours, admin):
    convention = ours.draft_convention
    sending.cancel(convention=convention, reason="Une date fausse", by=None)
    response = admin.get(reverse("cohort_setup", args=["ici", convention.cohort.slug]))
    assert response.context["convention"].waits_to_be_sent
    assert "Tout est prêt" not in page(response)
    assert "a été retirée" in page(response)
