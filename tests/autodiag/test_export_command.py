"""`manage.py export_autodiag`: either edition, in any format, marked and registered like a download."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from caprse.base import pdf
from caprse.base.models import Download, StoredFile
from cohorts.enums import Role
from tests.document_text import words_of
from tests.worlds import World

MEMBERS = "réservé aux adhérents COORACE, ne pas diffuser"


@pytest.fixture
def ours(db):
    return World("ours")


def export(public_id, output, edition="interne", *more):
    out = StringIO()
    call_command("export_autodiag", public_id, "--edition", edition, "-o", str(output), *more, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("ending", ["pdf", "docx", "pptx", "xlsx"])
@pytest.mark.parametrize("edition", ["interne", "diffusion"])
def test_a_chapter_in_every_format(ours, tmp_path, ending, edition):
    output = tmp_path / f"Chapitre été.{ending}"
    told = export(ours.submitted.public_id, output, edition)
    line = Download.objects.latest("pk")
    assert line.number in told
    assert (line.user_id, line.person, line.acting_for) == (None, "l’exploitation du site", "Notre structure")
    words = words_of(output.read_bytes(), ending)
    assert line.number in words
    assert "Titre du chapitre 1" in words
    if edition == "interne":
        assert MEMBERS in words
        assert "Critère 1.1" in words
    else:
        assert "ne pas diffuser" not in words
        assert "l’exploitation du site" not in words
        assert "édité le" in words
        assert "Critère 1.1" not in words


def test_a_whole_path_holds_every_chapter_begun(ours, tmp_path):
    output = tmp_path / "parcours.xlsx"
    export(ours.participation.public_id, output, "interne")
    words = words_of(output.read_bytes(), "xlsx")
    assert "Critère 1.1" in words
    assert "Critère 2.1" in words
    stored = StoredFile.objects.latest("pk")
    assert (stored.created_by_id, stored.publishable) == (None, False)
    assert stored.participation_id == ours.participation.pk


def test_the_plan_may_be_left_out(ours, tmp_path):
    told = []
    for more in ([], ["--sans-plan"]):
        export(ours.submitted.public_id, tmp_path / "a.docx", "interne", *more)
        told.append(words_of((tmp_path / "a.docx").read_bytes(), "docx"))
    assert "Action gardée" in told[0]
    assert "Action gardée" not in told[1]


def test_a_file_that_was_there_is_replaced_and_it_is_said(ours, tmp_path):
    output = tmp_path / "a.PDF"
    assert "remplacé" not in export(ours.submitted.public_id, output)
    assert "remplacé" in export(ours.submitted.public_id, output)
    assert output.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("wanted", "name", "said"),
    [
        ("inconnu", "a.pdf", "Aucun autodiagnostic ni parcours n’a l’identifiant « inconnu »."),
        ("1\x00" + "9" * 30, "a.pdf", "Aucun autodiagnostic ni parcours"),
        (None, "a.odt", "le nom du fichier finit par .pdf, .docx, .pptx, .xlsx"),
        (None, "sans-fin", "le nom du fichier finit par"),
        (None, "absent/a.pdf", "ne peut pas être écrit"),
        (None, "dossier.pdf", "ne peut pas être écrit"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(ours, tmp_path, wanted, name, said):
    (tmp_path / "dossier.pdf").mkdir()
    before = (Download.objects.count(), StoredFile.objects.count())
    with pytest.raises(CommandError, match=said.replace(".", r"\.").replace("(", r"\(")):
        export(wanted or ours.submitted.public_id, tmp_path / name)
    assert (Download.objects.count(), StoredFile.objects.count()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.pdf"]


def test_a_path_without_a_chapter_says_so(ours, tmp_path):
    path = ours.organisation.participations.exclude(pk=ours.participation.pk).get()
    with pytest.raises(CommandError, match="aucun chapitre commencé"):
        export(path.public_id, tmp_path / "a.pdf")


def test_a_machine_without_pango_leaves_no_file(ours, tmp_path, monkeypatch):
    def unavailable(html, **more):
        raise pdf.PdfUnavailable("PDF indisponibles : la bibliothèque Pango manque.")

    monkeypatch.setattr(pdf, "render_pdf", unavailable)
    with pytest.raises(CommandError, match="Pango"):
        export(ours.submitted.public_id, tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", [None, b"Une version d\xe9j\xe0 l\xe0"])
@pytest.mark.parametrize("broken", [RuntimeError("imprévu"), KeyboardInterrupt(), OSError("disque plein")])
def test_whatever_goes_wrong_no_empty_file_is_left_and_the_one_that_was_there_stays(
    ours, tmp_path, monkeypatch, broken, there
):
    def breaks(html, **more):
        raise broken

    output = tmp_path / "a.pdf"
    if there:
        output.write_bytes(there)
    before = (Download.objects.count(), StoredFile.objects.count())
    monkeypatch.setattr(pdf, "render_pdf", breaks)
    with pytest.raises(CommandError if isinstance(broken, OSError) else type(broken)):
        export(ours.submitted.public_id, output)
    assert (output.read_bytes() if output.exists() else None) == there
    assert (Download.objects.count(), StoredFile.objects.count()) == before


def test_people_of_the_structure_only_find_their_own_documents(ours, tmp_path):
    export(ours.submitted.public_id, tmp_path / "a.xlsx")
    made = StoredFile.objects.latest("pk")
    assert made not in StoredFile.objects.visible_to(ours.actor(Role.REFERENT))
