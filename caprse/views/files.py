"""Background work followed from a page, and the one door through which files leave."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from autodiag.services.exports import PLAN_EXPORT, REPORT
from caprse.base import files
from caprse.base.access import REGIONAL, STRUCTURE, Audience, open_to
from caprse.base.enums import JobState
from caprse.base.marking import UnmarkableFile
from caprse.base.models import Job, StoredFile
from caprse.base.pdf import PdfUnavailable
from cohorts.access import visible_or_404
from cohorts.models import Participation
from cohorts.places import Place
from cohorts.roles import Permission

# The page a document was asked for on, and its name; the path, otherwise.
ASKED_ON = {REPORT: ("path_documents", "Revenir aux documents"), PLAN_EXPORT: ("plan", "Revenir au plan d’actions")}


@open_to(Audience.SIGNED_IN)
@require_GET
def job(request, public_id):
    """How far a document is; the page refreshes itself until it is there."""
    found = visible_or_404(Job.objects.select_related("result"), request.actor, public_id=public_id)
    running = found.state in (JobState.QUEUED, JobState.RUNNING)
    origin = Participation.objects.with_context().visible_to(request.actor).filter(pk=found.participation_id).first()
    if origin:
        request.place = Place.of_participation(origin)
    context = {
        "job": found,
        "running": running,
        "done": found.state == JobState.DONE,
        "region": origin.cohort.region.slug if origin else "",
        "back": back_from(found, origin),
        "lapse": request.actor.lapse(origin) if origin else None,
    }
    template = "caprse/_job.html" if request.htmx else "caprse/job.html"
    return render(request, template, context)


def back_from(found, origin):
    """Where one goes on from a document: (words, address)."""
    if origin is None:
        return "Revenir à l’accueil", reverse("home")
    if found.kind not in ASKED_ON:
        return "Revenir au parcours", origin.get_absolute_url()
    name, words = ASKED_ON[found.kind]
    return words, reverse(name, args=[origin.cohort.region.slug, origin.public_id])


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def download(request, region, public_id):
    """A file, marked with who receives it and registered. A POST, since it writes in the register."""
    stored = visible_or_404(StoredFile, request.actor, public_id=public_id)
    participation = visible_or_404(
        Participation.objects.with_context(), request.actor, region__slug=region, pk=stored.participation_id
    )
    request.actor.require(Permission.EXPORT, participation)
    request.actor.require_tools(participation)
    try:
        return files.download(stored, actor=request.actor, acting_for=request.actor.name_of_side(participation))
    except (UnmarkableFile, PdfUnavailable) as error:
        messages.error(request, str(error))
        return redirect(participation)
