"""An action in full, read; its steps and its news."""

from threading import Event

import pytest
from django.db import transaction

from autodiag.models import Action, ActionNote, ActionStep, Evidence
from autodiag.services.plan import update_action
from caprse.base import clock
from cohorts.enums import Role, Visibility
from tests.actions_at_hand import GOOD, HUGE, NULL, of_action, of_plan, read, send, text_of
from tests.harness.threads import LONG, at_once
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, World
from tests.worlds_actions import NEWS, STEPS


@pytest.fixture
def ours(db):
    return World("ours")


# --- Read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REFERENT, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_the_structure_reads_everything(ours, client, role):
    page = text_of(read(client, ours, of_action(ours), role))
    assert all(words in page for words in (*STEPS, NEWS, "1 étape faite sur 3", "La médiathèque", "1 500,50 €"))
    assert ours.evidence.title in page
    assert ours.private_evidence.title in page
    assert "Créée" in page
    writes = role == Role.REFERENT
    assert (of_action(ours, "action_edit") in page) == writes
    assert ("Enregistrer ces nouvelles" in page) == writes


def test_who_accompanies_reads_a_shared_action_without_what_is_kept(ours, client):
    page = text_of(read(client, ours, of_action(ours), Role.FACILITATOR))
    assert all(words in page for words in (*STEPS, NEWS, ours.evidence.title))
    assert PRIVATE not in page
    assert "<form method=" not in page.replace('<form method="post" action="/deconnexion/', "")
    kept = of_plan(ours, "action", ours.action.public_id)
    assert read(client, ours, kept, Role.FACILITATOR).status_code == 404


def test_after_the_adhesion_one_reads_and_writes_nothing(db, client):
    lapsed = World("lapsed")
    page = text_of(read(client, lapsed, of_action(lapsed)))
    assert NEWS in page
    assert "adhésion" in page
    assert of_action(lapsed, "action_edit") not in page
    assert 'action="' + of_action(lapsed, "action_note_add") not in page


def test_the_history_says_who_and_how_far(ours, client):
    action = ours.full_action
    update_action(action=action, revision=action.revision, by=ours.actor(Role.CONTRIBUTOR), status="in_progress")
    page = text_of(read(client, ours, of_action(ours)))
    history = page[page.index("Qui l’a créée") :]
    assert "De « à faire » à « en cours »" in history
    assert history.index(ours.user(Role.CONTRIBUTOR).full_name) < history.index("Créée")


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_costs_the_same_whatever_it_holds(ours, client, queries, more):
    action, by = ours.full_action, ours.user(Role.REFERENT)
    anchors = {"region_id": action.region_id, "participation_id": action.participation_id, "action": action}
    for rank in range(more):
        ActionStep.objects.create(
            **anchors, position=10 + rank, text=f"De plus {rank}", done_at=clock.now(), done_by=by
        )
        ActionNote.objects.create(**anchors, text=f"De plus {rank}", written_by=by)
    client.force_login(by)
    url = of_action(ours)
    with queries(11):
        assert NEWS in client.get(url).content.decode()


def test_a_done_action_costs_one_read_more(ours, client, queries):
    action = ours.full_action
    update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), status="done")
    client.force_login(ours.user(Role.REFERENT))
    url = of_action(ours)
    with queries(max=12):
        assert "Réévaluer" in client.get(url).content.decode()


# --- Steps and news -----------------------------------------------------------------------------------------------


def test_a_step_is_ticked_then_unticked(ours, client):
    step = ours.full_action.steps.order_by("position")[1]
    url, place = of_action(ours, "action_step_toggle", step.pk), of_action(ours) + "#etapes"
    before = ours.full_action.revision
    for done in ("1", "1", "0", "0"):
        assert send(client, ours, url, {"done": done}, Role.CONTRIBUTOR).url == place
        step.refresh_from_db()
        assert bool(step.done_at) == (done == "1")
    assert ours.full_action.revision == before


