"""Practices: those a region has to read again, those it returned to their structure."""

from django.urls import reverse

from autodiag.enums import PracticeState
from autodiag.models import Practice, PracticeProposal
from caprse.base.text import NBSP, day_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

TO_READ, RETURNED = 32, 38


@register
def practices_to_read(actor, participations):
    """For who accompanies: how many wait, since when. One query."""
    accompanies = actor.facilitated_cohort_ids or actor.coordinated_region_ids
    if not accompanies or not actor.clause_accepted:
        return
    rows = PracticeProposal.objects.visible_to(actor).filter(actor.accompanied_q("participation__")).waiting()
    waiting = rows.order_by("consented_at", "pk").values_list(
        "region__slug", "practice__public_id", "consented_at", named=True
    )
    by_region = {}
    for row in waiting:
        by_region.setdefault(row.region__slug, []).append(row)
    for region, rows in by_region.items():
        count = len(rows)
        alone = reverse("practice_review", args=[region, rows[0].practice__public_id])
        yield Todo(
            rank=TO_READ,
            title=plural(count, "Relire une fiche pratique", f"Relire {count} fiches pratiques"),
            why=f"Relue par vous, {plural(count, 'elle sera lue', 'elles seront lues')} par d’autres structures.",
            url=alone if count == 1 else reverse("practice_reviews", args=[region]),
            action=plural(count, "Relire la fiche", "Relire les fiches"),
            moment=f"Proposée le {day_in_words(rows[0].consented_at)}",
            icon="document",
        )


@register
def practices_returned(actor, participations):
    """For the structure: what the region asks it to take up again. One query for all its paths."""
    paths = {p.pk: p for p in participations if actor.can(Permission.SHARE, p) and actor.tools_open(p)}
    if not paths:
        return
    rows = Practice.objects.visible_to(actor).filter(participation__in=paths, state=PracticeState.RETURNED)
    for row in rows.order_by("pk"):
        path = paths[row.participation_id]
        yield Todo(
            rank=RETURNED,
            title="Reprendre une fiche pratique",
            why=f"La région a lu «{NBSP}{row.title}{NBSP}» et vous laisse un message.",
            url=reverse("practice_edit", args=[path.cohort.region.slug, row.public_id]),
            action="Lire le message",
            icon="comment",
        )
