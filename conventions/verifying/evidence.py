"""The proofs attached to a signed document: recomputed from what they say, with no code of those who wrote them."""

import base64
import hashlib
import json

import rfc8785

from caprse.base import passkeys
from caprse.base.sealing import stamps
from caprse.base.sealing.checks import Finding

GENESIS = "0" * 64
LINK = ("seq", "at", "kind", "actor", "data", "previous")
FROZEN, SIGNED, COMPLETED, LEFT = "frozen", "signed", "completed", "party_left"


def finding(code, holds, said=""):
    """A check; what is wrong is said when something is."""
    return Finding(code, holds, "" if holds else said)


def sha256(content):
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def read(content: bytes):
    """The proofs as plain data. Raises ValueError when they are no object of JSON."""
    told = json.loads(content, parse_constant=_refused)
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def _refused(name):
    raise ValueError(name)


def findings(told, original, roots):
    """Every check of the proofs against the text that was signed; stops by itself at nothing."""
    signed = sha256(original)
    yield finding("original", told["original"]["pdf_sha256"] == signed, "the attached text is not the signed one")
    broken = _broken_link(told)
    yield finding("chain", broken is None, f"link {broken}")
    yield finding("complete", _is_complete(told, signed), "somebody has not signed")
    wrong = [rank for rank, one in enumerate(told["signatures"], start=1) if not _holds(one, told, signed)]
    yield finding("signatures", not wrong, f"signatures {wrong}")
    bad = [stamp["seq"] for stamp in told.get("stamps", ()) if not _is_stamped(stamp, told["chain"], roots)]
    yield finding("stamps", not bad, f"links {bad}")


def _broken_link(told):
    """The rank of the first link that does not hold; the one after the last when the head is another."""
    previous = GENESIS
    for rank, link in enumerate(told["chain"], start=1):
        said = {"convention": told["convention"], **{name: link[name] for name in LINK}}
        if (link["seq"], link["previous"], link["digest"]) != (rank, previous, sha256(rfc8785.dumps(said))):
            return rank
        previous = link["digest"]
    return None if told["chain"] and told["chain_head"] == previous else len(told["chain"]) + 1


def _is_complete(told, signed):
    """Whether the text was frozen once, signed for each party that did not leave, and said complete after that."""
    frozen = _of_kind(told, FROZEN)
    if len(frozen) != 1 or frozen[0]["data"]["pdf_sha256"] != signed or not told["signatures"]:
        return False
    ends, acts = _of_kind(told, COMPLETED), _of_kind(told, SIGNED)
    if len(ends) != 1 or any(act["seq"] > ends[0]["seq"] for act in acts):
        return False
    gone = {link["data"]["party"] for link in _of_kind(told, LEFT)}
    return {act["data"]["party"] for act in acts} >= set(frozen[0]["data"]["parties"]) - gone


def _holds(one, told, signed):
    """Whether a signature names this text, as it was proved when it was given."""
    proof = one["evidence"]
    kept = any(link["data"]["evidence_sha256"] == one["sha256"] for link in _of_kind(told, SIGNED))
    names = proof["pdf_sha256"] == signed and proof["convention"] == told["convention"]
    consent = sha256(one["consent"]) == proof.get("consent_sha256", sha256(one["consent"]))
    return kept and names and consent and _own_key_holds(one, signed) and sha256(rfc8785.dumps(proof)) == one["sha256"]


def _own_key_holds(one, signed):
    """Whether what the person's own key signed, where there is one, is this text and these terms, as was proved then."""
    kept, told = one.get("passkey"), one["evidence"].get("passkey_sha256")
    if kept is None and told is None:
        return True
    if kept is None or told != sha256(rfc8785.dumps(kept)):
        return False
    challenge = passkeys.challenge_of(signed, sha256(one["consent"]))
    return passkeys.holds(kept, challenge=challenge, origin=kept["origin"])


def _is_stamped(stamp, chain, roots):
    link = next(link for link in chain if link["seq"] == stamp["seq"])
    try:
        stamps.checked(base64.b64decode(stamp["token"], validate=True), bytes.fromhex(link["digest"]), roots)
    except (stamps.BadStamp, ValueError):
        return False
    return True


def _of_kind(told, kind):
    return [link for link in told["chain"] if link["kind"] == kind]


def counts(told):
    """How many parties of each kind signed, how many signatures, how many links."""
    role_of = {one["sha256"]: one["evidence"]["role"] for one in told["signatures"]}
    bound = {link["data"]["party"]: role_of.get(link["data"]["evidence_sha256"]) for link in _of_kind(told, SIGNED)}
    roles = sorted(filter(None, bound.values()))
    return {
        "parties": {role: roles.count(role) for role in dict.fromkeys(roles)},
        "signatures": len(told["signatures"]),
        "events": len(told["chain"]),
    }
