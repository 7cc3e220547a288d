"""The actions proposed to a structure: read, taken, adapted, refused, thought over."""

import pytest
from django.urls import reverse

from autodiag.models import Action, Answer, ProposalDecision
from autodiag.services.proposals import accept_proposal
from cohorts.enums import Role
from referentiel.models import ProposedAction
from referentiel.services.proposals import withdraw_proposal
from tests.autodiag.screens.test_action import GOOD, NULL, of_plan, read, send, text_of
from tests.autodiag.test_proposals import BY, answering, path_of, propose
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, PRIVATE, World
from tests.worlds_library import OFFERED


@pytest.fixture
def ours(db):
    return World("ours")


def page_of(world):
    return of_plan(world, "proposals")


def act(world, name):
    return of_plan(world, name, world.proposal.public_id)


def adapting(world):
    return of_plan(world, "action_new") + f"?proposition={world.proposal.public_id}"


def test_a_proposal_is_read_with_its_level_effect_and_effort(ours, client):
    page = text_of(read(client, ours, page_of(ours)))
    for words in (
        OFFERED,
        "1.1 – Critère 1.1",
        "Votre niveau : 1 – Degré 1",
        "Effet attendu</strong> grand",
        "Deux regards neufs",
    ):
        assert words in page, words
    for words in ("Ajouter à notre plan", "Adapter", "Pas pour nous"):
        assert words in page, words


def test_taken_as_it_is_it_is_in_the_plan_once(ours, client):
    for _ in range(2):
        response = send(client, ours, act(ours, "proposal_accept"), {})
        assert response.url.startswith(page_of(ours) + "#critere-")
    action = Action.objects.get(proposal=ours.proposal)
    page = text_of(client.get(page_of(ours)))
    assert "ouvrez-la sous « Déjà répondu », en bas de cette page" in page
    assert reverse("action", args=["ici", ours.participation.public_id, action.public_id]) in page
    assert "Vous avez tout regardé" in page


def test_refused_with_a_reason_then_taken_up_again(ours, client):
    send(client, ours, act(ours, "proposal_refuse"), {"reason": "Nous n’avons pas de relecteur"})
    page = text_of(client.get(page_of(ours)))
    assert "Nous n’avons pas de relecteur" in page
    assert "Reprendre" in page
    assert not Action.objects.filter(proposal=ours.proposal).exists()
    send(client, ours, act(ours, "proposal_reconsider"), {}, Role.CONTRIBUTOR)
    assert "Ajouter à notre plan" in text_of(client.get(page_of(ours)))


@pytest.mark.parametrize("reason", [NULL, "x" * 301, "a\nb", "\u202e"])
def test_a_refusal_nobody_types_comes_back(ours, client, reason):
    before = contents()
    response = send(client, ours, act(ours, "proposal_refuse"), {"reason": reason})
    assert response.status_code == 422
    page = text_of(response)
    assert 'class="proposal__no" open' in page
    assert "field__error" in page
    after = contents()
    assert after == before


def test_adapted_it_begins_with_its_words_and_keeps_what_is_written(ours, client):
    page = text_of(read(client, ours, adapting(ours)))
    assert "Adapter une action proposée" in page
    assert f'value="{OFFERED}"' in page
    assert "Une heure" in page
    for _ in range(2):
        assert send(client, ours, adapting(ours), GOOD).url.startswith(page_of(ours))
    action = Action.objects.get(proposal=ours.proposal)
    assert (action.what, action.who) == (GOOD["what"], GOOD["who"])
    assert ProposalDecision.objects.get(participation=ours.participation).action == action


def test_adapted_with_a_mistake_it_keeps_what_was_typed(ours, client):
    response = send(client, ours, adapting(ours), GOOD | {"what": "", "means": "Texte tapé"})
    assert (response.status_code, "Texte tapé" in text_of(response)) == (422, True)
    assert not ProposalDecision.objects.filter(participation=ours.participation).exists()


def test_adapted_while_a_colleague_took_it_both_are_shown(ours, client):
    action = accept_proposal(**answering(ours, Role.CONTRIBUTOR))
    response = send(client, ours, adapting(ours), GOOD)
    page = text_of(response)
    assert response.status_code == 409
    assert "déjà dans votre plan" in page
    assert reverse("action", args=["ici", ours.participation.public_id, action.public_id]) in page
    assert GOOD["what"] in page
    assert Action.objects.filter(proposal=ours.proposal).count() == 1


