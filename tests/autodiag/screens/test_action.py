"""An action in full: written, changed, done."""

from datetime import date
from decimal import Decimal

import pytest

from autodiag.models import Action
from autodiag.services.evidence import archive_evidence
from autodiag.services.plan import update_action
from autodiag.services.submission import submit
from cohorts.enums import Role
from tests.actions_at_hand import GOOD, HUGE, NULL, SHARED, of_action, of_plan, read, send, text_of
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, World
from tests.worlds_actions import STEPS


@pytest.fixture
def ours(db):
    return World("ours")


# --- Written ------------------------------------------------------------------------------------------------------


def test_action_is_born_from_a_criterion_and_listed(ours, client):
    answer = ours.answer(1)
    url = of_plan(ours, "action_new") + f"?reponse={answer.pk}"
    assert "2.1" in text_of(read(client, ours, url))
    assert send(client, ours, url, GOOD).url == of_plan(ours, "plan")
    action = Action.objects.get(what=GOOD["what"])
    assert (action.criterion_id, action.due_on, action.who) == (answer.criterion_id, date(2026, 1, 31), "Samira")
    assert GOOD["what"] in text_of(client.get(of_plan(ours, "plan")))


def everything(world):
    """The whole form, « Plus de précisions » included."""
    criterion = world.answer(1).criterion
    return GOOD | {
        "status": "blocked",
        "status_reason": "Le cahier n’est plus vendu",
        "starts_on": "2025-12-01",
        "pilot": world.user(Role.BOARD_MEMBER).public_id,
        "partners": "La mairie",
        "budget": "1\u202f500,50 €",
        "steps": "Choisir\n\n  Acheter  le cahier \nLe relire",
        "also": [criterion.stable_id],
        "evidence": [world.private_evidence.public_id],
    }


def test_action_says_everything_that_was_asked(ours, client):
    send(client, ours, of_plan(ours, "action_new"), everything(ours))
    action = Action.objects.get(what=GOOD["what"])
    assert (action.status, action.status_reason) == ("blocked", "Le cahier n’est plus vendu")
    assert (action.budget, action.starts_on) == (Decimal("1500.50"), date(2025, 12, 1))
    assert (action.pilot, action.partners) == (ours.user(Role.BOARD_MEMBER), "La mairie")
    assert [step.text for step in action.steps.order_by("position")] == ["Choisir", "Acheter le cahier", "Le relire"]
    assert [row.criterion_id for row in action.also.all()] == [ours.answer(1).criterion_id]
    assert [row.evidence_id for row in action.evidence.all()] == [ours.private_evidence.pk]
    page = text_of(read(client, ours, of_plan(ours, "action", action.public_id)))
    for words in ("Le cahier n’est plus vendu", "La mairie", "1 500,50 €", "Acheter le cahier", "Bloquée"):
        assert words in page, words


def test_an_action_sent_twice_is_one_action(ours, client):
    for _ in range(2):
        response = send(client, ours, of_plan(ours, "action_new"), everything(ours))
        assert response.url == of_plan(ours, "plan")
    assert Action.objects.filter(what=GOOD["what"]).count() == 1


@pytest.mark.parametrize("asked", ["0", "abc", HUGE, "-1"])
@pytest.mark.parametrize("key", ["reponse", "proposition"])
def test_action_from_something_that_is_not_there_is_a_404(ours, client, key, asked):
    response = send(client, ours, of_plan(ours, "action_new") + f"?{key}={asked}", GOOD)
    assert response.status_code == 404
    assert not Action.objects.filter(what=GOOD["what"]).exists()


def test_action_from_a_neighbours_answer_is_a_404(ours, client):
    theirs = World("neighbour").answer(1).pk
    response = send(client, ours, of_plan(ours, "action_new") + f"?reponse={theirs}", GOOD)
    assert response.status_code == 404
    assert not Action.objects.filter(what=GOOD["what"]).exists()


