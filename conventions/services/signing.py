"""Signing: one transaction that locks, checks again, records, chains, and grants what a signature opens."""

from dataclasses import dataclass

from django.db import transaction

from caprse.base import clock, journal, outbox, passkeys, queue
from caprse.base.text import masked_address
from conventions import documents, rules
from conventions.enums import ConventionState, Nature, Opening, TrailKind
from conventions.models import Party, Signatory, Signature, SigningCode
from conventions.services import clearances, codes, life, sending, states, trail, turns
from conventions.services.codes import CodeRefused
from conventions.services.stamping import STAMP_TASK
from conventions.texts import consent_text, read_template

RECEIPT_MAIL = "signature_receipt"
TICKED = "J’ai lu ces termes et je les accepte."  # the words beside the box, never ticked beforehand
IDENTIFIED_BY = {
    Opening.LINK: "personal link and code, both sent by e-mail",
    Opening.ACCOUNT: "account in the application, and code sent by e-mail",
}
ON_PAPER = "signed by hand on the printed text, page scanned and recorded by whoever prepares the convention"


class PlaceMissing(Exception):
    """The text asks where each signatory signs, and nothing was said."""


class TextChanged(Exception):
    """What the page showed is not what is being signed: nothing was signed."""


@dataclass(frozen=True)
class Act:
    """What a signatory sends when they sign: the session and how it was opened (by which `link`), the text shown, the code.

    `place`: where, when the text asks for it. `drawn`: a PNG drawn again by us, a decoration. `passkey`: what the own
    key of a signed-in person signed of the text and the terms, on the site `origin`.
    """

    session: str
    document_sha256: str
    digits: str
    circumstances: trail.Circumstances
    opening: str = Opening.LINK
    link: int | None = None
    place: str = ""
    drawn: bytes | None = None
    passkey: str = ""
    origin: str = ""


@transaction.atomic
def open_link(*, signatory, circumstances, opening=Opening.LINK, link=None):
    """Note that a signatory came to read, by an act of theirs (never by a GET); nothing once they have signed.

    Raises SigningClosed when their signature is no longer expected.
    """
    convention = states.lock(signatory.party.convention)
    if Signature.objects.filter(signatory=signatory).exists():
        return signatory
    codes.require_open(convention, signatory)
    Signatory.objects.filter(pk=signatory.pk, opened_at=None).update(opened_at=clock.now())
    trail.append(
        convention,
        TrailKind.LINK_OPENED,
        actor=trail.by_signatory(signatory),
        data={"opening": str(opening), **({"link": link} if link else {})},
        sensitive=circumstances.values,
    )
    return signatory


def sign(*, signatory, act):
    """Sign for a party. The same session again, were it at the same moment, returns the same signature.

    Raises CodeRefused (the try is counted), SigningClosed, TextChanged, PlaceMissing, or NotSignedByPasskey; nothing
    is then signed.
    """
    given = Signature.objects.filter(signatory=signatory, nonce=act.session)
    if done := given.first():
        return done
    try:
        code = codes.attempt(
            signatory=signatory, session=act.session, digits=act.digits, circumstances=act.circumstances
        )
    except CodeRefused:
        if done := given.first():  # the same request, sent twice, has used it meanwhile
            return done
        raise
    with transaction.atomic():
        return _sign(signatory, act, code)


def _sign(signatory, act, code):
    """Locks in the order convention, party, signatory, code; checks everything again, then writes."""
    read = signatory.party.convention
    convention = states.lock(read)
    convention.version = read.version  # a version never changes
    party = Party.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=signatory.party_id)
    signatory = (
        Signatory.objects.select_for_update(of=("self",))
        .select_related("user", "created_by", "power_file", "signature")
        .get(pk=signatory.pk)
    )
    signatory.party, done = party, getattr(signatory, "signature", None)
    if done and done.nonce == act.session:
        return done
    codes.require_no_end(convention, signatory, signed=done is not None)
    codes.require_now(signatory)
    original = codes.fingerprints_of(convention)
    if act.document_sha256 != original.pdf_sha256 or code.document_sha256 != original.pdf_sha256:
        raise TextChanged
    if not SigningCode.objects.filter(pk=code.pk, consumed_at=None).update(consumed_at=clock.now()):
        raise CodeRefused("Ce code a déjà servi.")
    signature = _record(convention, party, signatory, code, original, act)
    settle(convention, signatory)
    outbox.post(RECEIPT_MAIL, to_ids=[signatory.user_id], signature=signature.pk)
    journal.record("convention.signed", signature, by=signatory.user, **sending.anchors(convention, party))
    return signature


def settle(convention, signatory):
    """What one more signature sets off: the end of the ceremony, a structure's own rounds, the turn of the next."""
    if not Party.objects.filter(convention=convention).unsigned().exists():
        _complete(convention)
        return
    clearances.grant_before_all(convention, signatory.party)
    if (turns.rank_signing(convention) or 0) > signatory.rank:
        sending.work(convention, sending.TURN_JOB)


