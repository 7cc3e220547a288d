"""Gathers what a document is made of, as one person may read it, and draws it in the format asked for."""

from django.db.models import Q

from autodiag import reports
from autodiag.models import Action, Autodiag, Presentation, Priority
from autodiag.reports import Edition, Format
from autodiag.services.reading import reading_of
from caprse.base import clock, office, pdf
from caprse.base.echoes import Passage, Protected
from caprse.base.paper import Logo
from cohorts.access import Actor
from cohorts.models import Purpose
from cohorts.services.letterheads import heads_of, logo_bytes
from referentiel.documents import protected
from referentiel.enums import VersionState
from referentiel.models import ProposedAction, Version

PDF = "application/pdf"
DRAWN = {
    Format.PDF: (PDF, pdf.render_paper),
    Format.DOCX: (office.DOCX, office.render_docx),
    Format.PPTX: (office.PPTX, office.render_pptx),
}


class SiteActor(Actor):
    """Whoever runs the site, for a command: reads as the people of one structure do, and holds no account."""

    @classmethod
    def of_structure(cls, organisation_id):
        actor = cls(user_id=None, full_name="l’exploitation du site", held=())
        actor.__dict__["structure_ids"] = frozenset({organisation_id})
        return actor


# --- What is read -------------------------------------------------------------------------------------------------


def material_of(actor, participation, *, autodiag=None, with_plan=True):
    """What this person may put in a document: one chapter, or every chapter begun. None when there is nothing to read.

    The structure's people have everything of theirs. Who accompanies it has the chapters transmitted and the actions
    shared: no priority, no presentation, no purpose.
    """
    insider = actor.is_insider(participation)
    chapters = _chapters(actor, participation, autodiag)
    if not chapters:
        return None
    version = participation.cohort.version
    of_chapter = autodiag.round.chapter_id if autodiag else None
    own = _own(actor, participation, of_chapter) if insider else {}
    return reports.Material(
        structure=participation.organisation.legal_name,
        cohort=participation.cohort.name,
        referentiel=version.referentiel.title,
        version=version.number,
        notice=version.referentiel.notice,
        created=clock.now(),
        chapters=chapters,
        path=() if autodiag else tuple((c.number, c.title, c.short_title) for c in version.chapters.all()),
        absent="pas encore commencé" if insider else "pas encore transmis",
        actions=_actions(actor, participation, of_chapter) if with_plan else None,
        letterheads=tuple(letterheads_of(participation.organisation)),
        **own,
    )


def _chapters(actor, participation, autodiag):
    found = [autodiag] if autodiag else autodiags_of(actor, participation)
    readings = [(one, reading_of(one, actor)) for one in found]
    return tuple(_chapter(one, reading) for one, reading in readings if reading)


def autodiags_of(actor, participation):
    """The chapters of a path that were begun, in order."""
    rows = Autodiag.objects.visible_to(actor).with_context().filter(participation=participation)
    return list(rows.order_by("round__chapter__number"))


def _chapter(autodiag, reading):
    row, told = autodiag.round.chapter, reading.content["chapter"]
    submission = reading.submission
    return reports.Chapter(
        number=told["number"],
        title=told["title"],
        short_title=row.short_title,
        content=reading.content,
        draft=reading.is_draft,
        submitted_on=submission.submitted_at.astimezone(clock.PARIS).date() if submission else None,
    )


def _own(actor, participation, chapter_id):
    """What only the people of the structure put in a document."""
    purpose = Purpose.objects.visible_to(actor).filter(organisation=participation.organisation_id).first()
    priorities = Priority.objects.visible_to(actor).filter(participation=participation, slot__isnull=False)
    if chapter_id:
        priorities = priorities.filter(criterion__chapter=chapter_id)
    presentations = Presentation.objects.visible_to(actor).filter(participation=participation).newest_first()
    return {
        "purpose": purpose.text if purpose else "",
        "priorities": tuple(
            reports.PutForward(
                code=row.criterion.code,
                title=row.criterion.title,
                impact=row.get_impact_display() or "",
                effort=row.get_effort_display() or "",
            )
            for row in priorities.in_order()
        ),
        "presentations": tuple(
            reports.Presented(
                to=row.get_audience_display(),
                held_on=row.held_on,
                note=row.note,
                document=row.document.name if row.document else "",
                minutes=row.minutes.name if row.minutes else "",
            )
            for row in presentations
        ),
    }


