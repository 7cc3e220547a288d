"""The one door through which files leave: rights, mark, register, journal."""

import subprocess
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from caprse.base import files
from caprse.base.models import AuditEvent, Download, Job, StoredFile
from cohorts.enums import Role
from tests.document_text import pdf_words
from tests.worlds import PRIVATE, World


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(stored, region="ici"):
    return reverse("download", kwargs={"region": region, "public_id": stored.public_id})


def ask_for_pdf(client, world, role, run_queue):
    """What a person does: ask, wait, download. Returns the answer."""
    client.force_login(world.user(role))
    job_page = client.post(world.submitted.url("synthesis_pdf"))
    waiting = client.get(job_page.url).content.decode()
    assert "se prépare" in waiting
    run_queue()
    assert "Télécharger" in client.get(job_page.url).content.decode()
    job = Job.objects.get(public_id=job_page.url.split("/")[2])
    return client.post(url_of(job.result))


def text_of(content, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def test_synthesis_leaves_marked_registered_and_journalled(ours, client, run_queue, tmp_path):
    response = ask_for_pdf(client, ours, Role.REFERENT, run_queue)
    line = Download.objects.get()
    assert (line.number, line.acting_for) == ("2025-000001", "Notre structure")
    assert response["X-Register-Number"] == line.number
    event = AuditEvent.objects.get(verb="file.downloaded")
    assert (event.actor_id, event.target_id) == (ours.user(Role.REFERENT).pk, line.pk)
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"
        pages = len(pdf.pages)
    text = text_of(response.content, tmp_path)
    for mark in (line.person, "Notre structure", line.number, "4 novembre 2025"):
        assert text.count(mark) >= pages
    assert "Mention ESSAI" in text
    assert "Association loi 1901" in text, "the mentions of the structure are on it"
    assert "Logo" in pdf_words(response.content), "its logo is on it, told to those who do not see"
    assert PRIVATE not in text


def test_facilitator_receives_the_same_in_the_name_of_the_region(ours, client, run_queue, tmp_path):
    response = ask_for_pdf(client, ours, Role.FACILITATOR, run_queue)
    assert Download.objects.get().acting_for == "Délégation Région d’ici"
    assert "Commentaire partagé" in text_of(response.content, tmp_path)


def test_numbers_follow_each_other(ours, client):
    client.force_login(ours.user(Role.REFERENT))
    for _ in range(3):
        client.post(url_of(ours.document))
    numbers = list(Download.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == ["2025-000001", "2025-000002", "2025-000003"]


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR])
def test_a_document_is_for_who_asked_for_it(ours, client, role):
    client.force_login(ours.user(role))
    assert client.post(url_of(ours.document)).status_code == 404
    assert not Download.objects.exists()


def test_lapsed_structure_receives_nothing_and_is_told_why(client, db):
    lapsed = World("lapsed")
    client.force_login(lapsed.user(Role.REFERENT))
    response = client.post(url_of(lapsed.document))
    assert response.status_code == 403
    assert "adhésion" in response.content.decode()
    assert not Download.objects.exists()


def test_a_file_that_cannot_be_marked_does_not_leave(ours, client):
    stored = files.store(
        b"%PDF-1.7 broken",
        name="casse.pdf",
        media_type="application/pdf",
        created_by_id=ours.user(Role.REFERENT).pk,
        region_id=ours.participation.region_id,
        participation_id=ours.participation.pk,
    )
    client.force_login(ours.user(Role.REFERENT))
    page = client.post(url_of(stored), follow=True).content.decode()
    assert "role=" in page
    assert not Download.objects.exists()
    assert StoredFile.objects.filter(pk=stored.pk).exists()


def test_work_that_failed_says_so(ours, client, run_queue):
    client.force_login(ours.user(Role.REFERENT))
    job_page = client.post(ours.submitted.url("synthesis_pdf"))
    ours.user(Role.REFERENT).memberships.update(until="2025-11-03")
    run_queue()
    job = Job.objects.get(public_id=job_page.url.split("/")[2])
    assert (job.state, job.result) == ("failed", None)
    assert "plus ouvert" in client.get(job_page.url).content.decode()
