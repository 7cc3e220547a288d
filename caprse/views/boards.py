"""A cohort seen as a whole, and one structure's path in it."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from autodiag.boards.paths import next_to_work_on, path_rounds
from autodiag.documents import path_picture
from autodiag.enums import OVER
from autodiag.models import Action, Answer, Autodiag
from autodiag.scoring import by_chapter
from caprse.base import clock, todo
from caprse.base.access import REGIONAL, STRUCTURE, Audience, open_to
from caprse.timeline import timeline
from cohorts.access import participation_or_404, visible_or_404
from cohorts.enums import ClearanceKind, CohortKind
from cohorts.models import Clearance, Cohort, FollowupNote, Meeting, Need, PairMember, Participation, Round, not_over
from cohorts.places import Place
from cohorts.presentation import pair_seats
from cohorts.roles import Permission
from cohorts.views.entrusted import entrusted
from conventions.boards import standing
from conventions.models import Convention, Party


@open_to(*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF, Audience.PARTNER)
@require_GET
def cohort(request, region, slug):
    """The calendar for everybody; the way to the board for who accompanies the structures."""
    actor = request.actor
    found = visible_or_404(
        Cohort.objects.select_related("region", "version__referentiel"),
        actor,
        region__slug=region,
        slug=slug,
    )
    request.place = Place.of_cohort(found)
    meetings = Meeting.objects.visible_to(actor).filter(cohort=found).order_by("position")
    convention = standing_of(actor, found)
    context = {
        "cohort": found,
        "today": clock.today(),
        "timeline": timeline(meetings, clock.today(), over=bool(convention) and convention.has_ended),
        "structures": accompanied_structures(actor, found),
        "coordinates": actor.coordinates(found.region_id),
        "standing": convention,
        "entrusted": entrusted(actor, found),
        "relayed": relayed_for(actor, found),
        "reads_sharings": bool(actor.structure_ids) or actor.accompanies(found),
    }
    return render(request, "caprse/cohort.html", context)


def standing_of(actor, cohort):
    """Where the cohort's convention stands and who is still awaited; None where none is asked for."""
    if not cohort.needs_clearance:
        return None
    visible = Convention.objects.main().visible_to(actor).with_context().filter(cohort=cohort)
    convention = visible.first()
    awaited = Party.objects.visible_to(actor).awaited().filter(convention=convention).order_by("name")
    return standing(convention, awaited.values_list("name", flat=True))


def relayed_for(actor, cohort):
    """The needs relayed from a cohort, with their answers, for its facilitators; who coordinates has a page for them."""
    if actor.coordinates(cohort.region_id) or not actor.accompanies(cohort):
        return []
    return Need.objects.visible_to(actor).filter(cohort=cohort).with_context()


def accompanied_structures(actor, cohort):
    """How many structures this person accompanies here; None for anybody else."""
    if not actor.accompanies(cohort):
        return None
    return Participation.objects.visible_to(actor).filter(cohort=cohort).current().count()


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def participation(request, region, public_id):
    """A structure's path: its chapters, its picture so far, its plan."""
    actor = request.actor
    found = participation_or_404(actor, region, public_id)
    request.place = Place.of_participation(found)
    today = clock.today()
    autodiags = list(Autodiag.objects.visible_to(actor).with_progress().filter(participation=found))
    clearances = list(Clearance.objects.visible_to(actor).in_force(today).filter(participation=found).order_by("pk"))
    rounds = list(Round.objects.visible_to(actor).for_participation(found))
    actions = Action.objects.visible_to(actor).filter(participation=found).exclude(status__in=OVER)
    rows = path_rounds(found, rounds, autodiags, bool(clearances), today)
    context = {
        "participation": found,
        "rows": rows,
        "next_row": next_to_work_on(rows),
        "picture": picture_so_far(actor, found, rounds),
        "todos": todo.collect(actor, [found])[:1] if actor.is_insider(found) else [],
        "actions": actions.in_order()[:3],
        "pair": pair_of(actor, found),
        "notes": FollowupNote.objects.visible_to(actor).filter(participation=found).count(),
        "standing": standing_of(actor, found.cohort),
        "closing": closing_of(clearances),
        "exceptions": [clearance for clearance in clearances if clearance.kind == ClearanceKind.EXCEPTION],
        **reader_of(actor, found),
    }
    return render(request, "caprse/participation.html", context)


def closing_of(clearances):
    """The last day of the chapters of a structure that its convention does not hold any more, else None."""
    days = [one.until for one in clearances if one.kind == ClearanceKind.CONVENTION]
    return max(days) if days and all(days) else None


def reader_of(actor, participation):
    """Who reads a path, and what they may do there."""
    return {
        "insider": actor.is_insider(participation),
        "accompanies": actor.can(Permission.WRITE_NOTES, participation),
        "coordinates": actor.coordinates(participation.region_id),
        "can_name_pair": actor.can(Permission.NAME_PAIR, participation),
        "days_ahead": days_ahead(actor, participation),
        "can_answer": actor.can(Permission.ANSWER, participation) and actor.tools_open(participation),
        "lapse": actor.lapse(participation),
    }


def days_ahead(actor, participation):
    """Whether days in person may still come: nobody chooses who goes to those of a cohort that is over."""
    return Participation.objects.visible_to(actor).filter(not_over(clock.today()), pk=participation.pk).exists()


def pair_of(actor, participation):
    """Both seats of the pair; nothing for a path without days in person."""
    if participation.cohort.kind != CohortKind.DATED:
        return []
    return pair_seats(PairMember.objects.visible_to(actor).current().with_names().filter(participation=participation))


def picture_so_far(actor, participation, rounds):
    """The radar of the chapters already transmitted; None before the first."""
    submitted = Answer.objects.aggregates_for(actor).filter(participation=participation)
    scores = by_chapter(submitted.weighted_totals()).get(participation.pk)
    if not scores or not rounds:
        return None
    return path_picture(
        [round_.chapter for round_ in rounds],
        scores,
        structure=participation.organisation.legal_name,
        scale=[step.value for step in participation.cohort.version.scale.all()],
    )
