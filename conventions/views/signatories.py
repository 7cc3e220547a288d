"""Who signs for a party: named, added, changed midway, sent their link again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from conventions.enums import ConventionState
from conventions.forms.parties import SignatoryForm
from conventions.models import Party, Signatory, WrongPerson
from conventions.services import signatories
from conventions.services.signatories import FIELDS, POWERS, AlreadySigned, OwnAddress, SignsAlready
from conventions.services.states import WrongState
from conventions.views.doors import managed_or_refused

OWN_ADDRESS = "C’est votre propre adresse : le lien et le code doivent arriver à la personne qui signe, à elle seule."
SIGNS_ALREADY = "Une personne avec cette adresse signe déjà pour cette partie."
TOO_LATE = "Cette partie a signé, cette personne est déjà remplacée, ou la convention est close : rien n’a été changé."


def party_or_404(request, region, public_id, party_pk):
    """A party of a convention this person prepares."""
    convention = managed_or_refused(request, region, public_id)
    return convention, visible_or_404(
        Party.objects.select_related("convention__region", "convention__cohort", "organisation"),
        request.actor,
        convention=convention,
        pk=party_pk,
    )


def signatory_or_404(request, region, public_id, signatory_id):
    """Somebody who signs, or did before they were replaced, in a convention this person prepares."""
    convention = managed_or_refused(request, region, public_id)
    return convention, visible_or_404(
        Signatory.objects.with_context().select_related("power_file", "signature"),
        request.actor,
        party__convention=convention,
        public_id=signatory_id,
    )


def first_of(request, party):
    rows = Signatory.objects.current().visible_to(request.actor).filter(party=party)
    return rows.select_related("power_file", "signature").order_by("rank", "pk").first()


def back_of(convention):
    return convention.url("convention_edit" if convention.state == ConventionState.DRAFT else "convention")


def proposed(signatory, told):
    """What the form begins with: who signs now, or the one they named."""
    if told and told.email:
        words = {name: getattr(told, name) for name in ("first_name", "last_name", "email", "quality")}
        return {
            **words,
            "rank": signatory.rank,
            "why": f"{signatory.full_name} a dit que ce n’est pas à lui ou à elle.",
        }
    return {name: getattr(signatory, name) for name in (*FIELDS, *POWERS)} if signatory else {}


def desk(request, convention, party, former, *, add=False):
    """The page where somebody is named; once sent, the former link dies and a new one leaves."""
    told = former and WrongPerson.objects.visible_to(request.actor).filter(signatory=former, answered_at=None).first()
    sent = former is not None and convention.state != ConventionState.DRAFT
    files = request.FILES if request.method == "POST" else None
    form = SignatoryForm(posted(request), files, initial=proposed(former, told), sent=sent)
    if request.method == "POST" and form.is_valid():
        done = save(request, party, former, form, add=add)
        if done:
            return done
    context = {
        "convention": convention,
        "party": party,
        "signatory": former,
        "told": told,
        "form": form,
        "back": back_of(convention),
        "add": add,
    }
    return render(request, "conventions/signatory.html", context, status=422 if form.errors else 200)


def save(request, party, former, form, *, add):
    """Write who signs; None when the form says what is wrong."""
    convention, fields = party.convention, form.fields_of()
    try:
        upload = form.cleaned_data["power_file"]
        fields["power_file"] = upload and signatories.keep_power_file(upload=upload, party=party, by=request.user)
        if add:
            signatories.add_signatory(party=party, by=request.user, **fields)
        elif former:
            why = form.cleaned_data.get("why", "")
            signatories.replace_signatory(signatory=former, by=request.user, why=why, **fields)
        else:
            signatories.name_signatory(party=party, by=request.user, **fields)
    except OwnAddress:
        return form.add_error("email", OWN_ADDRESS)
    except SignsAlready:
        return form.add_error("email", SIGNS_ALREADY)
    except (AlreadySigned, WrongState):
        messages.warning(request, TOO_LATE)
    else:
        messages.success(request, f"{fields['first_name']} signera pour {party.name}.")
    return redirect(back_of(convention))


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def signatory_edit(request, region, public_id, party_pk):
    """Name who signs for a party, or change the one who does."""
    convention, party = party_or_404(request, region, public_id, party_pk)
    return desk(request, convention, party, first_of(request, party))


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def signatory_add(request, region, public_id, party_pk):
    """One more person who signs for a party, in order or at the same time; as long as it is a draft."""
    convention, party = party_or_404(request, region, public_id, party_pk)
    if convention.state != ConventionState.DRAFT:
        messages.warning(request, "Le texte est figé : on n’ajoute plus de signataire, on en change.")
        return redirect(convention)
    return desk(request, convention, party, None, add=True)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def signatory_change(request, region, public_id, signatory_id):
    """Change one of those who sign: a mistake put right, a delegation, another person."""
    convention, signatory = signatory_or_404(request, region, public_id, signatory_id)
    if signatory.replaced_at:
        messages.warning(request, f"{signatory.full_name} n’est plus signataire : une autre personne a été désignée.")
        return redirect(back_of(convention))
    return desk(request, convention, signatory.party, signatory)


@open_to(Audience.REGION_ADMIN)
@require_POST
def signatory_remove(request, region, public_id, signatory_id):
    """Take somebody off those who sign, as long as it is a draft."""
    convention, signatory = signatory_or_404(request, region, public_id, signatory_id)
    try:
        signatories.remove_signatory(signatory=signatory, by=request.user)
    except WrongState:
        messages.warning(request, "Le texte est figé : on ne retire plus de signataire, on en change.")
        return redirect(convention)
    messages.success(request, f"{signatory.full_name} ne signera pas pour {signatory.party.name}.")
    return redirect("party", region, public_id, signatory.party_id)
