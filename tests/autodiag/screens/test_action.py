"""An action in full: written, read, changed; its steps, its news."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from autodiag.models import Action, ActionNote, ActionStep, Evidence
from autodiag.services.evidence import archive_evidence
from autodiag.services.plan import update_action
from autodiag.services.submission import submit
from caprse.base import clock
from cohorts.enums import Role, Visibility
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, PRIVATE, World
from tests.worlds_actions import NEWS, STEPS

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
SHARED = GOOD | {"visibility": "facilitator"}
HUGE, NULL = "9" * 30, "a\x00b"


@pytest.fixture
def ours(db):
    return World("ours")


def of_plan(world, name, *more):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id, *more])


def of_action(world, name="action", *more):
    return of_plan(world, name, world.full_action.public_id, *more)


def read(client, world, url, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client.get(url)


def send(client, world, url, data, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client.post(url, data)


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


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
