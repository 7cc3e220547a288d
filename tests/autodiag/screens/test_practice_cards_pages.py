"""Practices as others meet them: moderated, read without a way back to who stays anonymous, searched, contacted."""

import gzip

import pytest
from django.urls import reverse

from autodiag.boards.practice_cards import MOST
from autodiag.enums import PracticeAnswer, PracticeScope
from autodiag.models import Practice, PracticeCard, PracticeContact, PracticeProposal
from autodiag.services.practices import answer_practice, edit_practice, put_forward, withdraw_practice
from cohorts.enums import Role
from cohorts.models import User
from tests.practices_on_screen import LIST, card_url, list_url, said_now, sign_in, text_of, url_of
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, World
from tests.worlds_practices import SAID, moderator_of, proposed, published


@pytest.fixture
def ours(db):
    return World("ours")


# --- Moderated ----------------------------------------------------------------------------------------------------


def review(client, practice, answer, number=1, message=""):
    asked = {"number": number, "answer": answer, "message": message}
    return client.post(url_of(practice, "practice_review"), asked, follow=True)


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_a_moderator_reads_what_is_frozen_is_warned_and_publishes(ours, client, role):
    practice = proposed(ours, what=f"Fait par {ours.user(Role.BOARD_MEMBER).full_name}.")
    edit_practice(practice=practice, revision=0, by=ours.actor(Role.REFERENT), **said_now(practice, what="Tapé depuis"))
    client.force_login(ours.user(role))
    assert practice.title in text_of(client.get(reverse("practice_reviews", args=["ici"])))
    page = text_of(client.get(url_of(practice, "practice_review")))
    assert "À vérifier avant de publier" in page
    assert "Fait par" in page
    assert "Tapé depuis" not in page
    done = review(client, practice, "published")
    assert "La fiche est publiée" in text_of(done)
    assert "Aucune fiche à relire" in text_of(done)
    assert PracticeCard.objects.get(practice=practice).what.startswith("Fait par")


def test_returned_without_a_message_is_refused(ours, client):
    practice = proposed(ours)
    client.force_login(ours.user(Role.FACILITATOR))
    before = contents()
    for answer, number, said in (
        ("returned", 1, "ce qui est à reprendre"),
        ("", 1, "Choisissez votre réponse"),
        ("x", 1, "deux réponses"),
    ):
        page = review(client, practice, answer, number)
        assert page.status_code == 422
        assert said in text_of(page)
    assert review(client, practice, "published", "9" * 30).status_code == 422
    assert contents() == before


def test_a_newer_text_is_shown_before_any_answer(ours, client):
    practice = proposed(ours)
    put_forward(
        practice=practice, revision=0, by=ours.actor(Role.REFERENT), **said_now(practice, what="Le nouveau texte")
    )
    client.force_login(ours.user(Role.FACILITATOR))
    page = review(client, practice, "published")
    assert page.status_code == 409
    assert "Le nouveau texte" in text_of(page)
    assert 'name="number" value="2"' in text_of(page)
    assert not PracticeCard.objects.filter(practice=practice).exists()


def test_a_newer_text_is_told_even_where_the_answer_is_to_be_completed(ours, client):
    practice = proposed(ours)
    said = said_now(practice, what="Le nouveau texte")
    put_forward(practice=practice, revision=0, by=ours.actor(Role.REFERENT), **said)
    client.force_login(ours.user(Role.FACILITATOR))
    page = review(client, practice, "returned")
    assert page.status_code == 409
    for told in ("ce qui est à reprendre", "La structure a proposé un autre texte entre-temps", "Le nouveau texte"):
        assert told in text_of(page)


def test_the_second_moderator_is_told_who_answered(ours, client):
    practice = proposed(ours)
    answer_practice(practice=practice, number=1, answer=PracticeAnswer.PUBLISHED, by=moderator_of(ours))
    client.force_login(User.objects.get(email="region_admin@ours.example.org"))
    before = contents()
    page = review(client, practice, "returned", message="Non")
    assert page.status_code == 403
    assert ours.user(Role.FACILITATOR).full_name in text_of(page)
    assert contents() == before
    client.force_login(ours.user(Role.FACILITATOR))
    assert review(client, practice, "published").status_code == 200


