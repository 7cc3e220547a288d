"""Evidence about to expire: a reminder per structure, for who keeps its library."""

from datetime import timedelta

from django.urls import reverse

from autodiag.models import Evidence
from autodiag.rules.evidence import NOTICE
from caprse.base import clock
from caprse.base.text import NBSP, date_in_words
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

RANK = 45
# An item that expired is marked for good on its pages; the home stops asking after a month.
INSISTS = timedelta(days=30)


@register
def expiring_evidence(actor, participations):
    """From thirty days before an item expires to thirty days after: replace it, or put it away."""
    paths = {
        p.organisation_id: p for p in participations if actor.can(Permission.EDIT_EVIDENCE, p) and actor.tools_open(p)
    }
    if not paths:
        return
    today = clock.today()
    rows = Evidence.objects.kept().filter(organisation__in=paths, valid_until__range=(today - INSISTS, today + NOTICE))
    found = {}
    for evidence in rows.order_by("valid_until", "pk"):
        found.setdefault(evidence.organisation_id, []).append(evidence)
    for organisation_id, items in found.items():
        yield _todo(paths[organisation_id], items, today)


def _todo(path, items, today):
    """One reminder, about the first that expires."""
    first, region = items[0], path.cohort.region.slug
    over = first.valid_until < today
    day = date_in_words(first.valid_until)
    others = len(items) - 1
    more = f" {others} {'autre suit' if others == 1 else 'autres suivent'} de près." if others else ""
    address = [region, path.organisation.public_id]
    return Todo(
        rank=RANK,
        title=f"Un justificatif {'a expiré' if over else 'expire'} le {day}",
        why=f"«{NBSP}{first.title}{NBSP}», pour {path.organisation.legal_name}{NBSP}: remplacez-le par sa nouvelle "
        f"version, ou rangez-le.{more}",
        url=reverse("evidence_list", args=address) if others else reverse("evidence", args=[*address, first.public_id]),
        action="Ouvrir les justificatifs" if others else "Ouvrir le justificatif",
        due=None if over else first.valid_until,
        moment=f"Expiré depuis le {day}" if over else "",
        late=over,
        icon="paperclip",
    )
