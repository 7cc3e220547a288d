"""The action plan of a structure."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.models import Action
from autodiag.services.plan import create_action
from cohorts.enums import Role
from tests.worlds import PRIVATE, World

GOOD = {
    "what": "Tenir un carnet des remontées",
    "why": "Nous les oublions",
    "who": "Samira",
    "due_on": "2026-01-31",
    "means": "Un cahier",
    "indicator": "Dix remontées par mois",
    "status": "to_do",
    "visibility": "structure",
    "revision": "",
}


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="plan", **more):
    region = world.participation.cohort.region.slug
    return reverse(name, kwargs={"region": region, "public_id": world.participation.public_id, **more})


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def test_action_is_born_from_a_criterion_and_listed(ours, client):
    answer = ours.answer(1)
    sign_in(client, ours)
    page = client.get(url_of(ours, "action_new") + f"?reponse={answer.pk}").content.decode()
    assert "2.1" in page
    response = client.post(url_of(ours, "action_new") + f"?reponse={answer.pk}", GOOD)
    assert response.url == url_of(ours)
    action = Action.objects.get(what=GOOD["what"])
    assert (action.criterion_id, action.due_on, action.who) == (answer.criterion_id, date(2026, 1, 31), "Samira")
    assert GOOD["what"] in client.get(url_of(ours)).content.decode()


@pytest.mark.parametrize("asked", ["0", "abc", "99999999999999999999999", "-1"])
def test_action_from_an_answer_that_is_not_there_is_a_404(ours, client, asked):
    response = sign_in(client, ours).post(url_of(ours, "action_new") + f"?reponse={asked}", GOOD)
    assert response.status_code == 404
    assert not Action.objects.filter(what=GOOD["what"]).exists()


def test_action_from_a_neighbours_answer_is_a_404(ours, client):
    theirs = World("neighbour").answer(1).pk
    assert sign_in(client, ours).post(url_of(ours, "action_new") + f"?reponse={theirs}", GOOD).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"what": ""}, "obligatoire"),
        ({"what": "x" * 301}, "301"),
        ({"due_on": "2026-02-31"}, "n’existe pas"),
        ({"status": "autre"}, ""),
        ({"why": "a\x00"}, "U+0000"),
    ],
)
def test_bad_action_says_why_and_keeps_what_was_typed(ours, client, change, words):
    response = sign_in(client, ours).post(url_of(ours, "action_new"), {**GOOD, "means": "Texte tapé", **change})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Texte tapé" in page
    assert Action.objects.filter(participation=ours.participation).count() == 2


def test_change_then_stale_change_shows_both(ours, client):
    action = ours.action
    url = url_of(ours, "action_edit", action_id=action.public_id)
    sign_in(client, ours)
    assert client.post(url, {**GOOD, "revision": "0", "status": "done"}).url == url_of(ours)
    response = client.post(url, {**GOOD, "what": "Mon autre texte", "revision": "0"})
    assert response.status_code == 409
    page = response.content.decode()
    assert GOOD["what"] in page
    assert "Mon autre texte" in page
    action.refresh_from_db()
    assert (action.what, action.status, action.revision) == (GOOD["what"], "done", 1)


def test_facilitator_reads_shared_actions_alone(ours, client):
    page = sign_in(client, ours, Role.FACILITATOR).get(url_of(ours)).content.decode()
    assert "Action partagée" in page
    assert PRIVATE not in page


@pytest.mark.parametrize("count", [1, 3])
def test_plan_costs_the_same_with_one_or_three_more_actions(ours, client, queries, count):
    for rank in range(count):
        create_action(
            participation=ours.participation,
            by=ours.actor(Role.REFERENT),
            what=f"Action {rank}",
            criterion=ours.answer(1).criterion,
        )
    sign_in(client, ours)
    with queries(5):
        page = client.get(url_of(ours)).content.decode()
    assert page.count("Action ") >= count
