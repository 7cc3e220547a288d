"""Who signs for a party: named, changed midway, sent their link again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from conventions.enums import ConventionState
from conventions.forms import SignatoryForm
from conventions.models import Party, Signatory
from conventions.services import drafting, sending
from conventions.services.drafting import AlreadySigned, OwnAddress
from conventions.services.states import WrongState
from conventions.views.doors import managed_or_refused

OWN_ADDRESS = "C’est votre propre adresse : le lien et le code doivent arriver à la personne qui signe, à elle seule."


def party_or_404(request, region, public_id, party_pk):
    """A party of a convention this person prepares, with its present signatory."""
    convention = managed_or_refused(request, region, public_id)
    party = visible_or_404(
        Party.objects.select_related("convention__cohort__region"),
        request.actor,
        convention=convention,
        pk=party_pk,
    )
    signatory = Signatory.objects.current().visible_to(request.actor).filter(party=party).order_by("pk").first()
    return convention, party, signatory


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def signatory_edit(request, region, public_id, party_pk):
    """Name who signs for a party; once sent, the former link dies and a new one leaves."""
    convention, party, signatory = party_or_404(request, region, public_id, party_pk)
    initial = {name: getattr(signatory, name) for name in drafting.FIELDS} if signatory else {}
    form = SignatoryForm(posted(request), initial=initial)
    back = convention.url("convention_edit" if convention.state == ConventionState.DRAFT else "convention")
    if request.method == "POST" and form.is_valid():
        try:
            drafting.name_signatory(party=party, by=request.user, **form.cleaned_data)
        except OwnAddress:
            form.add_error("email", OWN_ADDRESS)
        except (AlreadySigned, WrongState):
            messages.warning(request, "Cette partie a signé, ou la convention est close : rien n’a été changé.")
            return redirect(back)
        else:
            messages.success(request, f"{form.cleaned_data['first_name']} signera pour {party.name}.")
            return redirect(back)
    context = {"convention": convention, "party": party, "signatory": signatory, "form": form, "back": back}
    return render(request, "conventions/signatory.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_POST
def signing_resend(request, region, public_id, party_pk):
    """Send a signatory their link again."""
    convention, party, signatory = party_or_404(request, region, public_id, party_pk)
    if signatory is None or hasattr(signatory, "signature"):
        messages.warning(request, "Cette partie a déjà signé : aucun lien n’a été renvoyé.")
        return redirect(convention)
    try:
        sending.resend_link(signatory=signatory, by=request.user)
    except WrongState:
        messages.warning(request, "La convention n’est pas en cours de signature : aucun lien n’a été renvoyé.")
    else:
        messages.success(request, f"Un nouveau lien part vers {signatory.full_name}.")
    return redirect(convention)
