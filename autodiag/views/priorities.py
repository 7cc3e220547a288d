"""What people choose to put forward: how much it would change, how much it asks, six at most."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autodiag.boards.picture import widest_gaps
from autodiag.boards.priorities import by_chapter, grid_of, lines_of
from autodiag.forms.priorities import PrioritiesForm
from autodiag.models import Priority
from autodiag.rules.picture import MOST_PRIORITIES
from autodiag.services.picture import compared_viewpoints, path_answers
from autodiag.services.priorities import StalePriorities, TooManyForward, save_priorities
from autodiag.views.plan import plan_path
from caprse.base.access import STRUCTURE, open_to
from caprse.base.text import plural
from cohorts.roles import Permission
from referentiel.enums import Degree

REFUSED = "Un choix n’est pas de ceux que la page propose : rien n’a été enregistré."


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def priorities(request, region, public_id):
    """Read them; change many at once, all of it or nothing."""
    found = plan_path(request, region, public_id)
    request.actor.require(Permission.READ_PLAN, found)
    if request.method == "POST":
        request.actor.require(Permission.EDIT_PLAN, found)
        request.actor.require_tools(found)
        return save(request, found)
    return page(request, found, lines_for(request.actor, found))


def save(request, participation):
    """Keep what was changed, or show it all again with what is in the way."""
    lines = lines_for(request.actor, participation)
    form = PrioritiesForm(request.POST, lines)
    if not form.is_valid():
        return page(request, participation, form.shown_again(lines), refusal=REFUSED, status=422)
    try:
        changed = save_priorities(participation=participation, by=request.actor, chosen=form.chosen())
    except TooManyForward as refused:
        return page(request, participation, form.shown_again(lines), refusal=str(refused), status=422)
    except StalePriorities as stale:
        lines = lines_for(request.actor, participation)
        return page(request, participation, form.shown_again(lines, stale.current), stale=True, status=409)
    said = f"{len(changed)} {plural(len(changed), 'critère est enregistré', 'critères sont enregistrés')}."
    messages.success(request, said if changed else "Rien n’avait changé.")
    return redirect("priorities", region=participation.cohort.region.slug, public_id=participation.public_id)


def lines_for(actor, participation):
    """Every criterion of the chapters begun, for the people of the structure."""
    scale = list(participation.cohort.version.scale.all())
    spreads = {
        (gap.autodiag, gap.position): gap.spread
        for gap in widest_gaps(*compared_viewpoints(actor, participation), scale)
    }
    kept = Priority.objects.visible_to(actor).filter(participation=participation).select_related("updated_by")
    return lines_of(path_answers(actor, participation), scale, spreads, kept.in_order())


def page(request, participation, lines, *, refusal="", stale=False, status=200):
    kept = sorted((line.priority for line in lines if line.priority), key=lambda row: (row.slot is None, row.slot or 0))
    lapse = request.actor.lapse(participation)
    can_edit = request.actor.can(Permission.EDIT_PLAN, participation) and not lapse
    context = {
        "participation": participation,
        "forward": [line for line in lines if line.priority and line.priority.slot],
        "grid": grid_of(kept),
        "chapters": by_chapter(lines) if can_edit else [],
        "degrees": Degree.choices,
        "most": MOST_PRIORITIES,
        "can_edit": can_edit,
        "lapse": lapse,
        "refusal": refusal,
        "stale": stale,
    }
    context["forward"].sort(key=lambda line: line.priority.slot)
    return render(request, "autodiag/priorities.html", context, status=status)
