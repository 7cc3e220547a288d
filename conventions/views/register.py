"""The register of commitments of a convention, its attestations, its workbook."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import files
from caprse.base.access import Audience, Refused, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from cohorts.roles import ROLES, Permission
from conventions.forms.register import AttestForm
from conventions.models import Attestation, Commitment
from conventions.models.conventions import BOUND
from conventions.services import register
from conventions.views.doors import convention_or_404
from conventions.views.reading import READERS

WHO_ELSE = "Votre référent·e CAP RSE, ou la délégation de votre région, peut l’attester."
MEMBERS = tuple(audience for audience in READERS if audience != Audience.PARTNER)


def accounts_read(request, convention):
    """What this person reads of the register: the accounts of their own parties, or of all."""
    commitments = Commitment.objects.visible_to(request.actor).filter(convention=convention).select_related("party")
    attestations = Attestation.objects.visible_to(request.actor).standing().filter(convention=convention)
    return register.accounts_of(convention, commitments, attestations)


def may_attest(actor, convention, organisation_id):
    """Whether this person may say, in their name, that a commitment of this party was kept."""
    return reads_all(actor, convention) or any(
        one.organisation_id == organisation_id and Permission.ATTEST in ROLES[one.role].permissions
        for one in actor.held
    )


def reads_all(actor, convention):
    """Whether this person accompanies the cohort of a convention, or coordinates its region."""
    followed = convention.cohort_id is not None and actor.accompanies(convention.cohort)
    return followed or actor.coordinates(convention.region_id)


@open_to(*READERS)
@require_GET
def convention_register(request, region, public_id):
    """Per party and per clause: what the product knows, what was attested."""
    convention = convention_or_404(request, region, public_id)
    accounts = accounts_read(request, convention)
    context = {
        "convention": convention,
        "accounts": accounts,
        "reads_all": reads_all(request.actor, convention),
        "attesting": {a.party.pk for a in accounts if may_attest(request.actor, convention, a.party.organisation_id)},
        "opened": convention.state in BOUND,
    }
    return render(request, "conventions/register.html", context)


@open_to(*READERS)
@require_POST
def convention_register_export(request, region, public_id):
    """The register as a workbook, marked like every file that leaves."""
    actor, convention = request.actor, convention_or_404(request, region, public_id)
    if actor.audiences & set(MEMBERS):
        actor.require_tools()
    else:
        actor.require_clause("de télécharger le registre", "home")
    accounts = accounts_read(request, convention)
    if not accounts:
        raise Refused("Ce registre ne contient encore aucun engagement : il n’y a rien à télécharger.")
    stored = register.make_workbook(convention=convention, accounts=accounts, by=actor)
    return files.download(stored, actor=actor, acting_for=name_of_reader(actor, convention, accounts))


def name_of_reader(actor, convention, accounts):
    """In whose name somebody receives the register."""
    if reads_all(actor, convention):
        return f"Délégation {convention.region.name}"
    return ", ".join(account.party.name for account in accounts)


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def commitment_attest(request, region, public_id, commitment_id):
    """Say that a commitment was kept, or how far."""
    convention = convention_or_404(request, region, public_id)
    commitment = visible_or_404(
        Commitment.objects.select_related("party", "convention"),
        request.actor,
        convention=convention,
        public_id=commitment_id,
    )
    if not may_attest(request.actor, convention, commitment.party.organisation_id):
        raise Refused("Votre rôle ne permet pas d’attester un engagement : il se dit au nom de sa structure.", WHO_ELSE)
    form = AttestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        register.attest(commitment=commitment, text=form.cleaned_data["text"], by=request.actor)
        messages.success(request, "Votre attestation est écrite au registre, à votre nom.")
        return redirect(f"{convention.url('convention_register')}#{commitment.public_id}")
    [account] = register.accounts_of(convention, [commitment], [])
    context = {"convention": convention, "commitment": commitment, "line": account.lines[0], "form": form}
    return render(request, "conventions/attest.html", context, status=422 if form.errors else 200)


@open_to(*READERS)
@require_POST
def attestation_withdraw(request, region, public_id, attestation_id):
    """Take back what one attested: its words go, by nobody else's hand."""
    convention = convention_or_404(request, region, public_id)
    attestation = visible_or_404(
        Attestation.objects.select_related("commitment__party", "convention"),
        request.actor,
        convention=convention,
        pk=attestation_id,
    )
    try:
        register.withdraw(attestation=attestation, by=request.actor)
    except register.NotTheAuthor:
        raise Refused(
            f"{attestation.attested_by_name} a écrit cette attestation : personne d’autre ne la retire.",
            "Vous pouvez écrire la vôtre à côté.",
        ) from None
    messages.success(request, "Votre attestation est retirée.")
    return redirect(f"{convention.url('convention_register')}#{attestation.commitment.public_id}")
