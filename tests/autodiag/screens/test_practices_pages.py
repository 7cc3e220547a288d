"""Practices on the structure's side: two clicks from an evidenced criterion, changed, followed, withdrawn."""

import pytest

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from autodiag.models import Practice, PracticeCard
from autodiag.services.practices import answer_practice, edit_practice
from cohorts.enums import Role
from tests.practices_on_screen import LIST, TYPED, card_url, list_url, new_url, said_now, sign_in, text_of, url_of
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_practices import SAID, moderator_of, proposed, published, written


@pytest.fixture
def ours(db):
    return World("ours")


# --- Written ------------------------------------------------------------------------------------------------------


def test_two_clicks_from_the_criterion_to_the_region(ours, client):
    sign_in(client, ours)
    assert new_url(ours) in text_of(client.get(ours.draft.url("criterion", 1)))
    page = client.get(new_url(ours))
    begun = page.context["form"].initial
    assert (begun["title"], begun["scope"], begun["signed"]) == ("Pratique 2.1", "cohort", "no")
    assert not page.context["form"]["consent"].value()
    asked = {**TYPED, "what": begun["what"], "title": begun["title"], "consent": "on", "act": "propose"}
    listed = client.post(new_url(ours), asked, follow=True)
    assert listed.redirect_chain == [(list_url(ours), 302)]
    assert "Proposée à la région" in text_of(listed)
    made = Practice.objects.latest("pk")
    assert (made.state, made.proposals.get().content["what"]) == (PracticeState.PROPOSED, "Pratique 2.1")


def test_kept_for_later_nobody_else_reads_it_and_no_consent_is_asked(ours, client):
    sign_in(client, ours, Role.LEGAL_REPRESENTATIVE)
    page = client.post(new_url(ours), {**TYPED, "act": "keep"}, follow=True)
    assert "En préparation" in text_of(page)
    made = Practice.objects.latest("pk")
    assert (made.state, made.proposals.count()) == (PracticeState.DRAFT, 0)
    assert "Vous avez déjà une fiche sur ce critère" in text_of(client.get(new_url(ours)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"consent": ""}, "Cochez la case pour proposer"),
        ({"title": ""}, "Donnez un titre"),
        ({"title": "x" * 121}, "le maximum est de 120"),
        ({"what": "  "}, "Dites ce que vous faites"),
        ({"scope": "everybody"}, "Choisissez l’une des portées"),
        ({"signed": "perhaps"}, "Choisissez l’une des deux façons"),
        ({"how": "a\x00b"}, "caractère nul"),
        ({"revision": "9" * 30}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(ours, client, wrong, said):
    sign_in(client, ours)
    before = contents()
    page = client.post(new_url(ours), {**TYPED, "consent": "on", "act": "propose", **wrong})
    assert page.status_code == 422
    assert said in text_of(page)
    assert contents() == before


def test_a_criterion_without_evidence_says_what_is_missing(ours, client):
    sign_in(client, ours)
    assert new_url(ours, 2) not in text_of(client.get(ours.draft.url("criterion", 2)))
    for act in (client.get, client.post):
        refused = act(new_url(ours, 2))
        assert refused.status_code == 403
        assert "ajoutez un justificatif" in text_of(refused)
    assert client.get(new_url(ours, 99)).status_code == 404


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER])
def test_who_may_not_share_sees_no_link_and_writes_nothing(ours, client, role):
    sign_in(client, ours, role)
    assert new_url(ours) not in text_of(client.get(ours.draft.url("criterion", 1)))
    before = contents()
    for url in (new_url(ours), url_of(ours.practice, "practice_edit")):
        assert client.get(url).status_code == 403
        assert client.post(url, {**TYPED, "act": "keep"}).status_code == 403
    for name in ("practice_propose", "practice_withdraw"):
        assert client.post(url_of(ours.practice, name), TYPED).status_code == 403
    assert contents() == before
    assert "Retirer" not in text_of(client.get(list_url(ours)))


def test_the_link_costs_the_page_of_a_criterion_no_query(ours, client, queries):
    sign_in(client, ours)
    address = ours.draft.url("criterion", 1)
    client.get(address)
    with queries(max=12):
        assert "En faire une fiche pratique" in text_of(client.get(address))


# --- Edited -------------------------------------------------------------------------------------------------------


