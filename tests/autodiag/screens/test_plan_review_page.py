"""The plan read over, on the screen: what to look at, what is kept, how often."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.enums import ActionStatus
from autodiag.models import PlanReview, PlanRhythm
from autodiag.services.plan import create_action
from autodiag.services.plan_reviews import set_rhythm
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World

KEEPERS = (Role.REFERENT, Role.CONTRIBUTOR)
REVIEW = {"held_on": "2025-11-03", "note": "Deux actions avancent"}


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world):
    return reverse("plan_review", args=[world.participation.cohort.region.slug, world.participation.public_id])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def add(world, what, **fields):
    return create_action(participation=world.participation, by=world.actor(Role.REFERENT), what=what, **fields)


@pytest.mark.parametrize("role", KEEPERS)
def test_a_review_is_noted_and_the_next_one_dated(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.post(url_of(ours), REVIEW, follow=True))
    for told in ("La relecture est notée", "Lundi 3 novembre 2025", "Deux actions avancent", "mardi 3 février 2026"):
        assert told in page


def test_the_meeting_finds_what_needs_it_with_its_words(ours, client):
    add(ours, "En retard", due_on=date(2025, 11, 1), who="Nadia")
    add(ours, "Bloquée ici", status=ActionStatus.BLOCKED, status_reason="Pas de devis")
    add(ours, "Finie", status=ActionStatus.DONE)
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(url_of(ours)))
    for told in ("Leur jour est passé", "prévue pour le samedi 1er novembre 2025", "Pas de devis", "Faites depuis le"):
        assert told in page
    assert page.index("En retard") < page.index("Bloquée ici") < page.index("Finie")


def test_a_rhythm_is_chosen_and_counted(ours, client):
    sign_in(client, ours, Role.REFERENT)
    page = text_of(client.post(url_of(ours), {"act": "rythme", "months": "6", "revision": "0"}, follow=True))
    assert "Vous relirez votre plan chaque semestre" in page
    assert "vendredi 24 avril 2026" in page
    assert PlanRhythm.objects.get(participation=ours.participation).months == 6


def test_a_rhythm_chosen_meanwhile_is_shown_beside_ones_own(ours, client):
    sign_in(client, ours, Role.REFERENT)
    set_rhythm(participation=ours.participation, by=ours.actor(Role.CONTRIBUTOR), revision=0, months=1)
    before = contents()
    response = client.post(url_of(ours), {"act": "rythme", "months": "12", "revision": "0"})
    page = text_of(response)
    assert response.status_code == 409
    assert "Quelqu’un vient de choisir « chaque mois »" in page
    assert 'value="12" id="id_months_3" checked' in page or 'value="12"' in page.partition("checked")[0][-200:]
    assert contents() == before
    assert client.post(url_of(ours), {"act": "rythme", "months": "12", "revision": "1"}).status_code == 302


REFUSED = {
    "tomorrow": ({**REVIEW, "held_on": "2025-11-05"}, "n’est pas encore venu"),
    "no day": ({**REVIEW, "held_on": ""}, "Donnez le jour"),
    "no such day": ({**REVIEW, "held_on": "2025-02-31"}, "Cette date n’existe pas"),
    "null": ({**REVIEW, "note": "a\x00b"}, "À corriger"),
    "no rhythm": ({"act": "rythme"}, "Choisissez un rythme"),
    "a rhythm of one's own": ({"act": "rythme", "months": "2"}, "Choisissez un rythme"),
    "huge": ({"act": "rythme", "months": "3", "revision": "9" * 30}, "À corriger"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_comes_back_as_typed_and_writes_nothing(ours, client, name):
    typed, words = REFUSED[name]
    sign_in(client, ours, Role.CONTRIBUTOR)
    before = contents()
    response = client.post(url_of(ours), typed)
    assert response.status_code == 422
    assert words in text_of(response)
    if "note" in typed and name != "null":
        assert "Deux actions avancent" in text_of(response)
    assert contents() == before


def test_sent_twice_it_is_one_review(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    for _ in range(2):
        assert client.post(url_of(ours), REVIEW).status_code == 302
    assert PlanReview.objects.filter(note=REVIEW["note"]).count() == 1


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_the_others_of_the_structure_read_and_write_nothing(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours)))
    assert "Relu MARQUEINTIME" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    before = contents()
    assert client.post(url_of(ours), REVIEW).status_code == 403
    assert contents() == before


def test_others_are_refused_or_find_nothing(ours, client):
    before = contents()
    for world, role, status in (
        (ours, Role.FACILITATOR, 403),
        (ours, Role.REGION_ADMIN, 403),
        (World("neighbour"), Role.REFERENT, 404),
        (World("stranger"), Role.REFERENT, 404),
    ):
        sign_in(client, world, role)
        assert client.get(url_of(ours)).status_code == status
        response = client.post(url_of(ours), REVIEW)
        assert response.status_code == status
        assert "MARQUEINTIME" not in text_of(response)
    assert contents() == before


def test_a_lapsed_structure_reads_its_reviews_and_notes_no_more(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    assert "Relu MARQUEINTIME" in text_of(client.get(url_of(lapsed)))
    before = contents()
    assert client.post(url_of(lapsed), REVIEW).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_the_plan(ours, client, queries, count):
    for rank in range(count):
        add(ours, f"En retard {rank}", due_on=date(2025, 11, 1))
        client.force_login(ours.user(Role.REFERENT))
        client.post(url_of(ours), {**REVIEW, "note": f"n° {rank}"})
    client.get(url_of(ours))
    with queries(max=9):
        client.get(url_of(ours))


def test_the_home_reminds_and_leads_to_the_page(ours, client):
    PlanRhythm.objects.filter(participation=ours.participation).update(next_on=date(2025, 11, 1))
    sign_in(client, ours, Role.CONTRIBUTOR)
    assert url_of(ours) in client.get("/").content.decode() or url_of(ours) in client.get("/?tout=1").content.decode()
