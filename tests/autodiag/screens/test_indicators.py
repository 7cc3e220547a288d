"""Figures by year on the page of a criterion: saved as one types or by a plain form, shown, refused, kept."""

from datetime import date

import pytest
from django.test import Client

from caprse.base import clock
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World

JSON = {"Accept": "application/json"}
GOOD = {"revision": "0", "value": "1 234,5", "source": "Bilan social", "comment": "Estimé 📒"}


@pytest.fixture
def ours(db):
    return World("ours")


def address(world, year=2022, indicator=1, position=1):
    return world.draft.url("indicator_save", position, indicator, year)


def client_of(world, role=Role.REFERENT, **headers):
    client = Client(headers=headers)
    client.force_login(world.user(role))
    return client


def page_of(world, role=Role.REFERENT, query="", position=1):
    return client_of(world, role).get(world.draft.url("criterion", position) + query).content.decode()


def test_it_saves_and_gives_the_servers_time(ours):
    response = client_of(ours, **JSON).post(address(ours), GOOD)
    assert response.json() == {"revision": 1, "saved_at": "10\xa0h"}
    row = ours.figure(2022)
    assert (str(row.value), row.source, row.comment) == ("1234.5000", "Bilan social", "Estimé 📒")


def test_a_plain_form_comes_back_to_the_figures(ours):
    response = client_of(ours, Role.CONTRIBUTOR).post(address(ours), GOOD, follow=True)
    assert response.redirect_chain == [(f"{ours.draft.url('criterion', 1)}#chiffres-1", 302)]
    page = response.content.decode()
    assert "2022 : enregistré à 10" in page.replace("\xa0", " ")
    assert 'value="1\u202f234,5"' in page


def test_an_empty_plain_form_writes_nothing_and_says_nothing(ours):
    response = client_of(ours).post(address(ours), {"revision": "0"}, follow=True)
    assert "enregistré à" not in response.content.decode()
    assert ours.figure(2022) is None


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_readers_are_refused_and_nothing_changes(ours, role):
    before = contents()
    response = client_of(ours, role, **JSON).post(address(ours), GOOD)
    assert response.status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_it_does_not_exist_for_others_and_nothing_changes(ours, key):
    before = contents()
    assert client_of(World(key), **JSON).post(address(ours), GOOD).status_code == 404
    assert contents() == before


@pytest.mark.parametrize(("indicator", "position"), [(2, 1), (1, 99)])
def test_a_figure_that_is_not_asked_does_not_exist(ours, indicator, position):
    before = contents()
    assert client_of(ours, **JSON).post(address(ours, indicator=indicator, position=position), GOOD).status_code == 404
    assert contents() == before


def test_a_stale_save_shows_both_and_writes_nothing(ours):
    client_of(ours, Role.CONTRIBUTOR, **JSON).post(address(ours), {**GOOD, "value": "12"})
    response = client_of(ours, **JSON).post(address(ours), {**GOOD, "value": "", "unknown": "on"})
    assert response.status_code == 409
    body = response.json()
    fields = {field["name"]: (field["mine"], field["theirs"]) for field in body["fields"]}
    assert fields == {"value": ("", "12"), "unknown": ("on", "")}
    assert "Deux textes pour « Indicateur 2.1 », 2022" in body["html"].replace("\xa0", " ")
    assert ours.figure(2022).value == 12


def test_a_stale_plain_form_gives_the_choice_on_a_page(ours):
    client_of(ours, Role.CONTRIBUTOR, **JSON).post(address(ours), {**GOOD, "value": "12"})
    client = client_of(ours)
    response = client.post(address(ours), {**GOOD, "value": "14,5"})
    assert response.status_code == 409
    page = response.content.decode()
    assert 'value="14,5"' in page
    assert 'name="source" value="Bilan social"' in page
    client.post(address(ours), {**GOOD, "revision": "1", "value": "14,5"})
    assert str(ours.figure(2022).value) == "14.5000"


BAD = [
    ({"value": "douze"}, "value", "Écrivez un nombre en chiffres"),
    ({"value": "9" * 15}, "value", "trop long"),
    ({"value": "1", "unknown": "on"}, "value", "pas les deux"),
    ({"value": "=1+1"}, "value", "Écrivez un nombre"),
    ({"value": "1" * 1_000_000}, "value", "1\u202f000\u202f000"),
    ({"value": "1\x002"}, "value", "U+0000"),
    ({"source": "a\nb"}, "source", "une seule ligne"),
    ({"source": "x" * 201}, "source", "201"),
    ({"comment": "x" * 1_000_000}, "comment", "1\u202f000\u202f000"),
    ({"comment": "a\u202eb"}, "comment", "U+202E"),
    ({"revision": "abc"}, "revision", ""),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD)
