"""A viewpoint not given yet, where colleagues have begun to give theirs and the comparison is still to come."""

from django.db.models import Count, Q
from django.urls import reverse

from autodiag.models import Viewpoint
from autodiag.models.voices import is_compared
from autodiag.progress import paths_with_chapters
from caprse.base.text import NBSP
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

# After all that somebody else waits for: an invitation, once, never a reminder of the criteria left aside.
VIEWPOINT = 43


@register
def viewpoint_to_give(actor, participations):
    """One thing a chapter under way, for who has given no viewpoint on it while others have. One query for all."""
    rows = {
        row.autodiag.pk: (path, row)
        for path in paths_with_chapters(actor, participations)
        if actor.can(Permission.GIVE_VIEWPOINT, path)
        for row in path.chapters
        if row.verdict and row.autodiag and not row.autodiag.is_submitted
    }
    if not rows:
        return
    blind = Viewpoint.objects.aggregates_for(actor).given().filter(~is_compared("answer__autodiag"))
    begun = blind.filter(answer__autodiag__in=rows).order_by().values("answer__autodiag")
    begun = begun.annotate(mine=Count("pk", filter=Q(voice__user=actor.user_id))).filter(mine=0)
    for pk in begun.values_list("answer__autodiag", flat=True):
        yield todo_of(*rows[pk])


def todo_of(path, row):
    """What is asked, in words."""
    chapter = row.round.chapter
    return Todo(
        rank=VIEWPOINT,
        title=f"Donner votre point de vue sur le chapitre {chapter.number}",
        why=f"«{NBSP}{chapter.title}{NBSP}», pour {path.organisation.legal_name}. Des collègues ont commencé{NBSP}: "
        "chacun·e répond de son côté, puis vous comparez ensemble.",
        url=reverse("viewpoints", args=[path.cohort.region.slug, row.autodiag.public_id]),
        action="Donner mon point de vue",
        due=row.closes_on,
        moment="Jusqu’à l’ouverture de la comparaison",
        icon="users",
    )
