"""Transmitting a chapter: what is missing first, each a link; correcting it; reading each version as it was."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.enums import AnswerKind, Decision
from autodiag.models import Reopening, Submission
from autodiag.services.reviews import reopen
from caprse.base import clock
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, STRUCTURE_ROLES, World
from tests.worlds_reviews import REASONS, answer_to

WHY = "Nous avons retrouvé les chiffres."
READERS = (*STRUCTURE_ROLES, Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def send(client, world, **data):
    return client.post(world.draft.url("autodiag_submit"), data, follow=True)


# --- Before it leaves ---------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed_each_a_link_what_blocks_first(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.draft.url("autodiag_submit")))
    assert "2 critères sur 4 attendent une réponse" in page
    for position in (3, 4):
        assert ours.draft.url("criterion", position) in page
    assert "Vous vouliez revoir" in page
    assert "Indicateurs sans chiffre" in page
    assert f"{ours.draft.url('criterion', 2)}#chiffres" in page
    assert page.index("Il manque encore") < page.index("Vous vouliez revoir")
    assert "Transmettre le chapitre</" not in page


def test_reminders_do_not_keep_it_from_leaving(ours, client):
    ours.complete()
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.draft.url("autodiag_submit")))
    assert "Cela n’empêche pas de transmettre" in page
    assert "Votre chapitre est transmis" in text_of(send(client, ours, confirm="yes"))


def test_without_the_box_ticked_nothing_leaves(ours, client):
    ours.complete()
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(ours.draft.url("autodiag_submit"))
    assert (response.status_code, "Cochez la case" in text_of(response)) == (422, True)
    assert contents() == before


def test_a_second_click_finds_what_the_first_did(ours, client):
    ours.complete()
    sign_in(client, ours, Role.REFERENT)
    send(client, ours, confirm="yes")
    page = text_of(send(client, ours, confirm="yes"))
    assert "rien n’a été envoyé deux fois" in page
    assert Submission.objects.filter(autodiag=ours.draft).count() == 1


def test_what_changed_during_the_reading_is_shown_before_it_leaves(ours, client):
    ours.complete()
    page = sign_in(client, ours, Role.REFERENT).get(ours.draft.url("autodiag_submit"))
    ours.save(ours.answer(4), by=Role.CONTRIBUTOR, practice="Écrit entre-temps")
    response = client.post(ours.draft.url("autodiag_submit"), {"confirm": "yes", "seen": page.context["stamp"]})
    assert response.status_code == 409
    assert "Relisez le critère 2.4 ci-dessous" in text_of(response)
    assert not ours.draft.is_submitted
    send(client, ours, confirm="yes", seen=response.context["stamp"])
    assert ours.draft.is_submitted


def test_the_page_costs_the_same_whatever_is_missing(ours, client, queries):
    url = ours.draft.url("autodiag_submit")
    sign_in(client, ours, Role.REFERENT)
    with queries(8):
        client.get(url)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR])
def test_only_the_referent_transmits_or_corrects(ours, client, role):
    before = contents()
    sign_in(client, ours, role)
    for name in ("autodiag_submit", "autodiag_reopen"):
        assert client.post(ours.draft.url(name), {"confirm": "yes", "reason": WHY}).status_code == 403
    assert contents() == before


# --- Correcting ---------------------------------------------------------------------------------------------------


def test_taking_a_chapter_up_again_says_what_happens_then_leads_to_it(ours, client):
    ours.transmit()
    url = ours.draft.url("autodiag_reopen")
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url))
    assert "reste telle quelle" in page
    assert "ce sera la version n° 2" in page
    page = text_of(client.post(url, {"reason": WHY}, follow=True))
    assert "En correction depuis le mardi 4 novembre 2025" in page
    assert WHY in page
    assert "Répondre ici" in page
    assert ours.draft.is_reopened


def test_a_reason_is_asked_for_and_what_was_typed_comes_back(ours, client):
    ours.transmit()
    before = contents()
    url = ours.draft.url("autodiag_reopen")
    response = sign_in(client, ours, Role.REFERENT).post(url, {"reason": "   "})
    assert (response.status_code, "Dites pourquoi vous reprenez" in text_of(response)) == (422, True)
    response = client.post(url, {"reason": "mot " * 1000})
    assert (response.status_code, "mot mot" in text_of(response)) == (422, True)
    assert contents() == before


def test_twice_reopened_is_once(ours, client):
    ours.transmit()
    sign_in(client, ours, Role.REFERENT)
    for _ in range(2):
        assert client.post(ours.draft.url("autodiag_reopen"), {"reason": WHY}).status_code == 302
    assert Reopening.objects.filter(participation=ours.participation).count() == 1


def test_a_closed_chapter_says_whom_to_ask(ours, client):
    before = contents()
    url = ours.submitted.url("autodiag_reopen")
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url))
    assert "a fermé le " in page
    assert "Écrivez à votre accompagnateur·rice" in page
    assert "<form class" not in page.split("</header>")[1]
    response = client.post(url, {"reason": WHY})
    assert (response.status_code, "a fermé" in text_of(response)) == (403, True)
    assert contents() == before


def test_the_next_transmission_asks_what_was_corrected_and_proposes_the_words_of_the_reopening(ours, client):
    ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.draft.url("autodiag_submit")))
    assert WHY in page
    response = client.post(ours.draft.url("autodiag_submit"), {"confirm": "yes", "reason": ""})
    assert (response.status_code, "Dites ce que vous avez corrigé" in text_of(response)) == (422, True)
    send(client, ours, confirm="yes", reason="Le chiffre de 2024")
    assert ours.draft.last_submission.reason == "Le chiffre de 2024"


def test_the_words_of_who_returned_it_are_read_not_proposed_as_one_s_own(ours, client):
    answer_to(ours.transmit())
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.draft.url("autodiag_submit")))
    assert REASONS not in page
    assert REASONS in text_of(client.get(ours.draft.get_absolute_url()))


# --- Each version as it was ---------------------------------------------------------------------------------------


@pytest.fixture
def twice(ours):
    """Two versions: returned, then corrected on one criterion."""
    answer_to(ours.transmit())
    ours.save(ours.answer(3), kind=AnswerKind.NOT_APPLICABLE, na_reason="Pas de véhicule")
    ours.transmit(reason=WHY)
    return ours


@pytest.mark.parametrize("role", READERS)
def test_both_sides_read_each_version_its_hash_and_what_changed(twice, client, role):
    sign_in(client, twice, role)
    first, second = (text_of(client.get(twice.draft.url("submission", number))) for number in (1, 2))
    one, two = twice.draft.submissions.order_by("number")
    assert one.content_hash in first
    assert "Une version plus récente a été transmise" in first
    assert REASONS in first
    assert two.content_hash in second
    assert "Vérifiée" in second
    assert WHY in second
    assert "Pas de véhicule" in second.split("Ce qui a changé depuis la version n° 1")[1].split("</section>")[0]
    assert "Pas de véhicule" not in first
    assert PRIVATE not in first + second


def test_a_content_that_changed_says_so(twice, client, monkeypatch):
    monkeypatch.setattr("autodiag.models.submissions.content_hash", lambda content: "0" * 64)
    page = text_of(sign_in(client, twice, Role.FACILITATOR).get(twice.draft.url("submission", 2)))
    assert "n’est plus celui qui a été transmis" in page


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_no_version_exists(twice, client, key):
    sign_in(client, World(key), Role.REFERENT)
    assert client.get(twice.draft.url("submission", 1)).status_code == 404


def test_a_number_never_transmitted_is_a_404(twice, client):
    sign_in(client, twice, Role.REFERENT)
    for number in (3, 99, 10**20):
        path = {"region": "ici", "public_id": twice.draft.public_id}
        url = reverse("submission", kwargs={**path, "number": 1}).replace("/1/", f"/{number}/")
        assert client.get(url).status_code == 404
    assert client.post(twice.draft.url("submission", 1)).status_code == 405


@pytest.mark.parametrize("versions", [1, 3])
def test_one_or_three_versions_cost_the_same(ours, client, queries, versions):
    ours.transmit()
    for _ in range(versions - 1):
        reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
        ours.transmit(reason=WHY)
    url = ours.draft.url("submission", versions)
    sign_in(client, ours, Role.FACILITATOR)
    with queries(5):
        page = text_of(client.get(url))
    assert page.count('aria-current="page">Version') == (versions > 1)


def test_the_sum_is_shown_line_by_line_with_what_it_leaves_out(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.submitted.url("submission", 1)))
    why = page.split('<details class="why" id="pourquoi">')[1].split("</details>")[0]
    assert "Pourquoi 1,3 ?" in why
    assert "4 ÷ 3 = 1,3" in why
    assert "1,3333…, arrondi au dixième le plus proche" in why
    assert "Ne s’applique pas : il sort du calcul, et son poids avec lui." in why
    assert "Ne sait pas : aucun niveau à compter" in why
    assert why.count("<tr") == 1 + 4 + 1


# --- While it is corrected ----------------------------------------------------------------------------------------


def test_who_accompanies_keeps_reading_the_last_version_and_is_told(ours, client):
    ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    ours.save(ours.answer(1), practice="Brouillon de correction")
    page = text_of(sign_in(client, ours, Role.FACILITATOR).get(ours.draft.get_absolute_url(), follow=True))
    assert "En correction depuis le mardi 4 novembre 2025" in page
    assert "Transmis le mardi 4 novembre 2025" in page
    assert "Brouillon de correction" not in page
    board = text_of(client.get(reverse("cohort_board", args=["ici", "cohorte"])))
    assert f'href="{ours.draft.url("synthesis")}">En correction</a>' in board
    path = text_of(client.get(ours.participation.get_absolute_url()))
    assert "Lire la version transmise" in path


def test_its_people_read_their_draft_and_still_the_version_transmitted(ours, client):
    ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    ours.save(ours.answer(1), practice="Brouillon de correction")
    sign_in(client, ours, Role.BOARD_MEMBER)
    assert "Brouillon de correction" in text_of(client.get(ours.draft.url("synthesis")))
    assert "Brouillon de correction" not in text_of(client.get(ours.draft.url("submission", 1)))


def test_closed_before_it_is_transmitted_again_the_board_says_it_truly(ours, client, clock_at):
    ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    clock_at(clock.at(date(2025, 12, 12), 10))
    board = text_of(sign_in(client, ours, Role.FACILITATOR).get(reverse("cohort_board", args=["ici", "cohorte"])))
    assert "pendant sa correction : transmis une première fois, il ne l’est pas de nouveau" in board
    path = text_of(client.get(ours.participation.get_absolute_url()))
    assert "Fermé, correction non transmise" in path


def test_the_message_of_who_accompanies_is_at_the_top_of_the_chapter(ours, client):
    answer_to(ours.transmit(), Decision.NOTED, "Bravo à toute l’équipe")
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(ours.draft.get_absolute_url()))
    assert "a pris acte de ce chapitre, le mardi 4 novembre 2025" in page
    assert "Bravo à toute l’équipe" in page
    assert "Reprendre ce chapitre" not in page
