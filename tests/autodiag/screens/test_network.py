"""The pages of the network's results: for national staff, numbers only, no structure's name or word."""

import re

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import Organisation
from referentiel.models import Version
from tests.network_data import MARKER, answered, new_cohort, new_region, published
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, PRIVATE, World

FIVE = ("0011", "0122", "12nu", "2111", "un20")
FEW = "Moins de cinq structures ont transmis ce chapitre ici"
NOT_NATIONAL = [role for role in Role if role != Role.NATIONAL_STAFF]
NETWORK = "/reseau/"
CHAPTER = "/reseau/RESEAU/1/chapitres/1/"


@pytest.fixture
def national(client, db):
    client.force_login(World("ours").user(Role.NATIONAL_STAFF))
    return client


@pytest.fixture
def scene(db):
    """Région nord: five structures in a cohort, two in another; région sud: three."""
    version = published()
    north, south = new_region("nord"), new_region("sud")
    answered(new_cohort(north, version, "cinq"), *FIVE)
    answered(new_cohort(north, version, "deux"), "2222", "2222")
    answered(new_cohort(south, version, "trois"), "2222", "2222", "2222")
    return version


def text(response):
    return re.sub(r"\s+", " ", response.content.decode().replace("&nbsp;", " "))


def numbers(page):
    """{criterion: numbers of its row} of the table of a chapter."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2]):
        title = re.search(r'criteria__code">([\d.]+)', row)[1]
        found[title] = [int(cell) for cell in re.findall(r'<td class="num[^>]*>(\d+)</td>', row)]
    return found


def test_the_network_says_who_takes_part_and_how_many_transmitted(national, scene):
    page = text(national.get(NETWORK))
    board = page.partition("Référentiel RESEAU, version 1")[2].partition("</table>")[0]
    lines = re.findall(r'<th scope="row">(.*?)</th> <td[^>]*>(\d+)</td>', board)
    assert lines == [
        ("Tout le réseau", "10"),
        ("Région nord", "7"),
        ("Cohorte cinq", "5"),
        ("Cohorte deux", "2"),
        ("Région sud", "3"),
        ("Cohorte trois", "3"),
    ]
    links = re.findall(r'<a href="([^"]+)">(\d+)', board)
    assert links == [
        (CHAPTER, "10"),
        (f"{CHAPTER}?region=nord", "5"),
        (f"{CHAPTER}?region=nord&amp;cohorte=cinq", "5"),
    ]
    assert board.count("Moins de cinq structures à chaque chapitre") == 3


def test_a_cohort_shows_its_numbers(national, scene):
    page = text(national.get(CHAPTER, {"region": "nord", "cohorte": "cinq"}))
    assert "5 structures ont transmis ce chapitre<" in page
    # Three degrees, not applicable, does not know, structures.
    assert numbers(page) == {
        "1.1": [2, 1, 1, 0, 1, 5],
        "1.2": [1, 2, 1, 1, 0, 5],
        "1.3": [0, 2, 2, 1, 0, 5],
        "1.4": [1, 2, 1, 0, 1, 5],
    }
    assert "Critère 1.1" in page
    assert "Question 1.1" not in page
    assert "Description 1.1" not in page


def test_a_region_says_what_it_leaves_out(national, scene):
    page = text(national.get(CHAPTER, {"region": "nord"}))
    assert numbers(page)["1.1"] == [2, 1, 1, 0, 1, 5]
    assert "Une cohorte n’entre pas dans ces nombres" in page


def test_the_network_takes_in_what_the_regions_left_once_it_is_five(national, scene):
    page = text(national.get(CHAPTER))
    assert "10 structures ont transmis ce chapitre<" in page
    assert numbers(page)["1.1"] == [2, 1, 6, 0, 1, 10]
    assert "pas dans ces nombres" not in page


@pytest.mark.parametrize("scope", [{"region": "sud"}, {"region": "nord", "cohorte": "deux"}])
def test_under_five_a_sentence_and_no_number(national, scene, scope):
    page = text(national.get(CHAPTER, scope))
    assert FEW in page
    assert "<table" not in page
    assert "<rect" not in page


def test_a_structure_of_two_cohorts_is_said(national, scene):
    structures = list(Organisation.objects.filter(legal_name__startswith=f"{MARKER} nord").order_by("pk"))
    again = new_cohort(structures[0].region, scene, "encore")
    answered(again, *["0000"] * 5, structures=structures[:5])
    page = text(national.get(CHAPTER, {"region": "nord"}))
    assert "Une structure présente dans plusieurs cohortes y répond autant de fois." in page
    assert numbers(page)["1.1"] == [7, 1, 1, 0, 1, 10]


UNKNOWN = [
    {"region": "ailleurs"},
    {"region": "inconnue"},
    {"region": "nord", "cohorte": "trois"},
    {"region": "nord", "cohorte": "inconnue"},
    {"cohorte": "cinq"},
    {"region": "a\x00b"},
    {"region": "nord", "cohorte": "a\x00b"},
    {"region": "9" * 300},
]


@pytest.mark.parametrize("scope", UNKNOWN)
def test_an_unknown_scope_does_not_exist(national, scene, scope):
    response = national.get(CHAPTER, scope)
    assert response.status_code == 404
    assert "structures ont transmis" not in response.content.decode()


@pytest.mark.parametrize("path", ["RESEAU/2/chapitres/1", "RESEAU/1/chapitres/3", "INCONNU/1/chapitres/1"])
def test_an_unknown_chapter_does_not_exist(national, scene, path):
    assert national.get(f"/reseau/{path}/").status_code == 404


def test_no_structure_shows(national, scene):
    """Not a name, not a marker, not a word of any structure, on any page and scope."""
    ours = World("ours")
    answered(ours.cohort, "2222", "nuuu")
    names = list(Organisation.objects.filter(kind="structure").values_list("legal_name", flat=True))
    assert len(names) > 10
    pages = [NETWORK, CHAPTER, f"{CHAPTER}?region=nord", f"{CHAPTER}?region=nord&cohorte=cinq"]
    pages += ["/reseau/ESSAI/1/chapitres/1/", "/reseau/ESSAI/1/chapitres/1/?region=ici&cohorte=cohorte"]
    for url in pages:
        page = national.get(url).content.decode()
        assert "Chapitre 1" in page
        for word in [*names, MARKER, NEIGHBOUR, PRIVATE, "Motif", "Pratique"]:
            assert word not in page, (url, word)


@pytest.mark.parametrize("role", NOT_NATIONAL)
def test_it_is_for_national_staff_only(client, scene, role):
    client.force_login(World("ours").user(role))
    before = contents()
    for url in (NETWORK, CHAPTER, f"{CHAPTER}?region=nord&cohorte=cinq", "/reseau/ESSAI/1/chapitres/1/"):
        response = client.get(url)
        assert response.status_code == 403
        assert "Région nord" not in response.content.decode()
        assert "ont transmis" not in response.content.decode()
    assert contents() == before


@pytest.mark.parametrize("url", [NETWORK, CHAPTER])
def test_nothing_is_written(national, scene, url):
    before = contents()
    assert national.post(url, {"region": "nord"}).status_code == 405
    assert national.get(url).status_code == 200
    assert contents() == before


def test_the_menu_leads_there_for_national_staff_only(client, db):
    ours = World("ours")
    for role in Role:
        client.force_login(ours.user(role))
        page = client.get(reverse("rights")).content.decode()
        assert (f'href="{NETWORK}"' in page) == (role == Role.NATIONAL_STAFF), role


@pytest.mark.parametrize("count", [5, 15])
@pytest.mark.parametrize(("url", "number"), [(NETWORK, 7), (CHAPTER, 11)])
def test_as_many_queries_for_many_structures(national, queries, db, count, url, number):
    version = published()
    for slug in ("nord", "sud"):
        answered(new_cohort(new_region(slug), version, "a"), *["0121"] * count)
    with queries(number):
        assert str(2 * count) in national.get(url).content.decode()


def test_without_any_cohort_a_way_on(national, db):
    """A version nobody goes through has no results, and says so."""
    published("VIDE")
    assert Version.objects.get(referentiel__code="VIDE").cohorts.count() == 0
    assert FEW in text(national.get("/reseau/VIDE/1/chapitres/1/"))
    assert "Référentiel VIDE" not in text(national.get(NETWORK))
