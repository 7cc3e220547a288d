"""Who signs for a party, with what power, in what order; whom to write to about it; what it says for itself."""

from django.db import transaction

from caprse.base import clock, files, journal, links
from caprse.base.ids import new_public_id
from cohorts.models import Membership
from cohorts.models.memberships import current
from cohorts.services.people import person_for
from conventions.documents import canonical_sha256
from conventions.enums import ConventionState, TrailKind
from conventions.lifecycle import BEFORE_SIGNED
from conventions.models import Party, Signatory, WrongPerson
from conventions.models.conventions import LINK
from conventions.services import codes, sending, states, trail, turns

FIELDS = ("first_name", "last_name", "email", "quality", "power")
POWERS = ("power_basis", "rank", "address_basis")
CONTACT = ("contact_name", "contact_email", "contact_phone")


class AlreadySigned(Exception):
    """This party has signed: its signatory stays."""


class OwnAddress(Exception):
    """Whoever prepares a convention gave their own address for a party that is not theirs."""


class SignsAlready(Exception):
    """Somebody with this address signs for the party already."""


class StaleParty(Exception):
    """Somebody wrote about this party since the page was opened; `party` is as it stands."""

    def __init__(self, party):
        super().__init__("stale party")
        self.party = party


@transaction.atomic
def name_signatory(*, party, by, former=None, why="", power_file=None, **fields):
    """Say who signs for a party, in place of `former` (or of the one there is). Returns who signs now.

    `fields`: those of `FIELDS`, and of `POWERS` if they are to change. Once the convention is sent, the former link and
    codes are void and a new link leaves; the former signatory stays in the history with `why`. Saying the same again
    changes nothing. Raises AlreadySigned, OwnAddress, SignsAlready, or WrongState when the convention is over, or
    somebody else has replaced `former` meanwhile.
    """
    refuse_own_address(party, fields["email"], by)
    convention = states.lock(party.convention)
    if convention.state not in BEFORE_SIGNED:
        raise states.WrongState(convention.state)
    present = Signatory.objects.current().select_for_update().filter(party=party).order_by("pk")
    meant, former = former, (present.filter(public_id=former.public_id) if former else present).first()
    if meant and not former:  # nobody is added beside who took their place
        raise states.WrongState("replaced")
    if (former and hasattr(former, "signature")) or (not former and party.signatures.exists()):
        raise AlreadySigned
    fields = {**_powers_of(former, fields["email"]), **fields}
    if former and _says_the_same(former, fields, power_file):
        return former
    if present.filter(email__iexact=fields["email"]).exclude(pk=former.pk if former else None).exists():
        raise SignsAlready
    power_file = power_file or (former and former.power_file)
    if former:
        _put_aside(convention, former, why)
    kept = former.public_id if former and convention.state == ConventionState.DRAFT else ""
    signatory = write_signatory(party, by=by, power_file=power_file, public_id=kept, **fields)
    if convention.state != ConventionState.DRAFT:
        _chain_replacement(convention, former, signatory, why, by)
    if convention.state == ConventionState.OPEN and turns.turn_of(signatory):
        sending.send_link(convention=convention, signatory=signatory, by=by)
    journal.record("convention.signatory_named", signatory, by=by, **sending.anchors(convention, party))
    return signatory


def _says_the_same(signatory, fields, power_file):
    """Whether this is who signs already, with the same document brought again or none."""
    same_file = not power_file or (signatory.power_file and signatory.power_file.sha256 == power_file.sha256)
    return same_file and all(getattr(signatory, name) == value for name, value in fields.items())


def _powers_of(former, email):
    """What stays of who signed before, for who signs now; what was known of another address is not."""
    kept = {name: getattr(former, name) for name in POWERS} if former else {}
    return kept if former and former.email.casefold() == email.casefold() else {**kept, "address_basis": ""}


def _put_aside(convention, former, why):
    """A draft forgets who was named; afterwards, whoever was named stays in the history, and their link dies."""
    if convention.state == ConventionState.DRAFT:
        former.delete()
        return
    Signatory.objects.filter(pk=former.pk).update(replaced_at=clock.now(), replaced_why=why)
    links.void(LINK, former.pk)
    former.codes.filter(consumed_at=None).update(consumed_at=clock.now())


def _chain_replacement(convention, former, signatory, why, by):
    data = {"signatory": signatory.public_id, **({"former": former.public_id} if former else {})}
    sensitive = {"address": signatory.email, **({"reason": why} if why else {})}
    trail.append(convention, TrailKind.SIGNATORY_REPLACED, actor=trail.by_user(by), data=data, sensitive=sensitive)


@transaction.atomic
def add_signatory(*, party, by, power_file=None, **fields):
    """One more person who signs for a party, while it is a draft. The same person again changes nothing.

    Raises OwnAddress, SignsAlready when another person of this address signs already, WrongState once frozen.
    """
    refuse_own_address(party, fields["email"], by)
    convention = _lock_draft(party)
    known = Signatory.objects.current().filter(party=party, email__iexact=fields["email"]).first()
    if known and all(getattr(known, name) == value for name, value in fields.items()):
        return known
    if known:
        raise SignsAlready
    signatory = write_signatory(party, by=by, power_file=power_file, **fields)
    journal.record("convention.signatory_named", signatory, by=by, **sending.anchors(convention, party))
    return signatory


@transaction.atomic
def remove_signatory(*, signatory, by):
    """Take somebody off those who sign for a party, while it is a draft. Raises WrongState once frozen."""
    convention = _lock_draft(signatory.party)
    Signatory.objects.filter(pk=signatory.pk).delete()
    journal.record(
        "convention.signatory_removed", signatory.party, by=by, **sending.anchors(convention, signatory.party)
    )
    return signatory.party