def test_taken_back_it_is_read_by_no_moderator(ours, client):
    practice = proposed(ours, title="Reprise avant lecture")
    withdraw_practice(practice=practice, by=ours.actor(Role.REFERENT))
    client.force_login(ours.user(Role.FACILITATOR))
    for page in (client.get(url_of(practice, "practice_review")), review(client, practice, "published")):
        assert page.status_code == 403
        assert "a repris cette fiche" in text_of(page)
        assert "Reprise avant lecture" not in text_of(page)
    assert not PracticeCard.objects.filter(practice=practice).exists()


def test_another_region_moderates_nothing_here(ours, client):
    practice = proposed(ours)
    client.force_login(World("stranger").user(Role.FACILITATOR))
    assert client.get(url_of(practice, "practice_review")).status_code == 404
    assert client.get(reverse("practice_reviews", args=["ici"])).status_code == 404
    assert practice.title not in text_of(client.get(reverse("practice_reviews", args=["ailleurs"])))


# --- Read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, "national_staff"])
def test_nothing_leads_from_an_anonymous_card_to_its_structure(ours, client, role):
    neighbour = World("neighbour")
    practice = published(neighbour, position=2, scope=PracticeScope.NETWORK, title="Anonyme")
    client.force_login(User.objects.get(email=f"{role}@ours.example.org"))
    hidden = {
        NEIGHBOUR,
        neighbour.organisation.legal_name,
        neighbour.organisation.territory,
        neighbour.organisation.public_id,
        neighbour.participation.public_id,
        practice.public_id,
        neighbour.submitted.public_id,
        neighbour.user(Role.REFERENT).full_name,
    }
    for page in (client.get(card_url(practice)), client.get(LIST)):
        text = page.content.decode()
        assert "Anonyme" in text
        assert [word for word in hidden if word in text] == []
        assert "Cohorte d’ici" not in text.partition("<main")[2]


def test_a_signed_card_says_who_tells_it_and_where(ours, client):
    practice = published(ours, position=2, signed=True)
    sign_in(client, World("neighbour"))
    page = text_of(client.get(card_url(practice)))
    assert ours.organisation.legal_name in page
    assert ours.organisation.territory in page
    assert "Association intermédiaire (AI)" in page


def search(client, **asked):
    page = client.get(LIST, asked)
    assert page.status_code == 200
    return [card.title for _, cards in page.context["groups"] for card in cards], text_of(page)


def test_cards_are_searched_by_criterion_kind_region_and_words(ours, client):
    PracticeCard.objects.all().delete()
    first = published(ours, position=2, title="Le vélo partagé", scope=PracticeScope.NETWORK)
    published(
        World("neighbour"), position=3, title="L’été solidaire", what="On s’entraide.", scope=PracticeScope.REGION
    )
    PracticeCard.objects.filter(title="Le vélo partagé").update(siae_kinds=["aci", "ei"])
    sign_in(client, ours)
    stable = first.criterion.stable_id
    assert len(search(client)[0]) == 2
    for asked, said in (
        ({"critere": stable}, "Critère : 1.2"),
        ({"type": "aci"}, "Atelier et chantier"),
        ({"q": "VELO partage"}, "VELO partage"),
        ({"critere": stable, "type": "ei", "region": "ici", "q": "vélo"}, "Région : Région d’ici"),
    ):
        titles, page = search(client, **asked)
        assert titles == ["Le vélo partagé"]
        assert said in page
        assert "1 fiche</strong>" in page
    titles, page = search(client, type="ai", q="vélo")
    assert titles == []
    assert "Aucune fiche ne correspond" in page


@pytest.mark.parametrize(
    "asked", [{"critere": "9" * 30}, {"type": "a\x00b"}, {"region": "<b>"}, {"q": "x" * 200}, {"q": "a\x00b"}]
)
def test_what_makes_no_sense_looks_for_everything(ours, client, asked):
    sign_in(client, ours)
    assert search(client, **asked)[0] == search(client)[0] != []


def test_one_criterion_is_found_from_a_version_to_the_next(ours, client):
    practice = published(ours, position=2)
    PracticeCard.objects.filter(practice=practice).update(criterion=ours.draft.round.chapter.criteria.first())
    sign_in(client, ours)
    assert SAID["title"] in search(client, critere=practice.criterion.stable_id)[0]


