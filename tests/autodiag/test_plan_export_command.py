"""The command that writes a plan: marked, registered, and what it refuses."""

import io
import subprocess

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from autodiag.plans import PlanFormat
from caprse.base.models import Download, StoredFile
from tests.action_in_full import action_in_full
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def full(ours):
    return action_in_full(ours)


def rows_of(content):
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    titles, *rows = page.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def words(content):
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(told.stdout.decode().replace("\xa0", " ").split())


def command(*arguments):
    out = io.StringIO()
    call_command("export_plan", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("form", PlanFormat.values)
def test_the_command_writes_a_marked_file_and_registers_it(ours, full, tmp_path, form):
    place = tmp_path / f"plan.{form}"
    said = command(ours.participation.public_id, "-o", place)
    line = Download.objects.latest("pk")
    assert line.number in said
    told = place.read_bytes() if form == "ics" else (words if form == "pdf" else rows_of)(place.read_bytes())
    text = told.replace(b"\r\n ", b"").decode() if form == "ics" else str(told)
    assert line.number in text
    assert "Ouvrir un groupe d’achats" in text


@pytest.mark.parametrize(("edition", "shown"), [("interne", True), ("diffusion", False)])
def test_the_command_writes_either_edition(ours, full, tmp_path, edition, shown):
    place = tmp_path / "plan.pdf"
    said = command(ours.participation.public_id, "-o", place, "--edition", edition)
    told = words(place.read_bytes())
    assert ("à diffuser" in said, "Ouvrir un groupe d’achats" in told) == (not shown, True)
    assert ("Le fournisseur ne répond pas" in told, "ne pas diffuser" in told) == (shown, shown)


def test_a_chapter_names_its_plan_too(ours, full, tmp_path):
    command(ours.submitted.public_id, "-o", tmp_path / "plan.xlsx")
    assert "Ouvrir un groupe d’achats" in str(rows_of((tmp_path / "plan.xlsx").read_bytes()))


@pytest.mark.parametrize(
    ("name", "why"),
    [("plan.docx", "finit par .xlsx, .pdf, .ics"), ("plan", "finit par"), ("non/plan.pdf", "ne peut pas")],
)
def test_the_command_says_what_is_wrong_and_leaves_nothing(ours, tmp_path, name, why):
    before = (StoredFile.objects.count(), Download.objects.count())
    with pytest.raises(CommandError, match=why):
        command(ours.participation.public_id, "-o", tmp_path / name)
    assert (StoredFile.objects.count(), Download.objects.count()) == before
    assert not list(tmp_path.iterdir())


def test_the_command_writes_no_empty_diary(ours, tmp_path):
    with pytest.raises(CommandError, match="Aucune action à venir"):
        command(ours.participation.public_id, "-o", tmp_path / "plan.ics")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("public_id", ["zzzzzzzzzzzz", "1\x00", "9" * 400, "-"])
def test_the_command_does_not_know_every_plan(db, tmp_path, public_id):
    with pytest.raises(CommandError, match="Aucun autodiagnostic ni parcours"):
        command(public_id, "-o", tmp_path / "plan.pdf")
