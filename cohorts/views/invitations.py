"""Coming in: an invitation sent, answered through its link or once signed in, sent again, taken back."""

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base import clock, links
from caprse.base.access import Audience, Refused, open_to
from caprse.base.requests import behind_personal_link, own_address, posted
from caprse.base.text import masked_address
from cohorts import rules
from cohorts.access import visible_or_404
from cohorts.emails import inviter, last_day
from cohorts.enums import Role
from cohorts.forms.invitations import AccountForm, InviteForm
from cohorts.models import Invitation
from cohorts.models.invitations import LINK
from cohorts.roles import ROLES, Permission
from cohorts.services.invitations import AlreadyClosed, AlreadyThere, accept, cancel, invite, resend
from cohorts.views.organisations import organisation_or_404

INVITERS = (Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE, Audience.REGION_ADMIN)
READ_AND_POST = ["GET", "HEAD", "POST"]


# --- Answering ---------------------------------------------------------------------------------------------------


@open_to(Audience.PUBLIC)
@behind_personal_link
@require_http_methods(READ_AND_POST)
def invitation(request, token):
    """Reached by the link of the mail. Opening it changes nothing, however often a machine does."""
    holder = links.holder(LINK, token)
    if holder is None:
        raise Http404
    found = visible_or_404(Invitation.objects.with_context(), holder)
    return answer(request, found, rules.can_accept(found, holder.voided, clock.now()))


@open_to(Audience.SIGNED_IN)
@require_http_methods(READ_AND_POST)
def invitation_mine(request, public_id):
    """The same, for the signed-in person it names, without the mail."""
    actor = request.actor
    found = visible_or_404(Invitation.objects.with_context(), actor, public_id=public_id, user_id=actor.user_id)
    return answer(request, found, rules.can_accept(found, False, clock.now()))


def answer(request, found, verdict):
    """What it is about, and the one way to accept that suits whoever reads."""
    context = {"invitation": found, "verdict": verdict, "inviter": inviter(found)}
    if not verdict:
        return render(request, "cohorts/invitation_closed.html", context, status=410)
    reader = who_reads(request.user, found.user)
    form = None
    if reader == "newcomer":
        names = {"first_name": found.first_name, "last_name": found.last_name}
        form = AccountForm(posted(request), email=found.user.email, initial=names)
    if request.method == "POST" and (reader == "invited" or (form and form.is_valid())):
        return accepted(request, found, form.account() if form else {})
    context |= {
        "reader": reader,
        "form": form,
        "address": masked_address(found.email),
        "role": ROLES[found.role],
        "until": last_day(found),
    }
    refused = 422 if form else 403
    return render(request, "cohorts/invitation.html", context, status=refused if request.method == "POST" else 200)


def who_reads(reader, invited):
    """The invited person, somebody else who is signed in, the owner of an account, or a newcomer."""
    if reader.is_authenticated:
        return "invited" if reader.pk == invited.pk else "somebody_else"
    return "owner" if invited.has_usable_password() or not invited.is_active else "newcomer"


def accepted(request, found, account):
    """Take the role, sign a newcomer in, go home."""
    try:
        accept(invitation=found, **account)
    except AlreadyClosed:
        return redirect(request.path)  # the page says why
    if account:
        user = authenticate(request, email=found.user.email, password=account["password"])
        if user is None:
            return redirect(request.path)
        login(request, user)
    messages.success(request, f"Bienvenue ! Vous avez rejoint {found.scope_name}.")
    return redirect("home")


# --- Inviting ----------------------------------------------------------------------------------------------------


@open_to(*INVITERS)
@require_http_methods(["GET", "POST"])
def organisation_invite(request, region, public_id):
    """Ask somebody to join an organisation."""
    found = organisation_or_404(request, region, public_id)
    roles = rules.invitable_roles(found.kind, request.actor.roles_on_organisation(found))
    if not roles:
        raise Refused(
            "Votre rôle ne permet pas d’inviter quelqu’un ici.",
            "La personne qui coordonne les cohortes de votre région peut vous aider.",
        )
    form = InviteForm(posted(request), roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            sent = invite(organisation=found, by=request.user, **form.cleaned_data)
        except AlreadyThere as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"L’invitation part à {sent.email}. Elle est valable jusqu’au {last_day(sent)}.")
            return redirect(found)
    context = {"organisation": found, "form": form, "roles": [ROLES[role] for role in roles]}
    return render(request, "cohorts/invite.html", context, status=422 if form.errors else 200)


def managed_or_refused(request, public_id):
    """An invitation this person may send again or take back."""
    found = visible_or_404(Invitation.objects.with_context(), request.actor, public_id=public_id)
    if found.organisation:
        allowed = request.actor.can_on_organisation(Permission.INVITE, found.organisation)
    else:
        allowed = request.actor.coordinates(found.region_id)
    if not allowed:
        raise Refused(
            "Cette invitation est suivie par les personnes qui peuvent inviter au même endroit.",
            "Si elle est pour vous, ouvrez-la depuis votre accueil.",
        )
    return found


def where_from(request, invitation):
    """The page of this site the act came from, else that of what the person is invited to."""
    return own_address(request, request.POST.get("suite", "")) or invitation.organisation or invitation.cohort


@open_to(*INVITERS)
@require_POST
def invitation_resend(request, public_id):
    """Send it once more, valid three more weeks."""
    found = managed_or_refused(request, public_id)
    try:
        resend(invitation=found, by=request.user)
    except AlreadyClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’invitation repart à {found.email}, valable jusqu’au {last_day(found)}.")
    return redirect(where_from(request, found))


@open_to(*INVITERS)
@require_POST
def invitation_cancel(request, public_id):
    """Take it back: its links no longer open."""
    found = managed_or_refused(request, public_id)
    try:
        cancel(invitation=found, by=request.user)
    except AlreadyClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’invitation de {found.full_name} ({Role(found.role).label}) est annulée.")
    return redirect(where_from(request, found))
