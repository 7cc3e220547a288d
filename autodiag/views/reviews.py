"""Answering to a transmission, for who accompanies the structure; taking a chapter up again, for its référent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from autodiag.enums import Decision
from autodiag.forms.reviews import CorrectionForm, ReviewForm
from autodiag.rules import reviews as rules
from autodiag.services.reviews import NotReopenable, NotReviewable, reopen, review
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import REGIONAL, Audience, Refused, open_to
from caprse.base.requests import posted
from cohorts.roles import Permission
from cohorts.rules import closing_day
from cohorts.services.organising import NotPossible

DONE = {
    Decision.NOTED: "C’est noté : la structure sait que vous avez lu son chapitre.",
    Decision.RETURNED: "Le chapitre est rouvert : la structure reçoit un courriel et lit vos raisons.",
}
UNSAID = "Votre retour n’a pas été enregistré. Relisez le chapitre tel qu’il est aujourd’hui."
ASK = "Écrivez à votre accompagnateur·rice : elle ou il peut vous accorder un délai, ou vous renvoyer le chapitre."


@open_to(*REGIONAL)
@require_http_methods(["GET", "POST"])
def autodiag_review(request, region, public_id):
    """Take note of the last transmission, or return it with reasons."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.REVIEW, found.participation)
    request.actor.require_tools(found.participation)
    last = found.submissions.visible_to(request.actor).with_answers_to_it().first()
    if last is None:
        raise Http404
    may_return = rules.can_return(found, clock.today())
    form = ReviewForm(
        posted(request),
        initial={"number": last.number},
        needs_a_day=rules.needs_a_day(found, clock.today()),
        may_return=bool(may_return),
    )
    verdict = rules.can_review(found, last)
    if request.method == "POST" and not form.is_valid() and not verdict:
        raise Refused(verdict.reason, UNSAID)
    if request.method == "POST" and form.is_valid() and (said := said_or_refused(request, found, last, form)):
        messages.success(request, DONE[said.decision])
        return redirect(found.url("submission", last.number))
    context = {"autodiag": found, "submission": last, "form": form, "may_return": may_return}
    context |= {"verdict": verdict, "closes_on": closing_day(found.round, found.extended_to)}
    return render(request, "autodiag/review.html", context, status=422 if form.errors else 200)


def said_or_refused(request, autodiag, last, form):
    """The review, or None when its day cannot be: the form says why. Raises `Refused` when somebody came first."""
    shown = autodiag.submissions.visible_to(request.actor).filter(number=form.cleaned_data["number"])
    try:
        return review(submission=shown.first() or last, by=request.actor, **form.said)
    except NotPossible as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None
    except NotReviewable as refusal:
        raise Refused(
            str(refusal), "Votre retour n’a pas été enregistré. Relisez le chapitre tel qu’il est."
        ) from refusal


@open_to(Audience.REFERENT)
@require_http_methods(["GET", "POST"])
def autodiag_reopen(request, region, public_id):
    """Take up again a transmitted chapter, said why; the page says what happens, or why not now."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.SUBMIT, found.participation)
    request.actor.require_tools(found.participation)
    verdict = rules.can_correct(found, clock.today())
    form = CorrectionForm(posted(request))
    if request.method == "POST" and not verdict and not found.is_reopened:
        raise Refused(verdict.reason, ASK)
    if request.method == "POST" and form.is_valid():
        try:
            reopen(autodiag=found, reason=form.cleaned_data["reason"], by=request.actor)
        except NotReopenable as refusal:
            raise Refused(str(refusal), ASK) from refusal
        messages.success(request, "Le chapitre est rouvert : corrigez, puis transmettez de nouveau.")
        return redirect(found)
    context = {"autodiag": found, "verdict": verdict, "form": form, "last": found.last_submission}
    return render(request, "autodiag/reopen.html", context, status=422 if form.errors else 200)
