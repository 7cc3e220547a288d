"""Presentations on the screen: noted, changed, their files given back; who reads them, who may not."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.models import Presentation
from autodiag.services.presentations import record_presentation
from caprse.base import files, jobs
from caprse.base.models import Download
from caprse.base.uploads import accept
from cohorts.enums import Role
from tests.autodiag.screens.test_path_synthesis import sign_in, text_of
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, TODAY, World
from tests.worlds_picture import MINUTES

GOOD = {"audience": "assembly", "held_on": "2025-10-30", "note": "Un débat de vingt minutes"}
EDITORS = (Role.REFERENT, Role.CONTRIBUTOR)
READERS = (Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="presentations", *args):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id, *args])


def item_url(world, name="presentation_edit", *args):
    return url_of(world, name, world.presentation.public_id, *args)


def paper(text, name="compte rendu.txt"):
    return SimpleUploadedFile(name, text.encode(), "application/octet-stream")


def noted(world):
    return Presentation.objects.get(participation=world.participation, audience="assembly")


@pytest.mark.parametrize("role", EDITORS)
def test_it_is_noted_with_both_files_and_listed(ours, client, role):
    sign_in(client, ours, role)
    sent = {**GOOD, "document": paper("Diaporama", "ag.txt"), "minutes": paper("Compte rendu")}
    response = client.post(url_of(ours, "presentation_new"), sent, follow=True)
    assert response.redirect_chain == [(url_of(ours), 302)]
    page = text_of(response)
    for told in ("À l’assemblée générale", "Jeudi 30 octobre 2025", GOOD["note"], "ag.txt", "compte rendu.txt"):
        assert told in page
    assert files.read(noted(ours).minutes) == b"Compte rendu"


def test_what_is_left_to_tell_is_said_kindly(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    page = text_of(client.get(url_of(ours)))
    assert "Votre prochaine assemblée générale sera une bonne occasion" in page
    assert "loi du 31 juillet 2014" in page
    for blame in ("retard", "obligat", "manqu"):
        assert blame not in page.split("Ce qui reste à présenter")[1].split("</aside>")[0]
    by = ours.actor(Role.REFERENT)
    long_ago = TODAY - timedelta(days=400)
    record_presentation(participation=ours.participation, by=by, audience="assembly", held_on=long_ago)
    assert "la prochaine sera une bonne occasion" in text_of(client.get(url_of(ours)))
    record_presentation(participation=ours.participation, by=by, audience="assembly", held_on=TODAY)
    assert "c’est fait pour cette année" in text_of(client.get(url_of(ours)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"audience": ""}, "Dites à qui le travail a été présenté"),
        ({"audience": "autre"}, "Sélectionnez un choix valide"),
        ({"held_on": ""}, "Donnez le jour"),
        ({"held_on": "2025-02-31"}, "Cette date n’existe pas"),
        ({"held_on": "2025-11-05"}, "n’est pas encore venu"),
        ({"held_on": "0202-01-01"}, "Vérifiez l’année"),
        ({"note": "a\x00"}, "U+0000"),
        ({"note": "x" * 10_001}, "10 001"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(ours, client, change, words):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    sent = {**GOOD, **change, "minutes": paper("Compte rendu")}
    response = client.post(url_of(ours, "presentation_new"), sent)
    page = text_of(response).replace("\u202f", " ")
    assert response.status_code == 422
    assert words in page
    assert "Choisissez de nouveau votre fichier" in page
    assert change.get("note", GOOD["note"]).replace("\x00", "")[:20] in page
    assert contents() == before


def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_stay(ours, client):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours, "presentation_new"), {**GOOD, "minutes": paper("<html>", "pv.pdf")})
    assert response.status_code == 422
    assert GOOD["note"] in text_of(response)
    assert contents() == before


def test_when_there_is_no_room_left_it_is_said_and_the_words_stay(ours, client, settings):
    settings.UPLOAD_STRUCTURE_BYTES = 10
    sign_in(client, ours, Role.REFERENT)
    response = client.post(url_of(ours, "presentation_new"), {**GOOD, "minutes": paper("Un compte rendu")})
    assert response.status_code == 422
    assert "Rien n’a été ajouté" in text_of(response)
    assert GOOD["note"] in text_of(response)
    assert not Presentation.objects.filter(participation=ours.participation, audience="assembly").exists()


def test_it_is_changed_then_a_stale_change_shows_both(ours, client):
    sign_in(client, ours, Role.REFERENT)
    url = item_url(ours)
    sent = {"audience": "board", "held_on": "2025-10-21", "note": "Première version", "revision": "0"}
    assert client.post(url, sent).url == url_of(ours)
    assert ours.presentation.minutes is not None
    response = client.post(url, {**sent, "note": "Ma version"})
    page = text_of(response)
    assert response.status_code == 409
    for told in ("Première version", "Ma version", "Cette présentation a changé pendant que vous écriviez"):
        assert told in page
    assert '<input type="hidden" name="revision" value="1">' in page
    assert ours.presentation.note == "Première version"


def test_a_file_is_taken_off_or_replaced(ours, client):
    sign_in(client, ours, Role.REFERENT)
    sent = {"audience": "board", "held_on": "2025-10-21", "note": "", "take_off": "minutes"}
    client.post(item_url(ours), {**sent, "revision": "0", "minutes": paper("Autre")})
    assert files.read(ours.presentation.minutes) == b"Autre"
    client.post(item_url(ours), {**sent, "revision": "1"})
    assert ours.presentation.minutes is None


def test_a_document_made_here_is_chosen_and_leaves_marked(ours, client):
    job = ours.job
    jobs.run(job.pk)
    job.refresh_from_db()
    sign_in(client, ours, Role.REFERENT)
    assert job.result.name in text_of(client.get(url_of(ours, "presentation_new")))
    both = {**GOOD, "made_here": job.result.public_id, "document": paper("Autre")}
    response = client.post(url_of(ours, "presentation_new"), both)
    assert "pas les deux" in text_of(response)
    client.post(url_of(ours, "presentation_new"), {**GOOD, "made_here": job.result.public_id})
    row = noted(ours)
    assert row.document == job.result
    left = client.post(url_of(ours, "presentation_file", row.public_id, "document"))
    assert left.content.startswith(b"%PDF")
    assert left.content != files.read(job.result)
    stolen = {**GOOD, "made_here": World("neighbour").document.public_id}
    assert client.post(url_of(ours, "presentation_new"), stolen).status_code == 422


def test_a_document_that_is_none_of_those_made_here_is_never_left_out_in_silence(ours, client):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours, "presentation_new"), {**GOOD, "made_here": "inconnu"})
    assert response.status_code == 422
    assert "Ce document n’est plus dans la liste" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_its_people_take_the_files_back_as_they_were_brought(ours, client, role):
    sign_in(client, ours, role)
    response = client.post(item_url(ours, "presentation_file", "compte-rendu"))
    assert response.content == MINUTES.encode()
    line = Download.objects.latest("pk")
    assert (line.user_id, line.acting_for) == (ours.user(role).pk, "Notre structure")
    assert response["X-Register-Number"] == line.number
    for which in ("document", "autre", "9" * 30):
        assert client.post(item_url(ours, "presentation_file", which)).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_who_reads_only_changes_nothing(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours)))
    assert "Au conseil d’administration" in page
    assert "Noter une" not in page
    before = contents()
    for url in (url_of(ours, "presentation_new"), item_url(ours)):
        assert client.post(url, GOOD).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_nothing_of_it(ours, client, role):
    sign_in(client, ours, role)
    before = contents()
    assert client.get(url_of(ours)).status_code == 403
    assert client.post(item_url(ours, "presentation_file", "compte-rendu")).status_code == 403
    assert client.post(url_of(ours, "presentation_new"), GOOD).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_nothing_of_it_exists(ours, client, key):
    theirs = World(key)
    sign_in(client, theirs, Role.REFERENT)
    before = contents()
    ours_id = ours.presentation.public_id
    assert client.get(url_of(ours)).status_code == 404
    for url in (item_url(ours), url_of(theirs, "presentation_edit", ours_id), url_of(ours, "presentation_new")):
        assert client.post(url, GOOD).status_code == 404
    for world in (ours, theirs):
        assert client.post(url_of(world, "presentation_file", ours_id, "compte-rendu")).status_code == 404
    assert contents() == before


def test_without_adhesion_they_are_still_read_and_nothing_is_written(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    page = text_of(client.get(url_of(lapsed)))
    assert "Au conseil d’administration" in page
    assert "Vos présentations restent à vous" in page
    assert MINUTES.encode() in client.post(item_url(lapsed, "presentation_file", "compte-rendu")).content
    before = contents()
    response = client.post(url_of(lapsed, "presentation_new"), GOOD)
    assert response.status_code == 403
    assert "jusqu’au dimanche 31 août 2025 inclus" in text_of(response)
    assert contents() == before


def test_html_typed_is_shown_as_text(ours, client):
    sign_in(client, ours, Role.REFERENT)
    sent = {**GOOD, "note": "<script>alert(1)</script>"}
    page = text_of(client.post(url_of(ours, "presentation_new"), sent, follow=True))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_or_three_more(ours, client, queries, count):
    for rank in range(count):
        record_presentation(
            participation=ours.participation,
            by=ours.actor(Role.REFERENT),
            audience="staff",
            held_on=date(2025, 10, 1 + rank),
            minutes=accept("note.txt", f"Note {rank}".encode()),
        )
    sign_in(client, ours, Role.REFERENT)
    with queries(5):
        page = text_of(client.get(url_of(ours)))
    assert page.count("Aux salarié·e·s") == count
