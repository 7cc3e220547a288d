"""Timestamps (RFC 3161) on the chain: on each signature as soon as an authority answers, on each head every night."""

import logging

from django.db import IntegrityError, transaction
from django.db.models import Max

from caprse.base.sealing import keys, stamps
from caprse.base.sealing.keys import SealUnavailable
from conventions.enums import TrailKind
from conventions.models import TrailEntry, TrailStamp

logger = logging.getLogger(__name__)
STAMP_TASK = "conventions.tasks.stamp_signatures"
AT_ONCE = 200


def signatures_waiting(convention=None):
    """The links of signatures that have no timestamp yet, oldest first."""
    rows = TrailEntry.objects.filter(kind=TrailKind.SIGNED, stamp=None)
    return (rows.filter(convention=convention) if convention else rows).order_by("pk")


def heads_waiting():
    """The last link of each chain, where it has no timestamp yet."""
    heads = TrailEntry.objects.values("convention").annotate(last=Max("pk")).values("last")
    return TrailEntry.objects.filter(pk__in=heads, stamp=None).order_by("pk")


def stamp_all(entries):
    """Have these links stamped; stops at the first time nobody answers: the rest is for the next round.

    Returns how many were. A late token says its own moment, never the one it was wished for.
    """
    waiting = list(entries[:AT_ONCE])
    if not waiting:
        return 0
    done = 0
    try:
        key = keys.seal_key()
        for entry in waiting:
            keep(entry, stamps.stamp(bytes.fromhex(entry.digest), key.authorities, key.roots))
            done += 1
    except (stamps.StampUnavailable, stamps.BadStamp, SealUnavailable) as error:
        logger.warning("no timestamp, %s links wait: %s", len(waiting) - done, error)
    return done


def keep(entry, stamp):
    """Write the token of a link, unless another worker was first."""
    try:
        with transaction.atomic():
            TrailStamp.objects.create(
                region_id=entry.region_id,
                entry=entry,
                token=stamp.token,
                given_at=stamp.at,
                authority=stamp.authority[:200],
            )
    except IntegrityError:
        logger.info("stamped already entry=%s", entry.pk)
