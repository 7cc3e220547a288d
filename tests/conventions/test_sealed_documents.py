"""The two sealed PDF: for archives, for screen readers, for whoever checks them; eighteen parties, sixty, long names."""

import io
import re
import shutil
import subprocess

import pikepdf
import pytest

from caprse.base import archive, clock
from caprse.base.sealing import checks, keys
from conventions import documents, drawing
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, Party, SealedArtefact, Signatory, Signature, TrailStamp
from conventions.services import dossier, finishing, stamping
from conventions.texts import read_template
from conventions.verifying.pages import same
from tests import worlds_conventions as do
from tests.convention_of_many import LONG, signed_by_all
from tests.conventions.test_documents import words
from tests.document_pictures import ugly_pages
from tests.harness.ceremony import fresh

BUDGET = 250_000


@pytest.fixture
def complete(signed):
    return signed


@pytest.fixture
def pdfs(complete):
    rows = FrozenDocument.objects.filter(convention=complete)
    return {row.kind: bytes(row.pdf) for row in rows}


def test_both_are_for_archives_and_for_screen_readers(pdfs):
    assert {kind: archive.problems(pdf) for kind, pdf in pdfs.items()} == {"original": [], "final": []}


def test_both_hold_one_seal_read_from_the_public_root_alone(pdfs, complete):
    for kind, pdf in pdfs.items():
        artefact = SealedArtefact.objects.get(convention=complete, kind=kind)
        assert checks.holds(pdf, roots=keys.roots(), fingerprints={artefact.certificate_sha256})
        assert (artefact.level, artefact.is_test) == ("PAdES B-LTA", True)


def test_every_signature_names_the_sealed_original(pdfs, complete):
    sealed = documents.sha256(pdfs[DocumentKind.ORIGINAL])
    signatures = list(Signature.objects.filter(party__convention=complete))
    assert {one.document_sha256 for one in signatures} == {sealed}
    assert {one.evidence["pdf_sha256"] for one in signatures} == {sealed}


def test_the_pages_of_the_text_are_drawn_as_they_were_signed(pdfs):
    assert same(pdfs["original"], pdfs["final"])
    shown, final = words(pdfs["original"]), words(pdfs["final"])
    assert final[: len(shown)] == shown
    assert f"Page 1 / {len(shown)}" in final[0]
    assert "Signatures et preuves, page 1" in final[len(shown)]


def test_a_word_that_changed_or_a_page_that_is_gone_is_seen(pdfs, complete):
    original = FrozenDocument.objects.get(convention=complete, kind=DocumentKind.ORIGINAL)
    last_word = original.html.rindex("convention")
    changed = f"{original.html[:last_word]}contraintes{original.html[last_word + len('convention') :]}"
    other, pages = drawing.document_pdf(
        html=changed,
        title=read_template(complete.version.content).title,
        made_at=complete.created_at,
        **drawing.marks(complete),
    )
    assert pages == original.pages
    assert not same(pdfs["original"], other)
    assert not same(pdfs["final"], pdfs["original"])


def test_what_the_final_one_carries_is_described_sorted_and_dated(pdfs):
    with pikepdf.open(io.BytesIO(pdfs["final"])) as pdf:
        assert list(pdf.attachments) == [drawing.ORIGINAL_FILE, drawing.EVIDENCE_FILE]
        kinds = {str(one.UF): str(one.AFRelationship) for one in pdf.Root.AF}
        assert kinds == {drawing.ORIGINAL_FILE: "/Source", drawing.EVIDENCE_FILE: "/Data"}
        for one in pdf.Root.AF:
            assert str(one.EF.F.Params.ModDate) == "D:20251104090000Z"
            assert str(one.Desc)


def test_a_seal_of_test_is_said_on_every_page(pdfs):
    for pdf in pdfs.values():
        assert all("Cachet de test, sans valeur" in page for page in words(pdf))


def test_qpdf_finds_nothing_wrong(pdfs):
    for pdf in pdfs.values():
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert opened.check_pdf_syntax() == []


