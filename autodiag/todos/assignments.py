"""Criteria a person was asked to prepare, until each has an answer."""

from django.urls import reverse

from autodiag.models import Assignment
from caprse.base.text import day_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

# Just after the chapter under way.
ENTRUSTED = 21
# The filter of the chapter's page.
MINE = "?criteres=miens"


@register
def criteria_entrusted(actor, participations):
    """One thing a chapter: the criteria entrusted to this person that have no answer yet."""
    paths = {p.pk: p for p in participations if actor.can(Permission.READ_DIAGNOSTIC, p) and actor.tools_open(p)}
    if not paths:
        return
    waiting = Assignment.objects.visible_to(actor).waiting().filter(user=actor.user_id, participation__in=paths)
    for row in waiting.by_chapter():
        yield todo_of(actor, paths[row.participation_id], row)


def todo_of(actor, path, row):
    """What is asked, in words; a person who does not answer themselves reads and writes remarks."""
    count, since = row.count, day_in_words(row.since)
    what = "Leur réponse attend" if count > 1 else "Sa réponse attend"
    how = (
        f"{what} ce que vous savez."
        if actor.can(Permission.ANSWER, path)
        else "Lisez-les et dites ce que vous savez dans une remarque : vos collègues noteront la réponse."
    )
    return Todo(
        rank=ENTRUSTED,
        title=f"On vous a confié {count} {plural(count, 'critère', 'critères')}",
        why=f"Chapitre {row.chapter}, {path.cohort.name}, pour {path.organisation.legal_name}. {how}",
        url=reverse("autodiag", args=[path.cohort.region.slug, row.public_id]) + MINE,
        action="Voir mes critères",
        moment=f"{plural(count, 'Confié', 'Confiés depuis')} le {since}",
        icon="pencil",
    )
