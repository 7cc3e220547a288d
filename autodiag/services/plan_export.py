"""Gathers a plan as one person may read it, and draws it in the format asked for."""

from django.db.models import Prefetch

from autodiag import plans
from autodiag.enums import ActionStatus
from autodiag.models import Action, ActionCriterion, ActionNote, ActionStep, PlanAdoption, PlanRhythm
from autodiag.plans import Line, Note, PlanFormat, PlanMaterial
from autodiag.reports import Edition
from autodiag.services.reporting import protected_of
from caprse.base import clock, files, office, pdf
from caprse.base.paper import Logo
from caprse.base.text import safe_filename
from cohorts.models import Purpose
from cohorts.services.letterheads import heads_of, logo_bytes

PDF, ICS = "application/pdf", "text/calendar"
NO_ACTION = "Ce plan n’a pas encore d’action : il n’y a rien à exporter."
NOTHING_TO_SHOW = (
    "Aucune action ne peut figurer dans l’édition à diffuser : leurs premiers mots reprennent tous le référentiel. "
    "Dites-les avec vos mots, puis réessayez."
)
ALL_ABANDONED = (
    "Toutes les actions de ce plan sont abandonnées : l’édition à diffuser serait vide. "
    "Elle montre ce qui est à faire, en cours, bloqué ou fait."
)
NO_DAY = "Aucune action à venir n’a de date : le calendrier serait vide. Donnez une date à une action, puis réessayez."


class NothingToExport(Exception):
    """There is nothing to write; the message, in French, says why."""


def plan_material(actor, participation):
    """The plan with all it holds, in a constant number of queries.

    The structure's people have everything; who accompanies it, the actions shared and what goes with them.
    """
    insider = actor.is_insider(participation)
    heads = heads_of(participation.organisation)
    return PlanMaterial(
        structure=participation.organisation.legal_name,
        cohort=participation.cohort.name,
        created=clock.now(),
        today=clock.today(),
        lines=tuple(_line(row, insider) for row in _rows(actor, participation)),
        notice=participation.cohort.version.referentiel.notice,
        shared=not insider,
        logos=tuple(Logo(logo_bytes(head), head.logo_text) for head in heads if head.logo_id),
        mentions=tuple(head.mentions for head in heads if head.mentions),
        **(_own(actor, participation) if insider else {}),
    )


def outward_material(actor, participation):
    """The plan as its own people may show it outside: see `plans.outward_plan`. Raises `NothingToExport`."""
    material = plan_material(actor, participation)
    shown = plans.outward_plan(material, protected_of({participation.cohort.version.referentiel.code}))
    if material.lines and not shown.lines:
        over = all(line.status == ActionStatus.ABANDONED for line in material.lines)
        raise NothingToExport(ALL_ABANDONED if over else NOTHING_TO_SHOW)
    return shown


def _rows(actor, participation):
    notes = ActionNote.objects.visible_to(actor).filter(withdrawn_at=None).select_related("written_by")
    also = ActionCriterion.objects.visible_to(actor).select_related("criterion__chapter")
    rows = Action.objects.visible_to(actor).filter(participation=participation).in_order().select_related("pilot")
    return rows.prefetch_related(
        Prefetch("steps", ActionStep.objects.visible_to(actor)), Prefetch("notes", notes), Prefetch("also", also)
    )


def _line(row, insider):
    criterion = row.criterion
    return Line(
        **{name: getattr(row, name) for name in SAME},
        pilot=row.pilot.full_name if row.pilot else "",
        # Who accompanies reads names; addresses stay in the structure.
        pilot_email=(row.pilot.email or "") if row.pilot and insider else "",
        criterion=(criterion.code, criterion.title) if criterion else None,
        also=tuple((one.criterion.code, one.criterion.title) for one in row.also.all()),
        steps=tuple((step.text, step.done_at is not None) for step in row.steps.all()),
        notes=tuple(
            Note(note.written_at.astimezone(clock.PARIS).date(), note.written_by.full_name, note.text)
            for note in row.notes.all()
        ),
    )


SAME = (
    *("public_id", "what", "why", "who", "status", "status_reason", "visibility", "updated_at"),
    *("due_on", "starts_on", "done_on", "means", "indicator", "partners", "budget"),
)


def _own(actor, participation):
    """What only the people of the structure put in a document."""
    purpose = Purpose.objects.visible_to(actor).filter(organisation=participation.organisation_id).first()
    adoption = PlanAdoption.objects.visible_to(actor).filter(participation=participation).order_by("-number").first()
    rhythm = PlanRhythm.objects.visible_to(actor).filter(participation=participation).first()
    return {
        "purpose": purpose.text if purpose else "",
        "adopted": (adoption.adopted_on, adoption.get_body_display()) if adoption else None,
        "review_on": rhythm.next_on if rhythm else None,
    }


def store_plan(material, participation, *, form, created_by_id):
    """Make the document and keep it. Returns its `StoredFile`, publishable when it is made to be shown outside.

    Raises `NothingToExport`, PdfUnavailable without Pango.
    """
    media_type, content = plan_document(material, form)
    return files.store(
        content,
        name=safe_filename(name_of(material), form.value),
        media_type=media_type,
        created_by_id=created_by_id,
        publishable=material.outward,
        region_id=participation.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
    )


def name_of(material):
    """The name of the file, before it is made safe."""
    about = f"plan d’actions {Edition.OUTWARD.label}" if material.outward else "plan d’actions"
    return f"{about} {material.structure}"


def plan_document(material, form):
    """(media type, bytes), the same for the same material."""
    if not material.lines:
        raise NothingToExport(NO_ACTION)
    if form == PlanFormat.ICS:
        if not material.to_come:
            raise NothingToExport(NO_DAY)
        return ICS, plans.plan_calendar(material)
    if form == PlanFormat.XLSX:
        return office.XLSX, office.render_xlsx(plans.plan_workbook(material))
    return PDF, pdf.render_paper(plans.plan_paper(material))
