"""Somebody of two structures of a cohort, one whose adhesion is over: each reads what that structure may read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from autodiag.enums import SharingKind
from cohorts.enums import Role
from cohorts.models import Adhesion
from cohorts.services import people
from tests.worlds import TODAY, World
from tests.worlds_sharings import shared

LIST = reverse("sharings", args=["ici", "cohorte"])
TEXT = "Chaque équipe le tient."


@pytest.fixture(params=[("neighbour", "lapsed"), ("lapsed", "neighbour")])
def both(db, client, request):
    """The structure that is a member, and the one that is no more, whichever came first in the cohort."""
    open_, closed = map(World, request.param)
    Adhesion.objects.filter(organisation=open_.organisation).update(until=None)
    Adhesion.objects.filter(organisation=closed.organisation).update(until=TODAY - timedelta(days=1))
    user = closed.user(Role.BOARD_MEMBER)
    people.give_role(user=user, role=Role.BOARD_MEMBER, organisation=open_.organisation)
    client.force_login(user)
    return open_.organisation, closed.organisation


def told(title, to=None):
    made = shared(World("ours"), kind=SharingKind.STEP_FORWARD, title=title, text=TEXT, to_organisation=to)
    return reverse("sharing", args=["ici", made.public_id])


def test_what_is_shown_to_all_or_to_the_member_is_read(both, client):
    for address in (told("À tout le monde"), told("À la voisine", both[0])):
        assert TEXT in client.get(address).content.decode()
    page = client.get(LIST)
    assert page.status_code == 200
    assert "À tout le monde" in page.content.decode()
    assert "À la voisine" in page.content.decode()


def test_what_is_shown_to_the_one_that_is_no_member_is_read_by_neither_door(both, client):
    address = told("À l’échue", both[1])
    refused = client.get(address)
    assert refused.status_code == 403
    assert TEXT not in refused.content.decode()
    assert "À l’échue" not in client.get(LIST).content.decode()
