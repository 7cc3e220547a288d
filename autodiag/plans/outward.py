"""A plan to be shown outside: what the structure wrote of its actions, without what repeats the référentiel."""

from dataclasses import replace

from autodiag.enums import ActionStatus
from autodiag.plans.material import Line
from autodiag.reports.own_words import Gate, own_action
from cohorts.enums import Visibility


def outward_plan(material, protected):
    """The same plan for an assembly, a board, partners; `protected`: see `autodiag.reports.own_words`.

    Criteria, reasons, steps, news, budget and partners stay inside; an action whose first words stay out leaves whole,
    and so does one that was abandoned: without its reason, it would only raise questions.
    """
    gate = Gate(protected)
    going_on = (line for line in material.lines if line.status != ActionStatus.ABANDONED)
    kept = ((line, own_action(_with_who(line), gate)) for line in going_on)
    return replace(
        material,
        outward=True,
        notice="",
        review_on=None,
        purpose=gate.passed(material.purpose, "purpose", "Notre pourquoi"),
        lines=tuple(_line(line, own) for line, own in kept if own),
        logos=tuple(logo for logo in material.logos if gate.passed(logo.text, "letterhead", "Description du logo")),
        mentions=tuple(text for text in material.mentions if gate.passed(text, "letterhead", "Mentions")),
    )


def _with_who(line):
    """Somebody who only follows it is who does it, for those outside."""
    return replace(line, who=line.who or line.pilot)


def _line(line, own):
    """Field by field: what is added to a line stays inside until somebody lets it out here."""
    return Line(
        public_id=line.public_id,
        what=own.what,
        why=own.why,
        who=own.who,
        due_on=own.due_on,
        means=own.means,
        indicator=own.indicator,
        status=own.status,
        starts_on=line.starts_on,
        done_on=line.done_on,
        visibility=Visibility.STRUCTURE,
        updated_at=line.updated_at,
    )
