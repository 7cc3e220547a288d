"""The groups of voices on screen: one list, one save, for whom the draft was entrusted to."""

import re

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import User
from referentiel.models import VoiceGroup
from referentiel.services import publish
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_organising import page

URL = "/referentiels/ESSAI/brouillon/groupes/"
COLLEAGUE = "national_staff@ours.example.org"


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def editor(client, ours):
    client.force_login(ours.editor)
    return client


def groups(ours):
    return list(VoiceGroup.objects.filter(version=ours.draft_version))


def names(ours):
    return [group.name for group in groups(ours)]


def typed(ours, client, **changes):
    """What the page would send, changed."""
    data = {"seen": re.search(r'name="seen" value="(\w+)"', page(client.get(URL)))[1]}
    for rank, group in enumerate([*groups(ours), None, None]):
        data |= {f"stable_id_{rank}": group.stable_id if group else "", f"order_{rank}": rank + 1}
        data |= {f"name_{rank}": group.name if group else ""}
        data |= {f"surveyed_{rank}": "on"} if group and group.surveyed else {}
    return {**data, **changes}


def test_rename_add_remove_and_order_in_one_save(ours, editor):
    board = groups(ours)[1]
    data = typed(ours, editor, name_0="Équipe de direction", order_1=9, removed_2="on", surveyed_3="on")
    data |= {"name_7": "<b>Habitant·e·s</b>", "surveyed_7": "on"}
    said = page(editor.post(URL, data, follow=True))
    assert "Les groupes de voix sont enregistrés à 10 h" in said
    assert "&lt;b&gt;Habitant·e·s" in said
    assert names(ours) == [
        "Équipe de direction",
        "Salarié·e·s permanent·e·s",
        "Salarié·e·s en parcours",
        "CSE",
        "Partenaires",
        "<b>Habitant·e·s</b>",
        "Conseil d’administration",
    ]
    assert groups(ours)[-1].stable_id == board.stable_id
    assert [group.surveyed for group in groups(ours)] == [False, True, True, True, True, True, False]
    draft = page(editor.get(reverse("referentiel_draft", args=["ESSAI"])))
    assert "Équipe de direction" in draft
    assert URL in draft
    assert "Habitant·e·s" in page(editor.get(reverse("draft_publish", args=["ESSAI"])))


def test_the_same_list_saved_twice_changes_nothing(ours, editor):
    keys = {group.pk for group in groups(ours)}
    data = typed(ours, editor)
    assert [editor.post(URL, data).status_code for _ in range(2)] == [302, 302]
    assert {group.pk for group in groups(ours)} == keys


BAD = [
    ({"name_0": ""}, "Donnez un nom à ce groupe"),
    ({"name_0": "cse"}, "Deux groupes s’appellent"),
    ({"name_0": "x" * 1_000_000}, "60"),
    ({"name_0": "a\x00b"}, "U+0000"),
    ({"name_0": "a\nb"}, "une seule ligne"),
    ({"order_0": "9" * 30}, "Rang"),
    ({"order_0": "-1"}, "Rang"),
    ({f"removed_{rank}": "on" for rank in range(6)}, "Gardez au moins 2 groupes"),
    ({"seen": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_list_is_refused_kept_on_the_page_and_nothing_changes(ours, editor, change, words):
    data = typed(ours, editor, name_7="Tapé en plus", **change)
    if "removed_0" in change:
        data["name_7"] = ""
    before = contents()
    response = editor.post(URL, data)
    assert response.status_code == 422
    assert words in page(response)
    assert ("Tapé en plus" in page(response)) == (data["name_7"] != "")
    assert contents() == before


@pytest.mark.parametrize("data", [{}, {"name_99": "Au loin"}, {"seen": "a\x00b", "name_0": "x"}])
def test_a_forged_form_is_refused(ours, editor, data):
    before = contents()
    assert "À corriger" in page(editor.post(URL, data))
    assert contents() == before


def test_a_stale_list_shows_both(ours, editor):
    mine = typed(ours, editor, name_0="De moi")
    editor.post(URL, typed(ours, editor, name_0="De l’autre"))
    response = editor.post(URL, mine)
    assert response.status_code == 409
    said = page(response)
    for words in ("La liste a changé pendant que vous écriviez", "De l’autre", "De moi"):
        assert words in said
    assert names(ours)[0] == "De l’autre"
    mine["seen"] = re.search(r'name="seen" value="(\w+)"', said)[1]
    editor.post(URL, mine)
    assert names(ours)[0] == "De moi"


def test_published_meanwhile_gives_back_what_was_typed(ours, editor):
    data = typed(ours, editor, name_7="Trop tard")
    publish(version=ours.draft_version, by_name="Nadia")
    response = editor.post(URL, data)
    assert response.status_code == 409
    assert "Trop tard" in page(response)
    assert data["stable_id_0"] not in page(response)
    assert not VoiceGroup.objects.filter(name="Trop tard").exists()
    assert editor.get(URL).status_code == 404


def test_members_read_them_with_the_version(ours, client):
    client.force_login(ours.user(Role.REFERENT))
    said = page(client.get(reverse("referentiel_version", args=["ESSAI", 1])))
    assert "Les groupes de voix" in said
    assert "Salarié·e·s en parcours (sans compte aussi)" in re.sub(r"<[^>]+>", "", said)


@pytest.mark.parametrize("email", [COLLEAGUE, "referent@ours.example.org", "region_admin@ours.example.org"])
def test_others_change_nothing(ours, editor, client, email):
    data = typed(ours, editor, name_0="Sans droit")
    client.force_login(User.objects.get(email=email))
    before = contents()
    assert client.post(URL, data).status_code == 403
    assert "Rien n’a été modifié" in page(client.post(URL, data))
    assert contents() == before
