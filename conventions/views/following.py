"""A convention being signed, followed by who prepares it; and the time given before rounds close."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import date_in_words
from cohorts.access import visible_or_404
from conventions.enums import ConventionState
from conventions.forms.register import GraceForm
from conventions.models import GracePeriod, Party, Refusal, Signatory, Signature, WrongPerson
from conventions.progress import deadline_in_words, party_follows, rounds_in_words
from conventions.services import clearances, following, sending
from conventions.services.states import WrongState
from conventions.views.doors import managed_or_refused

NOT_AWAITED = "Cette signature n’est plus attendue, ou pas encore : rien n’a été changé, rien n’est parti."


@open_to(Audience.REGION_ADMIN)
@require_GET
def convention_signatures(request, region, public_id):
    """Person by person: sent, opened, signed, refused, replaced, not reached; what is left before the deadline."""
    found = managed_or_refused(request, region, public_id)
    actor = request.actor
    signatures = Signature.objects.visible_to(actor).filter(party__convention=found)
    counts = following.counts_of([found])[found.pk]
    rows = party_follows(
        found,
        list(Party.objects.visible_to(actor).filter(convention=found)),
        list(Signatory.objects.visible_to(actor).filter(party__convention=found)),
        signed=dict(signatures.values_list("signatory_id", "signed_at")),
        refusals=Refusal.objects.visible_to(actor).filter(convention=found),
        passed_on=WrongPerson.objects.visible_to(actor).filter(convention=found, answered_at=None),
    )
    context = {
        "convention": found,
        "rows": rows,
        "counts": counts,
        "deadline": deadline_in_words(found.expires_on, counts.days_left),
        "is_open": found.state == ConventionState.OPEN,
    }
    return render(request, "conventions/signatures.html", context)


def followed_signatory(request, region, public_id, signatory_id):
    """A convention and one of the people who sign it, for who prepares it."""
    found = managed_or_refused(request, region, public_id)
    signatory = visible_or_404(
        Signatory.objects.current().with_context(), request.actor, party__convention=found, public_id=signatory_id
    )
    return found, signatory


@open_to(Audience.REGION_ADMIN)
@require_POST
def signatory_resend(request, region, public_id, signatory_id):
    """Send somebody their link again; it tries their address anew."""
    found, signatory = followed_signatory(request, region, public_id, signatory_id)
    if hasattr(signatory, "signature"):
        messages.warning(request, NOT_AWAITED)
        return redirect(found.url("convention_signatures"))
    try:
        sending.resend_link(signatory=signatory, by=request.user)
    except WrongState:
        messages.warning(request, NOT_AWAITED)
    else:
        messages.success(request, f"Un nouveau lien part vers {signatory.full_name}.")
    return redirect(found.url("convention_signatures"))


@open_to(Audience.REGION_ADMIN)
@require_POST
def signatory_returned(request, region, public_id, signatory_id):
    """Say that somebody's mail came back: reminders stop."""
    found, signatory = followed_signatory(request, region, public_id, signatory_id)
    try:
        following.note_returned(signatory=signatory, by=request.user)
    except WrongState:
        messages.warning(request, NOT_AWAITED)
    else:
        messages.success(request, f"C’est noté : plus aucun rappel ne part vers {signatory.email}.")
    return redirect(found.url("convention_signatures"))


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_grace(request, region, public_id):
    """Until when the chapters of the structures that a convention no longer holds stay open."""
    found = managed_or_refused(request, region, public_id)
    form = GraceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            grace = clearances.decide_grace(convention=found, by=request.user, **form.cleaned_data)
        except clearances.NoGrace as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"Les chapitres restent ouverts jusqu’au {date_in_words(grace.until)}.")
            return redirect(found.url("convention_grace"))
    today = clock.today()
    structures = clearances.stopped(found)
    context = {
        "convention": found,
        "form": form,
        "structures": [(path, rounds_in_words(day, today)) for path, day in structures],
        "graces": GracePeriod.objects.visible_to(request.actor).filter(convention=found).select_related("decided_by"),
    }
    return render(request, "conventions/grace.html", context, status=422 if form.errors else 200)
