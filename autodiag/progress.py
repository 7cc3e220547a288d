"""Where several structures stand in their own chapters, read once however many pages and providers ask."""

from django.db.models import Exists, F, OuterRef, Subquery

from autodiag.boards.paths import path_rounds
from autodiag.models import Autodiag
from caprse.base import clock
from cohorts.models import Clearance, Round, RoundExtension
from cohorts.roles import Permission
from cohorts.rules import was_over_on_joining


def give_chapters(paths):
    """Give each participation its `chapters` (`PathRound`), and whether it `is_cleared`, in two queries for all
    (three when a cohort has no round yet).

    Those that have theirs already are left alone. Each comes with its organisation and its cohort.
    """
    paths = [path for path in paths if not hasattr(path, "chapters")]
    if not paths:
        return
    today = clock.today()
    rounds, begun = {}, {}
    for round_ in _rounds(paths, today):
        rounds.setdefault(round_.path, []).append(round_)
    for autodiag in Autodiag.objects.filter(participation__in=paths).with_progress():
        begun.setdefault(autodiag.participation_id, {})[autodiag.round_id] = autodiag
    cleared = _cleared_without_rounds([path for path in paths if path.pk not in rounds], today)
    for path in paths:
        own = begun.get(path.pk, {})
        lines = rounds.get(path.pk, [])
        mine = [round_ for round_ in lines if round_.pk in own or not was_over_on_joining(round_, path)]
        path.is_cleared = path.pk in cleared or any(round_.is_cleared for round_ in lines)
        path.chapters = path_rounds(path, mine, own.values(), path.is_cleared, today)


def paths_with_chapters(actor, participations):
    """Those whose structure's tools are open to a person of its own, each given its `chapters`: once for all who ask."""
    paths = [p for p in participations if actor.can(Permission.READ_DIAGNOSTIC, p) and actor.tools_open(p)]
    give_chapters(paths)
    return paths


def _rounds(paths, today):
    """The rounds of the cohorts of these participations, one line for each participation, in the chapters' order."""
    extensions = RoundExtension.objects.filter(participation=OuterRef("path"), round=OuterRef("pk"))
    clearances = Clearance.objects.in_force(today).filter(participation=OuterRef("path"))
    return (
        Round.objects.annotate(path=F("cohort__participations"))
        .filter(path__in=[path.pk for path in paths])
        .select_related("chapter")
        .annotate(extended_to=Subquery(extensions.values("closes_on")[:1]), is_cleared=Exists(clearances))
        .order_by("chapter__number")
    )


def _cleared_without_rounds(paths, today):
    if not paths:
        return set()
    return set(
        Clearance.objects.in_force(today).filter(participation__in=paths).values_list("participation", flat=True)
    )
