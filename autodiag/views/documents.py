"""The documents of a path: chosen, asked for, and what would stay out of the edition to be shown outside."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from autodiag.forms.documents import DocumentForm
from autodiag.models import Answer
from autodiag.services.exports import REPORT, request_report
from autodiag.services.reporting import autodiags_of, withheld_of
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from caprse.base.models import Job
from cohorts.access import participation_or_404
from cohorts.places import Place
from cohorts.roles import Permission

RECENT = 8


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def path_documents(request, region, public_id):
    """Choose a document; `?chapitre=` names the one it starts from."""
    participation = documents_path(request, region, public_id)
    chapters = readable(request.actor, participation)
    form = new_form(request, participation, chapters, initial={"about": request.GET.get("chapitre", "parcours")})
    return page(request, participation, form)


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def document_request(request, region, public_id):
    """Ask for a document: it is made in the background, its page follows it."""
    participation = documents_path(request, region, public_id)
    form = new_form(request, participation, readable(request.actor, participation), request.POST)
    if not form.is_valid():
        return page(request, participation, form, status=422)
    job = request_report(participation=participation, by=request.actor, **form.asked())
    return redirect("job", public_id=job.public_id)


def documents_path(request, region, public_id):
    participation = participation_or_404(request.actor, region, public_id)
    request.place = Place.of_participation(participation)
    request.actor.require(Permission.EXPORT, participation)
    request.actor.require_tools(participation)
    return participation


def readable(actor, participation):
    """The chapters this person may put in a document."""
    insider = actor.is_insider(participation)
    begun = autodiags_of(actor, participation)
    return [one for one in begun if insider or one.is_submitted or one.is_reopened]


def new_form(request, participation, chapters, *data, **more):
    return DocumentForm(*data, chapters=chapters, insider=request.actor.is_insider(participation), **more)


def page(request, participation, form, status=200):
    """The choices, what would stay out and where to write it again, the documents asked for lately."""
    asked = Job.objects.visible_to(request.actor).filter(kind=REPORT, participation_id=participation.pk)
    context = {
        "participation": participation,
        "form": form,
        "insider": form.insider,
        "withheld": told(request.actor, participation) if form.insider and form.chapters else [],
        "recent": asked.select_related("result").order_by("-created_at", "-pk")[:RECENT],
    }
    return render(request, "autodiag/documents.html", context, status=status)


def told(actor, participation):
    """What would stay out, with where to write it again: [(withheld, address)]."""
    withheld = withheld_of(actor, participation)
    if not withheld:
        return []
    answers = Answer.objects.visible_to(actor).filter(participation=participation)
    columns = ("autodiag__public_id", "criterion__chapter__number", "criterion__code", "criterion__position")
    places = {(number, code): (pid, position) for pid, number, code, position in answers.values_list(*columns)}
    return [(one, address_of(one, participation, places)) for one in withheld]


def address_of(one, participation, places):
    """The page where a text that stays out is written; "" when there is none for this person."""
    region = participation.cohort.region.slug
    match one.kind:
        case "action":
            return reverse("action_edit", args=[region, participation.public_id, one.action])
        case "practice" | "strength" if (one.chapter, one.code) in places:
            return reverse("criterion", args=[region, *places[one.chapter, one.code]])
        case "purpose":
            return reverse("purpose", args=[region, participation.organisation.public_id])
        case "letterhead":
            return reverse("organisation", args=[region, participation.organisation.public_id])
    return ""
