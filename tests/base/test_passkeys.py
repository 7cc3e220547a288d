"""What a passkey signs of a document: what is kept, and what is not taken for it."""

import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from caprse.base import passkeys

DOCUMENT, CONSENT = "ab" * 32, "cd" * 32
ORIGIN = "https://caprse.example"
CHALLENGE = passkeys.challenge_of(DOCUMENT, CONSENT)


def typed(challenge=CHALLENGE, origin=ORIGIN, kind="webauthn.get", flags=0x05, key=None, **changes):
    """What the page sends once a device has signed: a key made on the spot, and its assertion."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    client = {"type": kind, "challenge": passkeys.encoded(challenge), "origin": origin, "crossOrigin": False}
    client_data = json.dumps(client).encode()
    site = origin.removeprefix("https://").removeprefix("http://").split(":")[0]
    authenticator = sha256(site.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big")
    signature = key.sign(authenticator + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    sent = {
        "algorithm": -7,
        "credential": passkeys.encoded(b"clef"),
        "public_key": passkeys.encoded(public),
        "client_data": passkeys.encoded(client_data),
        "authenticator_data": passkeys.encoded(authenticator),
        "signature": passkeys.encoded(signature),
    }
    return json.dumps({**sent, **changes})


def test_what_is_kept_is_checked_again_with_nothing_else():
    kept = json.loads(json.dumps(passkeys.accept(typed(), challenge=CHALLENGE, origin=ORIGIN)))
    assert passkeys.holds(kept, challenge=bytes.fromhex(kept["challenge"]), origin=kept["origin"])
    assert not passkeys.holds(kept, challenge=passkeys.challenge_of(CONSENT, DOCUMENT), origin=ORIGIN)
    assert not passkeys.holds({**kept, "signature": kept["client_data"]}, challenge=CHALLENGE, origin=ORIGIN)


def test_what_is_signed_depends_on_the_document_and_on_the_terms():
    others = {passkeys.challenge_of(a, b) for a in (DOCUMENT, CONSENT) for b in (DOCUMENT, CONSENT)}
    assert len(others) == 4


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        "null",
        "{",
        "\x00",
        '{"algorithm": -7}',
        "[" * 9_000,
        "[" * 7_000,
        typed(client_data=passkeys.encoded(b"[" * 5_000)),
        typed(challenge=b"x" * 32),
        typed(origin="https://ailleurs.example"),
        typed(kind="webauthn.create"),
        typed(flags=0x01),
        typed(flags=0x04),
        typed(algorithm=-257),
        typed(algorithm=0),
        typed(algorithm="ES256"),
        typed(signature="AAAA"),
        typed(public_key="AAAA"),
        typed(public_key=7),
        typed(client_data="AAAA"),
        typed(authenticator_data=""),
        typed(credential="A" * 9_000),
    ],
)
def test_anything_else_is_not_a_signature(sent):
    with pytest.raises(passkeys.NotSignedByPasskey):
        passkeys.accept(sent, challenge=CHALLENGE, origin=ORIGIN)


def test_another_key_than_the_one_kept_signed_nothing():
    one, other = json.loads(typed()), json.loads(typed())
    mixed = json.dumps({**one, "public_key": other["public_key"]})
    with pytest.raises(passkeys.NotSignedByPasskey):
        passkeys.accept(mixed, challenge=CHALLENGE, origin=ORIGIN)
