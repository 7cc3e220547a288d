"""Transmitting a chapter: validated whole, frozen, told."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag import rules
from autodiag.documents import content_of
from autodiag.enums import AutodiagState
from autodiag.models import Answer, Autodiag, Submission
from caprse.base import clock, journal, outbox
from cohorts.enums import Role, Step
from cohorts.models import Membership, User
from cohorts.models.memberships import current
from cohorts.services import followup
from referentiel.documents import content_hash

SUBMITTED_MAIL = "autodiag_submitted"


class NotReady(Exception):
    """Some criteria have no answer yet: `missing` holds their answers."""

    def __init__(self, missing):
        super().__init__("answers are missing")
        self.missing = missing


class NotAllowedNow(PermissionDenied):
    """The chapter cannot be transmitted now; the message says why, in French."""


def chapter_answers(autodiag):
    """The answers of a chapter with all that a document shows, in two queries."""
    answers = Answer.objects.filter(autodiag=autodiag).for_pages()
    return list(answers.prefetch_related("criterion__levels"))


@transaction.atomic
def submit(*, autodiag, by):
    """Freeze a chapter and tell who accompanies the structure. Returns the `Submission`.

    Whoever is saving an answer at this moment either comes before (and is in it) or is refused after.
    Raises `NotReady` when criteria have no answer, `NotAllowedNow` when the round is not open.
    """
    locked = Autodiag.objects.select_for_update(of=("self",)).with_context().get(pk=autodiag.pk)
    verdict = rules.can_answer(locked, clock.today())
    if not verdict:
        raise NotAllowedNow(verdict.reason)
    Answer.objects.filter(autodiag=locked).update(frozen=True)
    answers = chapter_answers(locked)
    missing = rules.missing_answers(answers)
    if missing:
        raise NotReady(missing)
    scale = locked.participation.cohort.version.scale.all()
    content = content_of(locked, answers, scale, shared_only=True)
    person = User.objects.get(pk=by.user_id)
    submission = Submission.objects.create(
        region_id=locked.region_id,
        participation_id=locked.participation_id,
        autodiag=locked,
        number=locked.submissions.count() + 1,
        content=content,
        content_hash=content_hash(content),
        submitted_by=person,
        submitted_by_name=person.full_name,
    )
    locked.state = AutodiagState.SUBMITTED
    locked.submitted_at, locked.submitted_by = submission.submitted_at, person
    locked.save(update_fields=["state", "submitted_at", "submitted_by"])
    followup.record(
        participation=locked.participation,
        step=Step.AUTODIAG_SUBMITTED,
        round=locked.round,
        by=person,
        source_ref=locked.public_id,
    )
    journal.record("autodiag.submitted", submission, by=by, details={"number": submission.number})
    outbox.post(SUBMITTED_MAIL, to_ids=recipients(locked.participation), submission=submission.pk)
    return submission


def recipients(participation):
    """Who is told: the structure's référents and the cohort's facilitators, today's ones with an address."""
    today = clock.today()
    referents = Membership.objects.filter(
        current(today), role=Role.REFERENT, organisation_id=participation.organisation_id
    )
    facilitators = Membership.objects.filter(current(today), role=Role.FACILITATOR, cohort_id=participation.cohort_id)
    return list((referents | facilitators).order_by("pk").values_list("user_id", flat=True))
