"""Notre pourquoi on screen: written, read on the card and on the home of the structure's people, by nobody else."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import Purpose
from cohorts.services.purpose import set_purpose
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, STRUCTURE_ROLES, World
from tests.worlds_organising import page

WORDS = "Pour que personne\nne reste dehors <b>"
EDITORS = (Role.REFERENT, Role.CONTRIBUTOR, Role.LEGAL_REPRESENTATIVE)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world):
    return reverse("purpose", args=[world.organisation.region.slug, world.organisation.public_id])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


@pytest.mark.parametrize("role", EDITORS)
def test_it_is_written_and_read_on_the_card_and_on_the_home(ours, client, role):
    sign_in(client, ours, role)
    opened = page(client.get(url_of(ours)))
    assert opened.count("<li>Si votre structure") == 1
    assert "Visible par votre structure seulement" in opened
    said = page(client.post(url_of(ours), {"revision": "1", "text": WORDS}, follow=True))
    assert "Votre pourquoi est enregistré" in said
    for found in (said, page(client.get("/"))):
        assert "ne reste dehors &lt;b&gt;" in found
        assert url_of(ours) in found
    assert Purpose.objects.get(organisation=ours.organisation).updated_by == ours.user(role)


def test_a_reader_reads_and_may_not_write(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    said = page(client.get(url_of(ours)))
    assert f"Pourquoi {PRIVATE}" in said
    assert "<textarea" not in said
    assert f"Pourquoi {PRIVATE}" in page(client.get("/"))
    before = contents()
    assert client.post(url_of(ours), {"revision": "1", "text": WORDS}).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_who_accompanies_reads_it_nowhere(ours, client, role):
    sign_in(client, ours, role)
    assert client.get(url_of(ours)).status_code == 403
    for url in ("/", ours.organisation.get_absolute_url()):
        said = page(client.get(url))
        assert "Notre pourquoi" not in said
        assert PRIVATE not in said


def test_once_the_adhesion_is_over_it_is_read_and_not_changed(db, client):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    said = page(client.get(url_of(lapsed)))
    assert f"Pourquoi {PRIVATE}" in said
    assert "Les outils sont fermés" in said
    assert "<textarea" not in said
    before = contents()
    assert client.post(url_of(lapsed), {"revision": "1", "text": WORDS}).status_code == 403
    assert contents() == before


BAD = [
    ({"text": "x" * 1_501}, "le maximum est de 1"),
    ({"text": "a\x00b"}, "U+0000"),
    ({"text": "a\u202eb"}, "change le sens de lecture"),
    ({"revision": "9" * 30}, "À corriger"),
    ({"revision": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_text_is_refused_and_nothing_changes(ours, client, change, words):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours), {"revision": "1", "text": "Gardé sur la page", **change})
    assert response.status_code == 422
    assert words in page(response)
    assert ("Gardé sur la page" in page(response)) == ("text" not in change)
    assert contents() == before


def test_a_stale_save_shows_both_texts(ours, client):
    by = ours.actor(Role.CONTRIBUTOR)
    set_purpose(organisation=ours.organisation, revision=1, text="De l’autre", by=by)
    sign_in(client, ours, Role.REFERENT)
    response = client.post(url_of(ours), {"revision": "1", "text": "Le mien"})
    assert response.status_code == 409
    said = page(response)
    for words in ("De l’autre", "Le mien", 'name="revision" value="2"'):
        assert words in said
    client.post(url_of(ours), {"revision": "2", "text": "Les deux"})
    assert Purpose.objects.get(organisation=ours.organisation).text == "Les deux"


def test_taken_away_the_home_says_nothing_and_the_card_invites(ours, client):
    sign_in(client, ours, Role.REFERENT).post(url_of(ours), {"revision": "1", "text": ""})
    assert "Notre pourquoi" not in page(client.get("/"))
    assert "L’écrire" in page(client.get(ours.organisation.get_absolute_url()))
    sign_in(client, ours, Role.BOARD_MEMBER)
    assert "Rien d’écrit pour l’instant" in page(client.get(url_of(ours)))


@pytest.mark.parametrize("written", [True, False])
def test_the_page_costs_the_same_written_or_not(ours, client, queries, written):
    if not written:
        Purpose.objects.all().delete()
    for role in STRUCTURE_ROLES:
        sign_in(client, ours, role)
        with queries(max=8):
            client.get(url_of(ours))
