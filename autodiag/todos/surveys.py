"""A survey whose last day is past: its results appear once somebody closes it."""

from django.db.models import Q
from django.urls import reverse

from autodiag.enums import SurveyState
from autodiag.models import Survey
from caprse.base import clock
from caprse.base.text import NBSP, date_in_words
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

# Just after the chapter under way and what others wait for: the results are read together.
TO_CLOSE = 23


@register
def surveys_to_close(actor, participations):
    """For whoever opened it, and for who conducts the structure's comparison. One query for all."""
    paths = {p.pk: p for p in participations if actor.can(Permission.RUN_SURVEY, p) and actor.tools_open(p)}
    if not paths:
        return
    led = [pk for pk, path in paths.items() if actor.can(Permission.OPEN_COMPARISON, path)]
    over = Survey.objects.visible_to(actor).filter(
        Q(created_by=actor.user_id) | Q(participation__in=led),
        participation__in=paths,
        state=SurveyState.OPEN,
        closes_on__lt=clock.today(),
    )
    for survey in over.select_related("group", "autodiag__round__chapter").order_by("closes_on", "pk"):
        path = paths[survey.participation_id]
        yield Todo(
            rank=TO_CLOSE,
            title=f"Clore le questionnaire{NBSP}: {survey.group.name}",
            why=f"Chapitre {survey.autodiag.round.chapter.number}, pour {path.organisation.legal_name}. Saisissez les "
            "dernières feuilles de papier s’il en reste, puis lisez les résultats ensemble.",
            url=reverse("survey", args=[path.cohort.region.slug, survey.public_id]),
            action="Ouvrir le questionnaire",
            moment=f"Dernier jour passé{NBSP}: {date_in_words(survey.closes_on)}",
            icon="question",
        )
