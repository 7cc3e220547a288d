"""How viewpoints differ, once they are compared: numbers and notes without names."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from autodiag.gaps import gaps_of
from autodiag.models.voices import comparing_of, said_on
from autodiag.rules import voices as rules
from autodiag.services.surveys import results_by_code
from autodiag.viewpoints import columns_of, gap_rows
from autodiag.views.viewpoints import chapter_for
from caprse.base.access import STRUCTURE, open_to
from cohorts.roles import Permission

WIDEST = "ecarts"
NAMED = 3  # position, code and title of a criterion


@open_to(*STRUCTURE)
@require_GET
def gaps(request, region, public_id):
    """The spread of each criterion, by group, in the order of the chapter or the widest gaps first."""
    found = chapter_for(request, region, public_id, Permission.SEE_GAPS)
    verdict = rules.can_compare(comparing_of(found))
    context = {"autodiag": found, "verdict": verdict}
    if verdict:
        widest = request.GET.get("ordre") == WIDEST
        scale = list(found.participation.cohort.version.scale.all())
        columns, (criteria, given) = columns_of(scale), gaps_by_position(request.actor, found, scale)
        surveys = results_by_code(request.actor, found)
        rows = gap_rows(criteria, given, columns, widest=widest, surveys=surveys)
        context |= {"rows": rows, "columns": columns, "widest": widest}
    return render(request, "autodiag/gaps.html", context)


def gaps_by_position(actor, autodiag, scale):
    """Criteria in order, and {position: gap}, of a chapter whose comparison shows: no viewpoint goes further."""
    rows = list(said_on(actor, autodiag))
    ranks = {step.value: rank for rank, step in enumerate(scale)}
    criteria = dict.fromkeys(row[:NAMED] for row in rows)
    return list(criteria), gaps_of(((row[0], *row[NAMED:]) for row in rows if row[NAMED] is not None), ranks)
