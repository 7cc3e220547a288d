"""The chain of a convention: each entry is hashed with the one before; personal values stay beside it."""

import secrets
from dataclasses import dataclass

from caprse.base import clock
from conventions.documents import canonical_sha256, moment, sha256
from conventions.enums import TrailKind
from conventions.models import SensitiveValue, TrailEntry

GENESIS = "0" * 64
PRODUCT = "caprse"
# What the fingerprint of an entry is made of.
FIELDS = ("seq", "at", "kind", "actor", "data", "previous")


@dataclass(frozen=True)
class Circumstances:
    """From where a person acted: kept beside the chain, which only holds salted commitments to them."""

    ip: str = ""
    agent: str = ""

    @property
    def values(self):
        return {name: value for name, value in (("ip", self.ip), ("agent", self.agent)) if value}


@dataclass(frozen=True)
class Break:
    """The first entry of a chain that does not hold."""

    seq: int


def by_user(user):
    """How a person of the network is named in the chain."""
    return f"user:{user.public_id}" if user is not None else PRODUCT


def by_signatory(signatory):
    return f"signatory:{signatory.public_id}"


def last(convention):
    """The last entry, or None."""
    return TrailEntry.objects.filter(convention=convention).order_by("-seq").first()


def append(convention, kind, *, actor, data=None, sensitive=None, last=None):
    """Add an entry; the caller holds the convention (`states.lock`) in its transaction.

    `data` holds ids, hashes and numbers; `sensitive` holds personal values, by name. `last`: the last entry, when the
    caller has read it since it holds the convention. Returns the entry.
    """
    last = last or TrailEntry.objects.filter(convention=convention).order_by("-seq").first()
    values = [(name, secrets.token_hex(32), value) for name, value in (sensitive or {}).items()]
    commitments = {f"{name}_commitment": sha256(salt + value) for name, salt, value in values}
    fields = {
        "seq": last.seq + 1 if last else 1,
        "at": moment(clock.now()),
        "kind": str(kind),
        "actor": actor,
        "data": {**(data or {}), **commitments},
        "previous": last.digest if last else GENESIS,
    }
    entry = TrailEntry.objects.create(
        region_id=convention.region_id,
        convention=convention,
        digest=digest_of(convention.public_id, fields),
        **fields,
    )
    SensitiveValue.objects.bulk_create(
        SensitiveValue(region_id=convention.region_id, entry=entry, name=name, salt=salt, value=value)
        for name, salt, value in values
    )
    return entry


def digest_of(public_id, fields):
    """Fingerprint of an entry: all it says, the convention it belongs to, and the entry before."""
    return canonical_sha256({"convention": public_id, **fields})


def head(convention):
    """The fingerprint of the last entry: whoever holds it can tell whether anything before was changed."""
    last = TrailEntry.objects.filter(convention=convention).order_by("-seq").values_list("digest", flat=True).first()
    return last or GENESIS


def digest_of_signature(signature):
    """The fingerprint of the entry that a signature added to the chain."""
    entries = TrailEntry.objects.filter(convention=signature.party.convention, kind=TrailKind.SIGNED)
    return entries.get(data__evidence_sha256=signature.evidence_sha256).digest


def verify(convention):
    """The first `Break` of the chain, or None when every entry holds."""
    previous = GENESIS
    for rank, entry in enumerate(TrailEntry.objects.filter(convention=convention).order_by("seq"), start=1):
        fields = {name: getattr(entry, name) for name in FIELDS}
        sound = digest_of(convention.public_id, fields) == entry.digest
        if not (sound and entry.seq == rank and entry.previous == previous):
            return Break(rank)
        previous = entry.digest
    return None
