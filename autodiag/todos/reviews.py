"""What transmissions expect: of who accompanies, to read them; of the structure, to take up again what was returned."""

from autodiag.enums import ReopeningCause
from autodiag.models import Submission
from caprse.base.text import day_in_words, plural
from caprse.base.todo import Todo, register

READ = 22


@register
def chapters_to_read(actor, participations):
    """The chapter that has waited longest for its facilitator to answer, and how many more do. One query for all."""
    if not actor.facilitated_cohort_ids or not actor.clause_accepted:
        return
    waiting = Submission.objects.visible_to(actor).waiting().of_cohorts(actor.facilitated_cohort_ids)
    waiting = list(waiting)
    if not waiting:
        return
    first, more = waiting[0], len(waiting) - 1
    chapter = first.autodiag.round.chapter
    again = ", corrigé" if first.number > 1 else ""
    others = plural(more, " Un autre attend aussi.", f" {more} autres attendent aussi.") if more else ""
    yield Todo(
        rank=READ,
        title=f"Lire le chapitre {chapter.number} transmis par {first.participation.organisation.legal_name}",
        why=f"« {chapter.title} »{again} : prenez-en acte, ou dites ce qui mérite d’être repris.{others}",
        url=first.autodiag.url("synthesis"),
        action="Lire le chapitre",
        moment=f"Transmis le {day_in_words(first.submitted_at)}",
        icon="document",
    )


def chapter_to_take_up(path, row, common):
    """A chapter that was transmitted, and is open again."""
    number = row.round.chapter.number
    returned = row.autodiag.reopened_for == ReopeningCause.RETURN
    why = (
        "Votre accompagnateur·rice l’a lu et vous dit ce qui mérite d’être complété"
        if returned
        else "Votre structure le corrige ; la version transmise reste lisible en attendant"
    )
    return Todo(
        title=f"Reprendre le chapitre {number}" + (" : un retour vous attend" if returned else ""),
        why=f"{why}. {path.organisation.legal_name}, {path.cohort.name}.",
        url=row.autodiag.get_absolute_url(),
        action="Lire le retour" if returned else "Reprendre",
        icon="comment" if returned else "pencil",
        **common,
    )
