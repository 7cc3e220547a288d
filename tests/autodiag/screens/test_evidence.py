"""The library on the screen: deposited, replaced, put away, downloaded as it was brought; who reads what, who may not."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.models import Evidence, EvidenceRevision
from autodiag.services.evidence import deposit
from caprse.base import clock
from caprse.base.models import AuditEvent, Download
from caprse.base.uploads import accept
from caprse.demo.evidence import small_pdf
from cohorts.enums import Role, Visibility
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World

ABOUT = {"title": "Fiche de poste", "note": "Remise au premier jour", "visibility": "structure"}
EDITORS = (Role.REFERENT, Role.CONTRIBUTOR)
READERS = (Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)
PRIVATE = "Compte rendu MARQUEINTIME"


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name, *args):
    return reverse(name, args=[world.participation.cohort.region.slug, world.organisation.public_id, *args])


def item_url(world, name, *args):
    return url_of(world, name, world.evidence.public_id, *args)


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def note(text="Une preuve", name="fiche.txt"):
    return SimpleUploadedFile(name, text.encode(), "application/octet-stream")


def keep(world, text, **more):
    by, upload = world.actor(Role.CONTRIBUTOR), accept("note.txt", text.encode())
    return deposit(organisation=world.organisation, by=by, title=text, upload=upload, **more)


@pytest.mark.parametrize("role", EDITORS)
def test_a_file_is_deposited_and_its_page_says_what_it_is(ours, client, role):
    sign_in(client, ours, role)
    response = client.post(url_of(ours, "evidence_new"), {**ABOUT, "file": note()}, follow=True)
    made = Evidence.objects.get(title="Fiche de poste")
    assert response.redirect_chain == [(url_of(ours, "evidence", made.public_id), 302)]
    page = text_of(response)
    for told in ("est dans votre bibliothèque", "fiche.txt", "TXT, 10 octets", "Remise au premier jour", "Version 1"):
        assert told in page
    assert made.revisions.get().file.sha256[:12] in page
    assert "Visible par votre structure seulement" in page


def test_a_link_is_deposited_and_opens_elsewhere_with_its_site_shown(ours, client):
    sign_in(client, ours, Role.REFERENT)
    address = "https://partage.example.org/dossier?x=1&y=2"
    page = text_of(client.post(url_of(ours, "evidence_new"), {**ABOUT, "title": "", "url": address}, follow=True))
    assert "partage.example.org/dossier?x=1&amp;y=2" in page
    assert 'target="_blank" rel="noopener noreferrer"' in page
    listed = text_of(client.get(url_of(ours, "evidence_list")))
    assert "Lien vers partage.example.org" in listed


def test_without_a_title_it_takes_that_of_its_file(ours, client):
    sign_in(client, ours, Role.REFERENT)
    client.post(url_of(ours, "evidence_new"), {**ABOUT, "title": "", "file": note(name="Été à Guéret.txt")})
    assert Evidence.objects.latest("pk").title == "Été à Guéret"


REFUSED = {
    "nothing": ({}, "Choisissez un fichier, ou donnez l’adresse"),
    "both": ({"file": ("a.txt", b"a"), "url": "https://exemple.fr/"}, "pas les deux"),
    "svg": ({"file": ("a.svg", b"<svg/>")}, "Sont acceptés"),
    "html": ({"file": ("a.txt", b"<html>")}, "même si son nom le dit"),
    "empty": ({"file": ("a.txt", b"")}, "Ce fichier est vide"),
    "trap": ({"url": "javascript:alert(1)"}, "n’est pas l’adresse d’une page"),
    "title": ({"url": "https://exemple.fr/", "title": "a\x00b"}, "U+0000"),
    "novel": ({"url": "https://exemple.fr/", "note": "x" * 1_000_000}, "le maximum est de 10"),
    "dates": (
        {"url": "https://exemple.fr/", "valid_from": "2025-02-01", "valid_until": "2025-01-01"},
        "avant le premier",
    ),
    "no day": ({"url": "https://exemple.fr/", "valid_until": "31/02/2025"}, "Cette date n’existe pas"),
    "year": ({"url": "https://exemple.fr/", "valid_until": "0202-01-01"}, "Vérifiez l’année"),
    "reader": ({"url": "https://exemple.fr/", "visibility": "everybody"}, "À corriger"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_deposit_comes_back_as_typed_and_keeps_nothing(ours, client, name):
    typed, words = REFUSED[name]
    if "file" in typed:
        typed = {**typed, "file": SimpleUploadedFile(*typed["file"])}
    before = contents()
    response = sign_in(client, ours, Role.CONTRIBUTOR).post(url_of(ours, "evidence_new"), {**ABOUT, **typed})
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    if "note" not in typed:
        assert "Remise au premier jour" in page
    assert contents() == before


def test_a_file_that_was_right_has_to_be_chosen_again_when_something_else_is_wrong(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    page = client.post(url_of(ours, "evidence_new"), {**ABOUT, "valid_until": "hier", "file": note()})
    assert "Choisissez de nouveau votre fichier" in text_of(page)


def test_sent_twice_it_is_one_item_and_under_another_title_the_first_is_shown(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    for _ in range(2):
        response = client.post(url_of(ours, "evidence_new"), {**ABOUT, "file": note()})
        assert response.status_code == 302
    made = Evidence.objects.get(title="Fiche de poste")
    before = contents()
    response = client.post(url_of(ours, "evidence_new"), {**ABOUT, "title": "Autre titre", "file": note()})
    assert response.status_code == 422
    assert "Ce contenu est déjà dans votre bibliothèque" in text_of(response)
    assert url_of(ours, "evidence", made.public_id) in text_of(response)
    assert contents() == before


def test_sharing_says_that_past_versions_stay_with_the_structure(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    for page in (url_of(ours, "evidence_new"), item_url(ours, "evidence_edit")):
        assert "se lit dans sa dernière version : les anciennes restent entre vous" in text_of(client.get(page))


def test_a_full_library_says_what_is_left_and_takes_nothing(ours, client, settings):
    settings.UPLOAD_STRUCTURE_BYTES = 120
    sign_in(client, ours, Role.CONTRIBUTOR)
    before = contents()
    response = client.post(url_of(ours, "evidence_new"), {**ABOUT, "file": note("x" * 200)})
    assert response.status_code == 422
    assert "sur les 120 octets de votre structure" in text_of(response)
    assert contents() == before


def test_what_the_antivirus_refuses_is_kept_nowhere(ours, client, settings, tmp_path):
    scanner = tmp_path / "antivirus"
    scanner.write_text("#!/bin/sh\nexit 1\n")
    scanner.chmod(0o700)
    settings.ANTIVIRUS = str(scanner)
    before = contents()
    response = sign_in(client, ours, Role.CONTRIBUTOR).post(url_of(ours, "evidence_new"), {**ABOUT, "file": note()})
    assert response.status_code == 422
    assert "programme nuisible" in text_of(response)
    assert contents() == before


def test_the_list_tells_what_is_kept_expired_and_put_away_and_how_much_room_is_left(ours, client):
    keep(ours, "Attestation", valid_until=date(2025, 9, 30))
    keep(ours, "Planning", valid_until=date(2025, 11, 28))
    sign_in(client, ours, Role.REFERENT)
    client.post(item_url(ours, "evidence_archive"))
    page = text_of(client.get(url_of(ours, "evidence_list")))
    for told in ("Dans la bibliothèque (2)", "Expirés (1)", "Rangés (1)", "Expire bientôt", "octets sur 500 Mo"):
        assert told in page
    assert "Attestation" not in page
    assert "expiré depuis le mardi 30 septembre 2025" in text_of(
        client.get(url_of(ours, "evidence_list") + "?voir=expires")
    )
    away = text_of(client.get(url_of(ours, "evidence_list") + "?voir=ranges"))
    assert "Livret d’accueil" in away
    assert "Planning" not in away
    assert text_of(client.get(url_of(ours, "evidence_list") + "?voir=n%00importe")).count("Planning")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_item_or_three(ours, client, queries, count):
    sign_in(client, ours, Role.BOARD_MEMBER)
    for rank in range(count):
        keep(ours, f"Preuve {rank}")
    url = url_of(ours, "evidence_list")
    with queries(8):
        page = text_of(client.get(url))
    assert page.count("Preuve ") >= count


def test_what_is_said_of_it_is_changed_and_a_stale_change_shows_both(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    url = item_url(ours, "evidence_edit")
    assert client.post(url, {**ABOUT, "revision": "0"}, follow=True).redirect_chain
    response = client.post(url, {**ABOUT, "title": "Le mien", "revision": "0"})
    assert response.status_code == 409
    page = text_of(response)
    for told in ("a changé pendant que vous écriviez", "Fiche de poste", "Le mien", 'value="1"'):
        assert told in page
    assert Evidence.objects.get(revision=1).title == "Fiche de poste"


def test_a_new_version_takes_its_place_and_the_former_still_downloads(ours, client):
    sign_in(client, ours, Role.REFERENT)
    data = {"file": note("Édition 2025"), "valid_until": "2026-12-31"}
    page = text_of(client.post(item_url(ours, "evidence_replace"), data, follow=True))
    for told in ("La version 2 est en place", "Version 1", "Version 2", "jeudi 31 décembre 2026"):
        assert told in page
    first, second = (client.post(item_url(ours, "evidence_download", number)).content for number in (1, 2))
    assert (b"Livret remis" in first, second) == (True, "Édition 2025".encode())
    assert client.post(item_url(ours, "evidence_download", 3)).status_code == 404


def test_put_away_and_taken_out_again(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    for _ in range(2):
        page = text_of(client.post(item_url(ours, "evidence_archive"), follow=True))
    assert "Ce justificatif est rangé" in page
    assert "Ressortir" in page
    for _ in range(2):
        page = text_of(client.post(item_url(ours, "evidence_restore"), follow=True))
    assert "de nouveau dans la bibliothèque" in page
    assert ours.evidence.archived_at is None


@pytest.mark.parametrize("role", [*STRUCTURE_ROLES, *TEAM])
def test_it_leaves_as_it_was_brought_registered_and_journalled(ours, client, role):
    sign_in(client, ours, role)
    response = client.post(item_url(ours, "evidence_download", 1))
    assert response.content.decode().startswith("Livret remis à chaque personne accueillie.")
    assert response["Content-Disposition"] == 'attachment; filename="livret.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    line = Download.objects.get(number=response["X-Register-Number"])
    side = "Délégation Région d’ici" if role in TEAM else "Notre structure"
    assert (line.user_id, line.acting_for) == (ours.user(role).pk, side)
    assert line.sha256 == ours.evidence.current.file.sha256
    assert line.organisation_id == ours.organisation.pk
    assert AuditEvent.objects.filter(verb="file.downloaded", target_id=line.pk, actor_id=ours.user(role).pk).exists()


def test_a_name_with_accents_and_a_pdf_leave_to_the_byte(ours, client):
    content = small_pdf("Bonjour")
    upload = accept('Été "à" Guéret.pdf', content)
    made = deposit(organisation=ours.organisation, by=ours.actor(Role.REFERENT), title="PDF", upload=upload)
    sign_in(client, ours, Role.BOARD_MEMBER)
    response = client.post(url_of(ours, "evidence_download", made.public_id, 1))
    assert response.content == content
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%89t%C3%A9%20-%C3%A0-%20")
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_what_is_shared_and_nothing_else(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours, "evidence_list")))
    assert "Livret d’accueil" in page
    assert PRIVATE not in page
    assert "Place occupée" not in page
    assert "Ajouter un justificatif" not in page
    for name in ("evidence", "evidence_edit"):
        response = client.get(url_of(ours, name, ours.private_evidence.public_id))
        assert response.status_code in (403, 404)
    shared = ours.evidence
    Evidence.objects.filter(pk=shared.pk).update(visibility=Visibility.STRUCTURE)
    assert client.get(url_of(ours, "evidence", shared.public_id)).status_code == 404
    assert client.post(url_of(ours, "evidence_download", shared.public_id, 1)).status_code == 404
    assert not Download.objects.exists()


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_the_version_in_place_the_former_stays_with_the_structure(ours, client, role):
    sign_in(client, ours, Role.REFERENT)
    client.post(item_url(ours, "evidence_replace"), {"file": note("Édition 2025")})
    sign_in(client, ours, role)
    assert "Version 1" not in text_of(client.get(item_url(ours, "evidence")))
    assert client.post(item_url(ours, "evidence_download", 1)).status_code == 404
    assert client.post(item_url(ours, "evidence_download", 2)).content.decode() == "Édition 2025"


def test_a_structure_that_left_its_cohort_shares_nothing_any_more(ours, client):
    ours.participation.left_on = date(2025, 11, 3)
    ours.participation.save()
    sign_in(client, ours, Role.FACILITATOR)
    assert client.get(item_url(ours, "evidence")).status_code == 404
    assert client.post(item_url(ours, "evidence_download", 1)).status_code == 404
    assert not Download.objects.exists()


ACTS = ("evidence_edit", "evidence_replace", "evidence_archive", "evidence_restore")


@pytest.mark.parametrize("role", READERS)
def test_who_reads_only_is_told_so_and_changes_nothing(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(item_url(ours, "evidence")))
    for act in ACTS:
        assert item_url(ours, act) not in page
    before = contents()
    for url in (url_of(ours, "evidence_new"), *(item_url(ours, act) for act in ACTS)):
        response = client.post(url, ABOUT)
        assert response.status_code == 403
        assert "Votre rôle ne permet pas ceci : déposer des justificatifs" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
@pytest.mark.parametrize("role", EDITORS)
def test_for_others_nothing_of_it_exists(ours, client, key, role):
    theirs = World(key)
    sign_in(client, theirs, role)
    before = contents()
    pages = [url_of(ours, "evidence_list"), item_url(ours, "evidence"), url_of(ours, "evidence_new")]
    # Under their own address too: the id of an item opens nothing in another library.
    pages += [url_of(theirs, name, ours.evidence.public_id) for name in ("evidence", "evidence_edit")]
    for url in pages:
        assert client.get(url).status_code == 404
    for name in ACTS:
        assert client.post(item_url(ours, name), ABOUT).status_code == 404
        assert client.post(url_of(theirs, name, ours.evidence.public_id), ABOUT).status_code == 404
    for world in (ours, theirs):
        assert client.post(url_of(world, "evidence_download", ours.evidence.public_id, 1)).status_code == 404
    assert contents() == before


def test_an_address_under_another_region_is_a_404(ours, client):
    sign_in(client, ours, Role.REFERENT)
    for url in (url_of(ours, "evidence_list"), item_url(ours, "evidence")):
        assert client.get(url.replace("/regions/ici/", "/regions/ailleurs/")).status_code == 404


def test_when_the_adhesion_is_over_it_is_still_read_and_downloaded_and_nothing_is_written(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    page = text_of(client.get(url_of(lapsed, "evidence_list")))
    assert "Livret d’accueil" in page
    assert "Vos justificatifs restent à vous" in page
    assert "Ajouter un justificatif" not in page
    assert b"Livret remis" in client.post(item_url(lapsed, "evidence_download", 1)).content
    before = contents()
    for url in (url_of(lapsed, "evidence_new"), *(item_url(lapsed, act) for act in ACTS)):
        response = client.post(url, ABOUT)
        assert response.status_code == 403
        assert "jusqu’au dimanche 31 août 2025 inclus" in text_of(response)
    assert contents() == before


def test_html_typed_is_shown_as_text(ours, client):
    sign_in(client, ours, Role.REFERENT)
    typed = {**ABOUT, "title": "<img src=x onerror=alert(1)>", "note": "<script>alert(1)</script>", "file": note()}
    page = text_of(client.post(url_of(ours, "evidence_new"), typed, follow=True))
    listed = text_of(client.get(url_of(ours, "evidence_list")))
    for shown in (page, listed):
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in page


def test_it_is_reached_from_the_path_and_asked_for_on_the_home(ours, client):
    with clock.stopped(clock.at(date(2025, 11, 3), 9)):
        keep(ours, "Agrément", valid_until=date(2025, 11, 20))
    sign_in(client, ours, Role.REFERENT)
    assert url_of(ours, "evidence_list") in text_of(client.get(ours.participation.get_absolute_url()))
    assert "Un justificatif expire le jeudi 20 novembre 2025" in text_of(client.get("/"))
    assert EvidenceRevision.objects.filter(evidence__title="Agrément").count() == 1


@pytest.mark.parametrize("name", ["evidence_archive", "evidence_restore"])
def test_reading_an_act_by_its_address_is_refused(ours, client, name):
    sign_in(client, ours, Role.REFERENT)
    assert client.get(item_url(ours, name)).status_code == 405
    assert ours.evidence.archived_at is None
