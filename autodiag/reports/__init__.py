"""Documents of a diagnostic in two editions, from plain data: for members, and to be shown outside."""

from autodiag.reports.internal import internal_paper
from autodiag.reports.material import (
    Chapter,
    Edition,
    Format,
    Letterhead,
    Material,
    PlannedAction,
    Presented,
    PutForward,
)
from autodiag.reports.outward import outward_paper
from autodiag.reports.own_words import Own, Withheld, own_words
from autodiag.reports.workbooks import internal_workbook, outward_workbook

__all__ = [
    "Chapter",
    "Edition",
    "Format",
    "Letterhead",
    "Material",
    "Own",
    "PlannedAction",
    "Presented",
    "PutForward",
    "Withheld",
    "internal_paper",
    "internal_workbook",
    "outward_paper",
    "outward_workbook",
    "own_words",
]
