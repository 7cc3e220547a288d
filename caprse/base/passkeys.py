"""What a person's own passkey signs of a document: a WebAuthn assertion, kept whole, checked again by anybody later.

The key is made on the spot, for one document; its public part stays beside what it signed, nothing else is kept.
"""

import hmac
import json
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from fido2.cose import CoseKey
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AuthenticatorData, CollectedClientData

DOMAIN = b"CAP RSE: signature of a document by a passkey, version 1\n"
ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256: what browsers ask for
TYPED_MAX = 8_000
BYTES = ("credential", "public_key", "client_data", "authenticator_data", "signature")
PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class NotSignedByPasskey(ValueError):
    """What was sent is no signature of this document by a passkey; `str()` says it in French."""

    def __init__(self):
        super().__init__(
            "Votre clé d’accès n’a pas pu signer ce texte. Recommencez, ou signez sans elle : elle n’est pas demandée."
        )


def challenge_of(document_sha256: str, consent_sha256: str) -> bytes:
    """What a passkey signs: these words, the fingerprint of the document, the one of the terms accepted."""
    return sha256(DOMAIN + bytes.fromhex(document_sha256) + bytes.fromhex(consent_sha256)).digest()


def encoded(content: bytes) -> str:
    """Bytes as a page and a browser exchange them."""
    return websafe_encode(content)


def accept(typed: str, *, challenge: bytes, origin: str) -> dict:
    """What a page sent, checked, as it is kept. `origin`: the site it must have been made on.

    Raises `NotSignedByPasskey`.
    """
    try:
        sent = json.loads(typed[: TYPED_MAX + 1])
        kept = {"version": 1, "algorithm": sent["algorithm"], **{name: sent[name] for name in BYTES}}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotSignedByPasskey from error
    if len(typed) > TYPED_MAX or not holds(kept, challenge=challenge, origin=origin):
        raise NotSignedByPasskey
    return {**kept, "challenge": challenge.hex(), "origin": origin}


def holds(kept: dict, *, challenge: bytes, origin: str) -> bool:
    """Whether what was kept is a signature of this challenge, on this site, by somebody present and recognised.

    Needs nothing but what was kept: it may be asked anywhere, years later.
    """
    try:
        _, public_key, client_data, authenticator_data, signature = (websafe_decode(kept[name]) for name in BYTES)
        client, authenticator = CollectedClientData(client_data), AuthenticatorData(authenticator_data)
        if kept["algorithm"] not in ALGORITHMS:
            return False
        key = CoseKey.for_alg(kept["algorithm"]).from_cryptography_key(load_der_public_key(public_key))
        key.verify(authenticator_data + client.hash, signature)
    except (ValueError, TypeError, KeyError, AssertionError, AttributeError, RecursionError, InvalidSignature):
        return False
    site = sha256((urlsplit(origin).hostname or "").encode()).digest()
    return (
        client.type == CollectedClientData.TYPE.GET
        and client.origin == origin
        and not client.cross_origin
        and hmac.compare_digest(client.challenge, challenge)
        and hmac.compare_digest(authenticator.rp_id_hash, site)
        and authenticator.flags & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED
    )
