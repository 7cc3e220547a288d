"""What a document is made of, as plain data: no row of the database comes here."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from caprse.base.paper import Logo


class Edition(TextChoices):
    """For whom a document is made: the network's members, with its wording; or anybody, in the structure's own words."""

    INTERNAL = "internal", "interne"
    OUTWARD = "outward", "à diffuser"


class Format(TextChoices):
    """What a document is opened with. The values are the endings of its name."""

    PDF = "pdf", "PDF, pour lire et imprimer"
    DOCX = "docx", "Word, pour reprendre le texte"
    PPTX = "pptx", "Diaporama, pour présenter"
    XLSX = "xlsx", "Excel, pour tout avoir en colonnes"


@dataclass(frozen=True)
class Chapter:
    """A chapter begun. `content`: see `autodiag.documents.content_of`; `draft`: not transmitted as it reads here."""

    number: int
    title: str
    short_title: str
    content: dict
    draft: bool
    submitted_on: datetime.date | None = None


@dataclass(frozen=True)
class PlannedAction:
    """A line of the plan. `criterion` is the network's wording (« 1.2 Titre »), empty without criterion."""

    what: str
    why: str = ""
    who: str = ""
    starts_on: datetime.date | None = None
    due_on: datetime.date | None = None
    means: str = ""
    indicator: str = ""
    status: str = ""
    status_reason: str = ""
    partners: str = ""
    budget: Decimal | None = None
    criterion: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class PutForward:
    """A priority put forward, with what people expect of it, in words (empty: not said)."""

    code: str
    title: str
    impact: str = ""
    effort: str = ""


@dataclass(frozen=True)
class Presented:
    """To whom the work was presented, and when."""

    to: str
    held_on: datetime.date
    note: str = ""
    document: str = ""
    minutes: str = ""


@dataclass(frozen=True)
class Letterhead:
    """What heads the documents of one organisation: its logo, if it gave one, and its mandatory mentions."""

    organisation: str
    logo: Logo | None = None
    mentions: str = ""


@dataclass(frozen=True)
class Material:
    """Everything a document may show, as one person may read it.

    `path`: every chapter of the path, begun or not, as (number, title, short title); a document about one chapter has
    one chapter and no path; `absent` says why a chapter of the path is not here. `actions`: None when the plan is left
    out.
    """

    structure: str
    cohort: str
    referentiel: str
    version: int
    notice: str
    created: datetime.datetime
    chapters: tuple[Chapter, ...]
    path: tuple[tuple[int, str, str], ...] = ()
    absent: str = "pas encore commencé"
    purpose: str = ""
    actions: tuple[PlannedAction, ...] | None = None
    priorities: tuple[PutForward, ...] = ()
    presentations: tuple[Presented, ...] = ()
    letterheads: tuple[Letterhead, ...] = ()

    @property
    def is_whole(self):
        """Whether it is about the whole path rather than one chapter."""
        return bool(self.path)

    @property
    def title(self):
        """What the document is about: a chapter, or the whole path."""
        if self.is_whole:
            return "Notre démarche RSE"
        chapter = self.chapters[0]
        return f"Chapitre {chapter.number} – {chapter.title}"

    @property
    def logos(self):
        return tuple(head.logo for head in self.letterheads if head.logo)
