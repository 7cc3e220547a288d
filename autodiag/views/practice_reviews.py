"""Reading again the practices put forward, before others read them: for who accompanies the structure."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from autodiag.enums import PracticeAnswer
from autodiag.forms.practices import PracticeReviewForm
from autodiag.models import PracticeProposal
from autodiag.rules.practices import can_answer, is_gone
from autodiag.services.practices import NewerProposal, NotPossibleNow, answer_practice, warnings_about
from caprse.base.access import REGIONAL, Refused, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from cohorts.enums import Role
from cohorts.places import Place
from cohorts.roles import ROLES, Permission

DONE = {
    PracticeAnswer.PUBLISHED: "La fiche est publiée. La structure peut la retirer à tout moment.",
    PracticeAnswer.RETURNED: "La fiche est renvoyée à la structure, avec votre message.",
}
UNSAID = "Votre réponse n’a pas été enregistrée."


@open_to(*REGIONAL)
@require_GET
def practice_reviews(request, region):
    """The practices that wait, the oldest first: those of one's cohorts, or of the region one coordinates."""
    actor = request.actor
    held = [m for m in actor.held if m.region_slug == region and m.role in (Role.FACILITATOR, Role.REGION_ADMIN)]
    if not any(Permission.MODERATE_PRACTICES in ROLES[m.role].permissions for m in held):
        raise Http404
    actor.require_tools()
    rows = PracticeProposal.objects.visible_to(actor).filter(actor.accompanied_q("participation__"))
    rows = rows.filter(region__slug=region).waiting().with_context().order_by("consented_at", "pk")
    return render(request, "autodiag/practice_reviews.html", {"rows": list(rows), "region": region})


@open_to(*REGIONAL)
@require_http_methods(["GET", "POST"])
def practice_review(request, region, public_id):
    """What the structure agreed to tell, as it would be read: publish it, or return it with a message."""
    proposal = proposal_or_404(request, region, public_id)
    verdict = can_answer(proposal)
    if is_gone(proposal) or (request.method == "POST" and not verdict):
        return answered_again(request, proposal, verdict)
    form = PracticeReviewForm(posted(request), initial={"number": proposal.number})
    if not form.is_valid():
        # Whatever else is wrong, the page shows the last text: whoever read another one is told.
        read = getattr(form, "cleaned_data", {}).get("number", proposal.number)
        return review_page(request, proposal, form, verdict, newer=read != proposal.number)
    try:
        said = answer_practice(practice=proposal.practice, by=request.actor, **form.cleaned_data)
    except NewerProposal:
        return review_page(request, proposal, form, verdict, newer=True)
    except NotPossibleNow as refusal:
        raise Refused(str(refusal), UNSAID) from refusal
    messages.success(request, DONE[said.answer])
    return redirect("practice_reviews", region)


def answered_again(request, proposal, verdict):
    """Somebody answered, or the structure took it back: said in one sentence; one's own answer sent twice is one."""
    mine = (proposal.answer, proposal.answered_by_id) == (request.POST.get("answer"), request.actor.user_id)
    if mine and str(proposal.number) == request.POST.get("number") and proposal.answer in DONE:
        messages.success(request, DONE[proposal.answer])
        return redirect("practice_reviews", proposal.participation.cohort.region.slug)
    raise Refused(verdict.reason, UNSAID if request.method == "POST" else "La structure peut vous dire pourquoi.")


def proposal_or_404(request, region, public_id):
    """The last text put forward of a practice, for who accompanies its structure. Sets the page's place."""
    found = visible_or_404(
        PracticeProposal.objects.with_context()
        .select_related("participation__cohort__version__referentiel", "consented_by")
        .order_by("-number"),
        request.actor,
        region__slug=region,
        practice__public_id=public_id,
    )
    request.place = Place.of_participation(found.participation)
    request.actor.require_accompaniment(Permission.MODERATE_PRACTICES, found.participation.cohort)
    request.actor.require_tools(found.participation)
    return found


def review_page(request, proposal, form, verdict, *, newer=False):
    """The frozen text and what to be careful about. `newer`: another one was put forward meanwhile."""
    context = {
        "proposal": proposal,
        "said": proposal.content,
        "form": form,
        "verdict": verdict,
        "newer": newer,
        "warnings": warnings_about(proposal) if verdict else [],
    }
    status = 409 if newer else 422 if form.errors else 200
    return render(request, "autodiag/practice_review.html", context, status=status)
