"""Starting a chapter, and transmitting it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from autodiag import rules
from autodiag.services.answers import start
from autodiag.services.submission import NotAllowedNow, NotReady, submit
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import STRUCTURE, Audience, Refused, open_to
from cohorts.access import participation_or_404, visible_or_404
from cohorts.models import Clearance, Round
from cohorts.roles import Permission


@open_to(*STRUCTURE)
@require_POST
def autodiag_start(request, region, public_id, number):
    """Open the chapter of a round: its answers are created empty."""
    participation = participation_or_404(request.actor, region, public_id)
    request.actor.require(Permission.ANSWER, participation)
    request.actor.require_tools(participation)
    round_ = visible_or_404(Round.objects.for_participation(participation), request.actor, chapter__number=number)
    is_cleared = Clearance.objects.visible_to(request.actor).in_force(clock.today()).filter(participation=participation)
    verdict = rules.can_work_in_round(
        round_, participation.cohort, is_cleared.exists(), round_.extended_to, clock.today()
    )
    if not verdict:
        raise Refused(verdict.reason, "Votre accompagnateur·rice peut vous aider.")
    autodiag = start(participation=participation, round=round_, by=request.actor)
    return redirect(autodiag.url("criterion", 1))


@open_to(Audience.REFERENT)
@require_http_methods(["GET", "POST"])
def autodiag_submit(request, region, public_id):
    """Check everything, see what will be read and by whom, then transmit."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.SUBMIT, found.participation)
    request.actor.require_tools(found.participation)
    page = chapter_page(request, found)
    if request.method == "POST" and request.POST.get("confirm") == "yes":
        try:
            submit(autodiag=found, by=request.actor)
        except NotReady:
            return render(
                request, "autodiag/submit.html", {"page": page, "autodiag": found, "unconfirmed": False}, status=422
            )
        except NotAllowedNow as refusal:
            raise Refused(str(refusal), "Votre accompagnateur·rice peut vous aider.") from refusal
        messages.success(request, "Votre chapitre est transmis. Merci à toute l’équipe !")
        return redirect(found.url("synthesis"))
    status = 422 if request.method == "POST" else 200
    unconfirmed = request.method == "POST"
    context = {"page": page, "autodiag": found, "unconfirmed": unconfirmed}
    return render(request, "autodiag/submit.html", context, status=status)
