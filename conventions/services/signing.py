"""Signing: one transaction that locks, checks again, records, chains, and grants what a signature opens."""

from dataclasses import dataclass

from django.db import transaction

from caprse.base import clock, journal, outbox
from caprse.base.text import masked_address
from cohorts.enums import ClearanceKind, OpeningCondition, OrganisationKind
from cohorts.models import Clearance, Participation
from cohorts.services.cohorts import grant_clearance
from conventions import documents
from conventions.enums import ConventionState, Opening, TrailKind
from conventions.models import Party, Signatory, Signature, SigningCode
from conventions.services import codes, sending, states, trail
from conventions.services.codes import CodeRefused

RECEIPT_MAIL = "signature_receipt"
IDENTIFIED_BY = {
    Opening.LINK: "personal link and code, both sent by e-mail",
    Opening.ACCOUNT: "account in the application, and code sent by e-mail",
}


class TextChanged(Exception):
    """What the page showed is not what is being signed: nothing was signed."""


@dataclass(frozen=True)
class Act:
    """What a signatory sends when they sign: the session and how it was opened, the text shown, the code typed."""

    session: str
    document_sha256: str
    digits: str
    circumstances: trail.Circumstances
    opening: str = Opening.LINK


@transaction.atomic
def open_link(*, signatory, circumstances, opening=Opening.LINK):
    """Note that a signatory came to read, by an act of theirs (never by a GET); nothing once they have signed.

    Raises SigningClosed when their signature is no longer expected.
    """
    convention = states.lock(signatory.party.convention)
    if Signature.objects.filter(signatory=signatory).exists():
        return signatory
    codes.require_awaited(convention, signatory)
    Signatory.objects.filter(pk=signatory.pk, opened_at=None).update(opened_at=clock.now())
    trail.append(
        convention,
        TrailKind.LINK_OPENED,
        actor=trail.by_signatory(signatory),
        data={"opening": str(opening)},
        sensitive=circumstances.values,
    )
    return signatory


def sign(*, signatory, act):
    """Sign for a party. The same session again returns the same signature.

    Raises CodeRefused (the try is counted), SigningClosed, or TextChanged; nothing is then signed.
    """
    done = Signature.objects.filter(signatory=signatory, nonce=act.session).first()
    if done:
        return done
    code = codes.attempt(signatory=signatory, session=act.session, digits=act.digits, circumstances=act.circumstances)
    with transaction.atomic():
        return _sign(signatory, act, code)


def _sign(signatory, act, code):
    """Locks in the order convention, party, signatory, code; checks everything again, then writes."""
    convention = states.lock(signatory.party.convention)
    party = Party.objects.select_for_update().get(pk=signatory.party_id)
    signatory = Signatory.objects.select_for_update().get(pk=signatory.pk)
    done = Signature.objects.filter(signatory=signatory, nonce=act.session).first()
    if done:
        return done
    codes.require_awaited(convention, signatory)
    original = codes.original_of(convention)
    if act.document_sha256 != original.pdf_sha256 or code.document_sha256 != original.pdf_sha256:
        raise TextChanged
    if not SigningCode.objects.filter(pk=code.pk, consumed_at=None).update(consumed_at=clock.now()):
        raise CodeRefused("Ce code a déjà servi.")
    signature = _record(convention, party, signatory, code, original, act)
    complete = not Party.objects.filter(convention=convention).unsigned().exists()
    if complete:
        _complete(convention)
    elif convention.cohort.condition == OpeningCondition.OWN_SIGNED:
        grant(convention, Party.objects.filter(pk=party.pk))
    outbox.post(RECEIPT_MAIL, to_ids=[signatory.user_id], signature=signature.pk)
    journal.record("convention.signed", signature, by=signatory.user, **sending.anchors(convention, party))
    return signature


def _record(convention, party, signatory, code, original, act):
    template = documents.read_template(convention.version.content)
    consent = documents.consent_text(template, reference=convention.reference, party=party, signatory=signatory)
    signed_at = clock.now()
    evidence = evidence_of(
        convention, party, signatory, code, original, opening=act.opening, consent=consent, signed_at=signed_at
    )
    signature = Signature.objects.create(
        region_id=convention.region_id,
        party=party,
        signatory=signatory,
        code=code,
        signed_at=signed_at,
        nonce=act.session,
        document_sha256=original.pdf_sha256,
        html_sha256=original.html_sha256,
        name=signatory.full_name,
        quality=signatory.quality,
        power=signatory.power,
        consent=consent,
        evidence=evidence,
        evidence_sha256=documents.canonical_sha256(evidence),
    )
    trail.append(
        convention,
        TrailKind.SIGNED,
        actor=trail.by_signatory(signatory),
        data={"party": party.organisation.public_id, "evidence_sha256": signature.evidence_sha256},
        sensitive={"address": signatory.email, **act.circumstances.values},
    )
    return signature


def evidence_of(convention, party, signatory, code, original, *, opening, consent, signed_at):
    """What shows who signed what, how they were recognised and what they wanted; no address in full.

    Source: Cass. com. 13 March 2024, 22-16.487: an agreement on the process and a detailed file make the proof.
    """
    return {
        "convention": convention.public_id,
        "reference": convention.reference,
        "template_sha256": convention.version.sha256,
        "pdf_sha256": original.pdf_sha256,
        "html_sha256": original.html_sha256,
        "pages": original.pages,
        "shown": "html",
        "language": "fr",
        "party": party.name,
        "role": party.role,
        "siret": party.organisation.siret,
        "name": signatory.full_name,
        "quality": signatory.quality,
        "power": signatory.power,
        "identified_by": IDENTIFIED_BY[opening],
        "address": masked_address(signatory.email),
        "named_by": trail.by_user(signatory.created_by),
        "named_at": documents.moment(signatory.created_at),
        "code": code.pk,
        "code_asked_at": documents.moment(code.asked_at),
        "code_attempts": code.attempts,
        "consent_sha256": documents.sha256(consent),
        "chain_head_before": trail.head(convention),
        "signed_at": documents.moment(signed_at),
    }


def _complete(convention):
    """All have signed: rounds may open, and the final document is made in the background."""
    states.move(convention, to=ConventionState.SIGNED, completed_at=clock.now())
    trail.append(convention, TrailKind.COMPLETED, actor=trail.PRODUCT)
    grant(convention, convention.parties.all())
    sending.work(convention, sending.FINAL_JOB)


def grant(convention, parties):
    """Clear the structures among these parties to open their rounds; those already cleared stay so."""
    bound = Participation.objects.current().filter(
        cohort_id=convention.cohort_id,
        organisation__in=parties.filter(role=OrganisationKind.STRUCTURE).values("organisation"),
    )
    cleared = Clearance.objects.filter(kind=ClearanceKind.CONVENTION, until=None, participation__in=bound)
    for participation in bound.exclude(pk__in=cleared.values("participation")).order_by("pk"):
        grant_clearance(
            participation=participation,
            kind=ClearanceKind.CONVENTION,
            since=clock.today(),
            reason=f"Convention n° {convention.reference}",
        )
