"""Timestamps on the chain, and the reading of everything each night: the first break is named."""

import logging

import pytest
from django.db import IntegrityError, connection, transaction

from caprse.base import clock
from caprse.base.models import Heartbeat, StoredFile
from caprse.base.sealing import keys, stamps
from conventions import documents
from conventions.enums import DocumentKind, TrailKind
from conventions.models import FrozenDocument, SealedArtefact, Signature, TrailEntry, TrailStamp
from conventions.services import integrity, stamping, trail
from conventions.tasks import stamp_signatures, watch_over
from tests import worlds_conventions as do
from tests.harness.threads import at_once
from tests.harness.timestamps import nobody

ZERO = "0" * 64


@pytest.fixture
def by_one(sent):
    """One of the two has signed."""
    return do.sign_as(do.signatories_of(sent)[0])


def stamped(convention):
    return TrailStamp.objects.filter(entry__convention=convention).order_by("entry__seq")


def test_each_signature_is_stamped_soon_after_it_and_once(sent, by_one):
    stamp_signatures()
    stamp_signatures()
    stamp = stamped(sent).get()
    assert stamp.entry.kind == TrailKind.SIGNED
    told = stamps.checked(bytes(stamp.token), bytes.fromhex(stamp.entry.digest), keys.roots())
    assert told.at == stamp.given_at == clock.now().replace(microsecond=0)


def test_without_an_authority_nothing_is_made_up_and_the_next_round_asks_again(sent, by_one, monkeypatch, caplog):
    real = keys.seal_key()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: keys.SealKey(**{**vars(real), "authorities": (nobody(),)}))
        with caplog.at_level(logging.WARNING):
            stamp_signatures()
    assert not stamped(sent).exists()
    assert "1 links wait" in caplog.text
    stamp_signatures()
    assert stamped(sent).count() == 1


def test_a_token_is_never_changed(sent, by_one):
    stamp_signatures()
    with pytest.raises(IntegrityError), transaction.atomic():
        stamped(sent).update(given_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        stamped(sent).delete()


def test_at_night_the_head_of_each_chain_is_stamped_too(sent, by_one):
    watch_over()
    head = TrailEntry.objects.filter(convention=sent).order_by("seq").last()
    assert stamped(sent).last().entry == head
    before = TrailStamp.objects.count()
    watch_over()
    assert TrailStamp.objects.count() == before


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_two_workers_stamp_a_link_once(committed_db, draw_anew):
    entry = TrailEntry.objects.filter(stamp=None).order_by("pk").first()
    given = stamps.stamp(bytes.fromhex(entry.digest), keys.seal_key().authorities, keys.roots())
    assert at_once(*(lambda: stamping.keep(entry, given) for _ in range(4))) == [None] * 4
    assert TrailStamp.objects.filter(entry=entry).count() == 1


# --- Each night -------------------------------------------------------------------------------------------------


def told(convention):
    """What a night finds wrong in one convention."""
    return [flaw.what for flaw in integrity.flaws_of(convention, keys.roots())]


def test_all_is_well(signed, client, caplog):
    with caplog.at_level(logging.ERROR):
        assert integrity.verify_all() == []
    assert caplog.records == []
    assert client.get("/sante/").json()["conventions"] == "ok"


def forged_entry(convention):
    forged = {"at": documents.moment(clock.now()), "kind": "sent", "actor": "user:personne", "data": {}}
    previous = trail.head(convention)
    last = TrailEntry.objects.filter(convention=convention).order_by("seq").last()
    return TrailEntry.objects.create(
        region_id=convention.region_id,
        convention=convention,
        seq=last.seq + 1,
        previous=previous,
        digest=ZERO,
        **forged,
    )


def test_a_forged_link_is_named_on_the_health_page_and_in_the_log(signed, client, caplog):
    entry = forged_entry(signed)
    with caplog.at_level(logging.ERROR):
        flaws = integrity.verify_all()
    expected = f"{signed.public_id}: chain, link {entry.seq}"
    assert [str(flaw) for flaw in flaws] == [expected]
    assert f"chain, link {entry.seq}" in caplog.text
    response = client.get("/sante/")
    assert (response.status_code, response.json()["conventions"]) == (503, expected)
    assert "@" not in response.content.decode()


def test_a_token_of_another_link_is_named(sent, by_one):
    first, second = TrailEntry.objects.filter(convention=sent).order_by("seq")[:2]
    other = stamps.stamp(bytes.fromhex(second.digest), keys.seal_key().authorities, keys.roots())
    stamping.keep(first, other)
    assert told(sent) == [f"timestamp of link {first.seq}"]


def test_evidence_that_no_longer_is_what_was_hashed_is_named(sent, by_one):
    """What a row rewritten by force would look like: the same signature under another name."""
    forged = Signature.objects.get(pk=by_one.pk)
    forged.pk, forged.public_id, forged.nonce = None, "falsifiee123", "autre"
    forged.signatory = do.signatories_of(sent)[1]
    forged.code = None
    forged.medium, forged.signed_on = "paper", clock.today()
    forged.scan = a_file()
    forged.evidence = {**forged.evidence, "name": "Quelqu’un d’autre"}
    forged.save(force_insert=True)
    assert told(sent) == [f"signature of link {after_the_last(sent)}"]


def after_the_last(convention):
    """What has no link of its own is named there."""
    return 1 + TrailEntry.objects.filter(convention=convention).count()


def a_file():
    return StoredFile.objects.create(name="page.pdf", media_type="application/pdf", size=1, sha256=ZERO)


@pytest.mark.parametrize("content", [b"%PDF-1.7 autre chose", None])
def test_a_document_put_there_by_force_is_named(sent, content):
    pdf = content or b"%PDF-1.7"
    sha256 = documents.sha256(pdf) if content else ZERO
    FrozenDocument.objects.create(
        region_id=sent.region_id,
        convention=sent,
        kind=DocumentKind.FINAL,
        html="",
        html_sha256=documents.sha256(""),
        pdf=pdf,
        pdf_sha256=sha256,
        pages=1,
    )
    SealedArtefact.objects.create(
        region_id=sent.region_id,
        convention=sent,
        kind=DocumentKind.FINAL,
        html="",
        built=pdf,
        built_sha256=sha256,
        pages=1,
        sealed_at=clock.now(),
        sealed_sha256=sha256,
        certificate_sha256=ZERO,
        level="PAdES B-LTA",
    )
    assert told(sent) == [f"document of link {after_the_last(sent)}", "seal of its final"]


def test_what_was_sealed_is_not_touched_again(signed):
    rows = SealedArtefact.objects.filter(convention=signed)
    for changes in ({"built": b""}, {"sealed_sha256": ZERO}, {"certificate_sha256": ZERO}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_a_night_that_is_missed_is_told(client, db):
    Heartbeat.objects.create(name=integrity.NAME, at=clock.real_now() - integrity.SILENT_AFTER * 2)
    assert client.get("/sante/").json()["conventions"] == "not read again for two nights"


def test_a_receipt_holds_the_evidence_and_the_head_of_the_chain(sent, by_one, run_queue, mailoutbox):
    run_queue()
    receipt = next(mail for mail in mailoutbox if "vous avez signé" in mail.subject)
    entry = TrailEntry.objects.get(convention=sent, kind=TrailKind.SIGNED)
    for said in (by_one.document_sha256, by_one.evidence_sha256, entry.digest):
        assert said in receipt.body