def test_changed_after_moderation_the_page_says_what_others_read(ours, client):
    practice = published(ours, position=2)
    sign_in(client, ours)
    page = client.post(url_of(practice, "practice_edit"), {**TYPED, "what": "Un texte tout neuf"}, follow=True)
    assert "Votre nouveau texte n’est lu de personne d’autre" in text_of(page)
    assert "Elle reste comme la région l’a relue" in text_of(client.get(url_of(practice, "practice_edit")))
    sign_in(client, World("neighbour"))
    assert "tout neuf" not in text_of(client.get(card_url(practice)))
    assert "tout neuf" not in text_of(client.get(LIST))
    client.force_login(ours.user(Role.FACILITATOR))
    assert "tout neuf" not in text_of(client.get(url_of(practice, "practice_review")))


def test_put_forward_from_the_page_with_what_was_typed(ours, client):
    practice = written(ours)
    sign_in(client, ours)
    refused = client.post(url_of(practice, "practice_propose"), {**TYPED, "what": "Sans accord"})
    assert refused.status_code == 422
    assert "Sans accord" in text_of(refused)
    client.post(url_of(practice, "practice_propose"), {**TYPED, "what": "Avec accord", "consent": "on"})
    assert practice.proposals.get().content["what"] == "Avec accord"


@pytest.mark.parametrize("name", ["practice_edit", "practice_propose"])
def test_two_people_at_once_are_shown_both(ours, client, name):
    practice = written(ours)
    edit_practice(practice=practice, revision=0, by=ours.actor(Role.REFERENT), **said_now(practice, title="Le premier"))
    sign_in(client, ours, Role.LEGAL_REPRESENTATIVE)
    page = client.post(url_of(practice, name), {**TYPED, "title": "Le second", "consent": "on"})
    assert page.status_code == 409
    assert "Le premier" in text_of(page)
    assert 'value="Le second"' in text_of(page)
    assert 'name="revision" value="1"' in text_of(page)
    practice.refresh_from_db()
    assert (practice.title, practice.proposals.count()) == ("Le premier", 0)


def test_withdrawn_it_disappears_everywhere_and_is_not_taken_up_again(ours, client):
    practice = published(ours, scope=PracticeScope.NETWORK, title="Une fiche à retirer")
    sign_in(client, ours)
    address = card_url(practice)
    for _ in range(2):
        page = client.post(url_of(practice, "practice_withdraw"), follow=True)
    assert "retirée le mardi 4 novembre 2025" in text_of(page)
    assert client.get(url_of(practice, "practice_edit")).status_code == 403
    for user in (World("neighbour").user(Role.REFERENT), ours.user(Role.FACILITATOR)):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert "Une fiche à retirer" not in text_of(client.get(LIST))
    refused = client.get(url_of(practice, "practice_review"))
    assert refused.status_code == 403
    assert SAID["what"] not in text_of(refused)
    assert "Une fiche à retirer" not in text_of(refused)


def test_a_structure_whose_adhesion_is_over_reads_its_list_and_withdraws(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed)
    page = text_of(client.get(list_url(lapsed)))
    assert "vous pouvez les retirer" in page
    assert "Modifier" not in page
    for url in (LIST, card_url(lapsed.practice), url_of(lapsed.practice, "practice_edit")):
        assert client.get(url).status_code == 403
    client.post(url_of(lapsed.practice, "practice_withdraw"))
    assert not PracticeCard.objects.filter(practice=lapsed.practice).exists()


def test_the_list_shows_the_message_of_the_region_and_who_wrote(ours, client):
    practice = proposed(ours)
    answer_practice(
        practice=practice, number=1, answer=PracticeAnswer.RETURNED, message="Retirez le prénom", by=moderator_of(ours)
    )
    other, neighbour = published(ours, position=2), World("neighbour")
    client.force_login(neighbour.user(Role.CONTRIBUTOR))
    client.post(card_url(other, "practice_contact"), {"text": "Pouvons-nous venir ?"})
    sign_in(client, ours, Role.BOARD_MEMBER)
    page = text_of(client.get(list_url(ours)))
    for told in ("Retirez le prénom", "À reprendre", "1 message reçu", "Pouvons-nous venir ?"):
        assert told in page
    assert neighbour.user(Role.CONTRIBUTOR).email in page
    sign_in(client, ours)
    assert "Retirez le prénom" in text_of(client.get(url_of(practice, "practice_edit")))


def test_a_neighbour_finds_none_of_its_pages(ours, client):
    practice = published(ours, position=2)
    sign_in(client, World("neighbour"))
    before = contents()
    assert client.get(list_url(ours)).status_code == 404
    for name in ("practice_edit", "practice_propose", "practice_withdraw"):
        assert client.post(url_of(practice, name), TYPED).status_code == 404
    assert contents() == before
