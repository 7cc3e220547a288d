"""A structure's own closing day for a chapter, with its reason."""

from django.db import transaction

from caprse.base import clock, journal, outbox
from caprse.base.versioned import StaleSave
from cohorts import rules
from cohorts.enums import Step
from cohorts.models import Round, RoundExtension
from cohorts.services.notes import referents_of
from cohorts.services.organising import NotPossible

ADJUSTED_MAIL = "round_adjusted"


def facts_of(participation, round_):
    """What is done of a chapter: the steps that stand."""
    done = participation.steps_done.standing().filter(round=round_)
    return frozenset(done.values_list("step", flat=True))


def can_adjust(participation, round_):
    """Whether this structure's days may move in this round, and if not why. Reads what is done of the chapter."""
    done = facts_of(participation, round_)
    return rules.can_adjust_round(
        round_, participation, begun=Step.AUTODIAG_STARTED in done, transmitted=Step.AUTODIAG_SUBMITTED in done
    )


@transaction.atomic
def adjust_round(*, round, participation, closes_on, reason, by, seen=None):
    """Give one structure its own closing day, or move the one it has; its référent·e·s are told by mail.

    The cohort's own day ends the delay. `seen`: the closing day that was shown, as ISO text, when it must still be
    that one.
    Returns the `RoundExtension`. Raises `NotPossible` with the reason, `StaleSave` (with the row as it stands) when
    somebody moved the day in between.
    """
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    given = RoundExtension.objects.filter(round=round_, participation=participation).select_related("granted_by")
    before = given.first()
    stands = rules.closing_day(round_, before and before.closes_on)
    if seen is not None and seen != str(stands):
        raise StaleSave(before)
    verdict = can_adjust(participation, round_)
    if not verdict:
        raise NotPossible(None, verdict.reason)
    unchanged = closes_on == stands and (before is None or before.reason == reason)
    verdict = rules.can_close_on(round_, closes_on, clock.today(), unchanged=unchanged)
    if not verdict:
        raise NotPossible("closes_on", verdict.reason)
    values = {"closes_on": closes_on, "reason": reason, "granted_by_id": by.pk, "granted_at": clock.now()}
    extension, _ = RoundExtension.objects.update_or_create(
        round=round_,
        participation=participation,
        defaults=values,
        create_defaults={**values, "region_id": participation.region_id},
    )
    journal.record(
        "round.adjusted",
        extension,
        by=by,
        details={"round": round_.pk, "before": str(stands), "after": str(closes_on)},
    )
    outbox.post(ADJUSTED_MAIL, to_ids=referents_of(participation), extension=extension.pk)
    return extension
