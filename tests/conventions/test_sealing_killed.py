"""A worker that dies anywhere between a text and its seal is taken over, and no document is ever made twice."""

from datetime import timedelta

import pytest
from django.db import connection

from caprse.base import clock, jobs
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.sealing import seals
from cohorts.models import Cohort
from conventions import documents, drawing
from conventions.enums import ConventionState, DocumentKind, TrailKind
from conventions.models import FrozenDocument, SealedArtefact
from conventions.services import drafting, finishing, life, sealing, sending, signing, states, trail
from tests import worlds_conventions as do
from tests.harness.ceremony import fresh
from tests.harness.threads import at_once
from tests.worlds import World

# Where the worker dies: while it draws, with the document drawn and kept, once it is sealed, as the seal is written.
STEPS = {
    "as it draws": (drawing, "_drawn_from"),
    "as it keeps what was drawn": (SealedArtefact.objects, "create"),
    "before the seal": (seals, "seal"),
    "with the seal, before it is written": (sealing, "keep"),
    "as the seal is written": (FrozenDocument.objects, "create"),
    "as the convention moves on": (states, "move"),
}
FINAL_STEPS = STEPS | {
    "as the chain says what was drawn": (finishing, "_chain_claim"),
    "as the mails are posted": (finishing.outbox, "post"),
    "as it enters into force": (life, "enter_into_force"),
}


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def die(*args, **kwargs):
    raise Killed


@pytest.fixture
def freezing(next_cohort, draw_anew):
    """A convention whose text is to be made."""
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    convention = do.complete(drafting.draft(cohort=next_cohort, by=None))
    return sending.freeze(convention=convention, by=None)


@pytest.fixture
def signed_by_all(sent):
    """A convention whose final document is to be made."""
    for signatory in do.signatories_of(sent):
        do.sign_as(signatory)
    return fresh(sent)


def kill(monkeypatch, job, place):
    with monkeypatch.context() as patch:
        patch.setattr(*place, die)
        with pytest.raises(Killed):
            jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING


def take_over(job, clock_at):
    """The lease runs out, the sweep gives the work to another worker; a third one comes for nothing."""
    clock_at(clock.now() + jobs.LEASE + timedelta(seconds=1))
    assert jobs.sweep() >= 1
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert finishing.resume() == 0


def one_artefact(convention, kind):
    """The only sealed document of this kind, and it is what its row says."""
    document = FrozenDocument.objects.get(convention=convention, kind=kind)
    artefact = SealedArtefact.objects.get(convention=convention, kind=kind)
    assert document.pdf_sha256 == artefact.sealed_sha256 == documents.sha256(bytes(document.pdf))
    assert bytes(document.pdf).startswith(bytes(artefact.built))
    assert artefact.built_sha256 == documents.sha256(bytes(artefact.built))
    assert trail.verify(convention) is None
    return artefact


@pytest.mark.parametrize("place", STEPS.values(), ids=STEPS)
def test_an_original_is_made_once(freezing, place, clock_at, monkeypatch):
    job = Job.objects.get(kind=sending.FREEZE_JOB, payload__convention=freezing.pk)
    kill(monkeypatch, job, place)
    assert fresh(freezing).state == ConventionState.FREEZING
    kept = SealedArtefact.objects.filter(convention=freezing).values_list("built_sha256", flat=True).first()
    take_over(job, clock_at)
    assert fresh(freezing).state == ConventionState.FROZEN
    artefact = one_artefact(freezing, DocumentKind.ORIGINAL)
    assert kept in (None, artefact.built_sha256)
    assert do.kinds_of(freezing) == [TrailKind.FROZEN]


@pytest.mark.parametrize("place", FINAL_STEPS.values(), ids=FINAL_STEPS)
def test_a_final_document_is_made_once_and_told_once(
    signed_by_all, place, clock_at, monkeypatch, run_queue, mailoutbox
):
    job = Job.objects.get(kind=sending.FINAL_JOB, payload__convention=signed_by_all.pk)
    kill(monkeypatch, job, place)
    assert fresh(signed_by_all).state == ConventionState.SIGNED
    assert not [mail for mail in mailoutbox if mail.attachments]
    kept = SealedArtefact.objects.filter(convention=signed_by_all, kind=DocumentKind.FINAL)
    kept = kept.values_list("built_sha256", flat=True).first()
    take_over(job, clock_at)
    run_queue()
    assert fresh(signed_by_all).state == ConventionState.IN_FORCE
    artefact = one_artefact(signed_by_all, DocumentKind.FINAL)
    assert kept in (None, artefact.built_sha256)
    assert (
        do.kinds_of(signed_by_all).count(TrailKind.FINAL_MADE)
        == do.kinds_of(signed_by_all).count(TrailKind.SEALED)
        == 1
    )
    copies = [mail.to[0] for mail in mailoutbox if mail.attachments]
    assert len(copies) == len(set(copies)) == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_the_last_two_sign_at_once_and_two_workers_seal_at_once_and_there_is_one_seal(committed_db, draw_anew):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    convention = do.sent_convention(Cohort.objects.select_related("region", "version").get(slug="suivante"))
    signatories = do.signatories_of(convention)
    acts = [do.act(one, f"s{one.pk}", do.code_for(one, f"s{one.pk}")) for one in signatories]
    signed = at_once(
        *(lambda o=one, a=act: signing.sign(signatory=o, act=a) for one, act in zip(signatories, acts, strict=True))
    )
    assert [signature.signatory_id for signature in signed] == [one.pk for one in signatories]
    assert Job.objects.filter(kind=sending.FINAL_JOB, payload__convention=convention.pk).count() == 1
    made = at_once(*(lambda: finishing.make_final(convention=fresh(convention)) for _ in range(2)))
    assert {one.state for one in made} == {ConventionState.IN_FORCE}
    one_artefact(convention, DocumentKind.FINAL)
    assert do.kinds_of(convention).count(TrailKind.SEALED) == 1
