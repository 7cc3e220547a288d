"""Periodic work over many rows: what goes wrong with one is logged, and holds back no other."""

import logging

logger = logging.getLogger(__name__)


def each(rows, act) -> list:
    """What `act` gives for each of these rows, but those where it raised: they are logged, and met at the next round."""
    given = []
    for row in rows:
        try:
            given.append(act(row))
        except Exception:
            logger.exception("sweep %s row=%s", act.__qualname__, getattr(row, "pk", row))
    return given
