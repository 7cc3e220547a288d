"""Facts about a structure's path, written down by the floors above, and taken back with a reason."""

from django.db import transaction

from caprse.base import clock
from cohorts.models import StepDone


@transaction.atomic
def record(*, participation, step, by, round=None, meeting=None, source_ref=""):
    """Note that a step is done; noting it twice changes nothing. Returns the fact."""
    fact, _ = StepDone.objects.get_or_create(
        participation=participation,
        step=step,
        round=round,
        meeting=meeting,
        voided_at=None,
        defaults={"region_id": participation.region_id, "done_by_id": by.user_id, "source_ref": source_ref},
    )
    return fact


@transaction.atomic
def void(*, participation, step, by, reason, round=None, meeting=None):
    """Note that a step is no longer done, and why; nothing changes when it was not. Returns how many facts fell."""
    standing = StepDone.objects.standing().filter(participation=participation, step=step, round=round, meeting=meeting)
    return standing.update(voided_at=clock.now(), voided_by_id=by.pk, void_reason=reason)
