"""Invitations nobody answered: recalled after five days, then every five days, three times at most."""

from datetime import timedelta

from django.db.models import F, Q

from caprse.base import clock
from caprse.base.reminders import Line, Reminder, Source, register
from cohorts import rules
from cohorts.emails import invitation_url, inviter, last_day
from cohorts.enums import Role
from cohorts.models import Invitation

KIND = "invitation"
EVERY = timedelta(days=5)
AT_MOST = 3


def due(today):
    """Invitations sent, or last recalled, five days ago or more."""
    past = today - EVERY
    rows = Invitation.objects.pending().filter(
        Q(reminded_on=None) | Q(reminded_on__lte=past),
        sent_at__lte=clock.end_of(past),
        expires_at__gte=clock.now(),
        reminders__lt=AT_MOST,
    )
    return [Reminder(*row) for row in rows.order_by("pk").values_list("user_id", "pk")]


def note(refs, today):
    """Count one reminder more."""
    Invitation.objects.pending().filter(pk__in=refs).update(reminders=F("reminders") + 1, reminded_on=today)


def lines(refs):
    """Those that can still be accepted, each with a fresh link."""
    now = clock.now()
    for invitation in Invitation.objects.with_context().filter(pk__in=refs).order_by("pk"):
        if rules.can_accept(invitation, False, now):
            yield Line(
                title=f"Rejoindre {invitation.scope_name}",
                sentence=f"{inviter(invitation)} vous invite comme {Role(invitation.role).label}, "
                f"jusqu’au {last_day(invitation)} inclus.",
                url=invitation_url(invitation),
            )


register(Source(kind=KIND, due=due, note=note, lines=lines))
