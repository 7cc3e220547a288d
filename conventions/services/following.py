"""Who has been sent, has opened, has signed, refused, was replaced, cannot be reached: a convention being signed, followed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q

from caprse.base import clock, journal
from caprse.base.text import plural
from conventions.enums import ConventionState, TrailKind
from conventions.models import Party, Signatory
from conventions.services import sending, states, trail

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Counts:
    """How far the signatures of one convention are. `days_left`: before its deadline, None without one."""

    parties: int = 0
    signed_parties: int = 0
    signatories: int = 0
    sent: int = 0
    opened: int = 0
    signed: int = 0
    refused: int = 0
    bounced: int = 0
    days_left: int | None = None

    @property
    def stats(self):
        """The counts that matter, as (number, words)."""
        shown = [
            (
                f"{self.signed_parties} sur {self.parties}",
                plural(self.signed_parties, "partie a signé", "parties ont signé"),
            ),
            (self.opened, plural(self.opened, "lien ouvert", "liens ouverts")),
        ]
        if self.bounced:
            shown.append((self.bounced, plural(self.bounced, "courriel revenu", "courriels revenus")))
        if self.refused:
            shown.append((self.refused, "refus"))
        return shown

    @property
    def awaited_parties(self):
        return self.parties - self.signed_parties

    @property
    def is_late(self):
        """Whether the deadline is near, or past, with signatures missing."""
        return self.days_left is not None and self.days_left <= SOON.days and self.awaited_parties > 0


def counts_of(conventions):
    """{id: Counts} of these conventions, which their caller has fetched through a door; three queries for all."""
    conventions = list(conventions)
    ids = [convention.pk for convention in conventions]
    parties = dict(Party.objects.filter(convention__in=ids).values_list("convention").annotate(Count("pk")))
    unsigned = dict(Party.objects.filter(convention__in=ids).unsigned().values_list("convention").annotate(Count("pk")))
    rows = (
        Signatory.objects.current()
        .filter(party__convention__in=ids)
        .values("party__convention")
        .annotate(
            signatories=Count("pk"),
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
            signed=Count("pk", filter=Q(signature__isnull=False)),
            refused=Count("pk", filter=Q(refusal__isnull=False)),
            bounced=Count("pk", filter=Q(bounced_at__isnull=False, signature=None)),
        )
    )
    people = {row.pop("party__convention"): row for row in rows}
    today = clock.today()
    return {
        convention.pk: Counts(
            parties=parties.get(convention.pk, 0),
            signed_parties=parties.get(convention.pk, 0) - unsigned.get(convention.pk, 0),
            days_left=(convention.expires_on - today).days if convention.expires_on else None,
            **people.get(convention.pk, {}),
        )
        for convention in conventions
    }


def note_undelivered(signatory_ids, by=None):
    """Their mails come back: nothing more leaves for them until a link is sent again, by somebody. Returns how many."""
    rows = Signatory.objects.current().filter(pk__in=signatory_ids, signature=None, bounced_at=None)
    told = rows.select_related("party__convention").order_by("party__convention", "pk")
    return sum(_note_undelivered(signatory, by) for signatory in told)


@transaction.atomic
def _note_undelivered(signatory, by):
    convention = states.lock(signatory.party.convention)
    rows = Signatory.objects.current().filter(pk=signatory.pk, signature=None, bounced_at=None)
    if not rows.update(bounced_at=clock.now()):
        return 0
    if convention.state == ConventionState.OPEN:
        _chain(convention, TrailKind.RETURNED, signatory, by)
    return 1


@transaction.atomic
def note_reminded(signatory_ids, today):
    """One reminder more leaves for each: it is counted, and the chain keeps it."""
    rows = Signatory.objects.current().filter(pk__in=signatory_ids).select_related("party__convention")
    for signatory in rows.order_by("party__convention", "pk"):
        convention = states.lock(signatory.party.convention)
        Signatory.objects.filter(pk=signatory.pk).update(reminders=F("reminders") + 1, reminded_on=today)
        if convention.state == ConventionState.OPEN:
            _chain(convention, TrailKind.REMINDED, signatory, None)


def _chain(convention, kind, signatory, by):
    """The caller holds the convention."""
    data = {"signatory": signatory.public_id}
    trail.append(convention, kind, actor=trail.by_user(by), data=data, sensitive={"address": signatory.email})


@transaction.atomic
def note_returned(*, signatory, by):
    """Whoever prepares a convention received the mail back themselves. Said twice, it is noted once.

    Raises WrongState when nothing is awaited from this person any more.
    """
    convention = states.lock(signatory.party.convention)
    if not Signatory.objects.awaited().filter(pk=signatory.pk).exists():
        raise states.WrongState(convention.state)
    if note_undelivered([signatory.pk], by):
        anchors = sending.anchors(convention, signatory.party)
        journal.record("convention.mail_returned", signatory, by=by, **anchors)
    signatory.refresh_from_db(fields=["bounced_at"])
    return signatory