def _lock_draft(party):
    convention = states.lock(party.convention)
    if convention.state != ConventionState.DRAFT:
        raise states.WrongState(convention.state)
    return convention


def keep_power_file(*, upload, party, by):
    """Keep the document that shows a power to sign; called before the transaction that writes the signatory."""
    return files.store_upload(
        upload,
        created_by_id=by.user_id,
        region_id=party.region_id,
        cohort_id=party.convention.cohort_id,
        organisation_id=party.organisation_id,
    )


def refuse_own_address(party, email, by):
    """Whoever prepares a convention receives nobody else's link and code: raise OwnAddress."""
    if by is None or email.casefold() != (by.email or "").casefold():
        return
    if not Membership.objects.filter(current(clock.today()), user=by, organisation=party.organisation_id).exists():
        raise OwnAddress


def write_signatory(
    party,
    *,
    by,
    first_name,
    last_name,
    email,
    quality,
    power,
    power_basis="",
    rank=1,
    power_file=None,
    address_basis="",
    public_id="",
):
    """A new row, under its own `public_id` or that of the one it stands for; the caller holds the convention."""
    person = person_for(email=email, first_name=first_name, last_name=last_name, by=by)
    return Signatory.objects.create(
        public_id=public_id or new_public_id(),
        region_id=party.region_id,
        party=party,
        user=person,
        first_name=first_name,
        last_name=last_name,
        email=email,
        address_basis=address_basis,
        quality=quality,
        power=power,
        power_basis=power_basis,
        rank=rank,
        power_file=power_file,
        created_by_id=by.user_id if by else None,
    )


# --- The party --------------------------------------------------------------------------------------------------


def seen(party):
    """What a page showed of a party, in a few characters: whoever saves says what they had read."""
    return canonical_sha256([*(getattr(party, name) for name in CONTACT), party.values])[:16]


@transaction.atomic
def set_party(*, party, by, was, contact, values=None):
    """Whom to write to about a party, and until the text is frozen, what it says for itself.

    `was`: what `seen` gave when the page was opened. Raises StaleParty when somebody wrote since; WrongState when the
    values of a frozen text would change.
    """
    convention = states.lock(party.convention)
    locked = Party.objects.select_for_update().get(pk=party.pk)
    values = locked.values if values is None else values
    if values != locked.values and convention.state != ConventionState.DRAFT:
        raise states.WrongState(convention.state)
    if {**contact, "values": values} == {name: getattr(locked, name) for name in (*CONTACT, "values")}:
        return locked
    if was != seen(locked):
        raise StaleParty(locked)
    for name, value in {**contact, "values": values}.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*CONTACT, "values"])
    journal.record("convention.party_set", locked, by=by, **sending.anchors(convention, locked))
    return locked


# --- « Je ne suis pas la bonne personne » -----------------------------------------------------------------------


@transaction.atomic
def say_wrong_person(*, signatory, circumstances, **named):
    """Somebody who received a link says that another should sign; whoever prepares the convention decides.

    `named`: first_name, last_name, email, quality, message. Nothing is sent to who is named. Said again before it is
    answered, it is the same. Raises SigningClosed when the signature is not expected any more.
    """
    convention = states.lock(signatory.party.convention)
    codes.require_open(convention, signatory)
    waiting = waiting_for(signatory)
    if waiting:
        return waiting
    told = WrongPerson.objects.create(
        region_id=convention.region_id, convention=convention, signatory=signatory, **named
    )
    trail.append(
        convention,
        TrailKind.WRONG_PERSON,
        actor=trail.by_signatory(signatory),
        data={"signatory": signatory.public_id},
        sensitive={**({"named": named["email"]} if named["email"] else {}), **circumstances.values},
    )
    sending.tell_preparers(convention, sending.WRONG_PERSON_MAIL, wrong_person=told.pk)
    journal.record("convention.wrong_person", told, by=signatory.user, **sending.anchors(convention, signatory.party))
    return told


def waiting_for(signatory):
    """What a signatory said and nobody has answered, or None."""
    return WrongPerson.objects.filter(signatory=signatory, answered_at=None).first()


@transaction.atomic
def dismiss_wrong_person(*, signatory, by):
    """Keep who was named to sign: the page of signature opens again to them, and they are told so."""
    convention = states.lock(signatory.party.convention)
    told = WrongPerson.objects.select_for_update().filter(signatory=signatory, answered_at=None).first()
    if told is None:
        return None
    _answer(told, by, followed=False)
    if convention.state == ConventionState.OPEN and turns.turn_of(signatory):
        sending.send_link(convention=convention, signatory=signatory, by=by)
    return told


@transaction.atomic
def replace_signatory(*, signatory, by, why, power_file=None, **fields):
    """Name somebody else in place of a signatory, and answer what this one said, if anything waits."""
    named = name_signatory(party=signatory.party, by=by, former=signatory, why=why, power_file=power_file, **fields)
    told = WrongPerson.objects.select_for_update().filter(signatory=signatory, answered_at=None).first()
    if told and named.pk != signatory.pk:
        _answer(told, by, followed=bool(told.email) and told.email.casefold() == named.email.casefold())
    return named


def _answer(told, by, *, followed):
    told.answered_at, told.answered_by_id, told.followed = clock.now(), by.user_id, followed
    told.save(update_fields=["answered_at", "answered_by", "followed"])
    journal.record("convention.wrong_person_answered", told, by=by, region_id=told.region_id)
