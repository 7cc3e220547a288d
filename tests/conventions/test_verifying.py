"""A signed document judged on its bytes: whole, it is recognised; changed in any way, it is not, and it is said why."""

import base64
import io
import json
import random

import pikepdf
import pytest
import rfc8785
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from caprse.base import passkeys
from caprse.base.pdf import render_pdf
from caprse.base.sealing import stamps
from conventions import drawing
from conventions.verifying import Verdict, artefact, trial, verify
from tests.base.test_passkeys import ORIGIN, typed
from tests.conventions.sealed_files import PAGE, TEXT, Workshop, linked, proofs_of, sha256

ALTERED, INCOMPLETE, FOREIGN = Verdict.ALTERED, Verdict.INCOMPLETE, Verdict.FOREIGN
UNSEALED, UNREADABLE = Verdict.UNSEALED, Verdict.UNREADABLE


@pytest.fixture(scope="module")
def workshop():
    return Workshop()


@pytest.fixture(scope="module")
def final(workshop):
    return workshop.final()


@pytest.fixture(scope="module")
def seen(workshop):
    """`seen(content)`: what the verifier answers, told to trust this workshop."""
    return lambda content, **other: verify(content, **{**workshop.expected, **other})


def failed(told):
    """The code of the check that does not hold."""
    return [one.code for one in told.findings if not one.holds]


# --- Whole ------------------------------------------------------------------------------------------------------


def test_a_sealed_complete_document_is_recognised(final, seen):
    told = seen(final)
    assert (told.verdict, told.holds, failed(told)) == (Verdict.SEALED, True, [])
    assert (told.reference, told.convention, told.level) == ("2025-01", "abcdefghijkm", "PAdES B-LTA")
    assert (told.parties, told.signatures, told.events) == ({"region": 1, "structure": 1}, 2, 5)
    assert told.sha256 == sha256(final)


def test_it_is_recognised_from_the_root_alone_and_said_to_be_a_test(final, seen):
    told = seen(final, fingerprints=None)
    assert told.holds
    assert told.is_test


def test_a_process_apart_says_the_same(final, workshop, seen):
    assert trial.examine(final, **workshop.expected) == seen(final)
    assert trial.examine(final, roots=workshop.key.roots).holds


def test_who_verifies_and_who_makes_name_the_same_files():
    assert (artefact.ORIGINAL_FILE, artefact.EVIDENCE_FILE) == (drawing.ORIGINAL_FILE, drawing.EVIDENCE_FILE)


def test_nobody_is_named_in_what_is_answered(seen, workshop):
    def named(proofs):
        proofs["signatures"][0]["evidence"]["name"] = "Camille Secret"

    told = seen(workshop.final(named))
    assert "Secret" not in json.dumps(told.as_data(), ensure_ascii=False)


# --- Changed ----------------------------------------------------------------------------------------------------


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def gap_of(content, rank):
    """Where the seal of this rank is written: (first digit, after the last)."""
    mark = PdfFileReader(io.BytesIO(content), strict=True).embedded_signatures[rank]
    places = [int(place) for place in mark.byte_range]
    return places[1] + 1, places[2] - 1


def digit(content, place):
    other = b"2" if content[place : place + 1] != b"2" else b"3"
    return content[:place] + other + content[place + 1 :]


def saved_again(content):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out)
    return out.getvalue()


