"""Plans brought in, read in the background."""

from autodiag.enums import ImportState
from autodiag.models import PlanImport
from autodiag.services.plan_imports import PLAN_IMPORT, read_again
from caprse.base import jobs


@jobs.handler(PLAN_IMPORT)
def plan_import(job):
    """Read a workbook; its report is the result, there is no file to give back."""
    found = PlanImport.objects.select_related("file", "participation__cohort").get(pk=job.payload["plan_import"])
    if found.state == ImportState.READING:
        jobs.report(job, 30, "Lecture de votre classeur")
        read_again(brought=found)
