"""Public identifiers: random, short enough to read over the phone, never guessable in sequence."""

import re
import secrets

# Without 0/o, 1/l/i: people copy these from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12


def new_public_id():
    """A random 12-character identifier for URLs, mails, QR codes and documents."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_public_id(text):
    """Whether this text, typed in an address, could be an identifier of ours."""
    return bool(re.fullmatch(PublicIdConverter.regex, text))


class PublicIdConverter:
    """URL converter `pid`."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class RankConverter:
    """URL converter `rank`: a place in a list, from 1 to 999."""

    regex = "[1-9][0-9]{0,2}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)