def _actions(actor, participation, chapter_id):
    """The plan; in a document about one chapter, what comes from it, serves it, or comes from no criterion."""
    rows = Action.objects.visible_to(actor).filter(participation=participation)
    if chapter_id:
        serves = Q(pk__in=Action.objects.filter(also__criterion__chapter=chapter_id).values("pk"))
        rows = rows.filter(Q(criterion__chapter=chapter_id) | Q(criterion=None) | serves)
    return tuple(_action(row) for row in rows.in_order())


def _action(row):
    criterion = row.criterion
    return reports.PlannedAction(
        what=row.what,
        why=row.why,
        who=row.who,
        starts_on=row.starts_on,
        due_on=row.due_on,
        means=row.means,
        indicator=row.indicator,
        status=row.get_status_display(),
        status_reason=row.status_reason,
        partners=row.partners,
        budget=row.budget,
        criterion=f"{criterion.code} {criterion.title}" if criterion else "",
        public_id=row.public_id,
    )


def letterheads_of(organisation):
    """What heads the documents of an organisation: its own, its region's, the network's."""
    for head in heads_of(organisation):
        content = logo_bytes(head)
        yield reports.Letterhead(
            organisation=head.organisation.legal_name,
            logo=Logo(content, head.logo_text) if content else None,
            mentions=head.mentions,
        )


# --- What may not leave -------------------------------------------------------------------------------------------


def protected_from(material):
    """What a document to be shown outside must not repeat of the référentiel its chapters were answered on."""
    return protected_of({chapter.content["code"] for chapter in material.chapters})


def protected_of(codes):
    """Every published wording of the référentiels of these codes, and the actions proposed to members only."""
    versions = Version.objects.with_content().filter(referentiel__code__in=codes).exclude(state=VersionState.DRAFT)
    return Protected([*(p for version in versions for p in _wording(version)), *_proposals(codes)])


def _wording(version):
    """All that is reserved in a version: titles of sub-themes and names of the degrees included."""
    yield from protected(version)
    for step in version.scale.all():
        yield Passage("échelle", step.label, is_sentence=False)
    for chapter in version.chapters.all():
        for section in chapter.sections.all():
            yield Passage(f"sous-thème {chapter.number}.{section.number}", section.title, is_sentence=False)


def _proposals(codes):
    """Those told to members only today, and what any of them told to members only before it was reworded."""
    rows = ProposedAction.objects.filter(referentiel__code__in=codes)
    for publishable, former, *texts in rows.values_list("publishable", "former", "what", "why", "means", "indicator"):
        for text in filter(None, [*former, *(() if publishable else texts)]):
            yield Passage("action proposée, réservée aux adhérents", text)


def withheld_of(actor, participation):
    """What would stay out of the edition to be shown outside, for the whole path and its plan."""
    material = material_of(actor, participation)
    return reports.own_words(material, protected_from(material)).withheld if material else ()


# --- What is made -------------------------------------------------------------------------------------------------


def document_of(material, *, edition, form):
    """A whole document: (media type, bytes), the same for the same material. Raises PdfUnavailable without Pango."""
    outward = edition == Edition.OUTWARD
    guard = (protected_from(material),) if outward else ()
    if form == Format.XLSX:
        make = reports.outward_workbook if outward else reports.internal_workbook
        return office.XLSX, office.render_xlsx(make(material, *guard))
    make = reports.outward_paper if outward else reports.internal_paper
    media_type, draw = DRAWN[form]
    return media_type, draw(make(material, *guard))


def name_of(material, *, edition, form):
    """The name of the file, before it is made safe: what it is, of whom, for whom."""
    about = "parcours" if material.is_whole else f"chapitre {material.chapters[0].number}"
    return f"{about} {edition.label} {material.structure}"
