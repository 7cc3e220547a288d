"""The seal of a signed document is renewed before its last timestamp ends: nobody has to ask for it."""

import hashlib
import io
import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.sealing import keys, sample_chain
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, SealedArtefact, SealRenewal, Signatory
from conventions.services import finishing, integrity, renewing, verifying
from conventions.tasks import watch_over
from tests.harness.pages import admin_user
from tests.harness.threads import at_once
from tests.harness.timestamps import nobody

pytestmark = pytest.mark.usefixtures("draw_anew")


@pytest.fixture
def artefact(signed):
    return SealedArtefact.objects.select_related("convention").get(convention=signed, kind=DocumentKind.FINAL)


@pytest.fixture
def near_its_end(artefact):
    """Its last timestamp ends in two months."""
    SealedArtefact.objects.filter(pk=artefact.pk).update(lasts_until=clock.today() + timedelta(days=60))
    return artefact


def first_bytes(artefact):
    return bytes(FrozenDocument.objects.get(convention=artefact.convention, kind=DocumentKind.FINAL).pdf)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_what_lasts_is_left_alone(artefact):
    assert artefact.lasts_until == sample_chain.LAST_DAY.date()
    original = SealedArtefact.objects.filter(convention=artefact.convention, kind=DocumentKind.ORIGINAL)
    original.update(lasts_until=clock.today())
    watch_over()
    assert not SealRenewal.objects.exists()


def test_each_night_what_ends_soon_is_renewed_once(near_its_end):
    watch_over()
    watch_over()
    renewal = SealRenewal.objects.get()
    assert (renewal.artefact, renewal.number) == (near_its_end, 1)
    assert renewal.lasts_until == sample_chain.LAST_DAY.date()
    assert bytes(renewal.pdf).startswith(first_bytes(near_its_end))
    assert renewal.sha256 == sha256(bytes(renewal.pdf))
    event = AuditEvent.objects.get(verb="convention.seal_renewed")
    assert event.details == {"number": 1, "sha256": renewal.sha256}
    assert integrity.verify_all() == []


def test_the_copy_of_before_and_the_renewed_one_are_both_ours(near_its_end, tmp_path):
    before = first_bytes(near_its_end)
    watch_over()
    output = tmp_path / "convention.pdf"
    call_command("export_convention", near_its_end.convention.reference, "-o", str(output), stdout=io.StringIO())
    after = output.read_bytes()
    assert after == bytes(SealRenewal.objects.get().pdf)
    for content in (before, after):
        answer = verifying.by_file(content)
        assert (answer.status, answer.sha256) == (verifying.Status.SEALED, sha256(content)), answer.reason
        assert verifying.by_fingerprint(sha256(content)).status == verifying.Status.SEALED
    assert verifying.by_file(before[:-1] + b" \n").status == verifying.Status.ALTERED


def test_the_page_hands_out_the_renewed_copy(near_its_end, admin):
    watch_over()
    url = near_its_end.convention.url("convention_pdf")
    assert admin.get(url).content == bytes(SealRenewal.objects.get().pdf)


def test_a_copy_sent_again_is_the_renewed_one(near_its_end, admin, run_queue, mailoutbox):
    watch_over()
    signatory = Signatory.objects.current().filter(party__convention=near_its_end.convention).first()
    run_queue()
    mailoutbox.clear()
    finishing.send_copy(signatory=signatory, by=admin_user())
    run_queue()
    (mail,) = mailoutbox
    content = bytes(SealRenewal.objects.get().pdf)
    assert [part for _, part, _ in mail.attachments] == [content]
    assert sha256(content) in mail.body


def test_without_an_authority_it_waits_for_the_next_night(near_its_end, monkeypatch, caplog):
    real = keys.seal_key()
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: keys.SealKey(**{**vars(real), "authorities": (nobody(),)}))
        with caplog.at_level(logging.WARNING):
            assert renewing.renew_due() == 0
    assert "seals wait for their renewal" in caplog.text
    assert not SealRenewal.objects.exists()
    assert renewing.renew_due() == 1


def test_an_authority_that_keeps_its_certificate_is_asked_again_in_a_month_not_each_night(near_its_end, clock_at):
    renewing.renew_due()
    last_day = sample_chain.LAST_DAY.date()  # that of the new timestamp, near again
    assert near_its_end not in renewing.due(last_day)
    clock_at(clock.now() + timedelta(days=31))
    assert near_its_end in renewing.due(last_day)


def test_a_renewal_is_never_changed(near_its_end):
    renewing.renew_due()
    with pytest.raises(IntegrityError), transaction.atomic():
        SealRenewal.objects.update(pdf=b"")
    with pytest.raises(IntegrityError), transaction.atomic():
        SealRenewal.objects.all().delete()


def test_a_renewal_put_there_by_force_is_named(near_its_end):
    content = first_bytes(near_its_end) + b"% autre chose\n"
    SealRenewal.objects.create(
        region_id=near_its_end.region_id,
        artefact=near_its_end,
        number=1,
        pdf=content,
        sha256=sha256(content),
        lasts_until=clock.today() + timedelta(days=900),
    )
    found = integrity.flaws_of(near_its_end.convention, keys.roots())
    assert [flaw.what for flaw in found] == ["seal of its final"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_two_workers_renew_it_once(committed_db):
    artefact = SealedArtefact.objects.filter(kind=DocumentKind.FINAL, sealed_at__isnull=False).first()
    SealedArtefact.objects.filter(pk=artefact.pk).update(lasts_until=clock.today())
    at_once(*(renewing.renew_due for _ in range(3)))
    assert SealRenewal.objects.filter(artefact=artefact).count() == 1
