"""Signatures still awaited: recalled five days after the link was sent, then every five days, six times at most."""

from datetime import timedelta

from django.db.models import F, Q

from caprse.base import clock
from caprse.base.reminders import Line, Reminder, Source, register
from conventions.emails import signing_url
from conventions.models import Signatory

KIND = "signature"
EVERY = timedelta(days=5)
AT_MOST = 6


def due(today):
    """Those whose link was sent, or recalled, five days ago or more."""
    past = today - EVERY
    rows = Signatory.objects.awaited().filter(
        Q(reminded_on=None) | Q(reminded_on__lte=past),
        sent_at__lte=clock.end_of(past),
        reminders__lt=AT_MOST,
    )
    return [Reminder(*row) for row in rows.order_by("pk").values_list("user_id", "pk")]


def note(refs, today):
    """Count one reminder more."""
    Signatory.objects.filter(pk__in=refs).update(reminders=F("reminders") + 1, reminded_on=today)


def lines(refs):
    """The signatures still awaited, each with a fresh link; a link only ever leaves for the registered address."""
    rows = Signatory.objects.awaited().filter(pk__in=refs, user__email__iexact=F("email")).with_context()
    for signatory in rows.order_by("pk"):
        convention = signatory.party.convention
        yield Line(
            title=f"Signer la convention de « {convention.cohort.name} »",
            sentence=f"Votre signature pour {signatory.party.name} est attendue : les chapitres en dépendent.",
            url=signing_url(signatory),
        )


register(Source(kind=KIND, due=due, note=note, lines=lines))
