"""Facts about a structure's path, written down by the floors above."""

from django.db import transaction

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
