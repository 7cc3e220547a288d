"""The map of stakeholders on screen: added, placed, changed, taken off; started from lists; for the structure alone."""

import re

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import Stakeholder
from cohorts.services.stakeholders import (
    MOST,
    USUAL,
    add_stakeholder,
    edit_stakeholder,
    names_of,
    remove_stakeholder,
    stamp_of,
    take_up,
)
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, World
from tests.worlds_identity import NAMED, PLACED, UNPLACED
from tests.worlds_organising import page

TYPED = {
    "name": "Élu·e·s",
    "importance": "3",
    "influence": "1",
    "expectations": "Être consulté·e·s",
    "dialogue": "Vœux de janvier",
}
EDITORS = (Role.REFERENT, Role.CONTRIBUTOR, Role.LEGAL_REPRESENTATIVE)
KICKOFF = "/regions/ici/cohortes/cohorte/parties-prenantes-du-lancement/"


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="stakeholders", *args):
    return reverse(name, args=[world.organisation.region.slug, world.organisation.public_id, *args])


def edit_url(world, name="stakeholder_edit"):
    return url_of(world, name, world.stakeholder.public_id)


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


# --- The map ------------------------------------------------------------------------------------------------------


def test_the_map_is_drawn_and_told_with_those_to_be_placed(ours, client):
    said = page(sign_in(client, ours, Role.BOARD_MEMBER).get(url_of(ours)))
    drawing, _, table = said.partition("Le tableau")
    assert f"Importance grande, influence moyenne : {PLACED}." in drawing
    assert UNPLACED not in drawing.partition("</desc>")[0]
    for words in (PLACED, UNPLACED, "à placer", "Visible par votre structure seulement"):
        assert words in said
    assert table.index(PLACED) < table.index(UNPLACED)
    for words in ("Ajouter une partie prenante", "Partir d’une liste", "Modifier", "À placer sur la carte"):
        assert words not in said
    editor = page(sign_in(client, ours, Role.CONTRIBUTOR).get(url_of(ours)))
    for words in ("Ajouter une partie prenante", "Partir d’une liste", "À placer sur la carte", *NAMED, *USUAL):
        assert words in editor


def test_on_a_narrow_screen_the_map_is_a_table_where_names_wrap(ours, client):
    said = page(sign_in(client, ours, Role.BOARD_MEMBER).get(url_of(ours)))
    narrow = said.split("map__narrow")[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in narrow.split("<tbody>")[1].split("</tr>")[:3]]
    assert [len(row) for row in rows] == [3, 3, 3]
    assert [(up, right) for up, row in enumerate(rows) for right, cell in enumerate(row) if PLACED in cell] == [(0, 1)]


def test_it_is_reached_from_the_card_by_the_structure_alone(ours, client):
    card = ours.organisation.get_absolute_url()
    assert url_of(ours) in page(sign_in(client, ours, Role.BOARD_MEMBER).get(card))
    for role in (Role.FACILITATOR, Role.REGION_ADMIN):
        assert url_of(ours) not in page(sign_in(client, ours, role).get(card))
        response = client.get(url_of(ours))
        assert response.status_code == 403
        assert PRIVATE not in page(response)


