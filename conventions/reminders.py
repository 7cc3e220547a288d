"""Signatures still awaited: recalled five days after the link was sent, then every five days, six times at most.

Nothing more leaves for an address that sends mails back, for who refused, said they are not the right person, or
signs after others.
"""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from caprse.base import clock
from caprse.base.reminders import Line, Reminder, Source, register
from conventions.emails.letters import signing_url
from conventions.models import Signatory, WrongPerson
from conventions.services.following import note_reminded, note_undelivered

KIND = "signature"
EVERY = timedelta(days=5)
AT_MOST = 6
CHAPTERS = " : les chapitres en dépendent"


def due(today):
    """Those whose link was sent, or recalled, five days ago or more."""
    past = today - EVERY
    rows = remindable().filter(
        Q(reminded_on=None) | Q(reminded_on__lte=past),
        sent_at__lte=clock.end_of(past),
        reminders__lt=AT_MOST,
    )
    return [Reminder(*row) for row in rows.order_by("pk").values_list("user_id", "pk")]


def remindable():
    """The signatures awaited now, from somebody whom a mail reaches."""
    first = Signatory.objects.awaited().filter(
        party__convention=OuterRef("party__convention"), rank__lt=OuterRef("rank")
    )
    passed_on = WrongPerson.objects.filter(signatory=OuterRef("pk"), answered_at=None)
    return Signatory.objects.awaited().filter(~Exists(first), ~Exists(passed_on), bounced_at=None, refusal=None)


def lines(refs):
    """The signatures still awaited, each with a fresh link; a link only ever leaves for the registered address."""
    rows = remindable().filter(pk__in=refs, user__email__iexact=F("email")).with_context()
    for signatory in rows.order_by("pk"):
        convention = signatory.party.convention
        yield Line(
            title=f"Signer la {convention.named}",
            sentence=f"Votre signature pour {signatory.party.name} est attendue{CHAPTERS if convention.cohort_id else ''}.",
            url=signing_url(signatory),
        )


register(Source(kind=KIND, due=due, note=note_reminded, lines=lines, undelivered=note_undelivered))
