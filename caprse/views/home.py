"""The first page: what to do now, where the cohort is."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from caprse.base import clock, todo
from caprse.base.access import Audience, open_to
from caprse.timeline import timeline
from cohorts.models import Cohort, Meeting, Participation
from cohorts.roles import ROLES, Permission, Role

SHOWN = 3


@open_to(Audience.SIGNED_IN)
@require_GET
def home(request):
    """At most three things to do, then each cohort with its timeline."""
    actor = request.actor
    own = list(
        Participation.objects.visible_to(actor)
        .filter(actor.own_q())
        .current()
        .with_context()
        .order_by("-cohort__starts_on", "pk")
    )
    cohorts = list(Cohort.objects.visible_to(actor).select_related("region", "version__referentiel").order_by("pk"))
    meetings = Meeting.objects.visible_to(actor).filter(cohort__in=cohorts).select_related("chapter")
    context = {
        "todos": todo.collect(actor, own)[:SHOWN],
        "blocks": cohort_blocks(cohorts, own, meetings.order_by("cohort_id", "position")),
        "today": clock.today(),
        "held": actor.held,
        "clause_accepted": actor.clause_accepted,
    }
    return render(request, "caprse/home.html", context)


def cohort_blocks(cohorts, own, meetings):
    """Each cohort with the person's own paths in it and its timeline, dated ones first."""
    by_cohort = {}
    for meeting in meetings:
        by_cohort.setdefault(meeting.cohort_id, []).append(meeting)
    today = clock.today()
    blocks = [
        {
            "cohort": cohort,
            "paths": [path for path in own if path.cohort_id == cohort.pk],
            "timeline": timeline(by_cohort.get(cohort.pk, []), today),
        }
        for cohort in cohorts
    ]
    return sorted(blocks, key=lambda block: (not block["paths"], block["cohort"].kind, -block["cohort"].pk))


@open_to(Audience.SIGNED_IN)
@require_GET
def rights(request):
    """Who can do what, drawn from the declaration of roles itself."""
    context = {
        "roles": [ROLES[role] for role in Role],
        "permissions": list(Permission),
        "mine": {m.role for m in request.actor.held},
    }
    return render(request, "caprse/rights.html", context)
