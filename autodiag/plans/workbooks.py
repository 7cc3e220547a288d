"""A plan as a workbook: an action a row, every field, under the titles that bring a plan in again."""

from autodiag.enums import ActionStatus
from autodiag.plans.columns import ABOUT, COLUMNS, MORE, SHEET, STEP_DONE, STEPS_APART, criterion_cell
from caprse.base.paper import Column, Sheet, Workbook
from caprse.base.text import NBSP
from cohorts.enums import Visibility

OUTWARD = ("what", "why", "who", "due_on", "starts_on", "means", "indicator", "status", "done_on")
SAME = ("what", "why", "who", "due_on", "starts_on", "done_on", "means", "indicator", "status_reason", "partners")


def plan_workbook(material):
    """The whole plan, for spreadsheet software; to be shown outside, the columns that have something to say there."""
    columns = (*COLUMNS, *MORE)
    if material.outward:
        columns = tuple(column for column in columns if column.key in OUTWARD)
    return Workbook(
        title=material.title,
        organisation=material.structure,
        created=material.created,
        sheets=(
            Sheet(
                title=SHEET,
                columns=tuple(Column(column.title, column.width) for column in columns),
                rows=[row_of(line, columns) for line in material.lines],
            ),
            *_about(material),
        ),
    )


def _about(material):
    """What a document of the structure says of itself, when there is something to say."""
    said = (("Mention", material.notice), *(("Mentions", text) for text in material.mentions))
    rows = [(label, text) for label, text in said if text]
    if rows:
        rows = [("Structure", material.structure), ("Cohorte", material.cohort), *rows]
        yield Sheet(title=ABOUT, columns=(Column("Ce que c’est"), Column("Ce que nous en disons", 60)), rows=rows)


def row_of(line, columns):
    """The cells of an action, in the order of the columns."""
    told = {
        **{name: getattr(line, name) for name in SAME},
        "public_id": line.public_id,
        "pilot": line.pilot_email or line.pilot,
        "status": ActionStatus(line.status).label,
        "budget": line.budget,
        "criterion": criterion_cell(*line.criterion) if line.criterion else "",
        "also": "\n".join(criterion_cell(*one) for one in line.also),
        "visibility": Visibility(line.visibility).label,
        "steps": STEPS_APART.join(f"{text}{STEP_DONE if done else ''}" for text, done in line.steps),
        "notes": "\n".join(f"{note.day:%d/%m/%Y}, {note.name}{NBSP}: {note.text}" for note in line.notes),
    }
    return tuple(told[column.key] for column in columns)
