"""Mails about accounts and invitations, rendered when they leave. Links are made now and stored nowhere."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.outbox import Mail, renderer
from caprse.base.text import day_in_words
from cohorts import rules
from cohorts.enums import Role
from cohorts.models import Invitation, User
from cohorts.models.invitations import LINK
from cohorts.roles import ROLES
from cohorts.services.invitations import ACCOUNT_OPENED_MAIL, INVITATION_MAIL, JOINED_MAIL

PASSWORD_RESET = "password_reset"


@renderer(PASSWORD_RESET)
def password_reset(message):
    """The link to choose a new password; its token is made now and stored nowhere."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse(
        "account_reset_password_from_key", kwargs=dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
    )
    return Mail(
        to=user.email,
        subject="CAP RSE : choisir un nouveau mot de passe",
        text=(
            f"Bonjour {user.first_name},\n\n"
            "Vous avez demandé à choisir un nouveau mot de passe. Ouvrez cette page :\n\n"
            f"{settings.BASE_URL}{path}\n\n"
            "Le lien sert une seule fois et pendant trois jours. Si vous n’avez rien demandé, "
            "ne faites rien : votre mot de passe actuel reste valable.\n"
        ),
    )


def invitation_url(invitation):
    """A fresh link to the page where the invitation is accepted."""
    return f"{settings.BASE_URL}{reverse('invitation', args=[links.make(LINK, invitation.pk)])}"


def last_day(invitation):
    """The last day of an invitation, in words."""
    return day_in_words(invitation.expires_at)


def inviter(invitation):
    """Who invites, in words."""
    by = invitation.invited_by
    return by.full_name if by else f"La délégation {invitation.region.name}"


@renderer(INVITATION_MAIL)
def invitation_sent(message):
    """Asks somebody to join; nothing leaves once it is answered, cancelled or over."""
    invitation = Invitation.objects.with_context().get(pk=message.payload["invitation"])
    if not rules.can_accept(invitation, False, clock.now()) or not invitation.user.email:
        return None
    return Mail(
        to=invitation.user.email,
        subject=f"CAP RSE : {inviter(invitation)} vous invite à rejoindre {invitation.scope_name}",
        text=(
            f"Bonjour {invitation.first_name},\n\n"
            f"{inviter(invitation)} vous invite à rejoindre {invitation.scope_name} dans CAP RSE.\n\n"
            f"Votre rôle : {Role(invitation.role).label}. {ROLES[invitation.role].description}\n\n"
            "Pour accepter, ouvrez cette page (comptez deux minutes) :\n\n"
            f"{invitation_url(invitation)}\n\n"
            f"Ce lien vous est personnel : ne le transmettez pas. Il est valable jusqu’au {last_day(invitation)} "
            "inclus.\n\n"
            "Ce message ne vous concerne pas ? Ne faites rien : sans réponse de votre part, aucun compte n’est ouvert.\n"
        ),
    )


@renderer(ACCOUNT_OPENED_MAIL)
def account_opened(message):
    """Tells the owner of an address that an account was opened with it: a forwarded link does not pass unnoticed."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    invitation = Invitation.objects.with_context().get(pk=message.payload["invitation"])
    return Mail(
        to=user.email,
        subject="CAP RSE : votre compte est ouvert",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"Votre compte CAP RSE est ouvert et vous avez rejoint {invitation.scope_name} "
            f"(rôle : {Role(invitation.role).label}).\n\n"
            f"Vous vous connectez ici, avec cette adresse et le mot de passe que vous avez choisi :\n\n"
            f"{settings.BASE_URL}{reverse('account_login')}\n\n"
            "Ce n’était pas vous ? Choisissez tout de suite un nouveau mot de passe, puis prévenez "
            f"{inviter(invitation)} :\n\n"
            f"{settings.BASE_URL}{reverse('account_reset_password')}\n"
        ),
    )


@renderer(JOINED_MAIL)
def colleague_joined(message):
    """Tells the référents of a structure who joined it, in what role, invited by whom."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    invitation = Invitation.objects.with_context().get(pk=message.payload["invitation"])
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {invitation.user.full_name} a rejoint {invitation.scope_name}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{invitation.user.full_name} a rejoint {invitation.scope_name} dans CAP RSE "
            f"(rôle : {Role(invitation.role).label}), sur l’invitation de : {inviter(invitation)}.\n\n"
            f"Ce rôle permet ceci : {ROLES[invitation.role].description}\n\n"
            f"Vous ne connaissez pas cette personne ? Prévenez la délégation {invitation.region.name}.\n"
        ),
    )
