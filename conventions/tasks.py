"""Background work on conventions: ids in, fetch, delegate. A document is remade or resumed, never half made."""

from celery import shared_task

from caprse.base import jobs, sweeps
from caprse.base.pdf import PdfUnavailable
from caprse.base.sealing import self_test
from conventions.models import Convention
from conventions.services import breaches, charters, integrity, renewing, sending, stamping
from conventions.services.clearances import settle_all
from conventions.services.finishing import make_final, resume
from conventions.services.leaving import take_out_departed
from conventions.services.life import enter_due, expire_due
from conventions.services.register import open_all
from conventions.services.sealing import NotSealed
from conventions.services.sending import FINAL_JOB, FREEZE_JOB, TURN_JOB, make_original, open_turn


@jobs.handler(FREEZE_JOB)
def freeze(job):
    _make(job, make_original)


@jobs.handler(FINAL_JOB)
def final(job):
    _make(job, make_final)


@jobs.handler(TURN_JOB)
def turn(job):
    """Write to those whose turn to sign has come."""
    open_turn(convention=Convention.objects.get(pk=job.payload["convention"]))


def _make(job, service):
    jobs.report(job, 30, "Fabrication du document")
    convention = Convention.objects.with_context().get(pk=job.payload["convention"])
    try:
        service(convention=convention)
    except PdfUnavailable as error:
        raise jobs.JobFailed(str(error)) from error
    except NotSealed as error:
        if error.to_tell:
            sending.tell_preparers(convention, sending.SEAL_MAIL)
        raise jobs.JobFailed(str(error)) from error


@shared_task
def resume_unfinished():
    """Periodic: a document that waits for its making or its seal never waits for ever."""
    resume()


@shared_task
def stamp_signatures():
    """As signatures come, and periodically: their timestamps."""
    stamping.stamp_all(stamping.signatures_waiting())


@shared_task
def test_seal():
    """As a worker starts: does its key seal?"""
    self_test.run()


@shared_task
def test_seal_again():
    """Periodic: what did not work is tried again, so that nobody waits for the night to know that it does."""
    self_test.again()


@shared_task
def watch_over():
    """Each night: heads of the chains stamped, seals near their end renewed, everything that was signed read again."""
    self_test.run()
    stamping.stamp_all(stamping.heads_waiting())
    renewing.renew_due()
    integrity.verify_all()


@shared_task
def pass_days():
    """Periodic: what a day does by itself: deadlines pass, texts enter into force, parties have left."""
    steps = (expire_due, enter_due, breaches.take_effect, take_out_departed, charters.tell_identities_ending)
    sweeps.each(steps, lambda step: step())


@shared_task
def keep_in_line():
    """Periodic: rounds follow what holds them today, and every party in force has its commitments written down."""
    sweeps.each((settle_all, open_all), lambda step: step())
