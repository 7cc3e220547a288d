"""The door of a plan: its path, its actions as one person reads them, what the address filters."""

from dataclasses import dataclass

from django.db.models import Max
from django.urls import reverse

from autodiag.boards.plan import Choices, Filters, choices_of, lines_of, totals
from autodiag.models import Action, ActionNote
from caprse.base import clock
from cohorts.access import participation_or_404
from cohorts.models import Participation
from cohorts.places import Place
from cohorts.roles import Permission

VIEWS = (
    ("plan", "Tableau"),
    ("plan_board", "Colonnes"),
    ("plan_calendar", "Calendrier"),
    ("plan_timeline", "Frise"),
)


def plan_path(request, region, public_id):
    """A structure's path, as the place of the page."""
    participation = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(participation)
    return participation


@dataclass(frozen=True)
class Plan:
    """A structure's plan as one person reads it: all its actions, those the filters keep, what they may do."""

    participation: Participation
    insider: bool
    can_edit: bool
    lapse: object
    today: object
    lines: list
    shown: list
    filters: Filters
    choices: Choices

    def url(self, name, *args, query=""):
        """Address of one of its pages."""
        path = self.participation
        address = reverse(name, args=[path.cohort.region.slug, path.public_id, *args])
        return f"{address}?{query}" if query else address

    @property
    def totals(self):
        return totals(self.lines)

    def tabs(self, here):
        """[(address, label, whether it is this view)], filters kept."""
        return [(self.url(name, query=self.filters.query), label, name == here) for name, label in VIEWS]


def plan_or_404(request, region, public_id, *, editing=False):
    """The plan of this path, in a constant number of queries. Sets the page's place."""
    actor = request.actor
    participation = plan_path(request, region, public_id)
    if editing:
        actor.require(Permission.EDIT_PLAN, participation)
        actor.require_tools(participation)
    lapse = actor.lapse(participation)
    lines = readable_lines(actor, participation)
    choices = choices_of(lines)
    filters = Filters.read(request.GET, choices)
    return Plan(
        participation=participation,
        insider=actor.is_insider(participation),
        can_edit=actor.can(Permission.EDIT_PLAN, participation) and not lapse,
        lapse=lapse,
        today=clock.today(),
        lines=lines,
        shown=[line for line in lines if filters.keeps(line)],
        filters=filters,
        choices=choices,
    )


def readable_lines(actor, participation):
    """The actions this person may read, by due day, each with its news of the day."""
    mine = {"participation": participation}
    actions = Action.objects.visible_to(actor).filter(**mine).in_order().select_related("pilot")
    notes = ActionNote.objects.visible_to(actor).filter(withdrawn_at=None, **mine).order_by()
    news = dict(notes.values_list("action").annotate(Max("written_at")))
    return lines_of(actions, news, clock.today())