BAD = [
    ({"what": ""}, "obligatoire"),
    ({"what": "x" * 301}, "301"),
    ({"due_on": "2026-02-31"}, "n’existe pas"),
    ({"due_on": "0202-01-01"}, "Vérifiez l’année"),
    ({"status": "autre"}, "autre"),
    ({"status": ["a\x00"]}, ""),
    ({"why": NULL}, "U+0000"),
    ({"status": "blocked"}, "ce qui la bloque"),
    ({"status": "abandoned", "status_reason": " "}, "pourquoi vous l’abandonnez"),
    ({"status": "blocked", "status_reason": "x" * 301}, "301"),
    ({"visibility": "cohort"}, "cohort"),
    ({"starts_on": "9999-12-31"}, "Vérifiez l’année"),
    ({"starts_on": "2026-02-01"}, "Vérifiez les deux dates"),
    ({"pilot": "personne"}, "n’est plus dans la liste"),
    ({"pilot": NULL}, "n’est plus dans la liste"),
    ({"partners": NULL}, "U+0000"),
    ({"partners": "x" * 301}, "301"),
    ({"budget": "-5"}, "montant en euros"),
    ({"budget": "1e5"}, "montant en euros"),
    ({"budget": "NaN"}, "montant en euros"),
    ({"budget": "1,005"}, "montant en euros"),
    ({"budget": "1" + "0" * 20}, "montant en euros"),
    ({"budget": "999999999999"}, "trop grand"),
    ({"budget": NULL}, ""),
    ({"steps": "\n".join(f"Étape {n}" for n in range(31))}, "31 étapes"),
    ({"steps": "x" * 201}, "201 caractères"),
    ({"steps": NULL}, "U+0000"),
    ({"also": ["zzz"]}, "n’est plus dans la liste"),
    ({"also": [NULL]}, "n’est plus dans la liste"),
    ({"evidence": [HUGE]}, "n’est plus dans la liste"),
    ({"revision": HUGE}, ""),
]


@pytest.mark.parametrize(("change", "words"), BAD)
@pytest.mark.parametrize("edited", [False, True])
def test_bad_action_says_why_and_keeps_what_was_typed(ours, client, edited, change, words):
    url = of_action(ours, "action_edit") if edited else of_plan(ours, "action_new")
    before = contents()
    response = send(client, ours, url, {**GOOD, "means": "Texte tapé", **change})
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    assert "Texte tapé" in page
    after = contents()
    assert after == before


def test_what_is_wrong_in_the_details_opens_them(ours, client):
    def folded(change):
        page = text_of(send(client, ours, of_plan(ours, "action_new"), GOOD | change))
        return '<details class="fold action-more"> <summary>' in page

    assert folded({"what": ""})
    assert not folded({"budget": "cher"})
    assert not folded({"what": "", "partners": "La mairie"})


@pytest.mark.parametrize("theirs", ["criterion", "evidence", "person"])
def test_nothing_of_a_neighbour_can_be_named(ours, client, theirs):
    other = World("neighbour")
    change = {
        "criterion": lambda: {"also": [World("stranger").answer(1).criterion.stable_id]},
        "evidence": lambda: {"evidence": [other.evidence.public_id]},
        "person": lambda: {"pilot": other.user(Role.REFERENT).public_id},
    }[theirs]()
    response = send(client, ours, of_plan(ours, "action_new"), GOOD | change)
    assert response.status_code == 422
    assert NEIGHBOUR not in response.content.decode()
    assert not Action.objects.filter(what=GOOD["what"]).exists()


# --- Changed ------------------------------------------------------------------------------------------------------


def test_change_then_stale_change_shows_both_for_every_field(ours, client):
    action = ours.full_action
    url, shown = of_action(ours, "action_edit"), str(action.revision)
    first = everything(ours) | {"revision": shown, "what": "Le texte de la collègue", "visibility": "facilitator"}
    assert send(client, ours, url, first).url == of_action(ours)
    mine = SHARED | {"revision": shown, "what": "Mon autre texte", "steps": "Ma propre étape", "budget": "12"}
    response = send(client, ours, url, mine, Role.CONTRIBUTOR)
    assert response.status_code == 409
    page = text_of(response)
    stands = page[page.index("Cette action a changé") : page.index('<form class="form action-form"')]
    for words in ("Le texte de la collègue", "Acheter le cahier", "1 500,50 €", "La mairie", "bloquée", "plus vendu"):
        assert words in stands, words
    for words in (ours.user(Role.BOARD_MEMBER).full_name, ours.private_evidence.title, ours.answer(1).criterion.title):
        assert words in stands, words
    assert stands.count("(différent)") >= 9
    form = page[page.index('<form class="form action-form"') :]
    assert "Mon autre texte" in form
    assert "Ma propre étape" in form
    action.refresh_from_db()
    assert (action.what, action.revision) == ("Le texte de la collègue", int(shown) + 1)
    assert [step.text for step in action.steps.all()] == ["Choisir", "Acheter le cahier", "Le relire"]


