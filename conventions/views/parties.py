"""A party of a convention, for who prepares it: contact, its own words, who signs, what they said, paper, papers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base import files
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from conventions.boards import Signer
from conventions.enums import ConventionState
from conventions.forms.parties import PaperForm, PartyForm
from conventions.models import Refusal, Signatory, Signature, WrongPerson
from conventions.services import drafting, finishing, paper, signatories
from conventions.services.codes import SigningClosed
from conventions.services.signatories import CONTACT, StaleParty
from conventions.services.states import WrongState
from conventions.texts import read_template, variables_of_party
from conventions.views.signatories import back_of, party_or_404, signatory_or_404

MOVED_ON = "Le texte a été figé entre-temps : ce que la partie y dit n’a pas changé."


def variables_of(convention, party):
    """The blanks this party fills for itself."""
    return variables_of_party(read_template(convention.version.content), party)


def initial_of(party, variables):
    own = {f"own_{variable.key}": party.values.get(variable.key, variable.default) for variable in variables}
    return {**{name: getattr(party, name) for name in CONTACT}, **own, "was": signatories.seen(party)}


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def party(request, region, public_id, party_pk):
    """Whom to write to, what it says for itself, who signs for it and who did before."""
    convention, found = party_or_404(request, region, public_id, party_pk)
    draft = convention.state == ConventionState.DRAFT
    variables = variables_of(convention, found)
    form = PartyForm(posted(request), initial=initial_of(found, variables), variables=variables if draft else ())
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            return party_saved(request, convention, found, form, draft=draft)
        except StaleParty as refusal:
            stale = refusal.party
    status = 409 if stale else 422 if form.errors else 200
    return render(
        request, "conventions/party.html", party_context(request, convention, found, form, stale), status=status
    )


def party_saved(request, convention, found, form, *, draft):
    values = drafting.plain_values(form.values()) if draft else None
    try:
        was = form.cleaned_data["was"]
        signatories.set_party(party=found, by=request.user, was=was, contact=form.contact(), values=values)
    except WrongState:
        messages.warning(request, MOVED_ON)
    else:
        messages.success(request, f"La fiche de {found.name} est enregistrée.")
    return redirect("party", convention.region.slug, convention.public_id, found.pk)


def party_context(request, convention, found, form, stale):
    actor = request.actor
    rows = Signatory.objects.visible_to(actor).filter(party=found).select_related("power_file", "signature__scan")
    everybody = list(rows.order_by("rank", "pk"))
    waiting = WrongPerson.objects.visible_to(actor).filter(signatory__party=found, answered_at=None)
    variables = variables_of(convention, found)
    shown = stale and [(form[name].label, getattr(stale, name)) for name in CONTACT]
    return {
        "convention": convention,
        "party": found,
        "form": form,
        "seen": signatories.seen(stale) if stale else "",
        "stale": shown,
        "own_words": [(variable.label, found.values.get(variable.key, "")) for variable in variables],
        "signers": [Signer(row, getattr(row, "signature", None)) for row in everybody if row.replaced_at is None],
        "former": [row for row in everybody if row.replaced_at],
        "told": {row.signatory_id: row for row in waiting},
        "refusal": Refusal.objects.visible_to(actor).filter(signatory__party=found).select_related("signatory").first(),
        "back": back_of(convention),
    }


@open_to(Audience.REGION_ADMIN)
@require_POST
def wrong_person_dismiss(request, region, public_id, signatory_id):
    """Keep who was named to sign, though they said somebody else should."""
    convention, signatory = signatory_or_404(request, region, public_id, signatory_id)
    if signatories.dismiss_wrong_person(signatory=signatory, by=request.user):
        messages.success(request, f"{signatory.full_name} reste signataire et reçoit de nouveau son lien.")
    else:
        messages.warning(request, "Cette demande a déjà été traitée.")
    return redirect("party", region, public_id, signatory.party_id)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def signature_paper(request, region, public_id, signatory_id):
    """Record a signature given by hand."""
    convention, signatory = signatory_or_404(request, region, public_id, signatory_id)
    if hasattr(signatory, "signature"):
        messages.info(request, f"La signature de {signatory.full_name} est déjà notée.")
        return redirect(convention)
    if signatory.replaced_at or convention.state != ConventionState.OPEN:
        messages.warning(request, "Une signature sur papier se note pendant que la convention est à signer.")
        return redirect(convention)
    form = PaperForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and recorded(request, signatory, form):
        return redirect(convention)
    context = {"convention": convention, "signatory": signatory, "party": signatory.party, "form": form}
    return render(request, "conventions/paper.html", context, status=422 if form.errors else 200)


def recorded(request, signatory, form):
    """Record it; when the page cannot bear this date, or the turn has not come, the form says so."""
    data = form.cleaned_data
    try:
        scan = paper.keep_scan(upload=data["scan"], signatory=signatory, by=request.user)
        paper.record_paper(
            signatory=signatory, scan=scan, signed_on=data["signed_on"], place=data["place"], by=request.user
        )
    except paper.WrongDay as error:
        form.add_error("signed_on", str(error))
    except SigningClosed as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, f"La signature sur papier de {signatory.full_name} est notée.")
    return not form.errors


@open_to(Audience.REGION_ADMIN)
@require_POST
def signatory_file(request, region, public_id, signatory_id, what):
    """The document that shows a power, or the page signed by hand, as it was brought."""
    _, signatory = signatory_or_404(request, region, public_id, signatory_id)
    signature = Signature.objects.visible_to(request.actor).filter(signatory=signatory).select_related("scan").first()
    stored = signatory.power_file if what == "pouvoir" else signature and signature.scan
    if stored is None:
        raise Http404
    return files.download_as_is(stored, actor=request.actor, acting_for=signatory.party.convention.region.name)


@open_to(Audience.REGION_ADMIN)
@require_POST
def signatory_copy(request, region, public_id, signatory_id):
    """Send who signed their own copy again: a mail is lost, and each party keeps its copy for the whole term."""
    _, signatory = signatory_or_404(request, region, public_id, signatory_id)
    try:
        finishing.send_copy(signatory=signatory, by=request.user)
    except WrongState as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, f"L’exemplaire de {signatory.full_name} repart par courriel, une fois par jour au plus."
        )
    return redirect("party", region, public_id, signatory.party_id)
