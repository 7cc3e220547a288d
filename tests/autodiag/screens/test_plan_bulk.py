"""Several actions changed at once: chosen, read again, then all of it or nothing."""

from datetime import date

import pytest

from autodiag.enums import ActionStatus
from autodiag.models import Action
from autodiag.services.plan import update_action
from caprse.base.models import AuditEvent
from cohorts.enums import Role
from tests.plan_at_hand import add, fresh, sign_in, url_of, whole_plan
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def three(ours):
    return [add(ours, f"Action {name}", who="Samira", due_on=date(2026, 1, 15)) for name in ("une", "deux", "trois")]


def ticked(*actions):
    return [f"{action.public_id}:{action.revision}" for action in actions]


def send(client, world, actions, **values):
    values = {"action": actions if isinstance(actions, list) else [actions], **values}
    response = client.post(url_of(world, "plan_bulk"), values)
    return response, response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")


def test_the_page_offers_the_actions_and_the_changes(ours, three, client):
    page = sign_in(client, ours).get(url_of(ours, "plan_bulk") + "?qui=Samira").content.decode()
    assert all(value in page for value in ticked(*three))
    assert "Action partagée" not in page
    assert ours.user(Role.CONTRIBUTOR).full_name in page
    assert World("neighbour").user(Role.CONTRIBUTOR).full_name not in page


def test_what_changes_is_never_said_to_be_optional(ours, three, client):
    page = sign_in(client, ours).get(url_of(ours, "plan_bulk")).content.decode()
    assert "Nouvel état" in page
    assert "facultatif" not in page


@pytest.mark.parametrize(
    ("values", "after", "expected"),
    [
        ({"change": "due_on", "due_on": "2026-03-01"}, "1er mars 2026", {"due_on": date(2026, 3, 1)}),
        ({"change": "due_on", "due_on": ""}, "sans date", {"due_on": None}),
        ({"change": "who", "who": "Karim"}, "Karim", {"who": "Karim"}),
        ({"change": "who", "who": ""}, "à confier", {"who": ""}),
        ({"change": "visibility", "visibility": "facilitator"}, "partagée", {"visibility": "facilitator"}),
        (
            {"change": "status", "status": "done"},
            "Faite",
            {"status": "done", "done_on": date(2025, 11, 4), "status_reason": ""},
        ),
        (
            {"change": "status", "status": "abandoned", "status_reason": "Plus de moyens"},
            "Abandonnée (Plus de moyens)",
            {"status": "abandoned", "status_reason": "Plus de moyens", "done_on": None},
        ),
    ],
)
def test_one_change_is_shown_before_and_after_then_made(ours, three, client, values, after, expected):
    sign_in(client, ours)
    before = whole_plan(ours)
    response, page = send(client, ours, ticked(*three[:2]), **values)
    assert response.status_code == 200
    assert "2 actions vont changer" in page
    assert f"<strong>{after}</strong>" in page
    assert "Action trois" not in page
    assert whole_plan(ours) == before
    response, _ = send(client, ours, ticked(*three[:2]), **values, confirmed="1")
    assert response.url == url_of(ours)
    for action in three[:2]:
        row = fresh(action)
        assert {name: getattr(row, name) for name in expected} == expected
        assert row.revision == 1
        assert AuditEvent.objects.filter(target_id=row.pk, verb="action.updated").count() == 1
    assert fresh(three[2]).revision == 0
    assert "2 actions changées." in client.get(url_of(ours)).content.decode()


def test_a_plan_of_more_than_a_thousand_actions_is_changed_at_once(ours, client):
    model = add(ours, "Action d’un grand plan")
    columns = {field.attname: getattr(model, field.attname) for field in Action._meta.concrete_fields}
    kept = {name: value for name, value in columns.items() if name not in ("id", "public_id")}
    many = [model, *Action.objects.bulk_create(Action(**kept) for _ in range(1_000))]
    sign_in(client, ours)
    response, page = send(client, ours, ticked(*many), change="who", who="Karim", confirmed="1")
    assert response.status_code == 302, page
    assert Action.objects.filter(what=model.what, who="Karim").count() == 1_001


def test_a_pilot_is_somebody_of_the_structure(ours, three, client):
    sign_in(client, ours)
    pilot = ours.user(Role.CONTRIBUTOR)
    send(client, ours, ticked(*three), change="pilot", pilot=pilot.public_id, confirmed="1")
    assert {fresh(action).pilot_id for action in three} == {pilot.pk}
    before = whole_plan(ours)
    stranger = World("neighbour").user(Role.CONTRIBUTOR).public_id
    response, _ = send(client, ours, ticked(*map(fresh, three)), change="pilot", pilot=stranger, confirmed="1")
    assert response.status_code == 422
    assert whole_plan(ours) == before
    send(client, ours, ticked(*map(fresh, three)), change="pilot", pilot="", confirmed="1")
    assert {fresh(action).pilot_id for action in three} == {None}


def test_one_changed_meanwhile_stops_the_whole_and_the_choice_is_kept(ours, three, client):
    sign_in(client, ours)
    colleague = ours.actor(Role.CONTRIBUTOR)
    sent = ticked(*three)
    update_action(action=fresh(three[1]), revision=0, by=colleague, who="Nadia")
    before = whole_plan(ours)
    response, page = send(client, ours, sent, change="who", who="Karim", confirmed="1")
    assert response.status_code == 409
    assert whole_plan(ours) == before
    assert f"« Action deux », changée par {colleague.full_name} le mardi 4 novembre 2025" in page
    assert "« Action une »" not in page.split("Votre choix est gardé")[0]
    assert '<td data-label="Avant"><span>Nadia</span></td>' in page
    kept = [value for value in ticked(*map(fresh, three)) if f'value="{value}"' in page]
    assert len(kept) == 3
    response, _ = send(client, ours, kept, change="who", who="Karim", confirmed="1")
    assert response.status_code == 302
    assert {fresh(action).who for action in three} == {"Karim"}


