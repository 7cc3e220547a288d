"""A plan of three hundred actions, with their steps, notes and criteria: queries and weight of every view."""

import gzip
import re

import pytest
from django.urls import reverse

from autodiag.enums import AdoptedBy
from autodiag.models import Action
from autodiag.plans.freezing import stamp_of
from autodiag.services.adoption import adopt_plan, frozen_plan
from caprse.base import clock
from caprse.base.models import AuditEvent
from cohorts.access import Actor
from tests import scale
from tests.plan_at_hand import fill
from tests.test_budgets import client_of

LIGHT = 100_000  # bytes, compressed
COUNT = 300
VIEWS = ("plan", "plan_board", "plan_calendar", "plan_timeline", "plan_bulk")


@pytest.fixture
def big(db):
    data = scale.build(structures=2, criteria=20)
    data.actions = fill(data, COUNT)
    path = data.autodiag.participation
    adopt_plan(
        participation=path,
        by=Actor.of(data.referent),
        shown=stamp_of(frozen_plan(path)),
        adopted_on=clock.today(),
        body=AdoptedBy.BOARD,
    )
    return data


def url_of(data, name, **more):
    path = data.autodiag.participation
    return reverse(name, kwargs={"region": data.region.slug, "public_id": path.public_id, **more})


@pytest.mark.parametrize("who", ["referent", "facilitator"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_three_hundred_actions(big, queries, name, who):
    if (name, who) == ("plan_bulk", "facilitator"):
        return
    client = client_of(getattr(big, who))
    with queries(max=10):
        response = client.get(url_of(big, name))
    assert len(gzip.compress(response.content)) < LIGHT
    page = response.content.decode()
    told = {int(rank) for rank in re.findall(r"Action (\d{3})", page)}
    expected = set(range(COUNT)) if who == "referent" else set(range(1, COUNT, 2))
    if name == "plan_calendar":
        assert told < expected
        assert len(told) > 5
    else:
        assert told == expected
    if name != "plan_bulk":
        assert ("Plan adopté" in page) == (who == "referent")


def test_three_hundred_actions_change_at_once(big, queries):
    client = client_of(big.referent)
    sent = {
        "action": [f"{action.public_id}:{action.revision}" for action in big.actions],
        "change": "who",
        "who": "Toute l’équipe",
    }
    with queries(max=12):
        page = client.post(url_of(big, "plan_bulk"), sent)
    assert len(gzip.compress(page.content)) < LIGHT
    assert "300 actions vont changer" in page.content.decode()
    with queries(max=13):  # the embedded database writes the journal a hundred lines at a time
        response = client.post(url_of(big, "plan_bulk"), {**sent, "confirmed": "1"})
    assert response.status_code == 302
    rows = Action.objects.filter(pk__in=[action.pk for action in big.actions])
    assert set(rows.values_list("who", "revision")) == {("Toute l’équipe", 1)}
    assert AuditEvent.objects.filter(verb="action.updated", target_id__in=rows.values("pk")).count() == COUNT


@pytest.mark.parametrize("count", [1, 40])
def test_a_bulk_change_costs_the_same_whatever_is_chosen(big, queries, count):
    client = client_of(big.referent)
    chosen = [f"{action.public_id}:{action.revision}" for action in big.actions[:count]]
    with queries(10):
        client.post(url_of(big, "plan_bulk"), {"action": chosen, "change": "who", "who": "Moi", "confirmed": "1"})
    assert Action.objects.filter(participation=big.autodiag.participation, who="Moi").count() == count


def test_a_move_costs_little(big, queries):
    client, action = client_of(big.referent), big.actions[0]
    url = url_of(big, "action_move", action_id=action.public_id)
    with queries(max=10):
        response = client.post(url, {"status": "done", "revision": "0"}, headers={"Accept": "application/json"})
    assert response.json()["status"] == "done"
