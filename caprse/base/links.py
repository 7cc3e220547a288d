"""Personal links: a random token in a mail, its hash in a table, and the holder it makes of whoever opens it.

A link is made when the mail that carries it leaves, so that its token is stored nowhere. Several links to the
same thing may live together (a mail and its reminder); voiding ends them all.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from caprse.base import clock
from caprse.base.ids import ALPHABET
from caprse.base.models import PersonalLink

TOKEN_BYTES = 32
SHORT = 10  # characters of a code somebody copies from paper


@dataclass(frozen=True)
class LinkHolder:
    """Whoever holds a link: an actor for the doors. `voided` says that the link was replaced or taken back.

    `link_id`: which of the links to the same thing it is, None once it was opened.
    """

    purpose: str
    target_id: int
    voided: bool = False
    link_id: int | None = None

    def target_of(self, purpose):
        """The id this holder may see for a purpose, or None."""
        return self.target_id if self.purpose == purpose else None


def digest(token):
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(purpose, target_id):
    """Make a link to a row and return its token, which is known to nobody else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    PersonalLink.objects.create(purpose=purpose, target_id=target_id, digest=digest(token))
    return token


def void(purpose, target_id):
    """End every link to a row. Returns how many were alive."""
    alive = PersonalLink.objects.filter(purpose=purpose, target_id=target_id, voided_at=None)
    return alive.update(voided_at=clock.now())


def holder(purpose, token):
    """The holder of this token, or None when no such link was ever made."""
    link = PersonalLink.objects.filter(purpose=purpose, digest=digest(token)).first()
    return link and LinkHolder(purpose, link.target_id, voided=link.voided_at is not None, link_id=link.pk)


def short_code(purpose, public_id, number):
    """The code number `number` of a row, ten characters somebody can copy by hand.

    Derived from the secret of the site, so that it can be shown again and is stored nowhere: the table keeps its
    `digest`. The same three values always give the same code.
    """
    rest = int.from_bytes(salted_hmac(purpose, f"{public_id}:{number}", algorithm="sha256").digest(), "big")
    code = []
    for _ in range(SHORT):
        rest, place = divmod(rest, len(ALPHABET))
        code.append(ALPHABET[place])
    return "".join(code)