def _record(convention, party, signatory, code, original, act):
    template = read_template(convention.version.content)
    if template.asks_place and not act.place:
        raise PlaceMissing
    consent = consent_text(template, reference=convention.reference, party=party, signatory=signatory)
    signed_at = clock.now()
    last = trail.last(convention)
    challenge = passkeys.challenge_of(original.pdf_sha256, documents.sha256(consent))
    passkey = passkeys.accept(act.passkey, challenge=challenge, origin=act.origin) if act.passkey else None
    evidence = {
        **evidence_of(convention, party, signatory, original, last, consent=consent, signed_at=signed_at),
        "identified_by": IDENTIFIED_BY[act.opening],
        "link": act.link,
        "account": trail.by_user(signatory.user) if act.opening == Opening.ACCOUNT else None,
        "shown": "html",
        "ticked": TICKED,
        "button": f"Signer la {convention.word}",
        "session_sha256": documents.sha256(act.session),
        "opened_at": documents.moment(signatory.opened_at) if signatory.opened_at else None,
        "code": code.pk,
        "code_asked_at": documents.moment(code.asked_at),
        "code_sent_at": documents.moment(code.expires_at - rules.CODE_LIFE),
        "code_attempts": code.attempts,
        **({"place": act.place} if act.place else {}),
        **({"drawn_sha256": documents.sha256(act.drawn)} if act.drawn else {}),
        **({"passkey_sha256": documents.canonical_sha256(passkey)} if passkey else {}),
    }
    return record(
        convention,
        signatory,
        original,
        last,
        consent=consent,
        evidence=evidence,
        signed_at=signed_at,
        actor=trail.by_signatory(signatory),
        sensitive={"address": signatory.email, **act.circumstances.values},
        code=code,
        nonce=act.session,
        place=act.place,
        drawn=act.drawn,
        passkey=passkey,
    )


def record(convention, signatory, original, last, *, consent, evidence, signed_at, actor, sensitive, **how):
    """Write a signature and its link of the chain, after `last`; `how`: what differs online and on paper."""
    party = signatory.party
    signature = Signature.objects.create(
        region_id=convention.region_id,
        party=party,
        signatory=signatory,
        signed_at=signed_at,
        document_sha256=original.pdf_sha256,
        html_sha256=original.html_sha256,
        name=signatory.full_name,
        quality=signatory.quality,
        power=signatory.power,
        consent=consent,
        evidence=evidence,
        evidence_sha256=documents.canonical_sha256(evidence),
        **how,
    )
    trail.append(
        convention,
        TrailKind.SIGNED,
        actor=actor,
        data={"party": party.organisation.public_id, "evidence_sha256": signature.evidence_sha256},
        sensitive=sensitive,
        last=last,
    )
    queue.wake(STAMP_TASK)
    return signature


def evidence_of(convention, party, signatory, original, last, *, consent, signed_at):
    """What shows who signed what and what they wanted; how they were recognised is added to it. No address in full.

    Source: Cass. com. 13 March 2024, 22-16.487: an agreement on the process and a detailed file make the proof.
    """
    return {
        "convention": convention.public_id,
        "reference": convention.reference,
        "version": convention.number,
        "template_sha256": convention.version.sha256,
        "pdf_sha256": original.pdf_sha256,
        "html_sha256": original.html_sha256,
        "pages": original.pages,
        "language": "fr",
        "party": party.name,
        "role": party.role,
        "siret": party.organisation.siret,
        "name": signatory.full_name,
        "quality": signatory.quality,
        "power": signatory.power,
        "power_basis": signatory.power_basis,
        "power_file_sha256": signatory.power_file.sha256 if signatory.power_file else None,
        "rank": signatory.rank,
        "address": masked_address(signatory.email),
        "address_basis": signatory.address_basis or None,
        "named_by": trail.by_user(signatory.created_by),
        "named_at": documents.moment(signatory.created_at),
        "consent_sha256": documents.sha256(consent),
        "chain_head_before": last.digest if last else trail.GENESIS,
        "signed_at": documents.moment(signed_at),
    }


def complete_if_all_signed(convention):
    """Once a party has left what is being signed: whoever was only waited for it has signed. The caller holds it."""
    if convention.state != ConventionState.OPEN:
        return
    if not Party.objects.filter(convention=convention).unsigned().exists():
        _complete(convention)
    else:
        sending.work(convention, sending.TURN_JOB)


def _complete(convention):
    """All have signed: rounds may open, and the final document is made in the background."""
    states.move(convention, to=ConventionState.SIGNED, completed_at=clock.now())
    trail.append(convention, TrailKind.COMPLETED, actor=trail.PRODUCT)
    if convention.nature != Nature.AMENDMENT:
        clearances.grant(convention, convention.parties.all())
    life.completed(convention)
    sending.work(convention, sending.FINAL_JOB)
