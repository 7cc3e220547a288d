"""The board of who accompanies a cohort: where each structure stands, who needs help first."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from autodiag.boards import helping
from autodiag.boards.cohort import board_rows
from autodiag.models import Autodiag, shared_actions
from caprse.base import clock
from caprse.base.access import REGIONAL, open_to
from cohorts.access import visible_or_404
from cohorts.models import Cohort, Meeting, Participation, Round, readiness
from cohorts.places import Place
from cohorts.roles import Permission


@open_to(*REGIONAL)
@require_GET
def cohort_board(request, region, slug):
    """One row per structure; those who need help, with the reasons, come first."""
    actor = request.actor
    found = visible_or_404(
        Cohort.objects.select_related("region", "version__referentiel"), actor, region__slug=region, slug=slug
    )
    actor.require_accompaniment(Permission.SEE_COHORT_PROGRESS, found)
    request.place = Place.of_cohort(found)
    rounds = list(Round.objects.visible_to(actor).filter(cohort=found).with_extensions())
    rows = rows_of(actor, found, rounds)
    context = {
        "cohort": found,
        "today": clock.today(),
        "chapters": list({round_.pk: round_.chapter for round_ in rounds}.values()),
        "rows": rows,
        "to_help": [row for row in rows if row.reasons],
        "kinds": helping.KINDS,
    }
    return render(request, "caprse/board.html", context)


def rows_of(actor, cohort, rounds):
    """The rows of the board, in three queries whatever the number of structures."""
    today = clock.today()
    paths = Participation.objects.visible_to(actor).filter(cohort=cohort).current().select_related("organisation")
    paths = list(paths.annotate(**readiness(today), **shared_actions(actor, today)))
    return board_rows(
        cohort=cohort,
        participations=paths,
        rounds=rounds,
        autodiags=Autodiag.objects.visible_to(actor).filter(participation__cohort=cohort).for_board(),
        meetings=list(Meeting.objects.visible_to(actor).filter(cohort=cohort).certain_from(today)),
        today=today,
    )
