"""What memberships, adhesions and the clause open, today."""

from datetime import date

import pytest
from django.urls import reverse

from caprse.base import clock
from caprse.base.access import Audience, Refused
from cohorts.access import Actor, ClauseRequired
from cohorts.enums import Role
from cohorts.models import Membership, Participation
from cohorts.roles import ROLES, Permission
from cohorts.services import organisations, people
from tests.worlds import World

pytestmark = pytest.mark.django_db
TOMORROW = date(2025, 11, 5)


@pytest.fixture
def ours():
    return World("ours")


def test_ended_membership_opens_nothing_from_the_next_day(ours, clock_at):
    user = ours.user(Role.REFERENT)
    Membership.objects.filter(user=user).update(until=clock.today())
    assert ours.participation in Participation.objects.visible_to(Actor.of(user))
    clock_at(clock.at(TOMORROW))
    actor = Actor.of(user)
    assert actor.audiences == {Audience.SIGNED_IN}
    assert not Participation.objects.visible_to(actor).exists()


def test_membership_to_come_opens_nothing_yet(ours):
    user = ours.user(Role.REFERENT)
    Membership.objects.filter(user=user).update(since=TOMORROW)
    assert not Actor.of(user).held


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.NATIONAL_STAFF, Role.PARTNER)])
def test_permissions_on_our_path_are_those_declared_for_the_role(ours, role):
    assert ours.actor(role).permissions_on(ours.participation) == ROLES[role].permissions


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, Role.REGION_ADMIN])
def test_no_permission_on_the_path_of_another_region(ours, role):
    assert ours.actor(role).permissions_on(World("stranger").participation) == frozenset()


def test_visible_paths_by_role(ours):
    neighbour, lapsed, stranger = (World(key).participation for key in ("neighbour", "lapsed", "stranger"))
    own = set(Participation.objects.filter(organisation=ours.organisation))
    cohort = {ours.participation, neighbour, lapsed}
    seen = {role: set(Participation.objects.visible_to(ours.actor(role))) for role in Role if role != "other"}
    assert seen[Role.BOARD_MEMBER] == own
    assert seen[Role.FACILITATOR] == cohort
    region = set(Participation.objects.filter(region=ours.participation.region))
    assert seen[Role.REGION_ADMIN] == region > cohort | own
    assert seen[Role.NATIONAL_STAFF] == seen[Role.PARTNER] == set()
    assert all(stranger not in paths for paths in seen.values())


def test_lapsed_adhesion_closes_the_tools_and_says_whom_to_ask():
    lapsed = World("lapsed")
    with pytest.raises(Refused) as refusal:
        lapsed.actor(Role.REFERENT).require_tools(lapsed.participation)
    assert "adhésion" in refusal.value.reason
    assert "délégation" in refusal.value.contact


def test_tools_reopen_the_day_the_adhesion_is_renewed():
    lapsed = World("lapsed")
    organisations.record_adhesion(organisation=lapsed.organisation, since=clock.today())
    actor = lapsed.actor(Role.REFERENT)
    actor.require_tools(lapsed.participation)
    assert actor.tools_open(lapsed.participation)


def test_adhesion_lasts_to_the_end_of_its_last_day(ours, clock_at):
    ours.organisation.adhesions.update(until=clock.today())
    assert ours.actor(Role.REFERENT).tools_open(ours.participation)
    clock_at(clock.at(TOMORROW, 0, 1))
    assert not ours.actor(Role.REFERENT).tools_open(ours.participation)


def test_facilitator_needs_no_adhesion_of_the_structure():
    lapsed = World("lapsed")
    World("ours").actor(Role.FACILITATOR).require_tools(lapsed.participation)


def test_new_version_of_the_clause_closes_the_tools_until_accepted(ours):
    clause = people.publish_clause(text="Nouveau texte", since=clock.today())
    with pytest.raises(ClauseRequired):
        ours.actor(Role.REFERENT).require_tools(ours.participation)
    people.accept_clause(user=ours.user(Role.REFERENT), clause=clause)
    ours.actor(Role.REFERENT).require_tools(ours.participation)


def test_clause_is_shown_first_then_one_comes_back(ours, client):
    people.publish_clause(text="Le nouveau texte de la clause", since=clock.today())
    client.force_login(ours.user(Role.REFERENT))
    wanted = ours.draft.get_absolute_url()
    page = client.get(wanted, follow=True)
    assert "Le nouveau texte de la clause" in page.content.decode()
    unticked = client.post(reverse("clause"), {"suite": wanted})
    assert "Cochez la case" in unticked.content.decode()
    accepted = client.post(reverse("clause"), {"accept": "on", "suite": wanted})
    assert accepted.url == wanted
    assert ours.actor(Role.REFERENT).clause_accepted


@pytest.mark.parametrize("suite", ["https://ailleurs.example", "//ailleurs.example", "javascript:alert(1)", "ailleurs"])
def test_clause_never_leads_to_another_site(ours, client, suite):
    client.force_login(ours.user(Role.REFERENT))
    assert client.post(reverse("clause"), {"accept": "on", "suite": suite}).url == "/"


def test_page_of_rights_says_what_is_declared(ours, client):
    client.force_login(ours.user(Role.PARTNER))
    page = client.get(reverse("rights")).content.decode()
    for rights in ROLES.values():
        assert rights.description.split(" : ")[0][:30] in page.replace("&#x27;", "'").replace("\xa0", " ")
    assert Permission.SUBMIT.value in page.replace("\xa0", " ")


def test_one_person_in_two_structures_has_the_rights_of_each(ours):
    neighbour = World("neighbour")
    user = ours.user(Role.REFERENT)
    people.give_role(user=user, role=Role.BOARD_MEMBER, organisation=neighbour.organisation, since=date(2025, 1, 1))
    actor = Actor.of(user)
    assert actor.can(Permission.ANSWER, ours.participation)
    assert actor.can(Permission.READ_DIAGNOSTIC, neighbour.participation)
    assert not actor.can(Permission.ANSWER, neighbour.participation)
