"""What the documents of a plan are made of: plain rows, as one person may read them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from autodiag.enums import OVER
from caprse.base.paper import Logo


class PlanFormat(TextChoices):
    """The formats a plan leaves in; each value is the ending of its file."""

    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"
    ICS = "ics", "agenda"


@dataclass(frozen=True)
class Note:
    """What moved, when, said by whom."""

    day: datetime.date
    name: str
    text: str


@dataclass(frozen=True)
class Line:
    """An action with all it holds. `criterion` and `also`: (code, title); `steps`: (text, whether it is done)."""

    public_id: str
    what: str
    status: str
    visibility: str
    updated_at: datetime.datetime
    why: str = ""
    who: str = ""
    pilot: str = ""
    pilot_email: str = ""
    due_on: datetime.date | None = None
    starts_on: datetime.date | None = None
    done_on: datetime.date | None = None
    means: str = ""
    indicator: str = ""
    status_reason: str = ""
    partners: str = ""
    budget: Decimal | None = None
    criterion: tuple[str, str] | None = None
    also: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, bool], ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def is_over(self):
        """Whether nothing more is expected of it."""
        return self.status in OVER


@dataclass(frozen=True)
class PlanMaterial:
    """A plan as one person reads it. `adopted`: the day and the body of the last adoption, for the structure's people.

    `shared`: these are only the actions the structure shares; `outward`: it is made to be shown outside.
    """

    structure: str
    cohort: str
    created: datetime.datetime
    today: datetime.date
    lines: tuple[Line, ...]
    notice: str = ""
    purpose: str = ""
    adopted: tuple[datetime.date, str] | None = None
    review_on: datetime.date | None = None
    shared: bool = False
    outward: bool = False
    logos: tuple[Logo, ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def title(self):
        return "Actions partagées du plan" if self.shared else "Notre plan d’actions"

    @property
    def to_come(self):
        """The actions that have a day and of which something is still expected."""
        return tuple(line for line in self.lines if line.due_on and not line.is_over)
