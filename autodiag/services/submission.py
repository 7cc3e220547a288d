"""Transmitting a chapter: validated whole, frozen, told."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag import rules
from autodiag.enums import AutodiagState
from autodiag.models import Answer, Autodiag, Submission
from autodiag.models.checking import checks_of
from autodiag.rules import reviews
from autodiag.services.reading import content_now
from caprse.base import clock, journal, outbox
from cohorts.enums import Role, Step
from cohorts.models import Membership, User
from cohorts.models.memberships import current
from cohorts.services import followup
from referentiel.documents import content_hash

SUBMITTED_MAIL = "autodiag_submitted"


class NotReady(Exception):
    """Something keeps the chapter from leaving: `missing` says what, criterion by criterion."""

    def __init__(self, missing):
        super().__init__("answers are missing")
        self.missing = missing


class ChangedMeanwhile(Exception):
    """What was read before transmitting is no longer what stands: `checks` holds the criteria that changed."""

    def __init__(self, checks):
        super().__init__("the chapter changed meanwhile")
        self.checks = checks


class ReasonMissing(Exception):
    """A correction is transmitted without saying what was corrected, and why."""


class NotAllowedNow(PermissionDenied):
    """The chapter cannot be transmitted now; the message says why, in French."""


@transaction.atomic
def submit(*, autodiag, by, reason="", seen=None):
    """Freeze a chapter and tell who accompanies the structure. Returns the `Submission`.

    Whoever is saving an answer at this moment either comes before (and is in it) or is refused after.
    `reason`: what was corrected, and why; asked for from the second transmission on. `seen`: the stamp of what was
    read, when it must still be that.
    Raises `NotAllowedNow` when the round is not open, `NotReady` when something keeps the chapter from leaving,
    `ChangedMeanwhile`, `ReasonMissing`.
    """
    locked = Autodiag.objects.select_for_update(of=("self",)).with_context().get(pk=autodiag.pk)
    verdict = rules.can_answer(locked, clock.today())
    if not verdict:
        raise NotAllowedNow(verdict.reason)
    answers = Answer.objects.filter(autodiag=locked)
    answers.update(frozen=True)
    checks = checks_of(answers, clock.today())
    if blocking := [one for one in reviews.missing_from(checks) if one.blocks]:
        raise NotReady(blocking)
    if seen is not None and (changed := reviews.changed_since(seen, checks)):
        raise ChangedMeanwhile(changed)
    if reviews.asks_for_a_reason(locked.last_submission) and not reason:
        raise ReasonMissing
    submission = freeze(locked, by, reason if locked.last_submission else "")
    followup.record(
        participation=locked.participation,
        step=Step.AUTODIAG_SUBMITTED,
        round=locked.round,
        by=submission.submitted_by,
        source_ref=locked.public_id,
    )
    journal.record("autodiag.submitted", submission, by=by, details={"number": submission.number})
    outbox.post(SUBMITTED_MAIL, to_ids=recipients(locked.participation), submission=submission.pk)
    return submission


def freeze(autodiag, by, reason):
    """Keep the content under its number, and close the chapter."""
    last, person = autodiag.last_submission, User.objects.get(pk=by.user_id)
    content = content_now(autodiag)
    submission = Submission.objects.create(
        region_id=autodiag.region_id,
        participation_id=autodiag.participation_id,
        autodiag=autodiag,
        number=last.number + 1 if last else 1,
        content=content,
        content_hash=content_hash(content),
        submitted_by=person,
        submitted_by_name=person.full_name,
        reason=reason,
    )
    autodiag.state = AutodiagState.SUBMITTED
    autodiag.submitted_at, autodiag.submitted_by = submission.submitted_at, person
    autodiag.save(update_fields=["state", "submitted_at", "submitted_by"])
    return submission


def recipients(participation):
    """Who is told: the structure's référents and the cohort's facilitators, today's ones with an address."""
    today = clock.today()
    referents = Membership.objects.filter(
        current(today), role=Role.REFERENT, organisation_id=participation.organisation_id
    )
    facilitators = Membership.objects.filter(current(today), role=Role.FACILITATOR, cohort_id=participation.cohort_id)
    return list((referents | facilitators).order_by("pk").values_list("user_id", flat=True))
