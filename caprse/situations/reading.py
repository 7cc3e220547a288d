"""Reads, through the doors, what the situations of one person are told from: a constant number of queries."""

from autodiag.boards.cohort import board_rows
from autodiag.models import Autodiag, shared_actions
from autodiag.progress import give_chapters
from caprse.base import clock
from caprse.situations.cohorts import of_cohort
from caprse.situations.moment import Agreement, Moment, of_calendar, of_network, of_no_cohort, of_nobody
from caprse.situations.paths import of_path
from cohorts.enums import Role
from cohorts.models import Membership, Participation, Round, readiness
from conventions.models import Convention, Party


def situations(actor, user, own, cohorts, meetings):
    """Where the person stands: one per path of their structures, per cohort they accompany or sign for.

    `own`: the paths of their structures; `cohorts`: those they may see, with their region; `meetings`: by cohort.
    Never empty, whatever the person's roles; what matters most comes first.
    """
    if not actor.held:
        return [of_nobody(user.created_at)]
    today = clock.today()
    give_chapters(own)
    boards = boards_of(actor, cohorts, meetings, today)
    agreements = agreements_of(actor, cohorts_to_tell(own, cohorts, boards))
    moments = {c.pk: Moment(c, meetings.get(c.pk, []), agreements.get(c.pk), today) for c in cohorts}
    teams = teams_of(own)
    found = [of_path(p, moments[p.cohort_id], teams.get(p.cohort_id, ()), actor.tools_open(p)) for p in own]
    found += [
        of_cohort(moments[pk], rows, actor.coordinates(moments[pk].cohort.region_id)) for pk, rows in boards.items()
    ]
    if actor.is_national:
        found.append(of_network(moments.values()))
    else:
        others = moments.keys() - boards.keys() - {path.cohort_id for path in own}
        found += [of_calendar(moments[pk]) for pk in others]
    regions = [held.region_slug for held in actor.held if held.role == Role.REGION_ADMIN]
    return sorted(found, key=lambda one: one.order) or [of_no_cohort(regions)]


def boards_of(actor, cohorts, meetings, today):
    """{cohort: the rows of its board} for the cohorts this person accompanies, in three queries for all of them."""
    accompanied = {cohort.pk: cohort for cohort in cohorts if actor.accompanies(cohort)}
    if not accompanied:
        return {}
    paths = Participation.objects.visible_to(actor).filter(cohort__in=accompanied).current()
    paths = list(
        paths.select_related("organisation").annotate(**readiness(today), **shared_actions(actor, today)).order_by("pk")
    )
    for path in paths:
        path.cohort = accompanied[path.cohort_id]
    rounds = list(Round.objects.visible_to(actor).filter(cohort__in=accompanied).with_extensions())
    begun = list(Autodiag.objects.visible_to(actor).filter(participation__cohort__in=accompanied).for_board())
    return {
        pk: board_rows(
            cohort=cohort,
            participations=[path for path in paths if path.cohort_id == pk],
            rounds=[round_ for round_ in rounds if round_.cohort_id == pk],
            autodiags=begun,
            meetings=[one for one in meetings.get(pk, []) if one.is_certain and one.day >= today],
            today=today,
        )
        for pk, cohort in accompanied.items()
    }


def cohorts_to_tell(own, cohorts, boards):
    """The cohorts whose convention changes what is told: chapters still ask for it, or it may have ended."""
    mine = {path.cohort_id for path in own} - boards.keys()
    found = {path.cohort_id for path in own if path.cohort.needs_clearance and not path.is_cleared}
    for cohort in cohorts:
        rows = boards.get(cohort.pk)
        if cohort.needs_clearance and cohort.pk not in mine and not (rows and all(row.cleared for row in rows)):
            found.add(cohort.pk)
    return found


def agreements_of(actor, cohort_ids):
    """{cohort: its convention, as far as this person may read it, and who has still to sign}, in two queries."""
    if not cohort_ids:
        return {}
    newest = {}
    visible = Convention.objects.main().visible_to(actor).with_context()
    conventions = visible.filter(cohort__in=cohort_ids)
    for convention in conventions.order_by("created_at", "pk"):
        newest[convention.cohort_id] = convention
    awaited = {}
    parties = Party.objects.visible_to(actor).awaited().filter(convention__in=[c.pk for c in newest.values()])
    for party in parties.order_by("name"):
        awaited.setdefault(party.convention_id, []).append(party)
    return {
        pk: Agreement(newest[pk], tuple(awaited.get(newest[pk].pk, ()))) if pk in newest else Agreement(None)
        for pk in cohort_ids
    }


def teams_of(own):
    """{cohort: the names of who accompanies it}, for those of one's own where a chapter closed too early."""
    closed = {path.cohort_id for path in own if any(row.state == "late" for row in path.chapters)}
    if not closed:
        return {}
    names = {}
    for membership in Membership.objects.accompanying(closed, clock.today()):
        names.setdefault(membership.cohort_id, []).append(membership.user.full_name)
    return names
