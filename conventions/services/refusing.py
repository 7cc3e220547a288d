"""A signatory refuses: nobody signs this text any more until whoever prepares it has decided what comes next."""

from django.db import transaction

from caprse.base import journal
from conventions.enums import ConventionState, TrailKind
from conventions.models import Refusal
from conventions.services import codes, sending, states, trail


@transaction.atomic
def refuse(*, signatory, reason, circumstances):
    """Note a refusal and its reason. Every link is suspended; whoever prepares the convention is told by mail.

    The same person again gets the same refusal. Raises SigningClosed when there is nothing to refuse any more.
    """
    convention = states.lock(signatory.party.convention)
    known = Refusal.objects.filter(signatory=signatory).first()
    if known:
        return known
    codes.require_open(convention, signatory)
    refusal = Refusal.objects.create(
        region_id=convention.region_id, convention=convention, signatory=signatory, reason=reason
    )
    trail.append(
        convention,
        TrailKind.REFUSED,
        actor=trail.by_signatory(signatory),
        data={"party": signatory.party.organisation.public_id},
        sensitive={"reason": reason, **circumstances.values},
    )
    states.move(convention, to=ConventionState.REFUSED)
    sending.tell_preparers(convention, sending.REFUSED_MAIL, refusal=refusal.pk)
    journal.record("convention.refused", refusal, by=signatory.user, **sending.anchors(convention, signatory.party))
    return refusal