def added_to(content, change):
    """An incremental update: what was there stays, byte for byte."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def annotated(writer):
    box = ArrayObject([NumberObject(place) for place in (10, 10, 60, 60)])
    note = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/Text"), "/Rect": box}
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    writer.register_annotation(page, writer.add_object(DictionaryObject({pdf_name(k): v for k, v in note.items()})))


def blanked(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"q Q"))
    writer.update_container(page)


def ends(content):
    places, start = [], 0
    while (found := content.find(b"%%EOF", start)) >= 0:
        places.append(found + 5)
        start = found + 1
    return places


def locked(content):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def page_stream(content):
    return content.index(b"stream\n") + 30


CHANGES = {
    "one bit of a page": (lambda c: flipped(c, page_stream(c)), ALTERED),
    "one bit of the header": (lambda c: flipped(c, 7), ALTERED),
    "one letter of the reason": (lambda c: flipped(c, c.index(b"/Reason") + 9), ALTERED),
    "a note added": (lambda c: added_to(c, annotated), ALTERED),
    "a page blanked": (lambda c: added_to(c, blanked), ALTERED),
    "one digit inside the seal": (lambda c: digit(c, gap_of(c, 0)[0] + 400), ALTERED),
    "one digit inside the timestamp": (lambda c: digit(c, gap_of(c, -1)[0] + 900), ALTERED),
    "the zeros after the seal": (lambda c: digit(c, gap_of(c, 0)[1] - 10), ALTERED),
    "the zeros after the timestamp": (lambda c: digit(c, gap_of(c, -1)[1] - 10), ALTERED),
    "bytes after the end": (lambda c: c + b"\n% de plus\n", ALTERED),
    "a line feed after the end": (lambda c: c + b"\n\n", ALTERED),
    "saved again": (saved_again, UNSEALED),
    "cut back to the seal": (lambda c: c[: ends(c)[-2]] + b"\n", ALTERED),
    "cut back before the seal": (lambda c: c[: ends(c)[0]] + b"\n", UNSEALED),
    "truncated": (lambda c: c[: len(c) // 3], UNREADABLE),
    "truncated after its seal": (lambda c: c[:-100], ALTERED),
    "protected by a password": (locked, UNREADABLE),
    "not a pdf": (lambda c: b"Bonjour", UNREADABLE),
    "a pdf after something else": (lambda c: b"MZ" + c, UNREADABLE),
    "empty": (lambda c: b"", UNREADABLE),
}


@pytest.mark.parametrize(("change", "verdict"), CHANGES.values(), ids=CHANGES)
def test_a_changed_file_is_not_recognised(final, seen, change, verdict):
    changed = change(final)
    assert changed != final
    for told in (seen(changed), seen(changed, fingerprints=None)):
        assert not told.holds
        assert told.reason.endswith(".")
        # A file cut or saved again may be told one way or the other; it is never said to be whole.
        assert told.verdict in ({verdict, ALTERED, UNREADABLE} if verdict != UNREADABLE else {UNREADABLE})


def test_one_bit_anywhere_is_enough(final, seen):
    """Forty places drawn at random, the same each time; half of them inside what holds the seals."""
    drawn = random.Random(7)
    inside = [place for rank in (0, -1) for place in (drawn.randrange(*gap_of(final, rank)) for _ in range(10))]
    anywhere = [drawn.randrange(len(final)) for _ in range(20)]
    assert [place for place in inside + anywhere if seen(flipped(final, place), fingerprints=None).holds] == []


def test_the_words_of_a_verdict(final, seen, workshop):
    assert "ajouté" in seen(final + b"x").reason
    assert "mot de passe" in seen(locked(final)).reason
    assert "autorité" in seen(final, roots=Workshop().key.roots, fingerprints=None).reason
    assert "cachet" in seen(render_pdf(PAGE.format(TEXT), base_css=None)).reason


def test_another_root_knows_nothing_of_it(final):
    told = verify(final, roots=Workshop().key.roots)
    assert told.verdict == FOREIGN
    told = verify(final, roots=())
    assert not told.holds


def test_the_seal_of_somebody_else_under_the_same_authority_is_foreign(final, seen):
    told = seen(final, fingerprints={"0" * 64})
    assert (told.verdict, failed(told)) == (FOREIGN, ["our_seal"])
    assert seen(final, fingerprints=set()).verdict == FOREIGN


def test_a_file_without_seal(workshop, seen):
    original = workshop.original()
    told = seen(workshop.built(original, proofs_of(original)))
    assert (told.verdict, failed(told)) == (UNSEALED, ["one_seal"])


def test_two_seals_are_not_the_expected_one(workshop, seen):
    content = render_pdf(PAGE.format(TEXT), base_css=None)
    for name in ("Un", "Deux"):
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        PdfSigner(PdfSignatureMetadata(field_name=name), signer=workshop.key.signer).sign_pdf(writer, output=out)
        content = out.getvalue()
    told = seen(content)
    assert (told.verdict, failed(told)) == (ALTERED, ["one_seal"])


# --- Sealed, yet not the signed document ------------------------------------------------------------------------


def test_the_text_to_sign_is_not_the_signed_document(workshop, seen):
    told = seen(workshop.original())
    assert (told.verdict, failed(told)) == (INCOMPLETE, ["attachments"])


def relinked(proofs, keep):
    """The chain made again with these links alone, as somebody holding the key could."""
    events = [(link["kind"], link["data"]) for link in proofs["chain"] if keep(link)]
    proofs["chain"] = linked(proofs["convention"], events)
    proofs["chain_head"] = proofs["chain"][-1]["digest"]


def reproved(proofs, change):
    """The first proof changed, its fingerprint and the chain made again."""
    first = proofs["signatures"][0]
    before = first["sha256"]
    change(first["evidence"])
    first["sha256"] = sha256(rfc8785.dumps(first["evidence"]))
    for link in proofs["chain"]:
        if link["data"].get("evidence_sha256") == before:
            link["data"]["evidence_sha256"] = first["sha256"]
    relinked(proofs, lambda link: True)


PROOFS = {
    "a link changed": (lambda p: p["chain"][1].update(at="2026-01-01T00:00:00.000000Z"), "chain", ALTERED),
    "a link taken out": (lambda p: p["chain"].pop(1), "chain", ALTERED),
    "the last link taken out": (lambda p: p["chain"].pop(), "chain", ALTERED),
    "the head of another chain": (lambda p: p.update(chain_head="0" * 64), "chain", ALTERED),
    "no chain": (lambda p: p.update(chain=[]), "chain", ALTERED),
    "never completed": (lambda p: relinked(p, lambda link: link["kind"] != "completed"), "complete", INCOMPLETE),
    "a party has not signed": (
        lambda p: relinked(p, lambda link: link["data"].get("party") != "b"),
        "complete",
        INCOMPLETE,
    ),
    "frozen as another text": (lambda p: p["original"].update(pdf_sha256="0" * 64), "original", ALTERED),
    "a proof changed": (lambda p: p["signatures"][0]["evidence"].update(role="partner"), "signatures", ALTERED),
    "a proof of another text": (
        lambda p: reproved(p, lambda proof: proof.update(pdf_sha256="0" * 64)),
        "signatures",
        ALTERED,
    ),
    "a consent changed": (lambda p: p["signatures"][0].update(consent="Autre"), "signatures", ALTERED),
    "a timestamp that is none": (
        lambda p: p.update(stamps=[{"seq": 1, "token": "AAAA"}]),
        "stamps",
        ALTERED,
    ),
    "no reference": (lambda p: p.pop("reference"), "evidence", INCOMPLETE),
    "a list in place of an object": (lambda p: p.update(signatures=7), "evidence", INCOMPLETE),
}


@pytest.mark.parametrize(("change", "code", "verdict"), PROOFS.values(), ids=PROOFS)
def test_proofs_that_do_not_hold_together(workshop, seen, change, code, verdict):
    """Sealed by the right key all the same: the verifier trusts no one, the maker included."""
    told = seen(workshop.final(change))
    assert (told.verdict, failed(told)) == (verdict, [code])


def keyed(change=lambda one: None, signs=None):
    """The first signature bears what the person's own key signed: this text and these terms, or `signs`."""

    def alter(proofs):
        first = proofs["signatures"][0]
        mine = passkeys.challenge_of(first["evidence"]["pdf_sha256"], first["evidence"]["consent_sha256"])
        challenge = signs or mine
        first["passkey"] = passkeys.accept(typed(challenge=challenge), challenge=challenge, origin=ORIGIN)
        reproved(proofs, lambda proof: proof.update(passkey_sha256=sha256(rfc8785.dumps(first["passkey"]))))
        change(first)

    return alter