@pytest.mark.parametrize("name", ["proposal_accept", "proposal_refuse", "proposal_reconsider"])
def test_withdrawn_meanwhile_it_says_so_and_nothing_changes(ours, client, name):
    url = act(ours, name)
    withdraw_proposal(proposal=ours.proposal, by_name=BY)
    before = contents()
    response = send(client, ours, url, {})
    assert response.status_code == 409
    assert "vient d’être retirée de la bibliothèque" in text_of(response)
    after = contents()
    assert after == before


def test_withdrawn_while_it_was_adapted_the_words_become_an_action_of_ones_own(ours, client):
    url = adapting(ours)
    withdraw_proposal(proposal=ours.proposal, by_name=BY)
    assert read(client, ours, url).status_code == 409
    response = send(client, ours, url, GOOD)
    page = text_of(response)
    assert (response.status_code, GOOD["what"] in page) == (409, True)
    answer = Answer.objects.get(autodiag=ours.submitted, criterion__position=1)
    again = of_plan(ours, "action_new") + f"?reponse={answer.pk}"
    assert f'action="{again}"' in page
    assert not Action.objects.filter(what=GOOD["what"]).exists()
    send(client, ours, again, GOOD)
    assert Action.objects.get(what=GOOD["what"]).proposal is None


@pytest.mark.parametrize("name", ["proposal_accept", "proposal_refuse", "proposal_reconsider"])
def test_a_proposal_of_another_referentiel_or_of_none_is_a_404(ours, client, name):
    before = contents()
    for public_id in (World("stranger").proposal.public_id, "zzzzzzzzzzzz"):
        assert send(client, ours, of_plan(ours, name, public_id), {}).status_code == 404
    after = contents()
    assert after == before


def test_a_proposal_of_another_referentiel_is_not_adapted(ours, client):
    url = of_plan(ours, "action_new") + f"?proposition={World('stranger').proposal.public_id}"
    assert send(client, ours, url, GOOD).status_code == 404
    assert not Action.objects.filter(what=GOOD["what"]).exists()


@pytest.mark.parametrize("state", ["empty library", "nothing answered", "nothing at these levels"])
def test_when_there_is_nothing_a_sentence_says_what_to_do(ours, client, state):
    if state == "empty library":
        ProposedAction.objects.update(withdrawn_at=ours.answer(1).updated_at, withdrawn_by=BY)
    elif state == "nothing answered":
        Answer.objects.filter(participation=ours.participation).update(kind="", level=None, na_reason="")
    else:
        ProposedAction.objects.update(level=9)
    page = text_of(read(client, ours, page_of(ours)))
    words = {
        "empty library": "La bibliothèque est encore vide",
        "nothing answered": "Répondez à quelques critères",
        "nothing at these levels": "Rien à proposer à vos niveaux",
    }
    assert words[state] in page


def test_a_board_member_reads_and_answers_nothing(ours, client):
    page = text_of(read(client, ours, page_of(ours), Role.BOARD_MEMBER))
    assert OFFERED in page
    assert "Ajouter à notre plan" not in page
    before = contents()
    assert send(client, ours, act(ours, "proposal_accept"), {}, Role.BOARD_MEMBER).status_code == 403
    after = contents()
    assert after == before


def test_what_the_neighbour_refused_is_its_own(ours, client):
    assert NEIGHBOUR not in text_of(read(client, ours, page_of(ours)))
    theirs = World("neighbour")
    page = text_of(read(client, theirs, page_of(theirs)))
    assert f"Trop long pour nous {PRIVATE}{NEIGHBOUR}" in page


def test_when_the_adhesion_is_over_it_is_refused_with_whom_to_ask(db, client):
    lapsed = World("lapsed")
    before = contents()
    assert read(client, lapsed, page_of(lapsed)).status_code == 403
    refused = send(client, lapsed, act(lapsed, "proposal_accept"), {})
    assert (refused.status_code, "adhésion" in text_of(refused)) == (403, True)
    after = contents()
    assert after == before


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_costs_the_same_whatever_it_holds(ours, client, queries, more):
    for rank in range(more):
        propose(ours.answer(1 + rank % 2), f"De plus {rank}")
    accept_proposal(**answering(ours))
    client.force_login(ours.user(Role.REFERENT))
    url = page_of(ours)
    with queries(9):
        assert "Déjà répondu" in client.get(url).content.decode()
    assert path_of(ours).pk == ours.participation.pk
