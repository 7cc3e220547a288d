"""The first page: what to do now, where the cohort is."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from caprse.base import clock, todo
from caprse.base.access import Audience, open_to
from caprse.situations.moment import HELP, OPEN, OVER
from caprse.situations.reading import situations
from caprse.timeline import timeline
from cohorts.models import Cohort, Meeting, Participation, Purpose
from cohorts.roles import ROLES, Permission, Role
from cohorts.todos import PAIR

SHOWN = 3
TO_DO, SITUATION = "todo", "situation"


@open_to(Audience.SIGNED_IN)
@require_GET
def home(request):
    """At most three things to do, or where one stands; then each cohort with its timeline."""
    actor = request.actor
    own = list(
        Participation.objects.visible_to(actor)
        .filter(actor.own_q())
        .current()
        .with_context()
        .order_by("-cohort__starts_on", "pk")
    )
    cohorts = list(Cohort.objects.visible_to(actor).select_related("region", "version__referentiel").order_by("pk"))
    meetings = meetings_of(actor, cohorts)
    todos = todo.collect(actor, own)
    standing = situations(actor, request.user, own, cohorts, meetings)
    cards = first_cards(standing, todos)
    told, shown = [one for kind, one in cards if kind == SITUATION], [one for kind, one in cards if kind == TO_DO]
    context = {
        "cards": cards,
        "asked": bool(shown) or any(one.urgent for one in told),
        "blocks": cohort_blocks(
            in_order(cohorts, standing), own, meetings, left_to_tell(standing, told, shown), ended(standing)
        ),
        "today": clock.today(),
        "held": actor.held,
        "purposes": purposes_of(actor),
    }
    return render(request, "caprse/home.html", context)


def purposes_of(actor):
    """Each of the person's structures with its purpose, those that wrote one, in one query; none for anybody else."""
    if not actor.structure_ids:
        return []
    written = Purpose.objects.visible_to(actor).exclude(text="").select_related("organisation__region")
    return [(row, actor.can_on_organisation(Permission.EDIT_MAP, row.organisation)) for row in written.order_by("pk")]


def meetings_of(actor, cohorts):
    """{cohort: its steps, in order}."""
    found = Meeting.objects.visible_to(actor).filter(cohort__in=cohorts).select_related("chapter")
    by_cohort = {}
    for meeting in found.order_by("cohort_id", "position"):
        by_cohort.setdefault(meeting.cohort_id, []).append(meeting)
    return by_cohort


def first_cards(standing, todos):
    """(kind, card) of the first block, in order: what is to be done, then the situations; all of these when nothing is.

    Beside things to do: who needs help, where those who accompany others, or the network, look first, and a signature
    one's own structure owes, which comes before the pair it sends.
    """
    kept = [one for one in standing if matters(one)] if todos else standing
    before = [(TO_DO, one) for one in todos if one.rank < PAIR]
    after = [(TO_DO, one) for one in todos if one.rank >= PAIR]
    owed = [(SITUATION, one) for one in kept if one.owed]
    others = [(SITUATION, one) for one in kept if not one.owed]
    return [*before, *owed, *after, *others][:SHOWN]


def matters(situation):
    """Whether a situation is told beside things to do."""
    return situation.owed or situation.rank == HELP or (situation.rank == OPEN and not situation.path_id)


def left_to_tell(standing, told, shown):
    """The situations the first block does not tell, what is to be done there included."""
    about, pages = {one.about for one in shown} - {None}, {one.url for one in shown}
    return [one for one in standing if one not in told and one.path_id not in about and one.url not in pages]


def ended(standing):
    """The cohorts that are over."""
    return {one.cohort_id for one in standing if one.rank == OVER}


def cohort_blocks(cohorts, own, meetings, standing, over):
    """Each cohort with the person's own paths in it, where they stand and its timeline, dated ones first."""
    today = clock.today()
    by_path = {one.path_id: one for one in standing}
    blocks = [
        {
            "cohort": cohort,
            "paths": [(path, by_path.get(path.pk)) for path in own if path.cohort_id == cohort.pk],
            "situation": next((one for one in standing if one.cohort_id == cohort.pk and not one.path_id), None),
            "timeline": timeline(meetings.get(cohort.pk, []), today, over=cohort.pk in over),
        }
        for cohort in cohorts
    ]
    return sorted(blocks, key=lambda block: (not block["paths"], block["cohort"].kind))


def in_order(cohorts, standing):
    """The cohorts in the order of their situations, the latest created first where nothing else tells."""
    places = {}
    for place, one in enumerate(standing):
        places.setdefault(one.cohort_id, place)
    return sorted(cohorts, key=lambda cohort: (places.get(cohort.pk, len(standing)), -cohort.pk))


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
