"""The plan in columns, and an action moved from one to another."""

from datetime import date

import pytest

from autodiag.enums import ActionStatus
from autodiag.models import Action
from autodiag.services.plan import update_action
from caprse.base.models import AuditEvent
from cohorts.enums import Role
from tests.plan_at_hand import add, fresh, read, sign_in, url_of, whole_plan
from tests.worlds import World

JSON = {"Accept": "application/json"}


@pytest.fixture
def ours(db):
    return World("ours")


def move(client, world, action, status, *, revision=None, headers=None, **more):
    values = {"status": status, "revision": action.revision if revision is None else revision, **more}
    return client.post(url_of(world, "action_move", action_id=action.public_id), values, headers=headers)


def column_of(page, status):
    return page.split(f'data-column="{status}"')[1].split("</section>")[0]


def test_each_action_stands_in_its_column_with_its_count(ours, client):
    for status in ActionStatus:
        add(ours, f"Une {status.value}", status=status, who="Samira", due_on=date(2026, 1, 31))
    page = read(client, ours, "plan_board")
    for status in ActionStatus:
        column = column_of(page, status)
        assert f"Une {status.value}" in column
        assert ("Samira" in column, "31 janvier 2026" in column) == (True, True)
        expected = Action.objects.filter(participation=ours.participation, status=status).count()
        assert f"data-count>{expected}<" in column
    assert "<details" in column_of(page, "abandoned").split("Une abandoned")[0]


def test_a_move_by_the_form_is_kept_journalled_and_told(ours, client):
    action = add(ours, "Tenir un carnet")
    response = move(sign_in(client, ours), ours, action, "done")
    assert response.url == url_of(ours, "plan_board")
    moved = fresh(action)
    assert (moved.status, moved.done_on, moved.revision) == (ActionStatus.DONE, date(2025, 11, 4), 1)
    event = AuditEvent.objects.filter(target_id=action.pk, verb="action.updated").get()
    assert event.details["status"] == ["to_do", "done"]
    page = read(client, ours, "plan_board")
    assert "est maintenant dans « Faites »" in page
    assert "Tenir un carnet" in column_of(page, "done")


def test_an_action_taken_up_again_is_no_longer_done(ours, client):
    action = add(ours, "Reprise", status=ActionStatus.DONE)
    move(sign_in(client, ours), ours, action, "in_progress")
    assert (fresh(action).status, fresh(action).done_on) == (ActionStatus.IN_PROGRESS, None)


@pytest.mark.parametrize("status", ["blocked", "abandoned"])
def test_what_no_longer_moves_asks_why(ours, client, status):
    action = add(ours, "Coincée")
    asked = sign_in(client, ours).get(url_of(ours, "action_move", action_id=action.public_id) + f"?vers={status}")
    page = asked.content.decode()
    assert f'value="{status}" selected' in page
    assert "Une phrase suffit" in page
    before = whole_plan(ours)
    refused = move(client, ours, action, status)
    assert refused.status_code == 422
    assert "Dites en une phrase" in refused.content.decode()
    assert whole_plan(ours) == before
    move(client, ours, action, status, status_reason="Plus de local")
    assert (fresh(action).status, fresh(action).status_reason) == (status, "Plus de local")
    move(client, ours, fresh(action), "in_progress", status_reason="Plus de local")
    assert fresh(action).status_reason == ""


def test_the_script_gets_the_card_and_its_new_version(ours, client):
    action = add(ours, "Tenir un carnet")
    said = move(sign_in(client, ours), ours, action, "in_progress", headers=JSON).json()
    assert (said["status"], said["revision"]) == ("in_progress", 1)
    assert "est maintenant dans «\xa0En cours\xa0»" in said["said"]
    assert 'name="revision" value="1"' in said["card"]
    assert 'value="in_progress"' not in said["card"]


@pytest.mark.parametrize("headers", [None, JSON])
def test_a_stale_move_says_who_changed_what_and_writes_nothing(ours, client, headers):
    action = add(ours, "Disputée")
    colleague = ours.actor(Role.CONTRIBUTOR)
    update_action(action=fresh(action), revision=0, by=colleague, status="blocked", status_reason="Plus de local")
    before = whole_plan(ours)
    response = move(sign_in(client, ours), ours, action, "done", revision=0, headers=headers)
    assert response.status_code == 409
    said = response.json()["error"] if headers else response.content.decode().replace("&nbsp;", "\xa0")
    assert f"{colleague.full_name} a changé «\xa0Disputée\xa0»" in said
    assert "Elle est «\xa0Bloquée\xa0»" in said
    assert whole_plan(ours) == before
    if headers:
        assert (response.json()["status"], response.json()["revision"]) == ("blocked", 1)
    else:
        assert "Plus de local" in said
        assert 'name="revision" value="1"' in said


def test_the_same_move_sent_twice_is_one(ours, client):
    action = add(ours, "Deux clics")
    sign_in(client, ours)
    assert {move(client, ours, action, "done", headers=JSON).json()["revision"] for _ in range(2)} == {1}
    assert AuditEvent.objects.filter(target_id=action.pk, verb="action.updated").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"status": ""},
        {"status": "nimporte"},
        {"status": "done", "revision": "99999999999999999999"},
        {"status": "done", "revision": "a"},
        {"status": "blocked", "status_reason": "a\x00"},
        {"status": "blocked", "status_reason": "x" * 301},
    ],
)
@pytest.mark.parametrize("headers", [None, JSON])
def test_a_bad_move_is_refused_in_words(ours, client, values, headers):
    action = add(ours, "Intacte")
    before = whole_plan(ours)
    url = url_of(ours, "action_move", action_id=action.public_id)
    response = sign_in(client, ours).post(url, {"revision": "0", **values}, headers=headers)
    assert response.status_code == 422
    assert response.json()["error"] if headers else "À corriger" in response.content.decode()
    assert whole_plan(ours) == before


def test_a_move_without_its_version_is_stale(ours, client):
    action = add(ours, "Sans version")
    url = url_of(ours, "action_move", action_id=action.public_id)
    assert sign_in(client, ours).post(url, {"status": "done"}).status_code == 409
    assert fresh(action).status == "to_do"


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR])
def test_a_reader_moves_nothing(ours, client, role):
    action = add(ours, "Lue seulement", visibility="facilitator")
    before = whole_plan(ours)
    response = move(sign_in(client, ours, role), ours, action, "done")
    assert (
        response.status_code,
        "Votre rôle ne permet pas" in response.content.decode() or role == Role.FACILITATOR,
    ) == (
        403,
        True,
    )
    assert whole_plan(ours) == before


def test_a_neighbours_action_does_not_exist(ours, client):
    neighbour = World("neighbour")
    before = whole_plan(neighbour)
    sign_in(client, ours)
    assert move(client, neighbour, neighbour.action, "done").status_code == 404
    url = url_of(ours, "action_move", action_id=neighbour.action.public_id)
    assert client.post(url, {"status": "done", "revision": "0"}).status_code == 404
    assert whole_plan(neighbour) == before
