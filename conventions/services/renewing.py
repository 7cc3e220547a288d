"""Seals are made to last: the signed document gets one more timestamp before the certificate of the last one ends.

The bytes that were sealed stay; the renewed file begins with them. Only the signed document is renewed: the original
is under its seal.
"""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from caprse.base import clock, journal
from caprse.base.sealing import checks, keys, seals
from caprse.base.sealing.keys import SealUnavailable
from caprse.base.sealing.seals import SealRefused
from caprse.base.sealing.stamps import StampUnavailable
from conventions import documents
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, SealedArtefact, SealRenewal
from conventions.services.sending import anchors

logger = logging.getLogger(__name__)
EARLY = timedelta(days=90)
REST = timedelta(days=30)  # an authority about to change its certificate is not asked every night
AT_ONCE = 200


def newest_pdf(document):
    """The bytes to hand out of a frozen document: as it was renewed last, as it was frozen otherwise."""
    last = SealRenewal.objects.newest(document.convention_id) if document.kind == DocumentKind.FINAL else None
    return bytes(last.pdf if last else document.pdf)


def due(today):
    """The signed documents whose last timestamp is near its end, nearest first; those whose has ended are past it."""
    rows = SealedArtefact.objects.filter(kind=DocumentKind.FINAL, sealed_at__isnull=False)
    rows = rows.annotate(until=Coalesce(Max("renewals__lasts_until"), "lasts_until"), last=Max("renewals__made_at"))
    asked = Q(last=None) | Q(last__lte=clock.now() - REST)
    return rows.filter(asked, until__range=(today, today + EARLY)).order_by("until", "pk")


def renew_due(today=None):
    """Renew them; stops at the first time nobody answers: the rest is for the next night. Returns how many were."""
    waiting = due(today or clock.today()).select_related("convention").only("convention", "region", "kind", "is_test")
    done = 0
    for artefact in list(waiting[:AT_ONCE]):
        try:
            done += bool(renew(artefact=artefact))
        except SealRefused as error:
            logger.error("seal not renewed convention=%s: %s", artefact.convention_id, error)
        except (StampUnavailable, SealUnavailable) as error:
            logger.warning("no timestamp, seals wait for their renewal: %s", error)
            break
    return done


def renew(*, artefact):
    """One more timestamp on a signed document; None when another worker was first."""
    last = SealRenewal.objects.newest(artefact.convention_id)
    content = seals.renewed(bytes(last.pdf if last else _sealed(artefact)), key=keys.seal_key())
    try:
        with transaction.atomic():
            renewal = SealRenewal.objects.create(
                region_id=artefact.region_id,
                artefact=artefact,
                number=last.number + 1 if last else 1,
                pdf=content,
                sha256=documents.sha256(content),
                lasts_until=checks.last_stamp(content)[1].not_valid_after.date(),
            )
            found = artefact.convention
            details = {"number": renewal.number, "sha256": renewal.sha256}
            journal.record("convention.seal_renewed", found, by=None, details=details, **anchors(found))
    except IntegrityError:
        logger.info("renewed already convention=%s", artefact.convention_id)
        return None
    return renewal


def _sealed(artefact):
    rows = FrozenDocument.objects.filter(convention=artefact.convention_id, kind=artefact.kind)
    return rows.values_list("pdf", flat=True).get()
