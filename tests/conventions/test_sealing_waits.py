"""No timestamp, or no key: the document waits for its seal, says so, tries again, and is never let out without it."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from caprse.base import clock
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.sealing import keys
from caprse.base.sealing.keys import SealUnavailable
from conventions.enums import ConventionState, DocumentKind, TrailKind
from conventions.models import FrozenDocument, SealedArtefact, TrailEntry, TrailStamp
from conventions.services import drafting, finishing, sealing, sending
from conventions.verifying import pages
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.harness.timestamps import ANSWERS, granted, hanging, nobody, server

WRONG = "La clé de cachet ne s’ouvre pas : mot de passe faux, ou fichier abîmé."
DAY = timedelta(days=1)


@contextmanager
def asking(monkeypatch, *authorities):
    """The seal asks these servers for its timestamps."""
    real = keys.seal_key
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: replace(real(), authorities=authorities))
        yield


@pytest.fixture
def complete(sent):
    """Signed by all; the final document is to be made."""
    for signatory in do.signatories_of(sent):
        do.sign_as(signatory)
    return fresh(sent)


def waiting(convention):
    return SealedArtefact.objects.get(convention=convention, sealed_at=None)


def is_still_waiting(convention, mailoutbox):
    """Nothing was let out."""
    assert fresh(convention).state == ConventionState.SIGNED
    assert not FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL).exists()
    assert not [mail for mail in mailoutbox if mail.attachments]
    return True


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_timestamp_seals_nothing(complete, answer, monkeypatch, run_queue, mailoutbox):
    with server(keys.seal_key(), answer) as authority, asking(monkeypatch, authority):
        run_queue()
    assert is_still_waiting(complete, mailoutbox)
    assert waiting(complete).problem == sealing.NO_STAMP
    assert not TrailStamp.objects.filter(entry__convention=complete).exists()


def test_servers_that_refuse_or_hang_are_asked_again_later_and_later(
    complete, monkeypatch, clock_at, run_queue, mailoutbox
):
    waits = []
    with hanging() as silent, asking(monkeypatch, nobody(), silent):
        for _ in range(3):
            run_queue()
            assert is_still_waiting(complete, mailoutbox)
            artefact = waiting(complete)
            waits.append(artefact.retry_at - clock.now())
            assert finishing.resume() == 0
            clock_at(artefact.retry_at + timedelta(seconds=1))
            assert finishing.resume() == 1
            assert finishing.resume() == 0
    assert artefact.attempts == 3
    assert waits == sorted(waits)
    assert timedelta(minutes=1) <= waits[0] < waits[2] <= sealing.LONGEST_WAIT * 1.2
    built = artefact.built_sha256
    run_queue()
    assert fresh(complete).state == ConventionState.IN_FORCE
    done = SealedArtefact.objects.get(convention=complete, kind=DocumentKind.FINAL)
    assert (done.built_sha256, done.problem, done.retry_at, done.level) == (built, "", None, "PAdES B-LTA")
    assert [mail for mail in mailoutbox if mail.attachments]


def test_a_week_without_timestamps_is_waited_for_and_told_on_the_health_page(
    complete, client, monkeypatch, clock_at, run_queue, mailoutbox
):
    with asking(monkeypatch, nobody()):
        for day in range(1, 8):
            run_queue()
            clock_at(clock.now() + DAY)
            assert finishing.resume() == 1, day
        run_queue()
    assert is_still_waiting(complete, mailoutbox)
    assert client.get("/sante/").json()["conventions"] == "1 waiting for a seal"
    clock_at(clock.now() + DAY)
    finishing.resume()
    run_queue()
    assert fresh(complete).state == ConventionState.IN_FORCE
    assert client.get("/sante/").json()["conventions"] == "ok"


def test_a_first_server_that_hangs_is_passed_over(complete, monkeypatch, run_queue):
    with hanging() as silent, server(keys.seal_key(), granted) as second, asking(monkeypatch, silent, second):
        run_queue()
    assert fresh(complete).state == ConventionState.IN_FORCE


def test_the_page_says_that_it_waits_and_that_nothing_is_lost(complete, monkeypatch, run_queue):
    with asking(monkeypatch, nobody()):
        run_queue()
    told = browser_of("region_admin@ours.example.org").get(complete.get_absolute_url()).content.decode()
    assert "Complète, scellement en cours" in told
    assert "serveur d’horodatage ne répond pas" in told
    assert "Rien n’est perdu" in told


def test_a_text_that_waits_for_its_seal_is_not_sent(frozen, next_cohort, monkeypatch, run_queue):
    """The original is sealed before anybody sees it."""
    sending.cancel(convention=fresh(frozen), reason="On recommence", by=None)
    convention = do.complete(drafting.draft(cohort=next_cohort, by=None))
    sending.freeze(convention=convention, by=None)
    with asking(monkeypatch, nobody()):
        run_queue()
    assert fresh(convention).state == ConventionState.FREEZING
    assert not FrozenDocument.objects.filter(convention=convention).exists()
    told = browser_of("region_admin@ours.example.org").get(convention.get_absolute_url()).content.decode()
    assert "Fabrication et scellement en cours" in told
    assert "serveur d’horodatage ne répond pas" in told


def test_a_key_that_does_not_open_is_told_once_to_who_prepares(complete, monkeypatch, clock_at, run_queue, mailoutbox):
    def wrong():
        raise SealUnavailable(WRONG)

    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", wrong)
        for _ in range(3):
            run_queue()
            clock_at(clock.now() + DAY)
            finishing.resume()
        run_queue()
    assert is_still_waiting(complete, mailoutbox)
    told = [mail for mail in mailoutbox if "cachet" in mail.subject]
    assert [mail.to for mail in told] == [["region_admin@ours.example.org"]]
    assert "mot de passe faux" in told[0].body
    failed = Job.objects.filter(kind=sending.FINAL_JOB, state=JobState.FAILED).order_by("-pk").first()
    assert failed.message == WRONG
    clock_at(clock.now() + DAY)
    finishing.resume()
    run_queue()
    assert fresh(complete).state == ConventionState.IN_FORCE


def test_a_document_drawn_for_a_seal_of_test_takes_no_other(complete, monkeypatch, run_queue, mailoutbox):
    real = keys.seal_key
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: replace(real(), is_test=False))
        run_queue()
    assert is_still_waiting(complete, mailoutbox)
    assert waiting(complete).problem == sealing.OTHER_KEY


def test_what_was_sealed_is_read_again_before_anybody_hears_of_it(complete, monkeypatch, run_queue, mailoutbox):
    """A page that came out otherwise than it was signed keeps everything where it is."""
    with monkeypatch.context() as patch:
        patch.setattr(pages, "same", lambda first, whole: False)
        run_queue()
    assert is_still_waiting(complete, mailoutbox)
    assert not TrailEntry.objects.filter(convention=complete, kind=TrailKind.SEALED).exists()