def test_the_same_change_sent_twice_is_one(ours, client):
    action, url = ours.full_action, of_action(ours, "action_edit")
    sent = SHARED | {"revision": str(action.revision)}
    for _ in range(2):
        assert send(client, ours, url, sent).url == of_action(ours)
    before = action.revision
    action.refresh_from_db()
    assert action.revision == before + 1


def test_the_form_comes_back_as_the_action_stands(ours, client):
    page = text_of(read(client, ours, of_action(ours, "action_edit")))
    assert 'value="1 500,50"' in page
    assert "\n".join(STEPS).splitlines()[1] in page
    assert f'value="{ours.evidence.public_id}" id="id_evidence_' in page
    assert 'class="fold action-more" open' in page


def test_a_tick_follows_the_words_of_its_step(ours, client):
    action = ours.full_action
    sent = SHARED | {"revision": str(action.revision), "steps": f"Une de plus\n{STEPS[2]}\n{STEPS[0]}"}
    send(client, ours, of_action(ours, "action_edit"), sent)
    steps = list(action.steps.order_by("position"))
    assert [step.text for step in steps] == ["Une de plus", STEPS[2], STEPS[0]]
    assert [bool(step.done_at) for step in steps] == [False, False, True]
    assert steps[2].done_by == ours.user(Role.REFERENT)


def test_an_item_put_away_and_a_pilot_who_left_stay_chosen(ours, client):
    action, gone = ours.full_action, ours.user(Role.CONTRIBUTOR)
    update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), pilot=gone)
    archive_evidence(evidence=ours.evidence, by=ours.actor(Role.REFERENT))
    gone.memberships.update(until=date(2025, 10, 1))
    page = text_of(read(client, ours, of_action(ours, "action_edit")))
    assert f'<option value="{gone.public_id}" selected>' in page
    sent = SHARED | {"revision": str(action.revision), "pilot": gone.public_id}
    sent |= {"evidence": [ours.evidence.public_id, ours.private_evidence.public_id]}
    assert send(client, ours, of_action(ours, "action_edit"), sent).url == of_action(ours)
    assert Action.objects.get(pk=action.pk).pilot == gone
    assert action.evidence.count() == 2


def test_a_reason_is_kept_only_where_one_is_asked_for(ours, client):
    action, url = ours.full_action, of_action(ours, "action_edit")
    wished = (("blocked", "Plus d’encre"), ("in_progress", ""), ("abandoned", "Plus d’encre"))
    for rank, (status, kept) in enumerate(wished):
        revision = str(action.revision + rank)
        send(client, ours, url, GOOD | {"status": status, "status_reason": "Plus d’encre", "revision": revision})
        assert Action.objects.get(pk=action.pk).status_reason == kept


# --- Done ---------------------------------------------------------------------------------------------------------


def finished(client, world, role=Role.REFERENT):
    action = world.action
    sent = GOOD | {"revision": str(action.revision), "status": "done"}
    response = send(client, world, of_plan(world, "action_edit", action.public_id), sent, role)
    return text_of(client.get(response.url))


def test_a_transmitted_and_closed_chapter_says_when_to_assess_again(ours, client):
    page = finished(client, ours)
    assert "Bravo, une action de faite" in page
    assert "Réévaluer ce critère ?" in page
    assert "la prochaine évaluation" in page
    assert "Corriger le chapitre" not in page


def test_an_open_chapter_leads_to_the_criterion(ours, client):
    action, criterion = ours.action, ours.answer(1).criterion
    Action.objects.filter(pk=action.pk).update(criterion=criterion)
    assert f'href="{ours.draft.url("criterion", 1)}"' in finished(client, ours)


def test_a_transmitted_chapter_still_open_is_corrected_by_who_may(ours, client):
    action, criterion = ours.action, ours.answer(1).criterion
    Action.objects.filter(pk=action.pk).update(criterion=criterion)
    for position in (3, 4):
        ours.save(ours.answer(position), by=Role.CONTRIBUTOR, kind="unknown")
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    reopening = f'href="{ours.draft.url("autodiag_reopen")}"'
    assert reopening in finished(client, ours)
    page = text_of(read(client, ours, of_plan(ours, "action", action.public_id), Role.CONTRIBUTOR))
    assert reopening not in page
    assert "votre référent·e peut le rouvrir" in page
    answers = [answer.revision for answer in ours.draft.answers.all()]
    assert answers == [answer.revision for answer in World("ours").draft.answers.all()]


def test_nothing_is_to_assess_again_before_it_is_done(ours, client):
    assert "Réévaluer" not in text_of(read(client, ours, of_plan(ours, "action", ours.action.public_id)))
