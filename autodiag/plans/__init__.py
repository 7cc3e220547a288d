"""The plan as documents: a paper for the board, a workbook to work in, a calendar of its days. Pure: no query."""

from autodiag.plans.calendars import plan_calendar
from autodiag.plans.material import Line, Note, PlanFormat, PlanMaterial
from autodiag.plans.outward import outward_plan
from autodiag.plans.papers import plan_paper
from autodiag.plans.workbooks import plan_workbook

__all__ = ["Line", "Note", "PlanFormat", "PlanMaterial", "outward_plan", "plan_calendar", "plan_paper", "plan_workbook"]