def test_once_the_adhesion_is_over_the_map_is_read_and_not_changed(db, client):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    said = page(client.get(url_of(lapsed)))
    for words in ("<svg", PLACED, "Les outils sont fermés", "Votre carte reste à vous"):
        assert words in said
    before = contents()
    for name in ("stakeholder_new", "stakeholders_seed"):
        assert client.post(url_of(lapsed, name), {**TYPED, "names": USUAL[0]}).status_code == 403
    for name in ("stakeholder_edit", "stakeholder_remove"):
        assert client.post(edit_url(lapsed, name), TYPED).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_page_costs_the_same_with_one_or_forty(ours, client, queries, count):
    by = ours.actor(Role.REFERENT)
    for rank in range(count):
        place = {"importance": 1 + rank % 3, "influence": 1 + rank // 3 % 3}
        add_stakeholder(organisation=ours.organisation, name=f"Groupe numéro {rank}", by=by, **place)
    sign_in(client, ours, Role.REFERENT)
    with queries(max=9):
        said = page(client.get(url_of(ours)))
    assert said.count("Modifier<span") == count + 2


# --- Added, changed, taken off ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", EDITORS)
def test_somebody_is_added_once(ours, client, role):
    sign_in(client, ours, role)
    for _ in range(2):
        said = page(client.post(url_of(ours, "stakeholder_new"), TYPED, follow=True))
        assert "« Élu·e·s » est dans votre liste" in said
    made = Stakeholder.objects.get(organisation=ours.organisation, name="Élu·e·s")
    assert (made.importance, made.influence, made.created_by) == (3, 1, ours.user(role))
    assert "Vœux de janvier" in said


def test_a_name_that_is_there_is_refused_and_what_was_typed_stays(ours, client):
    sign_in(client, ours, Role.REFERENT).post(url_of(ours, "stakeholder_new"), TYPED)
    before = contents()
    for url in (url_of(ours, "stakeholder_new"), edit_url(ours)):
        response = client.post(url, {**TYPED, "name": "ELU·E·S", "dialogue": "Une lettre", "revision": "0"})
        assert response.status_code == 422
        for words in ("« Élu·e·s » est déjà dans votre liste", "Une lettre"):
            assert words in page(response)
    assert contents() == before


def test_somebody_is_placed_then_taken_off(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    said = page(client.post(edit_url(ours), {**TYPED, "revision": "0"}, follow=True))
    assert "Importance grande, influence petite : Élu·e·s." in said
    said = page(client.post(edit_url(ours), {**TYPED, "importance": "", "influence": "", "revision": "1"}, follow=True))
    assert "<svg xmlns" not in said
    assert ours.stakeholder.importance is None
    said = page(client.post(edit_url(ours, "stakeholder_remove"), follow=True))
    assert "n’est plus dans votre liste" in said
    assert not Stakeholder.objects.filter(organisation=ours.organisation, name="Élu·e·s").exists()


BAD = [
    ({"name": ""}, "Donnez un nom"),
    ({"name": "x" * 121}, "120"),
    ({"name": "a\nb"}, "une seule ligne"),
    ({"name": "a\x00b"}, "U+0000"),
    ({"expectations": "x" * 1_000_000}, "le maximum est de 1"),
    ({"dialogue": "a\u200bb"}, "caractère invisible"),
    ({"importance": ""}, "Donnez les deux"),
    ({"influence": ""}, "Donnez les deux"),
    ({"importance": "4"}, "À corriger"),
    ({"influence": "9" * 30}, "À corriger"),
    ({"revision": "9" * 30}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_line_is_refused_kept_on_the_page_and_nothing_changes(ours, client, change, words):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    for url in (url_of(ours, "stakeholder_new"), edit_url(ours)):
        response = client.post(url, {**TYPED, "revision": "0", **change})
        assert response.status_code == 422
        assert words in page(response)
        assert TYPED["expectations" if "dialogue" in change else "dialogue"] in page(response)
    assert contents() == before


def test_a_stale_line_shows_both(ours, client):
    row = Stakeholder.objects.select_related("organisation").get(pk=ours.stakeholder.pk)
    place = {"importance": 1, "influence": 1}
    edit_stakeholder(stakeholder=row, revision=0, by=None, name="De l’autre", expectations="", dialogue="Café", **place)
    response = sign_in(client, ours, Role.REFERENT).post(edit_url(ours), {**TYPED, "revision": "0"})
    assert response.status_code == 409
    said = page(response)
    for words in ("De l’autre", "Petite", "Café", "(vide)", TYPED["name"], TYPED["dialogue"]):
        assert words in said
    client.post(edit_url(ours), {**TYPED, "revision": "1"})
    assert ours.stakeholder.name == TYPED["name"]


def test_a_save_that_does_not_say_its_revision_is_stale(ours, client):
    response = sign_in(client, ours, Role.REFERENT).post(edit_url(ours), TYPED)
    assert response.status_code == 409
    assert ours.stakeholder.name == PLACED


def test_taken_off_meanwhile_what_was_typed_may_be_added_again(ours, client):
    url, row = edit_url(ours), ours.stakeholder
    remove_stakeholder(stakeholder=row, by=ours.actor(Role.CONTRIBUTOR))
    response = sign_in(client, ours, Role.REFERENT).post(url, {**TYPED, "revision": "0"})
    assert response.status_code == 404
    said = page(response)
    for words in ("retirée de la liste pendant que vous écriviez", *[TYPED[name] for name in ("name", "dialogue")]):
        assert words in said
    assert f'action="{url_of(ours, "stakeholder_new")}"' in said
    assert client.get(url).status_code == 404


def test_a_neighbour_s_row_is_nothing_under_our_address(ours, client):
    theirs = World("neighbour").stakeholder.public_id
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    assert client.get(url_of(ours, "stakeholder_edit", theirs)).status_code == 404
    for name in ("stakeholder_edit", "stakeholder_remove"):
        assert client.post(url_of(ours, name, theirs), {**TYPED, "revision": "0"}).status_code == 404
    assert contents() == before


# --- Started from a list ------------------------------------------------------------------------------------------


def test_the_list_starts_from_the_launch_and_from_the_usual_ones(ours, client):
    sign_in(client, ours, Role.REFERENT)
    chosen = [NAMED[0], USUAL[0]]
    said = page(client.post(url_of(ours, "stakeholders_seed"), {"names": chosen}, follow=True))
    assert "2 noms ajoutés" in said
    assert [f'value="{name}"' in said for name in (*chosen, NAMED[1], USUAL[1])] == [False, False, True, True]
    before = contents()
    again = page(client.post(url_of(ours, "stakeholders_seed"), {"names": chosen}, follow=True))
    assert "étaient déjà dans votre liste" in again
    after = contents()
    assert after["cohorts.stakeholder"] == before["cohorts.stakeholder"]


@pytest.mark.parametrize(
    ("names", "words"),
    [([], "Cochez au moins un nom"), (["Inventé"], "plus proposé"), ([f"{NAMED[0]} MARQUELOINTAIN"], "plus proposé")],
)
def test_only_what_is_proposed_is_taken_up(ours, client, names, words):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours, "stakeholders_seed"), {"names": names})
    assert response.status_code == 422
    assert words in page(response)
    assert contents() == before


def test_a_full_map_takes_no_more_and_says_so(ours, client):
    by = ours.actor(Role.REFERENT)
    take_up(organisation=ours.organisation, names=[f"Groupe {rank}" for rank in range(MOST - 2)], by=by)
    sign_in(client, ours, Role.REFERENT)
    for name, data in (("stakeholders_seed", {"names": USUAL[0]}), ("stakeholder_new", TYPED)):
        response = client.post(url_of(ours, name), data)
        assert response.status_code == 422
        assert "200 au plus" in page(response)


# --- The launch of the cohort -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_who_accompanies_notes_the_names_each_once_in_order(ours, client, role):
    sign_in(client, ours, role)
    assert KICKOFF in page(client.get(ours.cohort.get_absolute_url()))
    opened = page(client.get(KICKOFF))
    assert "\n".join(NAMED) in opened
    data = {"seen": stamp_of(list(NAMED)), "names": " - Écoles \r\n\r\nMAIRIE\r\nécoles\r\nMairie\r\n"}
    said = page(client.post(KICKOFF, data, follow=True))
    assert "2 noms notés" in said
    assert names_of(ours.cohort) == ["Écoles", "MAIRIE"]
    structure = page(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))
    assert structure.index('value="Écoles"') < structure.index('value="MAIRIE"')


BAD_LISTS = [
    ({"names": "x" * 121}, "120 au plus"),
    ({"names": "\n".join(f"Groupe {rank}" for rank in range(61))}, "60 au plus"),
    ({"names": "a\x00b"}, "U+0000"),
    ({"names": "x" * 1_000_000}, "le maximum est de"),
    ({"seen": "x" * 65}, "À corriger"),
    ({"seen": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD_LISTS)
def test_a_bad_list_is_refused_and_nothing_changes(ours, client, change, words):
    sign_in(client, ours, Role.FACILITATOR)
    before = contents()
    response = client.post(KICKOFF, {"seen": stamp_of(list(NAMED)), "names": "Écoles", **change})
    assert response.status_code == 422
    assert words in page(response)
    assert contents() == before


def test_a_stale_list_shows_both(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    response = client.post(KICKOFF, {"seen": stamp_of(["Autre chose"]), "names": "Écoles"})
    assert response.status_code == 409
    said = page(response)
    for words in (*NAMED, "Écoles", f'name="seen" value="{stamp_of(list(NAMED))}"'):
        assert words in said
    assert names_of(ours.cohort) == list(NAMED)


def test_a_facilitator_of_elsewhere_and_a_structure_may_not(ours, client):
    before = contents()
    data = {"seen": stamp_of(list(NAMED)), "names": "Écoles"}
    assert sign_in(client, World("stranger"), Role.FACILITATOR).post(KICKOFF, data).status_code == 404
    assert sign_in(client, ours, Role.REFERENT).post(KICKOFF, data).status_code == 403
    assert contents() == before
