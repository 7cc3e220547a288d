"""How viewpoints differ, once they are compared: numbers and notes without names."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from autodiag.gaps import gaps_of
from autodiag.models import Answer, Viewpoint
from autodiag.models.voices import comparing_of
from autodiag.rules import voices as rules
from autodiag.viewpoints import columns_of, gap_rows
from autodiag.views.viewpoints import chapter_for
from caprse.base.access import STRUCTURE, open_to
from cohorts.roles import Permission

WIDEST = "ecarts"
CRITERION = ("criterion__position", "criterion__code", "criterion__title")


@open_to(*STRUCTURE)
@require_GET
def gaps(request, region, public_id):
    """The spread of each criterion, by group, in the order of the chapter or the widest gaps first."""
    found = chapter_for(request, region, public_id, Permission.SEE_GAPS)
    verdict = rules.can_compare(comparing_of(found))
    context = {"autodiag": found, "verdict": verdict, "surveys": ()}
    if verdict:
        widest = request.GET.get("ordre") == WIDEST
        scale = list(found.participation.cohort.version.scale.all())
        columns, given = columns_of(scale), gaps_by_position(request.actor, found, scale)
        criteria = Answer.objects.visible_to(request.actor).filter(autodiag=found).in_order().values_list(*CRITERION)
        rows = gap_rows(criteria, given, columns, widest=widest)
        context |= {"rows": rows, "columns": columns, "widest": widest}
    return render(request, "autodiag/gaps.html", context)


def gaps_by_position(actor, autodiag, scale):
    """{position: gap} of a chapter whose comparison shows: counted here, so that no viewpoint goes further."""
    ranks = {step.value: rank for rank, step in enumerate(scale)}
    return gaps_of(Viewpoint.objects.aggregates_for(actor).filter(answer__autodiag=autodiag).to_count(), ranks)
