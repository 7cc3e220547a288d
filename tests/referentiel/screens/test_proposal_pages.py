"""The library of proposed actions on screen: read by national staff, written by the editor, by nobody else."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import User
from referentiel.models import Criterion, ProposedAction
from referentiel.services import publish
from referentiel.services.proposals import edit_proposal, propose_action, withdraw_proposal
from tests.referentiel.screens.test_question_pages import changed
from tests.referentiel.test_proposals import SAID
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_library import OFFERED, WITHDRAWN
from tests.worlds_organising import page

LIST = "/referentiels/ESSAI/actions-proposees/"
COLLEAGUE = "national_staff@ours.example.org"
TYPED = {
    "level": "0",
    "what": "Peindre un mur ensemble",
    "why": "Pour rire",
    "means": "Deux pots",
    "indicator": "Le mur est bleu",
    "effort": "2",
    "effect": "1",
}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def editor(client, ours):
    client.force_login(ours.editor)
    return client


def at(name, **kwargs):
    return reverse(name, kwargs={"code": "ESSAI", **kwargs})


def of(name, proposal):
    return at(name, public_id=proposal.public_id)


def new_url(ours, code="1.2"):
    criterion = Criterion.objects.get(chapter__version=ours.participation.cohort.version, code=code)
    return at("proposed_action_new", stable_id=criterion.stable_id)


# --- Read ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_offered_what_lacks_and_what_was_withdrawn(ours, editor):
    said = page(editor.get(LIST))
    assert OFFERED in said
    assert WITHDRAWN not in said
    for words in ("Toutes (1)", "Niveaux sans action (23 sur 24)", "Retirées (1)", "Petit effort, grand effet"):
        assert words in said
    lacking = page(editor.get(f"{LIST}?voir=manques"))
    assert f"{new_url(ours)}?niveau=2" in lacking
    assert f"{new_url(ours, '1.1')}?niveau=1" not in lacking
    away = page(editor.get(f"{LIST}?voir=retirees"))
    assert WITHDRAWN in away
    assert OFFERED not in away
    assert OFFERED in page(editor.get(f"{LIST}?voir=%00"))


def test_a_colleague_reads_everything_and_is_told_who_writes(ours, client):
    client.force_login(User.objects.get(email=COLLEAGUE))
    said = page(client.get(LIST))
    assert "Vous pouvez les lire" in said
    assert "Proposer une action" not in said
    read = page(client.get(of("proposed_action", ours.proposal)))
    for words in (OFFERED, "Deux regards neufs", "Peut y figurer avec ces mots", "Description 1.1 degré 1"):
        assert words in read
    for words in ("<textarea", "Ne plus la proposer"):
        assert words not in read
    before = contents()
    assert client.post(of("proposed_action", ours.proposal), {**TYPED, "revision": 0}).status_code == 403
    assert contents() == before


def test_it_is_reached_from_the_pages_of_the_referentiel_by_national_staff_alone(ours, editor, client):
    pages = (reverse("referentiels"), reverse("referentiel_version", args=["ESSAI", 1]))
    for url in (*pages, reverse("survey_questions", args=["ESSAI"])):
        assert LIST in page(editor.get(url))
    client.force_login(ours.user(Role.REFERENT))
    for url in pages:
        assert LIST not in page(client.get(url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_with_one_action_or_three(ours, editor, queries, count):
    criterion = Criterion.objects.get(chapter__version=ours.participation.cohort.version, code="1.2")
    for rank in range(count):
        referentiel = ours.participation.cohort.version.referentiel
        where = {"referentiel": referentiel, "criterion_stable_id": criterion.stable_id, "level": rank}
        propose_action(**where, by_name="Nadia", **{**SAID, "what": f"Action en plus {rank}"})
    proposal = ours.proposal
    for url in (LIST, of("proposed_action", proposal), new_url(ours)):
        with queries(max=16):
            editor.get(url)
    assert page(editor.get(LIST)).count("Action en plus") == count


def test_what_is_elsewhere_is_nothing_here(ours, editor):
    theirs = World("stranger").proposal
    before = contents()
    assert editor.get(reverse("proposed_actions", args=["RIEN"])).status_code == 404
    assert editor.get(at("proposed_action_new", stable_id=theirs.criterion_stable_id)).status_code == 404
    for name in ("proposed_action", "proposed_action_withdraw", "proposed_action_offer"):
        assert editor.post(of(name, theirs), TYPED).status_code == 404
    assert contents() == before


# --- Written ------------------------------------------------------------------------------------------------------


def test_an_action_is_written_once_then_changed(ours, editor):
    url = new_url(ours)
    opened = page(editor.get(f"{url}?niveau=2"))
    assert '<option value="2" selected>Niveau 2 – Degré 2' in opened
    assert "présenté à son assemblée générale" in opened
    for _ in range(2):
        said = page(editor.post(url, TYPED, follow=True))
    assert "L’action est proposée" in said
    proposal = ProposedAction.objects.get(what=TYPED["what"])
    assert (proposal.level, proposal.effect, proposal.publishable) == (0, 1, False)
    assert proposal.written_by == ours.editor.full_name
    data = {**TYPED, "what": "=1+1 <b>🙂</b>", "level": "2", "publishable": "on", "revision": 0}
    said = page(editor.post(of("proposed_action", proposal), data, follow=True))
    assert "=1+1 &lt;b&gt;🙂" in said
    proposal.refresh_from_db()
    assert (proposal.level, proposal.publishable, proposal.revision) == (2, True, 1)


def test_words_of_the_referentiel_are_refused_outside_and_everything_typed_stays(ours, editor):
    data = {**TYPED, "means": "Description 1.2 degré 1", "publishable": "on"}
    before = contents()
    response = editor.post(new_url(ours), data)
    assert response.status_code == 422
    said = page(response)
    for words in ("réservé aux adhérents", "critère 1.2, niveau 1", TYPED["what"], TYPED["why"]):
        assert words in said
    assert contents() == before


BAD = [
    ({"what": ""}, "Dites en une phrase ce que vous proposez de faire."),
    ({"what": "x" * 301}, "300"),
    ({"what": "a\nb"}, "une seule ligne"),
    ({"why": "x" * 1_000_000}, "le maximum est de 2"),
    ({"means": "a\x00b"}, "U+0000"),
    ({"indicator": "a\u202eb"}, "change le sens de lecture"),
    ({"level": "9" * 30}, "Choisissez le niveau auquel proposer cette action dans la liste."),
    ({"level": "7"}, "Choisissez le niveau"),
    ({"level": ""}, "Choisissez le niveau"),
    ({"level": "\x00"}, "À corriger"),
    ({"effort": "4"}, "Choisissez l’effort demandé dans la liste."),
    ({"effect": "²"}, "Choisissez l’effet attendu dans la liste."),
    ({"revision": "9" * 30}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_action_is_refused_kept_on_the_page_and_nothing_changes(ours, editor, change, words):
    urls = [of("proposed_action", ours.proposal)] + ([] if "revision" in change else [new_url(ours)])
    before = contents()
    for url in urls:
        response = editor.post(url, {"revision": 0, **TYPED, **change})
        assert response.status_code == 422
        assert words in page(response)
        assert TYPED["why" if "what" in change else "what"] in page(response)
    assert contents() == before


def test_a_stale_action_shows_both_texts(ours, editor):
    proposal = ours.proposal
    edit_proposal(proposal=proposal, revision=0, level=2, **{**SAID, "what": "De l’autre"})
    response = editor.post(of("proposed_action", proposal), {**TYPED, "revision": 0})
    assert response.status_code == 409
    said = page(response)
    for words in ("a changé pendant que vous écriviez", "De l’autre", "Niveau 2 – Degré 2", "Grand", TYPED["what"]):
        assert words in said
    editor.post(of("proposed_action", proposal), {**TYPED, "revision": 1})
    proposal.refresh_from_db()
    assert proposal.what == TYPED["what"]


# --- Withdrawn, offered again -------------------------------------------------------------------------------------


def test_it_is_withdrawn_then_offered_again(ours, editor):
    proposal = ours.proposal
    said = page(editor.post(of("proposed_action_withdraw", proposal), follow=True))
    assert "gardent la leur" in said
    assert "Proposer de nouveau" in said
    proposal.refresh_from_db()
    assert proposal.withdrawn_by == ours.editor.full_name
    before = contents()
    assert "déjà retirée. Rien n’a changé" in page(editor.post(of("proposed_action_withdraw", proposal), follow=True))
    assert changed(before) == set()
    assert "de nouveau proposée" in page(editor.post(of("proposed_action_offer", proposal), follow=True))
    proposal.refresh_from_db()
    assert proposal.withdrawn_at is None


def test_withdrawn_meanwhile_gives_back_what_was_typed(ours, editor):
    proposal = ours.proposal
    withdraw_proposal(proposal=proposal, by_name="Paul")
    response = editor.post(of("proposed_action", proposal), {**TYPED, "revision": 0})
    assert response.status_code == 409
    for words in ("son texte ne change plus", TYPED["what"], TYPED["means"]):
        assert words in page(response)


def test_after_a_new_version_the_library_is_under_the_same_criteria(ours, editor):
    publish(version=ours.draft_version, by_name="Nadia", by=ours.editor)
    said = page(editor.get(LIST))
    assert "version 2" in said
    assert OFFERED in said
    assert "plus en vigueur" not in said
    criterion = Criterion.objects.get(
        chapter__version__number=2, chapter__version__referentiel__code="ESSAI", code="1.1"
    )
    ProposedAction.objects.filter(criterion_stable_id=criterion.stable_id).update(criterion_stable_id="zzzzzzzzzzzz")
    said = page(editor.get(LIST))
    assert "Critères qui ne sont plus en vigueur" in said
    assert OFFERED in said
    assert "Ce critère n’est plus dans la version" in page(editor.get(of("proposed_action", ours.proposal)))
