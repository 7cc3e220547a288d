"""The fixed worlds: an adopted plan, its rhythm and reviews, a plan brought in."""

from datetime import date

from autodiag.enums import AdoptedBy
from autodiag.models import PlanAdoption, PlanImport
from autodiag.plans.freezing import stamp_of
from autodiag.services.adoption import adopt_plan, frozen_plan
from autodiag.services.plan_imports import accept_workbook, bring_plan, read_again
from autodiag.services.plan_reviews import NEVER_CHOSEN, note_review, set_rhythm
from caprse.base import clock
from caprse.base.uploads import accept
from cohorts.enums import Role
from tests.plan_files import workbook

ADOPTED_ON, REVIEWED_ON = date(2025, 10, 22), date(2025, 10, 24)
DECISION = "Extrait de la délibération MARQUEINTIME"


def build_planning(world, marker=""):
    """Called for each side, once its autodiagnostics are there.

    The plan is adopted by the board, its minutes joined; read over once; a workbook of one action waits.
    """
    path, by = world.participation, world.actor(Role.REFERENT)
    with clock.stopped(clock.at(date(2025, 10, 24), 9)):
        adopt_plan(
            participation=path,
            by=by,
            shown=stamp_of(frozen_plan(path)),
            adopted_on=ADOPTED_ON,
            body=AdoptedBy.BOARD,
            note=f"Adopté MARQUEINTIME{marker}",
            upload=accept(f"deliberation {marker}.txt", f"{DECISION}{marker}".encode()),
        )
        set_rhythm(participation=path, by=by, revision=NEVER_CHOSEN, months=3)
        note_review(participation=path, by=by, held_on=REVIEWED_ON, note=f"Relu MARQUEINTIME{marker}")
        brought = bring_plan(participation=path, by=by, upload=_workbook(marker))
        read_again(brought=brought)


def _workbook(marker):
    rows = [{"Quoi": f"Action apportée MARQUEINTIME{marker}", "Qui": f"Équipe {marker}"}]
    return accept_workbook(f"plan {marker}.xlsx", workbook(rows))


class PlanningOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def adoption(self):
        """The first adoption of its plan."""
        return PlanAdoption.objects.get(participation=self.participation, number=1)

    @property
    def plan_import(self):
        """The workbook that waits to be confirmed."""
        rows = PlanImport.objects.select_related("file", "participation__cohort")
        return rows.filter(participation=self.participation).order_by("pk").first()