def test_pdfsig_agrees(pdfs, tmp_path):
    tool = shutil.which("pdfsig")
    if tool is None:
        pytest.skip("no poppler-utils here: this is a second opinion")
    for kind, pdf in pdfs.items():
        (tmp_path / kind).write_bytes(pdf)
        told = subprocess.run([tool, "-nocert", tmp_path / kind], capture_output=True, text=True).stdout
        assert "Signature is Valid" in told
        assert re.search(r"Signature #1.*ETSI.CAdES.detached", told, re.S)


def test_it_tells_how_to_verify_who_sealed_and_what_the_law_says(pdfs, complete):
    told = " ".join("\n".join(words(pdfs["final"])).split())
    for said in (
        dossier.verification_url(complete).rpartition("//")[2],
        "PAdES B-LTA",
        "TEST cachet de la plateforme",
        "Certificat de test",
        "cinq ans",
        "articles 35 et 36",
        "n’est la signature de personne",
        documents.sha256(pdfs["original"]),
        "UTC",
    ):
        assert said in told, said
    with pikepdf.open(io.BytesIO(pdfs["final"])) as pdf:
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert [str(one.Alt) for one in figures] == [f"Code à scanner : {dossier.verification_url(complete)}"]


def test_eighteen_parties_fit_in_the_budget(db, draw_anew):
    convention = signed_by_all(18)
    with clock.stopped(convention.completed_at):
        assert stamping.stamp_all(stamping.signatures_waiting(convention)) == 18
        finishing.make_final(convention=convention)
    final = FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL)
    assert len(final.pdf) <= BUDGET
    assert ugly_pages(bytes(final.pdf)) == {}
    assert len(TrailStamp.objects.filter(entry__convention=convention)) == 18
    told = " ".join("\n".join(words(bytes(final.pdf))).split())
    assert "horodatage tardif" not in told
    for rank in range(1, 16):
        assert f"no {rank:02d}" in told


def test_sixty_parties_take_pages_each_with_its_heads_of_columns(complete):
    material = dossier.material_of(complete)
    mine = material.signatures[0]
    many = [
        Signature(
            party=Party(role="structure", name=f"{LONG} no {rank:02d}"),
            signatory=Signatory(email="s@example.org"),
            name="Prénom Nom-Composé-de-Famille",
            quality="Présidente du conseil d’administration",
            power="Délibération du conseil d’administration du 3 février 2025",
            signed_at=mine.signed_at,
            evidence={**mine.evidence},
            evidence_sha256=f"{rank:064d}",
            consent=mine.consent,
        )
        for rank in range(60)
    ]
    closing = dossier.closing_html(dossier.Material(**{**vars(material), "signatures": many}))
    pdf, pages = drawing.closed_pdf(
        bytes(material.artefact.built),
        html=closing,
        title="Convention",
        made_at=complete.created_at,
        **drawing.marks(complete),
    )
    assert archive.problems(pdf) == []
    of_table = [page for page in words(pdf) if "Versé le" in page or "2025-11-04 09:00:00 UTC" in page]
    assert len(of_table) >= 5
    assert all("Pouvoir de signer" in page for page in of_table)
    told = " ".join(" ".join(of_table).split())
    assert all(told.count(f"no {rank:02d}") >= 1 for rank in range(60))
    assert ugly_pages(pdf) == {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        sides = {tuple(float(side) for side in page.MediaBox) for page in opened.pages}
        assert len(sides) == 1
        assert len(opened.pages) == pages


def test_a_signatory_replaced_and_a_late_timestamp_are_said(sent, run_queue, clock_at):
    for signatory in do.signatories_of(sent):
        do.sign_as(signatory)
    clock_at(clock.now() + 2 * dossier.LATE)
    run_queue()
    final = FrozenDocument.objects.get(convention=fresh(sent), kind=DocumentKind.FINAL)
    assert "horodatage tardif" in " ".join("\n".join(words(bytes(final.pdf))).split())
