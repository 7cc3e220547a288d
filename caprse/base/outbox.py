"""Mails leave through a table: the service writes kind and ids, the text is rendered when the mail is sent."""

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q

from caprse.base import clock, queue
from caprse.base.enums import MailState
from caprse.base.models import OutboxMessage
from caprse.base.text import spaced

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 6
_renderers = {}
_undelivered = {}
PERMANENT = range(500, 600)  # what a server answers when trying again is of no use (RFC 5321, 4.2.1)


@dataclass(frozen=True)
class Mail:
    """A mail ready to leave: address, subject (one line), plain text, and files as (name, bytes, media type).

    Its words take their no-break spaces here, once for all.
    """

    to: str
    subject: str
    text: str
    files: tuple = ()

    def __post_init__(self):
        for name in ("subject", "text"):
            object.__setattr__(self, name, spaced(getattr(self, name)))


def renderer(kind):
    """Register `function(message) -> Mail | None` (None: no longer relevant, nothing is sent)."""

    def register(function):
        _renderers[kind] = function
        return function

    return register


def undelivered(kind):
    """Register `function(message)`, called once when a mail of this kind could not be delivered and is given up."""

    def register(function):
        _undelivered[kind] = function
        return function

    return register


@transaction.atomic
def post(kind, *, to_ids, **payload):
    """Put one mail per recipient (user ids) in the outbox; they leave after commit."""
    rows = [OutboxMessage(kind=kind, recipient_id=pk, payload=payload) for pk in dict.fromkeys(to_ids)]
    OutboxMessage.objects.bulk_create(rows)
    queue.wake("caprse.base.tasks.send_mail")
    return rows


@transaction.atomic
def post_once(kind, *, to_id, once_key, **payload):
    """Put a mail in the outbox unless one was posted under the same key. Returns whether this one is new."""
    _, created = OutboxMessage.objects.get_or_create(
        once_key=once_key, defaults={"kind": kind, "recipient_id": to_id, "payload": payload}
    )
    if created:
        queue.wake("caprse.base.tasks.send_mail")
    return created


def claim_next():
    """Take the oldest mail waiting, or one whose sender died; None when the box is empty."""
    now = clock.now()
    waiting = Q(state=MailState.PENDING) & (Q(lease_until=None) | Q(lease_until__lte=now))
    free = waiting | Q(state=MailState.SENDING, lease_until__lte=now)
    for pk in OutboxMessage.objects.filter(free).order_by("created_at").values_list("pk", flat=True)[:20]:
        taken = OutboxMessage.objects.filter(free, pk=pk).update(
            state=MailState.SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE
        )
        if taken:
            return OutboxMessage.objects.get(pk=pk)
    return None


def send_waiting():
    """Send everything that waits. Returns how many left."""
    sent = 0
    while message := claim_next():
        sent += deliver(message)
    return sent


def deliver(message):
    """Render and send one mail; a failure is kept with its reason and tried again later."""
    try:
        mail = _renderers[message.kind](message)
        if mail is not None:
            EmailMessage(
                mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], attachments=list(mail.files)
            ).send()
    except Exception as error:
        logger.exception("mail not sent id=%s kind=%s", message.pk, message.kind)
        _note_failure(message, error)
        return False
    shown = {}
    if settings.DEMO and mail is not None:
        shown = {"shown_to": mail.to, "shown_subject": mail.subject, "shown_body": mail.text}
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=MailState.SENT, sent_at=clock.now(), lease_until=None, error="", **shown
    )
    return mail is not None


def _note_failure(message, error):
    """Keep the reason; a mail that an address refuses, or that failed too often, is given up and its kind is told."""
    over = is_permanent(error) or message.attempts >= MAX_ATTEMPTS
    with transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(
            state=MailState.FAILED if over else MailState.PENDING,
            error=type(error).__name__,
            lease_until=clock.now() + LEASE * 2**message.attempts,
        )
        if over and message.kind in _undelivered:
            _undelivered[message.kind](message)


def is_permanent(error):
    """Whether the server refuses the address for good: no such mailbox, no such domain."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return bool(error.recipients) and all(code in PERMANENT for code, _ in error.recipients.values())
    return False


def shown_mails(limit=100):
    """The latest mails whose text the demonstration kept."""
    return OutboxMessage.objects.exclude(shown_to="").order_by("-sent_at", "-pk")[:limit]
