"""A signature given by hand: the signed page, its date and place, recorded by whoever prepares the convention."""

from django.db import transaction

from caprse.base import clock, files, journal, outbox
from caprse.base.text import date_in_words
from conventions import rules
from conventions.enums import Medium
from conventions.models import Party, Signatory, Signature
from conventions.services import codes, sending, signing, states, trail


class WrongDay(ValueError):
    """The page cannot bear this date; `str()` says why, in French."""


def keep_scan(*, upload, signatory, by):
    """Keep the signed page; called before the transaction that records the signature."""
    convention = signatory.party.convention
    return files.store_upload(
        upload,
        created_by_id=by.user_id,
        region_id=convention.region_id,
        cohort_id=convention.cohort_id,
        organisation_id=signatory.party.organisation_id,
    )


@transaction.atomic
def record_paper(*, signatory, scan, signed_on, place, by):
    """Record a signature given on paper: it counts as the others, and the table of signatures says how it was given.

    Whoever is said to have signed is told by mail, and may go back on it before all have signed.

    The same signatory again gets the signature there is. Raises SigningClosed, or WrongDay.
    """
    convention = states.lock(signatory.party.convention)
    party = Party.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=signatory.party_id)
    signatory = (
        Signatory.objects.select_for_update(of=("self",)).select_related("user", "power_file").get(pk=signatory.pk)
    )
    signatory.party = party
    done = Signature.objects.filter(signatory=signatory).first()
    if done:
        return done
    codes.require_open(convention, signatory)
    codes.require_turn(signatory)
    original = codes.fingerprints_of(convention)
    verdict = rules.can_note_paper(signed_on, clock.day_of(original.made_at), clock.today())
    if not verdict:
        raise WrongDay(verdict.reason)
    signature = _record(convention, signatory, original, scan, signed_on, place, by)
    signing.settle(convention, signatory)
    outbox.post(signing.RECEIPT_MAIL, to_ids=[signatory.user_id], signature=signature.pk)
    journal.record("convention.signed_on_paper", signature, by=by, **sending.anchors(convention, party))
    return signature


def _record(convention, signatory, original, scan, signed_on, place, by):
    consent = (
        f"Signature manuscrite de {signatory.full_name}, {signatory.quality}, pour {signatory.party.name}, sur le "
        f"texte imprimé, fait à {place} le {date_in_words(signed_on)}."
    )
    signed_at, last = clock.now(), trail.last(convention)
    evidence = {
        **signing.evidence_of(
            convention, signatory.party, signatory, original, last, consent=consent, signed_at=signed_at
        ),
        "identified_by": signing.ON_PAPER,
        "shown": "paper",
        "signed_on": signed_on.isoformat(),
        "place": place,
        "scan_sha256": scan.sha256,
        "recorded_by": trail.by_user(by),
    }
    return signing.record(
        convention,
        signatory,
        original,
        last,
        consent=consent,
        evidence=evidence,
        signed_at=signed_at,
        actor=trail.by_user(by),
        sensitive={"address": signatory.email},
        medium=Medium.PAPER,
        scan=scan,
        signed_on=signed_on,
        place=place,
        nonce=f"paper-{signatory.public_id}",
    )
