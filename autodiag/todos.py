"""What autodiagnostics and the plan expect of a structure's people."""

from django.urls import reverse

from autodiag import rules
from autodiag.enums import ActionStatus
from autodiag.models import Action, Autodiag
from caprse.base import clock
from caprse.base.text import plural
from caprse.base.todo import Todo, register
from cohorts.models import Clearance, Round, RoundExtension
from cohorts.roles import Permission
from cohorts.rules import was_over_on_joining

CHAPTER, ACTIONS = 20, 40


@register
def chapters_to_work_on(actor, participations):
    """One thing per open round: start it, go on, or read it over and transmit it."""
    paths = [p for p in participations if actor.can(Permission.ANSWER, p) and actor.tools_open(p)]
    if not paths:
        return
    today = clock.today()
    rounds = Round.objects.filter(cohort__in={p.cohort_id for p in paths}, opens_on__lte=today)
    rounds = list(rounds.select_related("chapter").order_by("opens_on"))
    autodiags = Autodiag.objects.filter(participation__in=paths).with_progress()
    started = {(a.participation_id, a.round_id): a for a in autodiags}
    extensions = RoundExtension.objects.filter(participation__in=paths)
    extended = {(e.participation_id, e.round_id): e.closes_on for e in extensions}
    cleared = set(
        Clearance.objects.in_force(today).filter(participation__in=paths).values_list("participation_id", flat=True)
    )
    for path in paths:
        for round_ in (r for r in rounds if r.cohort_id == path.cohort_id and not was_over_on_joining(r, path)):
            key = (path.pk, round_.pk)
            verdict = rules.can_work_in_round(round_, path.cohort, path.pk in cleared, extended.get(key), today)
            autodiag = started.get(key)
            if verdict and not (autodiag and autodiag.is_submitted):
                yield chapter_todo(actor, path, round_, autodiag, rules.closing_day(round_, extended.get(key)))


def chapter_todo(actor, path, round_, autodiag, due):
    """The next act on one chapter, in words."""
    chapter = round_.chapter
    of_structure = f"« {chapter.title} », {path.cohort.name}, pour {path.organisation.legal_name}."
    if autodiag is None:
        return Todo(
            rank=CHAPTER + (due is None),
            title=f"Commencer le chapitre {chapter.number}",
            why=f"{of_structure} Comptez deux ou trois minutes par critère ; vous pouvez vous arrêter quand vous voulez.",
            url=path.get_absolute_url(),
            action="Ouvrir le parcours",
            due=due,
            icon="pencil",
        )
    autodiag.participation = path
    if autodiag.answered < autodiag.total:
        return Todo(
            rank=CHAPTER + (due is None),
            title=f"Continuer le chapitre {chapter.number}",
            why=f"{autodiag.answered} sur {autodiag.total} critères ont une réponse. {of_structure}",
            url=autodiag.get_absolute_url(),
            action="Reprendre",
            due=due,
            icon="pencil",
        )
    may_submit = actor.can(Permission.SUBMIT, path)
    return Todo(
        rank=CHAPTER + (due is None),
        title=f"Relire le chapitre {chapter.number}" + (" et le transmettre" if may_submit else ""),
        why=f"Tous les critères ont une réponse. {of_structure}",
        url=autodiag.url("autodiag_submit") if may_submit else autodiag.get_absolute_url(),
        action="Relire et transmettre" if may_submit else "Relire",
        due=due,
        icon="check",
    )


@register
def late_actions(actor, participations):
    """One reminder per plan whose actions are past their day."""
    paths = {p.pk: p for p in participations if actor.can(Permission.EDIT_PLAN, p) and actor.tools_open(p)}
    if not paths:
        return
    late = Action.objects.filter(participation__in=paths, due_on__lt=clock.today()).exclude(status=ActionStatus.DONE)
    counts = {}
    for path_id in late.values_list("participation_id", flat=True):
        counts[path_id] = counts.get(path_id, 0) + 1
    for path_id, count in counts.items():
        path = paths[path_id]
        yield Todo(
            rank=ACTIONS,
            title="Faire le point sur le plan d’actions",
            why=f"{count} {plural(count, 'action a', 'actions ont')} dépassé la date prévue : "
            "où en êtes-vous ? Une nouvelle date convient aussi.",
            url=reverse("plan", args=[path.cohort.region.slug, path.public_id]),
            action="Ouvrir le plan",
            late=True,
            icon="calendar",
        )
