"""Queries and weight of the pages of a chapter with everything around its answers, five viewpoints each included."""

import gzip

import pytest

from autodiag.models import IndicatorValue, Viewpoint
from tests import scale
from tests.depth_at_scale import surround
from tests.test_budgets import SAVE, client_of

LIGHT = 100_000  # bytes, compressed
VIEWPOINT = {"rule": "blind", "revision": "1", "choice": "2", "note": "Autrement dit."}
FIGURE = {"value": "12,5", "source": "Bilan social", "comment": ""}


@pytest.fixture
def deep(db, request):
    big = scale.build(structures=2, criteria=request.param)
    surround(big)
    return big


@pytest.fixture
def blind(db):
    """The same, its comparison not open yet."""
    big = scale.build(structures=2, criteria=20)
    surround(big, compare=False)
    return big


def read(big, queries, budget, address, who=None):
    client = client_of(who or big.referent)
    with queries(max=budget):
        response = client.get(address)
    assert len(gzip.compress(response.content)) < LIGHT
    return response.content.decode()


@pytest.mark.parametrize(("deep", "budget"), [(20, 12), (100, 15)], indirect=["deep"])
def test_a_chapter_with_everything_around_it(deep, queries, budget):
    page = read(deep, queries, budget, deep.autodiag.get_absolute_url())
    assert page.count("Dernier enregistrement") or page.count("criteria__code")
    page = read(deep, queries, budget, deep.autodiag.url("criterion", 1))
    for text in ("Bilan social", "Document 2", "Nous sommes d’accord."):
        assert text in page


@pytest.mark.parametrize("deep", [20, 100], indirect=True)
def test_the_gaps_with_what_a_closed_survey_says(deep, queries):
    page = read(deep, queries, 8, deep.autodiag.url("gaps"))
    assert page.count("Toutes les voix") >= deep.autodiag.answers.count()
    assert "Est-ce que votre travail vous convient, à propos de 1-1" in page


@pytest.mark.parametrize("deep", [20, 100], indirect=True)
def test_a_step_of_the_meeting(deep, queries):
    page = read(deep, queries, 10, deep.autodiag.url("consensus", 1))
    assert "Est-ce que votre travail vous convient, à propos de 1-1" in page


@pytest.mark.parametrize("deep", [20, 100], indirect=True)
def test_the_other_pages_of_a_chapter_are_light(deep, queries):
    for name in ("viewpoints", "agreements", "assignments", "threads", "surveys", "autodiag_submit"):
        assert "Titre du chapitre 1" in read(deep, queries, 15, deep.autodiag.url(name)), name


def test_saving_an_answer(blind, queries):
    client = client_of(blind.referent)
    with queries(max=8):
        response = client.post(blind.autodiag.url("answer_save", 1), SAVE)
    assert response.json()["revision"] == 2


def test_saving_a_viewpoint(blind, queries):
    """The first words, then a change: as cheap as an answer."""
    client, url = client_of(blind.referent), blind.autodiag.url("viewpoint_save", 2)
    with queries(max=8):
        assert client.post(url, VIEWPOINT).json()["revision"] == 2
    mine = Viewpoint.objects.filter(voice__user=blind.referent, answer__criterion__position=2)
    assert mine.get().note == "Autrement dit."
    mine.delete()
    with queries(max=8):
        assert client.post(url, VIEWPOINT | {"revision": "0"}).json()["revision"] == 1
    assert mine.get().note == "Autrement dit."


def test_saving_a_figure(blind, queries):
    """The first of a year, then a change."""
    client = client_of(blind.referent)
    url = blind.autodiag.url("indicator_save", 1, 1, 2022)
    for revision, value in ((0, "12,5"), (1, "13")):
        with queries(max=8):
            response = client.post(url, FIGURE | {"revision": revision, "value": value})
        assert response.json()["revision"] == revision + 1
    assert IndicatorValue.objects.get(year=2022, autodiag=blind.autodiag).value == 13