def test_what_is_already_so_is_left_alone_even_if_it_changed(ours, three, client):
    sign_in(client, ours)
    sent = ticked(*three)
    update_action(action=fresh(three[0]), revision=0, by=ours.actor(Role.CONTRIBUTOR), who="Karim")
    _, page = send(client, ours, sent, change="who", who="Karim")
    assert "2 actions vont changer" in page
    assert "Déjà ainsi, donc inchangée : « Action une »" in page
    for expected in ("2 actions changées.", "rien n’a changé"):
        send(client, ours, sent, change="who", who="Karim", confirmed="1")
        assert expected in client.get(url_of(ours)).content.decode()
    assert [fresh(action).revision for action in three] == [1, 1, 1]
    assert AuditEvent.objects.filter(target_id__in=[a.pk for a in three], verb="action.updated").count() == 3


def test_back_to_the_choice_keeps_it(ours, three, client):
    sign_in(client, ours)
    before = whole_plan(ours)
    response, page = send(client, ours, ticked(three[0]), change="who", who="Karim", back="1")
    assert response.status_code == 200
    assert f'value="{ticked(three[0])[0]}" checked' in page
    assert f'value="{ticked(three[1])[0]}" checked' not in page
    assert 'value="who" checked' in page
    assert 'value="Karim"' in page
    assert whole_plan(ours) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"action": [], "change": "who", "who": "Karim"}, "Cochez au moins une action"),
        ({"change": ""}, "Dites ce que vous voulez changer"),
        ({"change": "nimporte"}, ""),
        ({"change": "status", "status": "blocked", "status_reason": ""}, "Dites en une phrase ce qui la bloque"),
        ({"change": "status", "status": ""}, "Choisissez une réponse"),
        ({"change": "visibility", "visibility": ""}, "Choisissez une réponse"),
        ({"change": "due_on", "due_on": "2026-02-31"}, "n’existe pas"),
        ({"change": "due_on", "due_on": "2025-12-01"}, "commencent après ce jour : « Action une »"),
        ({"change": "who", "who": "a\x00"}, "U+0000"),
        ({"change": "who", "who": "x" * 161}, "161"),
        ({"action": ["23456789abcd:0"], "change": "who", "who": "Karim"}, "n’est plus dans ce plan"),
        ({"action": ["abc"], "change": "who", "who": "Karim"}, "n’est plus dans ce plan"),
    ],
)
def test_a_bad_change_says_why_and_writes_nothing(ours, three, client, values, words):
    update_action(action=three[0], revision=0, by=ours.actor(Role.REFERENT), starts_on=date(2025, 12, 20))
    before = whole_plan(ours)
    sent = {"action": ticked(*three), "status_reason": "Texte gardé", "confirmed": "1", **values}
    response, page = send(sign_in(client, ours), ours, sent.pop("action"), **sent)
    assert response.status_code == 422
    assert words in page
    assert "Texte gardé" in page or values.get("status") == "blocked"
    assert whole_plan(ours) == before


@pytest.mark.parametrize("revision", ["", "-1", "99999999999999999999", "a", "٣"])
def test_a_version_nobody_has_seen_is_refused(ours, three, client, revision):
    before = whole_plan(ours)
    sent = [f"{three[0].public_id}:{revision}"]
    response, _ = send(sign_in(client, ours), ours, sent, change="who", who="Karim", confirmed="1")
    assert response.status_code == 422
    assert whole_plan(ours) == before


def test_what_is_wrong_elsewhere_does_not_matter(ours, three, client):
    sent = {"change": "who", "who": "Karim", "due_on": "31/02/2026", "status": "nimporte", "confirmed": "1"}
    response, _ = send(sign_in(client, ours), ours, ticked(*three), **sent)
    assert response.status_code == 302
    assert {fresh(action).who for action in three} == {"Karim"}


def test_a_neighbours_action_cannot_be_slipped_in(ours, three, client):
    neighbour = World("neighbour")
    before = whole_plan(neighbour), whole_plan(ours)
    sent = [*ticked(three[0]), *ticked(neighbour.action)]
    response, page = send(sign_in(client, ours), ours, sent, change="who", who="Karim", confirmed="1")
    assert response.status_code == 422
    assert neighbour.action.what not in page
    assert (whole_plan(neighbour), whole_plan(ours)) == before


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR])
def test_a_reader_changes_nothing(ours, three, client, role):
    before = whole_plan(ours)
    sign_in(client, ours, role)
    response, _ = send(client, ours, ticked(*three), change="who", who="Karim", confirmed="1")
    assert response.status_code == 403
    assert whole_plan(ours) == before


def test_a_stranger_finds_no_plan(ours, three, client):
    before = whole_plan(ours)
    sign_in(client, World("stranger"))
    response, _ = send(client, ours, ticked(*three), change="who", who="Karim", confirmed="1")
    assert response.status_code == 404
    assert whole_plan(ours) == before


def test_the_status_of_an_action_that_is_done_keeps_its_day(ours, client):
    action = add(ours, "Faite avant", status=ActionStatus.DONE)
    done_on = fresh(action).done_on
    other = add(ours, "À faire encore")
    send(sign_in(client, ours), ours, ticked(action, other), change="status", status="done", confirmed="1")
    assert fresh(action).done_on == done_on
    assert (fresh(action).revision, fresh(other).revision) == (0, 1)
