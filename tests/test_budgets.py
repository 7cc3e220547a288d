"""Queries a page may cost, whatever the number of rows. BEGIN, COMMIT and SAVEPOINT are not counted."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from autodiag.models import Answer
from autodiag.scoring import by_chapter
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Participation
from cohorts.services import people
from referentiel.services import publish, start_draft
from tests import scale
from tests.worlds import World

SAVE = {
    "revision": "1",
    "choice": "unknown",
    "practice": "Autre texte",
    "comment": "Mot",
    "comment_visibility": "structure",
}


def client_of(user):
    client = Client(headers={"Accept": "application/json"})
    client.force_login(user)
    return client


@pytest.fixture
def grand(db):
    return scale.build(structures=20, criteria=100)


@pytest.mark.parametrize(("criteria", "budget"), [(20, 12), (100, 15)])
def test_chapter_costs_the_same_read_as_a_list_or_by_criterion(db, queries, criteria, budget):
    grand = scale.build(structures=3, criteria=criteria)
    client = client_of(grand.referent)
    for url in (grand.autodiag.get_absolute_url(), grand.autodiag.url("criterion", 1)):
        with queries(max=budget):
            assert f"1.{criteria}" in client.get(url).content.decode()


def test_save_with_answer_comment_history_and_journal(grand, queries):
    client = client_of(grand.referent)
    with queries(max=8):
        response = client.post(grand.autodiag.url("answer_save", 1), SAVE)
    assert response.json()["revision"] == 2
    assert grand.autodiag.answers.get(criterion__position=1).comment.text == "Mot"


def test_consolidated_scores_of_200_structures_of_100_criteria(db, queries):
    grand = scale.build(structures=200, criteria=100)
    scale.transmit(grand)
    actor = Actor.of(grand.facilitator)
    with queries(max=3):
        scores = by_chapter(Answer.objects.aggregates_for(actor).weighted_totals())
    assert len(scores) == 200
    assert {len(chapters) for chapters in scores.values()} == {1}


@pytest.mark.parametrize(("count", "slug"), [(1, "seule"), (3, "petite"), (200, "grande")])
def test_the_whole_request_of_a_board_costs_the_same_for_1_3_and_200_structures(db, queries, count, slug):
    """Signing in and rights included: session, person, roles, cohort; then rounds, structures, chapters, meetings."""
    grand = scale.build(structures=count, criteria=4, slug=slug)
    client = client_of(grand.facilitator)
    with queries(8):
        page = client.get(reverse("cohort_board", args=[slug, slug])).content.decode()
    assert page.count(f"Structure {slug} ") >= count


def test_publishing_costs_the_same_for_3_and_50_diagnostics(db, queries):
    costs = []
    for count, slug in ((3, "petite"), (50, "moyenne")):
        grand = scale.build(structures=count, criteria=20, slug=slug)
        referentiel = grand.cohort.version.referentiel
        draft = start_draft(referentiel=referentiel)
        with queries(max=20) as captured:
            assert publish(version=draft, by_name="Nadia").number == 2
        costs.append(len(captured))
        assert Answer.objects.filter(criterion__chapter__version=grand.cohort.version).count() == count * 20
    assert costs[0] == costs[1]


def rights_queries(user, queries):
    with queries(max=3) as captured:
        actor = Actor.of(user)
        assert actor.audiences
        list(Participation.objects.visible_to(actor)[:1])
    return len(captured)


def test_rights_cost_a_coordinator_what_they_cost_a_member(grand, queries):
    ours = World("ours")
    assert rights_queries(grand.referent, queries) == rights_queries(grand.facilitator, queries) == 2
    assert rights_queries(ours.user(Role.REGION_ADMIN), queries) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_roles_of_a_person_are_read_at_once(db, queries, count):
    ours = World("ours")
    user = ours.user(Role.CONTRIBUTOR)
    for rank in range(count - 1):
        role = (Role.REFERENT, Role.BOARD_MEMBER)[rank]
        people.give_role(user=user, role=role, organisation=ours.organisation, since=date(2025, 1, 1))
    with queries(1):
        held = Actor.of(user).held
    assert [role.region_slug for role in held] == ["ici"] * count


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_the_same_with_one_or_three_paths(db, queries, count):
    ours = World("ours")
    client = client_of(ours.user(Role.BOARD_MEMBER))
    for rank in range(count - 1):
        scale.build(structures=1, criteria=4, slug=f"autre{rank}")
        other = Participation.objects.get(region__slug=f"autre{rank}").organisation
        people.give_role(
            user=ours.user(Role.BOARD_MEMBER), role=Role.REFERENT, organisation=other, since=date(2025, 1, 1)
        )
    with queries(max=22):
        page = client.get("/").content.decode()
    assert page.count("Grande cohorte") >= count - 1
