"""Saving from the page: 200 with the version, 409 with both texts, 422 by field; and nothing changed when refused."""

import pytest
from django.test import Client

from autodiag.models import AnswerChange
from cohorts.enums import Role
from tests.worlds import World

JSON = {"Accept": "application/json"}
GOOD = {
    "revision": "0",
    "choice": "2",
    "practice": "Nous tenons un cahier 📒",
    "comment": "Vu avec l’équipe",
    "comment_visibility": "facilitator",
}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return ours.draft.url("answer_save", 3)


def client_of(world, role=Role.REFERENT):
    client = Client(headers=JSON)
    client.force_login(world.user(role))
    return client


def test_it_saves_and_gives_the_servers_time(ours, url):
    response = client_of(ours).post(url, GOOD)
    assert response.json() == {"revision": 1, "saved_at": "10\xa0h", "state": "done"}
    answer = ours.answer(3)
    assert (answer.kind, answer.practice, answer.comment.visibility) == ("level", GOOD["practice"], "facilitator")


def test_plain_form_goes_on_to_the_next_criterion(ours, url):
    client = client_of(ours)
    response = client.post(url, {**GOOD, "next": "next"}, headers={"Accept": "text/html"}, follow=True)
    assert response.redirect_chain == [(ours.draft.url("criterion", 4), 302)]
    assert "Critère 2.3 enregistré" in response.content.decode()


def test_contributor_saves_too(ours, url):
    assert client_of(ours, Role.CONTRIBUTOR).post(url, GOOD).json()["revision"] == 1
    assert ours.answer(3).updated_by_id == ours.user(Role.CONTRIBUTOR).pk


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_readers_are_refused_and_nothing_changes(ours, url, role):
    response = client_of(ours, role).post(url, GOOD)
    assert response.status_code == 403
    assert "Votre rôle ne permet pas" in response.content.decode()
    assert ours.answer(3).revision == 0


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_it_does_not_exist_for_others_and_nothing_changes(ours, url, key):
    assert client_of(World(key)).post(url, GOOD).status_code == 404
    assert ours.answer(3).revision == 0


def test_stale_save_shows_both_and_writes_nothing(ours, url):
    client_of(ours, Role.CONTRIBUTOR).post(url, {**GOOD, "practice": "Texte de l’autre"})
    response = client_of(ours).post(url, {**GOOD, "practice": "Mon texte", "choice": "unknown"})
    assert response.status_code == 409
    body = response.json()
    fields = {field["name"]: (field["mine"], field["theirs"]) for field in body["fields"]}
    assert fields == {"practice": ("Mon texte", "Texte de l’autre"), "choice": ("unknown", "2")}
    assert body["revision"] == 1
    assert ours.answer(3).practice == "Texte de l’autre"


def test_chosen_side_is_saved_on_the_version_shown(ours, url):
    client_of(ours, Role.CONTRIBUTOR).post(url, {**GOOD, "practice": "Texte de l’autre"})
    response = client_of(ours).post(url, {**GOOD, "revision": "1", "practice": "Mon texte"})
    assert response.json()["revision"] == 2
    assert [c.after.get("practice") for c in AnswerChange.objects.filter(answer=ours.answer(3))] == [
        "Mon texte",
        "Texte de l’autre",
    ]


BAD = [
    ({"choice": "not_applicable"}, "na_reason", "pourquoi"),
    ({"choice": "7"}, "choice", "n’existe pas"),
    ({"choice": "999"}, "choice", "n’existe pas"),
    ({"choice": "-1"}, "choice", "n’existe pas"),
    ({"choice": "1' OR 1=1"}, "choice", "n’existe pas"),
    ({"practice": "x" * 1_000_000}, "practice", "1\u202f000\u202f000"),
    ({"practice": "a\x00b"}, "practice", "U+0000"),
    ({"practice": "a\x07b"}, "practice", "U+0007"),
    ({"practice": "abc\u202edef"}, "practice", "U+202E"),
    ({"comment": "a\u200bb"}, "comment", "U+200B"),
    ({"comment_visibility": "everybody"}, "comment_visibility", ""),
    ({"revision": ""}, "revision", ""),
    ({"revision": "abc"}, "revision", ""),
    ({"revision": "99999999999999999999"}, "revision", ""),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD)
def test_bad_input_is_named_by_field_and_nothing_changes(ours, url, change, field, words):
    response = client_of(ours).post(url, {**GOOD, **change})
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert list(errors) == [field]
    assert words in errors[field][0]["message"]
    assert ours.answer(3).revision == 0


@pytest.mark.parametrize(("change", "field", "words"), BAD[:1] + BAD[7:9])
def test_plain_form_keeps_what_was_typed(ours, url, change, field, words):
    typed = {**GOOD, "practice": "Texte tapé avec soin", **change}
    response = client_of(ours).post(url, typed, headers={"Accept": "text/html"})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Vu avec l’équipe" in page


def test_another_structures_level_is_not_a_level_of_this_criterion(ours, url):
    response = client_of(ours).post(url, {**GOOD, "choice": "3"})
    assert list(response.json()["errors"]) == ["choice"]


@pytest.mark.parametrize("position", ["0", "5", "999", "1000", "99999999999999999999"])
def test_a_criterion_that_is_not_there_is_a_404(ours, url, position):
    assert client_of(ours).post(url.replace("/3/", f"/{position}/"), GOOD).status_code == 404


def test_html_typed_is_shown_as_text(ours, url):
    client = client_of(ours)
    client.post(url, {**GOOD, "practice": "<script>alert(1)</script>"})
    page = client.get(ours.draft.url("criterion", 3)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_text_typed_by_one_person_is_not_saved_under_the_name_of_the_next(ours, url):
    typed_by = ours.user(Role.REFERENT).pk
    response = client_of(ours, Role.CONTRIBUTOR).post(url, {**GOOD, "person": typed_by})
    assert response.status_code == 403
    assert "Une autre personne" in response.json()["error"]
    assert ours.answer(3).revision == 0
    assert client_of(ours).post(url, {**GOOD, "person": typed_by}).json()["revision"] == 1
