"""Somebody with a role on each side of a wall does, on each side, what that side's role allows and nothing more."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import EditorGrant, Membership, Organisation, RoundExtension
from cohorts.services import people
from cohorts.services.grants import entrust
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_organising import page

NOTE = {"held_on": "2025-11-03", "visibility": "internal", "text": "Écrite du mauvais côté du mur"}
DELAY = {"closes_on": "2025-12-19", "reason": "Donné du mauvais côté du mur", "seen": "2025-12-09"}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_a_structure_s_member_who_accompanies_another_region_stays_a_member_at_home(ours, client, role):
    user = World("stranger").user(role)
    people.give_role(user=user, role=Role.CONTRIBUTOR, organisation=ours.organisation)
    client.force_login(user)
    path, cohort = ["ici", ours.participation.public_id], ["ici", "cohorte"]
    notes = reverse("notes", args=path)
    assert ours.shared_note.text.strip() in page(client.get(notes))
    assert ours.note.text.strip() not in page(client.get(notes))
    before = contents()
    refused = [
        client.post(notes, NOTE),
        client.post(reverse("note_edit", args=[*path, ours.note.public_id]), {**NOTE, "revision": 0}),
        client.post(reverse("round_adjust", args=[*path, 2]), DELAY),
        client.get(reverse("cohort_board", args=cohort)),
        client.get(reverse("cohort_relays", args=cohort)),
        client.post(reverse("need_new", args=cohort), {}),
    ]
    assert [response.status_code for response in refused] == [403] * 6
    assert not any("MARQUEVOISIN" in page(response) for response in refused)
    assert contents() == before
    assert not RoundExtension.objects.filter(participation=ours.participation).exists()


def test_national_staff_in_a_structure_read_their_own_and_no_other(ours, client):
    user = ours.user(Role.NATIONAL_STAFF)
    people.give_role(user=user, role=Role.BOARD_MEMBER, organisation=ours.organisation)
    client.force_login(user)
    assert client.get(ours.draft.get_absolute_url()).status_code == 200
    theirs = World("neighbour")
    for url in (theirs.draft.get_absolute_url(), theirs.participation.get_absolute_url()):
        response = client.get(url)
        assert response.status_code == 404
        assert "MARQUEVOISIN" not in page(response)
    assert "MARQUEVOISIN" not in page(client.get("/"))
    assert "MARQUEVOISIN" not in page(client.get("/reseau/"))


def test_a_grant_over_or_held_by_somebody_who_left_writes_nothing(ours, client):
    national = Organisation.objects.get(kind="national")
    user, url = ours.editor, reverse("draft_chapter", args=["ESSAI", ours.draft_chapter.stable_id])
    client.force_login(user)
    typed = {"revision": ours.draft_chapter.revision, "title": "Volé", "short_title": "Volé", "summary": ""}
    entrust(referentiel=ours.draft_version.referentiel, user=ours.user(Role.NATIONAL_STAFF))
    EditorGrant.objects.filter(user=user).update(expires_at=clock.now())
    assert "ne vous est pas confiée" in page(client.post(url, typed))
    EditorGrant.objects.filter(user=user).update(expires_at=clock.now() + timedelta(days=1))
    Membership.objects.filter(user=user, organisation=national).update(until=date(2025, 11, 3))
    people.give_role(user=user, role=Role.REFERENT, organisation=ours.organisation)
    for response in (client.post(url, typed), client.get(url)):
        assert response.status_code == 403
        assert "Question" not in page(response)
    assert ours.draft_chapter.title != "Volé"
