"""What every page carries, and what a person reads when something goes wrong."""

import pytest
from django.test import Client
from django.urls import path

from caprse import urls
from caprse.base.access import Audience, every_route_declares_its_audience, open_to
from cohorts.enums import Role
from tests.worlds import World


@open_to(Audience.PUBLIC)
def broken(request):
    raise RuntimeError("texte interne")


urlpatterns = [path("casse/", broken), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def referent(db, client):
    client.force_login(World("ours").user(Role.REFERENT))
    return client


def test_policy_allows_this_site_alone(referent):
    policy = referent.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {part.split()[1] for part in policy.split(";") if part.strip()} <= {"'self'", "'none'"}


def test_other_protections_are_there(referent):
    response = referent.get("/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_missing_page_has_a_way_on(referent):
    response = referent.get("/nulle-part/")
    assert response.status_code == 404
    assert 'href="/"' in response.content.decode()


def test_stranger_to_a_page_is_asked_to_sign_in_then_brought_back(client, db):
    response = client.get("/qui-peut-quoi/")
    assert response.url == "/connexion/?next=/qui-peut-quoi/"


@pytest.mark.urls("tests.caprse.test_pages")
def test_failure_shows_an_identifier_and_nothing_internal(db, caplog):
    client = Client(raise_request_exception=False)
    response = client.get("/casse/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "texte interne" not in page
    assert "Traceback" not in page
    shown = [record.getMessage() for record in caplog.records if record.name == "caprse.errors"]
    identifier = shown[-1].split("id=")[1].split()[0]
    assert identifier in page


def test_lost_anti_forgery_token_says_what_was_kept(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/connexion/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "csrf" not in response.content.decode().lower().replace("csrfmiddlewaretoken", "")


def test_too_large_a_request_is_refused_with_a_sentence(referent):
    url = World("ours").draft.url("answer_save", 3)
    response = referent.post(url, {"revision": "0", "practice": "x" * 4_000_000})
    assert response.status_code in (400, 422)
    assert "html" in response["Content-Type"]


def test_refusal_says_why_and_who_can_help(db, client):
    lapsed = World("lapsed")
    client.force_login(lapsed.user(Role.REFERENT))
    page = client.get(lapsed.submitted.url("criterion", 1)).content.decode()
    assert "L’adhésion de votre structure" in page
    assert "region_admin@ours.example.org" in page


def test_lapsed_structure_keeps_its_own_words_and_no_wording_of_the_tool(db, client):
    lapsed = World("lapsed")
    client.force_login(lapsed.user(Role.REFERENT))
    page = client.get(lapsed.submitted.get_absolute_url()).content.decode()
    assert "Pratique 1.1" in page
    assert "Critère 1.1" in page
    for protected in ("Question 1.1", "Description 1.1", "Aide 1.1", "Exemple 1.1", "Preuve 1.1"):
        assert protected not in page


@pytest.mark.urls("tests.caprse.forgotten_urls")
def test_undeclared_view_is_closed_at_run_time(db, client, caplog):
    client.force_login(World("ours").user(Role.REFERENT))
    assert client.get("/non-declaree/").status_code == 403
    assert "view without audience" in caplog.text


@pytest.mark.urls("tests.caprse.forgotten_urls")
def test_undeclared_view_is_refused_by_the_system_check():
    found = every_route_declares_its_audience(None)
    assert [error.id for error in found] == ["caprse.E001"]


def test_a_transmitted_chapter_says_who_reads_it(referent):
    ours = World("ours")
    kept, read = "Visible par votre structure seulement", "Visible par votre structure et votre accompagnateur·rice"
    for autodiag, said in ((ours.draft, kept), (ours.submitted, read)):
        for url in (autodiag.get_absolute_url(), autodiag.url("criterion", 1)):
            page = referent.get(url).content.decode()
            first_badge = page.index("Visible par votre structure")
            assert page[first_badge:].startswith(said)