def test_bad_input_is_named_by_field_and_nothing_changes(ours, change, field, words):
    before = contents()
    response = client_of(ours, **JSON).post(address(ours), {**GOOD, **change})
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert list(errors) == [field]
    assert words in errors[field][0]["message"]
    assert contents() == before


@pytest.mark.parametrize("year", [0, 1850, 2026, 99999999999999999999])
def test_impossible_years_are_refused_with_a_sentence(ours, year):
    before = contents()
    response = client_of(ours, **JSON).post(address(ours, year=year), GOOD)
    assert response.status_code == 422
    assert "entre 2000 et 2025" in str(response.json()["errors"])
    page = client_of(ours).post(address(ours, year=year), GOOD)
    assert page.status_code == 422
    assert "entre 2000 et 2025" in page.content.decode()
    assert "Estimé 📒" in page.content.decode()
    assert contents() == before


def test_a_plain_form_keeps_what_was_typed(ours):
    response = client_of(ours).post(address(ours), {**GOOD, "value": "une douzaine"})
    assert response.status_code == 422
    page = response.content.decode()
    for text in ("une douzaine", "Bilan social", "Estimé 📒", "Écrivez un nombre en chiffres", "#value-1-2022"):
        assert text in page
    assert ours.figure(2022) is None


def test_another_person_on_the_same_tablet_writes_nothing(ours):
    other = ours.user(Role.CONTRIBUTOR)
    response = client_of(ours, **JSON).post(address(ours), {**GOOD, "person": str(other.pk)})
    assert response.status_code == 403
    assert "Une autre personne" in response.json()["error"]
    assert ours.figure(2022) is None


def test_method_refused(ours):
    assert client_of(ours).get(address(ours)).status_code == 405


def test_the_page_shows_the_last_years_and_the_one_asked_for(ours):
    page = page_of(ours)
    assert [str(year) in page for year in (2023, 2024, 2025)] == [True] * 3
    assert address(ours, 2019) not in page
    assert "De 2023 à 2025\u00a0: de 12 à 18,5\u00a0%" in page
    assert address(ours, 2019) in page_of(ours, query="?annee=2019")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("2031", "entre 2000 et 2025"), ("abc", "quatre chiffres"), ("", "obligatoire"), ("9" * 40, "entre 2000")],
)
def test_a_year_that_cannot_be_is_said_where_it_was_asked(ours, asked, words):
    assert words in page_of(ours, query=f"?annee={asked}")


def test_readers_see_a_table_and_no_form(ours):
    page = page_of(ours, Role.BOARD_MEMBER)
    assert "Indicateur 2.1, année par année" in page
    assert "18,5\u00a0%" in page
    assert "Nous ne savons pas" in page
    assert address(ours, 2024) not in page


def test_a_transmitted_chapter_keeps_its_figures_readable_and_refuses_more(ours):
    url = ours.submitted.url("indicator_save", 1, 1, 2024)
    response = client_of(ours, **JSON).post(url, GOOD)
    assert response.status_code == 403
    assert "transmis" in response.json()["error"]
    page = client_of(ours).get(ours.submitted.url("criterion", 1)).content.decode()
    assert "Vos chiffres" in page
    assert "Aucun chiffre écrit." in page


def test_the_history_tells_every_figure(ours):
    client_of(ours, **JSON).post(address(ours, 2025), {**GOOD, "revision": "1", "value": "20"})
    page = client_of(ours).get(ours.draft.url("answer_history", 1)).content.decode()
    assert "Indicateur 2.1, 2025" in page
    assert "18,5" in page
    assert "20" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_1_and_3_figures_more(ours, queries, count):
    client, url = client_of(ours, **JSON), ours.draft.url("criterion", 1)
    with clock.stopped(clock.at(date(2025, 11, 4), 11)):
        for rank in range(count):
            client.post(address(ours, 2015 + rank), GOOD)
        with queries(12):
            page = client.get(url).content.decode()
    assert page.count("Bilan social") == count


def test_a_lapsed_adhesion_leaves_ones_own_figures_readable(ours):
    adhesion = ours.organisation.adhesions.get()
    adhesion.until = date(2025, 11, 1)
    adhesion.save()
    page = client_of(ours).get(ours.draft.get_absolute_url()).content.decode()
    assert "18,5\u00a0%" in page
    response = client_of(ours, **JSON).post(address(ours), GOOD)
    assert response.status_code == 403
    assert ours.figure(2022) is None
