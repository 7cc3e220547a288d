"""What autodiagnostics and the plan expect of a structure's people."""

from django.db.models import Count, Min
from django.urls import reverse

from autodiag.enums import OVER
from autodiag.models import Action
from autodiag.progress import paths_with_chapters
from autodiag.todos.reviews import chapter_to_take_up
from caprse.base import clock
from caprse.base.text import date_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.enums import CohortKind
from cohorts.roles import Permission

CHAPTER, ACTIONS = 20, 40
WITHOUT_END = "Sans date limite, à votre rythme"
END_UNKNOWN = "Date de fin à confirmer"


@register
def chapters_to_work_on(actor, participations):
    """One thing per open round: start it, go on, or read it over and transmit it."""
    for path in paths_with_chapters(actor, participations):
        if not actor.can(Permission.ANSWER, path):
            continue
        rows = [row for row in path.chapters if row.verdict and row.state != "done"]
        rows.sort(key=lambda row: row.round.opens_on)
        # A path without calendar has all its chapters open: the next one is enough.
        for row in rows[:1] if path.cohort.kind == CohortKind.PERMANENT else rows:
            yield chapter_todo(actor, path, row)


def chapter_todo(actor, path, row):
    """The next act on one chapter, in words."""
    chapter, autodiag = row.round.chapter, row.autodiag
    of_structure = f"« {chapter.title} », {path.cohort.name}, pour {path.organisation.legal_name}."
    common = {
        "rank": CHAPTER + (row.closes_on is None),
        "due": row.closes_on,
        "moment": WITHOUT_END if path.cohort.kind == CohortKind.PERMANENT else END_UNKNOWN,
        "about": path.pk,
    }
    if autodiag is None:
        return Todo(
            title=f"Commencer le chapitre {chapter.number}",
            why=f"{of_structure} Comptez deux ou trois minutes par critère ; vous pouvez vous arrêter quand vous voulez.",
            url=path.get_absolute_url(),
            action="Ouvrir le parcours",
            icon="pencil",
            **common,
        )
    if autodiag.is_reopened:
        return chapter_to_take_up(path, row, common)
    if autodiag.answered < autodiag.total:
        return Todo(
            title=f"Continuer le chapitre {chapter.number}",
            why=f"{autodiag.answered} sur {autodiag.total} critères ont une réponse. {of_structure}",
            url=autodiag.get_absolute_url(),
            action="Reprendre",
            icon="pencil",
            **common,
        )
    may_submit = actor.can(Permission.SUBMIT, path)
    then = "" if may_submit else " Votre référent·e CAP RSE le transmet ensuite."
    return Todo(
        title=f"Relire le chapitre {chapter.number}" + (" et le transmettre" if may_submit else ""),
        why=f"Tous les critères ont une réponse.{then} {of_structure}",
        url=autodiag.url("autodiag_submit") if may_submit else autodiag.get_absolute_url(),
        action="Relire et transmettre" if may_submit else "Relire",
        icon="check",
        **common,
    )


@register
def late_actions(actor, participations):
    """One reminder per plan whose actions are past their day."""
    paths = {p.pk: p for p in participations if actor.can(Permission.EDIT_PLAN, p) and actor.tools_open(p)}
    if not paths:
        return
    late = Action.objects.filter(participation__in=paths, due_on__lt=clock.today()).exclude(status__in=OVER)
    grouped = late.order_by().values("participation_id").annotate(count=Count("pk"), oldest=Min("due_on"))
    for path_id, count, oldest in grouped.values_list("participation_id", "count", "oldest"):
        path = paths[path_id]
        yield Todo(
            rank=ACTIONS,
            title="Faire le point sur le plan d’actions",
            why=f"{count} {plural(count, 'action a', 'actions ont')} dépassé la date prévue : "
            "où en êtes-vous ? Une nouvelle date convient aussi.",
            url=reverse("plan", args=[path.cohort.region.slug, path.public_id]),
            action="Ouvrir le plan",
            moment=f"En retard depuis le {date_in_words(oldest)}",
            late=True,
            icon="calendar",
        )
