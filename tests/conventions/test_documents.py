"""The two PDF: the text to sign and the signed document, as somebody checks them without the product."""

import hashlib
import io
import json
import shutil
import subprocess

import pikepdf
import pytest
import rfc8785

from caprse.base import clock
from conventions import documents, drawing
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, Party, SealedArtefact, Signature
from conventions.services import finishing, sending, signatories
from conventions.texts import read_template, shipped
from tests import worlds_conventions as do
from tests.harness.ceremony import fresh

GENESIS = "0" * 64
WHY = "La première personne est en arrêt de travail"


def words(content):
    """Text of each page."""
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is missing: apt-get install poppler-utils (macOS: brew install poppler)"
    told = subprocess.run([tool, "-", "-"], input=content, capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def fingerprint(value):
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


@pytest.fixture
def replaced(sent):
    """A first signatory had been named; another one signs."""
    party = sent.parties.get(role="structure")
    fields = {**do.stand_in(party), "email": "seconde.personne@example.org", "address_basis": "spoken"}
    signatories.name_signatory(party=party, by=None, why=WHY, **fields)
    return sent


@pytest.fixture
def complete(replaced, run_queue):
    for signatory in do.signatories_of(replaced):
        do.sign_as(signatory)
    run_queue()
    return fresh(replaced)


@pytest.fixture
def final(complete):
    with pikepdf.open(io.BytesIO(do.pdf_of(complete, DocumentKind.FINAL))) as opened:
        yield opened


def attached(pdf, name):
    return pdf.attachments[name].get_file().read_bytes()


def test_both_are_tagged_titled_and_in_french(complete):
    for kind in DocumentKind:
        with pikepdf.open(io.BytesIO(do.pdf_of(complete, kind))) as pdf:
            assert bool(pdf.Root.MarkInfo.Marked) is True
            assert str(pdf.Root.Lang) == "fr"
            assert "/StructTreeRoot" in pdf.Root
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"] == "Convention d’engagements réciproques"


def test_the_signed_document_begins_with_the_very_text_that_was_signed(complete):
    original, final = words(do.pdf_of(complete, DocumentKind.ORIGINAL)), words(do.pdf_of(complete, DocumentKind.FINAL))
    assert len(final) > len(original)
    for before, after in zip(original, final, strict=False):
        body = before.rsplit("Convention n°", 1)[0]
        assert body.strip()
        assert after.startswith(body)


def test_it_carries_the_text_that_was_signed_byte_for_byte(complete, final):
    original = FrozenDocument.objects.get(convention=complete, kind=DocumentKind.ORIGINAL)
    assert attached(final, "convention-originale.pdf") == bytes(original.pdf)
    assert hashlib.sha256(attached(final, "convention-originale.pdf")).hexdigest() == original.pdf_sha256


def test_its_chain_and_evidence_are_checked_from_the_file_alone(final):
    proofs = json.loads(attached(final, "dossier-de-preuve.json"))
    text = hashlib.sha256(attached(final, "convention-originale.pdf")).hexdigest()
    previous = GENESIS
    for rank, entry in enumerate(proofs["chain"], start=1):
        fields = {name: entry[name] for name in ("seq", "at", "kind", "actor", "data", "previous")}
        assert (entry["seq"], entry["previous"]) == (rank, previous)
        assert fingerprint({"convention": proofs["convention"], **fields}) == entry["digest"]
        previous = entry["digest"]
    assert previous == proofs["chain_head"]
    chained = {entry["data"].get("evidence_sha256") for entry in proofs["chain"] if entry["kind"] == "signed"}
    assert len(proofs["signatures"]) == len(chained) == 2
    for signature in proofs["signatures"]:
        assert fingerprint(signature["evidence"]) == signature["sha256"]
        assert signature["sha256"] in chained
        assert signature["evidence"]["pdf_sha256"] == text == proofs["original"]["pdf_sha256"]
        consent = hashlib.sha256(signature["consent"].encode()).hexdigest()
        assert signature["evidence"]["consent_sha256"] == consent


def test_a_receipt_is_found_again_in_the_file(final, complete, mailoutbox):
    proofs = json.loads(attached(final, "dossier-de-preuve.json"))
    digests = {entry["digest"] for entry in proofs["chain"] if entry["kind"] == "signed"}
    receipts = [mail for mail in mailoutbox if "vous avez signé" in mail.subject]
    assert len(receipts) == 2
    for receipt in receipts:
        assert sum(digest in receipt.body for digest in digests) == 1


def test_no_address_in_full_and_no_machine_anywhere_in_it(complete, final):
    page = "\n".join(words(do.pdf_of(complete, DocumentKind.FINAL)))
    everything = page + attached(final, "dossier-de-preuve.json").decode()
    for signatory in do.signatories_of(complete):
        assert signatory.full_name in page
        assert signatory.email not in everything
    for secret in (do.HERE.ip, do.HERE.agent, "seconde.personne@", "signataire-"):
        assert secret not in everything
    assert "s…e@example.org" in page
    assert WHY not in everything  # between a party and who prepares; others learn that somebody was replaced


def test_it_says_who_signed_with_what_power_and_what_was_replaced(complete):
    page = " ".join("\n".join(words(do.pdf_of(complete, DocumentKind.FINAL))).split())
    for signature in Signature.objects.filter(party__convention=complete):
        assert signature.name in page
        assert signature.evidence_sha256 in page.replace(" ", "")
    assert do.POWER in page
    assert "mardi 4 novembre 2025, 10 h" in page
    assert "une première désignation a été remplacée" in page
    assert "(vérifiée de vive voix avec la personne)" in page


def test_the_same_text_gives_the_same_bytes(complete, draw_anew):
    artefact = SealedArtefact.objects.get(convention=complete, kind=DocumentKind.ORIGINAL)
    draw_anew()
    again = sending.drawn_original(complete)
    assert documents.sha256(again.pdf) == artefact.built_sha256
    assert again.pages == artefact.pages


def test_making_it_again_changes_nothing(complete, draw_anew):
    before = do.pdf_of(complete, DocumentKind.FINAL)
    draw_anew()
    finishing.make_final(convention=complete)
    assert do.pdf_of(complete, DocumentKind.FINAL) == before


def test_many_long_names_and_odd_letters_keep_to_the_page():
    parties = [
        Party(role="structure", name=f"Association {'très ' * 12}longue no {rank} Łódź – filière « d’insertion »")
        for rank in range(60)
    ]
    template = read_template(shipped("convention-engagements"))
    variables = {v.key: "2026-01-13" if v.kind == "date" else "15" for v in template.variables}
    html = documents.original_html(
        template=template, variables=variables, reference="2025-099", version_number=1, parties=parties
    )
    pdf, pages = drawing.document_pdf(html=html, title=template.title, reference="2025-099", made_at=clock.now())
    assert pages == len(words(pdf))
    assert pages < 20
    assert " ".join(words(pdf)).count("longue no") == 60
