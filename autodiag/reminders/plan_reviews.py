"""A plan to read over: told once to its référent·e·s, the working day its date comes."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse

from autodiag.models import PlanRhythm
from autodiag.rules.plan_reviews import rhythm_in_words
from caprse.base import clock
from caprse.base.models import OutboxMessage
from caprse.base.reminders import Line, Reminder, Source, register
from caprse.base.text import NBSP, date_in_words
from cohorts.enums import Role
from cohorts.models import Adhesion, Membership, Participation
from cohorts.models.memberships import current

KIND = "plan_review"
# Beyond that, the first page alone says it.
WITHIN = timedelta(days=7)


def expected(today):
    """The plans whose day has come, of structures that follow a path and whose tools are open."""
    adhering = Adhesion.objects.filter(current(today), organisation=OuterRef("participation__organisation"))
    rows = PlanRhythm.objects.filter(Exists(adhering), participation__in=Participation.objects.current())
    return rows.filter(next_on__lte=today, next_on__gt=today - WITHIN)


def due(today):
    """One a référent·e and a plan, unless a mail has told them since its day."""
    plans = list(expected(today).values_list("pk", "next_on", "participation__organisation"))
    if not plans:
        return []
    held = Membership.objects.filter(
        current(today),
        role=Role.REFERENT,
        organisation__in={organisation for *_, organisation in plans},
        user__is_active=True,
    )
    people = set(held.values_list("organisation", "user"))
    told = _told(clock.at(today - WITHIN))
    return [
        Reminder(user_id, pk)
        for pk, next_on, organisation in plans
        for where, user_id in sorted(people)
        if where == organisation and not any(day >= next_on for day in told.get((user_id, pk), ()))
    ]


def _told(since):
    """{(person, plan): days a mail told them of it}."""
    mails = OutboxMessage.objects.filter(payload__refs__has_key=KIND, created_at__gte=since)
    found = {}
    for user_id, payload, moment in mails.values_list("recipient_id", "payload", "created_at"):
        for pk in payload["refs"][KIND]:
            found.setdefault((user_id, pk), []).append(moment.astimezone(clock.PARIS).date())
    return found


def note(refs, today):
    """Nothing to write down: the mail itself, in the outbox, says that they were told."""


def lines(refs):
    """Those among these plans that nobody read over meanwhile."""
    rows = expected(clock.today()).filter(pk__in=refs).select_related("participation__cohort__region")
    for rhythm in rows.order_by("pk"):
        path = rhythm.participation
        address = reverse("plan_review", args=[path.cohort.region.slug, path.public_id])
        yield Line(
            title="Relire votre plan d’actions",
            sentence=f"Prévu pour le {date_in_words(rhythm.next_on)}, {rhythm_in_words(rhythm.months)}{NBSP}: "
            "ce qui avance, ce qui coince.",
            url=f"{settings.BASE_URL}{address}",
        )


register(Source(kind=KIND, due=due, note=note, lines=lines))
