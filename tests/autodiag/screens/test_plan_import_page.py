"""A plan brought in, on the screen: the model, the file, the errors by cell, then the actions and one confirmation."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.models import Action, PlanImport
from autodiag.services.plan_imports import PLAN_IMPORT
from caprse.base import jobs
from caprse.base.models import Download, Job
from cohorts.enums import Role
from tests.plan_files import workbook
from tests.test_access_matrix import contents
from tests.worlds import World

KEEPERS = (Role.REFERENT, Role.CONTRIBUTOR)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name, *args):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id, *args])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def file_of(rows, name="Notre plan.xlsx", **options):
    return SimpleUploadedFile(name, workbook(rows, **options), "application/octet-stream")


def bring(client, world, rows, **options):
    """Sent, then read by a worker; the page it leads to."""
    response = client.post(url_of(world, "plan_import"), {"file": file_of(rows, **options)})
    brought = PlanImport.objects.latest("pk")
    assert response.url == url_of(world, "plan_import_report", brought.public_id)
    waiting = text_of(client.get(response.url))
    assert "Nous lisons votre classeur" in waiting
    assert "hx-get" in waiting
    jobs.run(Job.objects.get(kind=PLAN_IMPORT, payload={"plan_import": brought.pk}).pk)
    return brought, text_of(client.get(response.url))


@pytest.mark.parametrize("role", KEEPERS)
def test_a_workbook_is_brought_read_shown_then_confirmed(ours, client, role):
    sign_in(client, ours, role)
    rows = [{"Quoi": "Ouvrir un potager", "Qui": "Nadia", "Pour quand": "30/06/2026", "Critère": "1.2"}]
    brought, page = bring(client, ours, rows)
    for told in ("Une action entrera dans votre plan", "Ouvrir un potager", "Mardi 30 juin 2026", "Critère 1.2"):
        assert told in page
    assert not Action.objects.filter(what="Ouvrir un potager").exists()
    response = client.post(url_of(ours, "plan_import_confirm", brought.public_id), follow=True)
    assert response.redirect_chain == [(url_of(ours, "plan"), 302)]
    assert "1 action est entrée dans votre plan" in text_of(response)
    assert "Ouvrir un potager" in text_of(response)
    again = client.post(url_of(ours, "plan_import_confirm", brought.public_id))
    assert again.status_code == 302
    assert Action.objects.filter(what="Ouvrir un potager").count() == 1
    assert "Ces actions sont dans votre plan" in text_of(
        client.get(url_of(ours, "plan_import_report", brought.public_id))
    )


def test_errors_are_shown_by_cell_and_nothing_can_be_confirmed(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    rows = [{"Quoi": "Juste"}, {"Quoi": "Fausse", "Pour quand": "fin juin", "Budget (euros)": "cher"}]
    brought, page = bring(client, ours, rows)
    for told in ("2 cases à corriger", ">E3</th>", ">L3</th>", "« fin juin » n’est pas une date", "Plan"):
        assert told in page
    assert url_of(ours, "plan_import_confirm", brought.public_id) not in page
    response = client.post(url_of(ours, "plan_import_confirm", brought.public_id), follow=True)
    assert "Rien n’a été ajouté" in text_of(response)
    assert not Action.objects.filter(what="Juste").exists()


def test_more_than_a_hundred_errors_say_how_many_are_left(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    _, page = bring(client, ours, [{"Quoi": "A", "Pour quand": "un jour"}] * 130)
    assert "130 cases à corriger" in page
    assert page.count("n’est pas une date") == 100
    assert "Et 30 autres" in page


def test_ten_thousand_rows_are_one_sentence(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    _, page = bring(client, ours, [{"Quoi": "A"}] * 10_000)
    assert "1 case à corriger" in page
    assert "actions au plus par classeur" in page


def test_what_is_there_already_is_said(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    rows = [{"Quoi": ours.action.what, "Référence": ours.action.public_id}, {"Quoi": ours.action.what}]
    _, page = bring(client, ours, rows)
    assert "Une ligne est déjà dans votre plan : elle reste comme elle est" in page
    assert "Elle serait en double" in page


def test_what_changed_since_the_reading_is_shown_before_anything_enters(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    brought, _ = bring(client, ours, [{"Quoi": "À relire"}])
    PlanImport.objects.filter(pk=brought.pk).update(report={**brought.report, "rows": []})
    page = text_of(client.post(url_of(ours, "plan_import_confirm", brought.public_id), follow=True))
    assert "Quelque chose a changé depuis la lecture" in page
    assert "À relire" in page
    assert not Action.objects.filter(what="À relire").exists()


FILES = {
    "nothing": (None, "Choisissez votre classeur"),
    "empty": (("plan.xlsx", b""), "Ce fichier est vide"),
    "a table of text": (("plan.csv", b"Quoi"), "Classeur Excel (.xlsx)"),
    "macros": (("plan.xlsm", b"PK"), "sans macro"),
    "a lie": (("plan.xlsx", b"Quoi"), "n’est pas un classeur Excel"),
    "a password": (("plan.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600), "mot de passe"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_workbook_is_refused_at_once_and_kept_nowhere(ours, client, name):
    content, words = FILES[name]
    sign_in(client, ours, Role.CONTRIBUTOR)
    before = contents()
    form = {"file": SimpleUploadedFile(*content)} if content else {}
    response = client.post(url_of(ours, "plan_import"), form)
    assert response.status_code == 422
    assert words in text_of(response)
    assert contents() == before


def test_the_model_leaves_marked_and_registered(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    response = client.post(url_of(ours, "plan_import_model"))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames[1:] == ["Exemples", "Valeurs acceptées"]
    marks = [row[0].value for row in book.worksheets[0].iter_rows() if row[0].value]
    assert marks[-1].startswith("# Remis à ")
    assert Download.objects.filter(
        user_id=ours.user(Role.CONTRIBUTOR).pk, number=response["X-Register-Number"]
    ).exists()
    kept = SimpleUploadedFile("plan.xlsx", response.content)
    client.post(url_of(ours, "plan_import"), {"file": kept})
    brought = PlanImport.objects.latest("pk")
    jobs.run(Job.objects.get(kind=PLAN_IMPORT, payload={"plan_import": brought.pk}).pk)
    page = text_of(client.get(url_of(ours, "plan_import_report", brought.public_id)))
    assert "Aucune action sous les titres" in page


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR])
def test_who_does_not_keep_the_plan_brings_nothing(ours, client, role):
    sign_in(client, ours, role)
    before = contents()
    report = ("plan_import_report", ours.plan_import.public_id)
    for name, *args in (("plan_import",), report):
        response = client.get(url_of(ours, name, *args))
        assert response.status_code == 403
        assert "Action apportée" not in text_of(response)
    assert client.post(url_of(ours, "plan_import"), {"file": file_of([{"Quoi": "A"}])}).status_code == 403
    assert client.post(url_of(ours, "plan_import_confirm", ours.plan_import.public_id)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_another_structure_finds_nothing(ours, client, key):
    theirs = World(key)
    sign_in(client, theirs, Role.REFERENT)
    before = contents()
    public_id = ours.plan_import.public_id
    for name, *args in (("plan_import",), ("plan_import_report", public_id)):
        assert client.get(url_of(ours, name, *args)).status_code == 404
    assert client.post(url_of(ours, "plan_import_confirm", public_id)).status_code == 404
    assert client.get(url_of(theirs, "plan_import_report", public_id)).status_code == 404
    assert client.post(url_of(theirs, "plan_import_confirm", public_id)).status_code == 404
    assert contents() == before


def test_a_lapsed_structure_brings_nothing(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    before = contents()
    response = client.get(url_of(lapsed, "plan_import"))
    assert response.status_code == 403
    assert client.post(url_of(lapsed, "plan_import_confirm", lapsed.plan_import.public_id)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_costs_the_same_whatever_it_holds(ours, client, queries, count):
    sign_in(client, ours, Role.CONTRIBUTOR)
    brought, _ = bring(client, ours, [{"Quoi": f"A{rank}", "Critère": "1.1"} for rank in range(count)])
    with queries(max=9):
        client.get(url_of(ours, "plan_import_report", brought.public_id))
