"""Documents made in the background."""

from django.db import transaction

from autodiag.plans import PlanFormat
from autodiag.reports import Edition, Format
from autodiag.services.reporting import document_of, name_of
from caprse.base import files, jobs
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.text import safe_filename
from cohorts.models import Participation

SYNTHESIS_PDF = "autodiag.synthesis_pdf"
REPORT = "autodiag.report"
PLAN_EXPORT = "autodiag.plan_export"


def request_synthesis_pdf(*, autodiag, by):
    """Ask for the PDF of a chapter's synthesis. Returns the `Job` to follow."""
    participation = autodiag.participation
    return jobs.enqueue(
        SYNTHESIS_PDF,
        title=f"Synthèse du chapitre {autodiag.round.chapter.number}, {participation.organisation.legal_name}"[:160],
        by=by,
        region_id=autodiag.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
        autodiag=autodiag.pk,
    )


@transaction.atomic
def request_report(*, participation, by, edition, form, autodiag=None, with_plan=True):
    """Ask for a document about one chapter, or about the whole path. Returns the `Job` to follow.

    The same document asked for again by the same person, while it is being made, is the same job.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    asked = {
        "autodiag": autodiag.pk if autodiag else None,
        "edition": str(edition),
        "form": str(form),
        "with_plan": with_plan,
    }
    known = under_way(REPORT, participation, by, asked)
    about = f"Chapitre {autodiag.round.chapter.number}" if autodiag else "Tout le parcours"
    return known or jobs.enqueue(
        REPORT,
        title=f"{about}, édition {Edition(edition).label}, {Format(form).label.partition(',')[0]}"[:160],
        by=by,
        region_id=participation.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
        **asked,
    )


@transaction.atomic
def request_plan_export(*, participation, by, form, edition=Edition.INTERNAL):
    """Ask for the plan in one of its formats, for members or to be shown outside. Returns the `Job` to follow.

    The same one asked for again by the same person, while it is being made, is the same job.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    asked = {"form": str(form), "edition": str(edition)}
    about = "Plan d’actions à diffuser" if edition == Edition.OUTWARD else "Plan d’actions"
    return under_way(PLAN_EXPORT, participation, by, asked) or jobs.enqueue(
        PLAN_EXPORT,
        title=f"{about}, {PlanFormat(form).label}, {participation.organisation.legal_name}"[:160],
        by=by,
        region_id=participation.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
        **asked,
    )


def under_way(kind, participation, by, asked):
    """The same work, asked for by the same person and not finished, or None. The participation is locked."""
    running = Job.objects.filter(
        kind=kind,
        participation_id=participation.pk,
        created_by_id=by.user_id,
        state__in=(JobState.QUEUED, JobState.RUNNING),
    )
    return next((job for job in running.order_by("-pk") if job.payload == asked), None)


def store_report(material, participation, *, edition, form, created_by_id):
    """Make a document and keep it. Returns its `StoredFile`, publishable when it is made to be shown outside."""
    media_type, content = document_of(material, edition=edition, form=form)
    return files.store(
        content,
        name=safe_filename(name_of(material, edition=edition, form=form), form.value),
        media_type=media_type,
        created_by_id=created_by_id,
        publishable=edition == Edition.OUTWARD,
        region_id=participation.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
    )
