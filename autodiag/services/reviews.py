"""What is answered to a transmission, and how a chapter opens again: one effect whoever asks at the same moment."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.enums import AutodiagState, Decision, ReopeningCause
from autodiag.models import Answer, Autodiag, Reopening, Review
from autodiag.rules import reviews as rules
from caprse.base import clock, journal, outbox
from cohorts.enums import Step
from cohorts.models import User
from cohorts.services import followup
from cohorts.services.delays import adjust_round
from cohorts.services.notes import referents_of
from cohorts.services.organising import NotPossible

REVIEWED_MAIL = "autodiag_reviewed"
# Told in the facts of the path, which every board reads: no word of the structure's, nor of its facilitator's.
VOIDED = {
    ReopeningCause.RETURN: "Chapitre renvoyé avec des raisons",
    ReopeningCause.CORRECTION: "Chapitre repris par la structure pour le corriger",
}
DAY_MISSING = "Donnez un nouveau dernier jour : sans lui, la structure ne pourrait pas répondre."
DELAY_REASON = "Le chapitre vous est renvoyé pour être complété : voici le temps de le faire."


class NotReviewable(PermissionDenied):
    """This transmission is no longer to be answered to; the message says why, in French."""


class NotReopenable(PermissionDenied):
    """The chapter cannot be taken up again now; the message says why, in French."""


@transaction.atomic
def review(*, submission, decision, text, by, closes_on=None):
    """Take note of a transmission, or return it with reasons. Returns the `Review`; sent twice, it is one.

    Returned, the chapter opens again in the same transaction. `closes_on`: the structure's new last day, asked for
    when its round is closed. Raises `NotReviewable` when somebody answered, or reopened, meanwhile;
    `cohorts.services.organising.NotPossible` when that day cannot be.
    """
    locked, last = _locked(submission.autodiag_id)
    said = last.said_back
    if said and (said.submission_id, said.decided_by_id) == (submission.pk, by.user_id) and said.decision == decision:
        return said
    verdict = rules.can_review(locked, last)
    if verdict and last.pk != submission.pk:
        raise NotReviewable(
            f"La structure a transmis depuis une autre version, la n° {last.number} : lisez-la d’abord."
        )
    if verdict and decision == Decision.RETURNED:
        verdict = rules.can_return(locked, clock.today())
    if not verdict:
        raise NotReviewable(verdict.reason)
    person = User.objects.get(pk=by.user_id)
    made = Review.objects.create(
        region_id=locked.region_id,
        participation_id=locked.participation_id,
        submission=last,
        decision=decision,
        text=text,
        decided_by=person,
        decided_by_name=person.full_name,
    )
    journal.record("submission.reviewed", made, by=by, details={"number": last.number, "decision": str(decision)})
    if decision == Decision.RETURNED:
        _open_again(locked, last, cause=ReopeningCause.RETURN, reason=text, by=person)
        if rules.needs_a_day(locked, clock.today()):
            _give_time(locked, closes_on, person)
    outbox.post(REVIEWED_MAIL, to_ids=referents_of(locked.participation), review=made.pk)
    return made


@transaction.atomic
def reopen(*, autodiag, reason, by):
    """Take up again what the structure transmitted, to correct it. Returns the `Reopening`; asked twice, it is one.

    Raises `NotReopenable` with the reason: the round is closed, or the chapter is not transmitted.
    """
    locked, last = _locked(autodiag.pk)
    done = last.reopened if last else None
    if done and (done.cause, done.reopened_by_id, done.reason) == (ReopeningCause.CORRECTION, by.user_id, reason):
        return done
    verdict = rules.can_correct(locked, clock.today())
    if not verdict:
        raise NotReopenable(verdict.reason)
    person = User.objects.get(pk=by.user_id)
    return _open_again(locked, last, cause=ReopeningCause.CORRECTION, reason=reason, by=person)


def _locked(pk):
    """The autodiagnostic, held until the end of the transaction, and its last transmission."""
    locked = Autodiag.objects.select_for_update(of=("self",)).with_context().get(pk=pk)
    return locked, locked.last_submission


def _open_again(autodiag, submission, *, cause, reason, by):
    """The transmitted version stays as it was; the answers can be written again."""
    reopening = Reopening.objects.create(
        region_id=autodiag.region_id,
        participation_id=autodiag.participation_id,
        submission=submission,
        cause=cause,
        reason=reason,
        reopened_by=by,
        reopened_by_name=by.full_name,
    )
    autodiag.state, autodiag.submitted_at, autodiag.submitted_by = AutodiagState.DRAFT, None, None
    autodiag.save(update_fields=["state", "submitted_at", "submitted_by"])
    Answer.objects.filter(autodiag=autodiag).update(frozen=False)
    followup.void(
        participation=autodiag.participation,
        step=Step.AUTODIAG_SUBMITTED,
        round=autodiag.round,
        by=by,
        reason=VOIDED[cause],
    )
    journal.record("autodiag.reopened", reopening, by=by, details={"number": submission.number, "cause": str(cause)})
    return reopening


def _give_time(autodiag, closes_on, by):
    """A new last day, without which the structure could not answer."""
    if closes_on is None:
        raise NotPossible("closes_on", DAY_MISSING)
    adjust_round(
        round=autodiag.round,
        participation=autodiag.participation,
        closes_on=closes_on,
        reason=DELAY_REASON,
        by=by,
    )