def test_without_any_card_the_page_says_how_the_first_comes(ours, client):
    PracticeCard.objects.all().delete()
    sign_in(client, ours)
    assert "Pas encore de fiche à lire" in text_of(client.get(LIST))


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_their_rows(ours, client, queries, count):
    for position in range(1, count + 1):
        proposed(ours, position=position, title="En attente")
        published(ours, position=position, chapter=2, title="Publiée")
    sign_in(client, ours, Role.BOARD_MEMBER)
    client.get("/")
    with queries(4):
        assert text_of(client.get(LIST)).count(">Publiée<") == count
    with queries(7):
        assert text_of(client.get(list_url(ours))).count(">En attente<") == count
    client.force_login(ours.user(Role.FACILITATOR))
    client.get("/")
    with queries(4):
        assert text_of(client.get(reverse("practice_reviews", args=["ici"]))).count("En attente</a>") == count


# --- Contact ------------------------------------------------------------------------------------------------------


def test_a_message_is_sent_and_the_structure_stays_anonymous(ours, client):
    practice = published(ours, position=2)
    sign_in(client, World("neighbour"), Role.CONTRIBUTOR)
    for _ in range(2):
        page = client.post(card_url(practice, "practice_contact"), {"text": "Bonjour à vous"}, follow=True)
    assert "Votre message est envoyé" in text_of(page)
    assert ours.organisation.legal_name not in text_of(page)
    assert PracticeContact.objects.filter(practice=practice).count() == 1


def test_an_empty_message_is_pointed_at_and_a_sixth_is_refused_with_why(ours, client):
    practice = published(ours, position=2)
    sign_in(client, World("neighbour"))
    address = card_url(practice, "practice_contact")
    assert "Écrivez votre message" in text_of(client.post(address, {"text": "  "}))
    for rank in range(5):
        client.post(address, {"text": f"Question {rank}"})
    refused = client.post(address, {"text": "Une de trop"})
    assert refused.status_code == 403
    assert "Revenez demain" in text_of(refused)
    assert PracticeContact.objects.filter(practice=practice).count() == 5
    assert "Revenez demain" in text_of(client.get(card_url(practice)))


def test_who_does_not_wish_it_is_not_written_to(ours, client):
    practice = published(ours, position=2, contact=False)
    sign_in(client, World("neighbour"))
    assert "Contacter la structure" not in text_of(client.get(card_url(practice)))
    before = contents()
    assert client.post(card_url(practice, "practice_contact"), {"text": "Bonjour"}).status_code == 403
    assert contents() == before


def test_who_may_not_read_it_may_not_write_to_it(ours, client):
    practice = published(ours, position=2)
    before = contents()
    for key, status in (("stranger", 404), ("lapsed", 403)):
        sign_in(client, World(key))
        assert client.post(card_url(practice, "practice_contact"), {"text": "Bonjour"}).status_code == status
    client.force_login(User.objects.get(email="partner@ours.example.org"))
    assert client.get(LIST).status_code == 403
    assert client.post(card_url(practice, "practice_contact"), {"text": "Bonjour"}).status_code == 403
    assert contents() == before


def test_what_was_agreed_is_kept_with_who_agreed(ours):
    practice = proposed(ours)
    proposal = PracticeProposal.objects.get(practice=practice)
    assert proposal.consented_by == ours.user(Role.REFERENT)


def test_a_great_many_cards_are_shown_up_to_a_number_that_is_said(ours, client, queries):
    model = published(ours, position=2, scope=PracticeScope.REGION, title="Modèle")
    card = model.card
    practices = Practice.objects.bulk_create(
        Practice(**said_now(model), region=ours.participation.region, participation=ours.participation, **of(model))
        for _ in range(MOST + 20)
    )
    columns = [field.attname for field in PracticeCard._meta.concrete_fields]
    kept = {name: getattr(card, name) for name in columns if name not in ("id", "public_id", "practice_id", "title")}
    PracticeCard.objects.bulk_create(
        PracticeCard(practice=row, title=f"Fiche n° {rank}", **kept) for rank, row in enumerate(practices)
    )
    sign_in(client, World("neighbour"), Role.BOARD_MEMBER)
    client.get("/")
    with queries(4):
        page = client.get(LIST)
    assert text_of(page).count("Fiche n° ") == MOST
    assert f"Les {MOST} plus récentes sont affichées" in text_of(page)
    assert len(gzip.compress(page.content)) < 100_000


def of(practice):
    return {"criterion": practice.criterion, "created_by": practice.created_by}
