"""A plan to read over: from two weeks before its day until it is done, for who keeps it."""

from django.urls import reverse

from autodiag.models import PlanRhythm
from autodiag.rules.plan_reviews import NOTICE, rhythm_in_words
from caprse.base import clock
from caprse.base.text import NBSP, date_in_words
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

RANK = 47


@register
def plans_to_read_over(actor, participations):
    """One reminder per plan whose next review is within two weeks, or past."""
    paths = {p.pk: p for p in participations if actor.can(Permission.EDIT_PLAN, p) and actor.tools_open(p)}
    if not paths:
        return
    today = clock.today()
    rows = PlanRhythm.objects.filter(participation__in=paths, next_on__lte=today + NOTICE).order_by("next_on", "pk")
    for rhythm in rows:
        yield _todo(paths[rhythm.participation_id], rhythm, today)


def _todo(path, rhythm, today):
    over = rhythm.next_on < today
    day = date_in_words(rhythm.next_on)
    return Todo(
        rank=RANK,
        title="Relisez votre plan d’actions",
        why=f"Vous avez choisi de le relire {rhythm_in_words(rhythm.months)}, pour {path.organisation.legal_name}{NBSP}: "
        "ce qui avance, ce qui coince, ce qui peut attendre.",
        url=reverse("plan_review", args=[path.cohort.region.slug, path.public_id]),
        action="Relire le plan",
        due=None if over else rhythm.next_on,
        moment=f"Prévu pour le {day}" if over else "",
        late=over,
        icon="refresh",
    )