def test_a_step_taken_off_at_the_same_moment_is_not_found(committed_db, client):
    ours, held = World("ours"), Event()
    action, step, by = ours.full_action, ours.step, ours.actor(Role.REFERENT)
    client.force_login(ours.user(Role.CONTRIBUTOR))

    @transaction.atomic
    def taking_off():
        Action.objects.select_for_update().get(pk=action.pk)
        held.set()
        Event().wait(1)
        return update_action(action=action, revision=action.revision, by=by, what=action.what, steps=["Une autre"])

    def ticking():
        held.wait(LONG)
        return client.post(of_action(ours, "action_step_toggle", step.pk), {"done": "0"}).status_code

    _, answered = at_once(taking_off, ticking)
    assert answered == 404
    assert [(row.text, row.done_at) for row in action.steps.all()] == [("Une autre", None)]


def test_who_ticked_first_stays_named(ours, client):
    url = of_action(ours, "action_step_toggle", ours.step.pk)
    send(client, ours, url, {"done": "1"}, Role.CONTRIBUTOR)
    assert ours.step.done_by == ours.user(Role.REFERENT)


@pytest.mark.parametrize("data", [{}, {"done": "2"}, {"done": NULL}, {"done": ""}])
def test_a_tick_nobody_made_changes_nothing(ours, client, data):
    before = contents()
    response = send(client, ours, of_action(ours, "action_step_toggle", ours.step.pk), data)
    assert response.status_code == 422
    assert "n’a pas changé" in text_of(response)
    after = contents()
    assert after == before


@pytest.mark.parametrize("name", ["action_step_toggle", "action_note_withdraw"])
def test_another_actions_step_or_note_is_a_404(ours, client, name):
    theirs = World("neighbour")
    before = contents()
    for pk in (theirs.step.pk, theirs.action_note.pk, int(HUGE), 0):
        url = of_plan(ours, name, ours.action.public_id, pk)
        assert send(client, ours, url, {"done": "1"}).status_code == 404
    after = contents()
    assert after == before


def test_news_are_given_once_and_taken_back_by_their_author(ours, client):
    url = of_action(ours, "action_note_add")
    for _ in range(2):
        assert send(client, ours, url, {"text": "Le carnet est presque plein"}, Role.CONTRIBUTOR).status_code == 302
    note = ActionNote.objects.get(text="Le carnet est presque plein")
    away = of_action(ours, "action_note_withdraw", note.pk)
    refused = send(client, ours, away, {})
    assert refused.status_code == 403
    assert "peut seul·e la reprendre" in text_of(refused)
    send(client, ours, away, {}, Role.CONTRIBUTOR)
    note.refresh_from_db()
    assert (note.text, bool(note.withdrawn_at)) == ("", True)
    page = text_of(client.get(of_action(ours)))
    assert "Nouvelle retirée" in page
    assert "presque plein" not in page


@pytest.mark.parametrize("text", ["", "  ", NULL, "x" * 2_001, "\u202e"])
def test_news_nobody_types_are_refused_and_come_back(ours, client, text):
    before = contents()
    response = send(client, ours, of_action(ours, "action_note_add"), {"text": text})
    assert response.status_code == 422
    assert "À corriger" in text_of(response)
    after = contents()
    assert after == before


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.FACILITATOR])
def test_a_reader_writes_nothing(ours, client, role):
    before = contents()
    writes = {
        of_action(ours, "action_edit"): GOOD,
        of_action(ours, "action_step_toggle", ours.step.pk): {"done": "0"},
        of_action(ours, "action_note_add"): {"text": "Bonjour"},
        of_action(ours, "action_note_withdraw", ours.action_note.pk): {},
    }
    for url, data in writes.items():
        assert send(client, ours, url, data, role).status_code == 403
    after = contents()
    assert after == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_a_stranger_finds_nothing_and_changes_nothing(ours, client, key):
    other, before = World(key), contents()
    client.force_login(other.user(Role.REFERENT))
    assert client.get(of_action(ours)).status_code == 404
    assert client.post(of_action(ours, "action_edit"), GOOD).status_code == 404
    assert client.post(of_action(ours, "action_note_add"), {"text": "Bonjour"}).status_code == 404
    after = contents()
    assert after == before


def test_the_path_page_leaves_out_what_is_over(ours, client):
    by, action = ours.actor(Role.REFERENT), ours.full_action
    update_action(action=action, revision=action.revision, by=by, status="abandoned", status_reason="Plus de lieu")
    page = text_of(read(client, ours, ours.participation.get_absolute_url()))
    assert "Action gardée" in page
    assert "Action partagée" not in page
    assert action.visibility == Visibility.FACILITATOR
    assert Evidence.objects.filter(pk=ours.evidence.pk).exists()