def test_what_a_person_s_own_key_signed_is_checked_again(workshop, seen):
    assert seen(workshop.final(keyed())).holds
    wrong = (
        keyed(lambda one: one.pop("passkey")),
        keyed(lambda one: one["passkey"].update(signature=one["passkey"]["client_data"])),
        keyed(signs=b"another text".ljust(32)),
        lambda proofs: proofs["signatures"][0].update(passkey={"version": 1}),
    )
    for change in wrong:
        told = seen(workshop.final(change))
        assert (told.verdict, failed(told)) == (ALTERED, ["signatures"])


def test_a_party_that_left_is_not_awaited(workshop, seen):
    def left(proofs):
        proofs["chain"].insert(2, {"kind": "party_left", "data": {"party": "b"}})
        proofs["signatures"].pop()
        relinked(proofs, lambda link: link["data"].get("party") != "b" or link["kind"] == "party_left")

    assert seen(workshop.final(left)).holds


def test_timestamps_of_the_links_are_checked(workshop, seen):
    def stamped(of):
        def change(proofs):
            token = stamps.stamp(bytes.fromhex(of(proofs)), workshop.key.authorities, workshop.key.roots).token
            proofs["stamps"] = [{"seq": 1, "token": base64.b64encode(token).decode()}]

        return change

    assert seen(workshop.final(stamped(lambda proofs: proofs["chain"][0]["digest"]))).holds
    told = seen(workshop.final(stamped(lambda proofs: proofs["chain"][1]["digest"])))
    assert failed(told) == ["stamps"]


def test_other_pages_than_those_signed(workshop, seen):
    told = seen(workshop.final(text=TEXT.replace("mot pour mot", "mot à mot")))
    assert (told.verdict, failed(told)) == (ALTERED, ["same_pages"])
    assert failed(seen(workshop.final(text=TEXT.split("<section style")[0]))) == ["same_pages"]


def test_an_original_that_lost_its_seal(workshop, seen):
    told = seen(workshop.final(original=render_pdf(PAGE.format(TEXT), base_css=None)))
    assert (told.verdict, failed(told)) == (ALTERED, ["original_sealed"])
