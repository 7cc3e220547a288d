"""The picture of a whole path: why, what was found, what was chosen, and what comes next."""

from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from autodiag.boards.picture import MOST_GAPS, path_moves, path_picture, widest_gaps
from autodiag.models import Presentation, Priority, shared_actions
from autodiag.services.picture import compared_viewpoints, path_autodiags, path_criteria
from autodiag.services.snapshots import comparable, ends_of, first_and_last
from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from cohorts.access import visible_or_404
from cohorts.models import Participation, Purpose, Round
from cohorts.places import Place
from cohorts.roles import Permission


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def path_synthesis(request, region, public_id):
    """Everything the chapters say together; the structure's own choices are shown to its people alone."""
    actor = request.actor
    found = path_with_counts(actor, region, public_id)
    request.place = Place.of_participation(found)
    actor.require(Permission.READ_SUBMISSION, found)
    if actor.adhesion_lapsed(found):
        return redirect(found)
    actor.require_tools(found)
    scale = list(found.cohort.version.scale.all())
    rounds = list(Round.objects.visible_to(actor).for_participation(found))
    autodiags = path_autodiags(actor, found)
    ends = ends_of(actor, found)
    read, insider = path_criteria(actor, found, autodiags, ends), actor.is_insider(found)
    context = {
        "participation": found,
        "picture": path_picture(found.organisation.legal_name, rounds, autodiags, read, scale),
        "moves": path_moves(first_and_last(ends, autodiags), scale),
        "comparable": comparable(ends, autodiags, insider),
        "insider": insider,
        "can_edit": actor.can(Permission.EDIT_PLAN, found),
        **(own_choices(actor, found, scale, autodiags) if insider else {}),
    }
    return render(request, "autodiag/path_synthesis.html", context)


def path_with_counts(actor, region, public_id):
    """The path, with how many actions this person may read, how many are late, and the last presentation."""
    shown = Presentation.objects.visible_to(actor).filter(participation=OuterRef("pk")).order_by("-held_on")
    counts = shared_actions(actor, clock.today()) | {"presented_on": Subquery(shown.values("held_on")[:1])}
    rows = Participation.objects.with_context().visible_to(actor).annotate(**counts)
    return visible_or_404(rows, actor, region__slug=region, public_id=public_id)


def own_choices(actor, participation, scale, autodiags):
    """What the people of the structure alone read: why, priorities, gaps."""
    rows, names = compared_viewpoints(actor, participation)
    purposes = Purpose.objects.visible_to(actor).filter(organisation=participation.organisation_id)
    chosen = Priority.objects.visible_to(actor).filter(participation=participation, slot__isnull=False)
    chapters = {autodiag.pk: autodiag.public_id for autodiag in autodiags}
    wide = widest_gaps(rows, names, scale)
    return {
        "purpose": purposes.first(),
        "can_map": actor.can(Permission.EDIT_MAP, participation),
        "priorities": list(chosen.in_order()),
        "gaps": [(gap, chapters[gap.autodiag]) for gap in wide[:MOST_GAPS]],
    }
