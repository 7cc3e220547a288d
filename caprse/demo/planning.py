"""The demonstration: an adopted plan, its rhythm and reviews, a plan brought in."""

from datetime import date

from autodiag.enums import AdoptedBy
from autodiag.models import Action, PlanAdoption, PlanImport
from autodiag.plans.columns import COLUMNS, SHEET
from autodiag.plans.freezing import stamp_of
from autodiag.services.adoption import adopt_plan, frozen_plan
from autodiag.services.plan import create_action, update_action
from autodiag.services.plan_imports import accept_workbook, bring_plan, read_again
from autodiag.services.plan_reviews import NEVER_CHOSEN, note_review, set_rhythm
from caprse.base import clock, office
from caprse.base.paper import Column, Sheet, Workbook
from caprse.base.uploads import accept
from caprse.demo.evidence import small_pdf
from cohorts.access import Actor

OURS, THEIRS = "passerelle", "sillons"
CHECKED = "vérification des accès.xlsx"
MISSIONS, NEIGHBOUR = "passerelle/passerelle-missions", "sillons/sillons-referente"
REVIEWED = clock.at(date(2025, 8, 12), 16)
REVIEW = (
    "Une demi-heure avec l’équipe et une administratrice. L’accueil avance mieux que prévu ; pour les temps "
    "d’expression, il manque encore une date par trimestre. Nous gardons le rythme : trois mois, c’est tenable."
)
BOARD_DAY, NOTED = date(2025, 10, 27), clock.at(date(2025, 10, 28), 9)
SAID = (
    "Adopté à l’unanimité. Le conseil demande un point sur le budget au printemps, et qu’une administratrice suive le "
    "plan avec la référente."
)
MINUTES = ("Extrait du compte rendu du conseil d'administration", "27 octobre 2025", "Le plan d'actions est adopté.")
POSTPONED, ADDED = clock.at(date(2025, 10, 30), 14), clock.at(date(2025, 11, 3), 11)
NEW_ACTION = {
    "what": "Confier à une administratrice le suivi du plan, avec la référente",
    "why": "Le conseil veut des nouvelles sans attendre l’assemblée générale",
    "who": "Le conseil d’administration",
    "due_on": date(2025, 12, 15),
    "indicator": "Un nom est inscrit au compte rendu",
}
# A plan kept in a spreadsheet, with what one meets in those: a day in words, a state of one's own, a budget explained.
BROUGHT = (
    {"what": "Refaire le livret d’accueil avec les salarié·e·s", "who": "Coralie", "due_on": "fin juin"},
    {"what": "Visiter deux jardins voisins", "who": "L’équipe", "due_on": date(2026, 3, 20), "status": "on verra"},
    {"what": "Changer la pompe du forage", "due_on": date(2026, 5, 29), "budget": "2 000 environ"},
    {"what": "Tenir une réunion d’équipe par mois", "who": "Fabrice", "status": "en cours"},
)


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there: the board of the Passerelle adopted its plan, which went on living."""
    path, by = paths[OURS], Actor.of(cast.of(OURS)[0])
    if clock.now() < ADDED:
        return
    with clock.stopped(REVIEWED):
        set_rhythm(participation=path, by=by, revision=NEVER_CHOSEN, months=3)
        note_review(participation=path, by=by, held_on=REVIEWED.date(), note=REVIEW)
    with clock.stopped(NOTED):
        minutes = accept("CR du CA du 27 octobre.pdf", small_pdf(*MINUTES))
        _adopt(path, by, adopted_on=BOARD_DAY, note=SAID, upload=minutes)
    with clock.stopped(POSTPONED):
        _postpone(path, Actor.of(cast.people[MISSIONS]))
    with clock.stopped(ADDED):
        create_action(participation=path, by=by, **NEW_ACTION)
        content = _workbook(paths[THEIRS], BROUGHT)
        upload = accept_workbook("Plan du chantier 2025-2026.xlsx", content)
        theirs = Actor.of(cast.people[NEIGHBOUR])
        read_again(brought=bring_plan(participation=paths[THEIRS], by=theirs, upload=upload))


def _adopt(path, by, **said):
    stamp = stamp_of(frozen_plan(path))
    return adopt_plan(participation=path, by=by, shown=stamp, body=AdoptedBy.BOARD, **said)


def _postpone(path, by):
    """The last action dated gets more time."""
    action = Action.objects.filter(participation=path, due_on__isnull=False).in_order().last()
    if action and not action.is_over:
        update_action(action=action, revision=action.revision, by=by, due_on=date(2026, 6, 26))


def _workbook(path, rows):
    titles = tuple(Column(column.title, column.width) for column in COLUMNS)
    lines = tuple(tuple(row.get(column.key) for column in COLUMNS) for row in rows)
    made = Workbook("Plan", path.organisation.legal_name, clock.now(), (Sheet(SHEET, titles, lines),))
    return office.render_xlsx(made)


class PlanningSide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def adoption(self):
        """The first adoption of its plan that has its decision; made when there is none."""
        rows = PlanAdoption.objects.filter(participation=self.participation, decision__isnull=False)
        found = rows.order_by("number").first()
        if found:
            return found
        with clock.stopped(NOTED):
            minutes = accept("compte rendu.txt", b"Le conseil adopte le plan.")
            return _adopt(self.participation, self.referent, adopted_on=BOARD_DAY, upload=minutes)

    @property
    def plan_import(self):
        """A workbook whose one action is in the plan already: whoever confirms it adds nothing."""
        mine = PlanImport.objects.filter(participation=self.participation, file__name=CHECKED).order_by("pk")
        return mine.first() or self._bring()

    def _bring(self):
        row = {"what": self.action.what, "public_id": self.action.public_id}
        upload = accept_workbook(CHECKED, _workbook(self.participation, (row,)))
        return read_again(brought=bring_plan(participation=self.participation, by=self.referent, upload=upload))

    def take_away_planning(self):
        """The replay's own rows: what was adopted stays for ever."""
        PlanImport.objects.filter(participation=self.participation, file__name=CHECKED).delete()
