"""Mails about accounts, invitations, needs and resources, rendered when they leave; links are stored nowhere."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.outbox import Mail, renderer
from caprse.base.text import date_in_words, day_in_words
from cohorts import rules
from cohorts.enums import Role
from cohorts.models import FollowupNote, Invitation, Membership, Need, RoundExtension, Share, User
from cohorts.models.invitations import LINK
from cohorts.roles import ROLES
from cohorts.services.delays import ADJUSTED_MAIL
from cohorts.services.invitations import ACCOUNT_OPENED_MAIL, INVITATION_MAIL, JOINED_MAIL
from cohorts.services.notes import NOTE_MAIL
from cohorts.services.openings import ACCESS_MAIL
from cohorts.services.relays import ANSWER_MAIL, NEED_MAIL, RESOURCE_MAIL

PASSWORD_RESET = "password_reset"


def password_url(user):
    """A fresh link to the page where a password is chosen; its token is stored nowhere."""
    args = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=args)}"


@renderer(PASSWORD_RESET)
def password_reset(message):
    """The link to choose a new password; its token is made now and stored nowhere."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    return Mail(
        to=user.email,
        subject="CAP RSE : choisir un nouveau mot de passe",
        text=(
            f"Bonjour {user.first_name},\n\n"
            "Vous avez demandé à choisir un nouveau mot de passe. Ouvrez cette page :\n\n"
            f"{password_url(user)}\n\n"
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


@renderer(ACCESS_MAIL)
def access_opened(message):
    """The way in of whoever holds the national head or a region first: no screen invites to these roles."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    membership = Membership.objects.select_related("organisation").get(pk=message.payload["membership"])
    sign_in = f"{settings.BASE_URL}{reverse('account_login')}"
    if user.has_usable_password():
        way_in = f"Vous vous connectez comme d’habitude, avec cette adresse :\n\n{sign_in}\n"
    else:
        way_in = (
            "Pour commencer, choisissez votre mot de passe sur cette page :\n\n"
            f"{password_url(user)}\n\n"
            "Ce lien vous est personnel : ne le transmettez pas. Il sert une seule fois et pendant trois jours. "
            "Passé ce délai, demandez-en un autre ici, avec cette adresse :\n\n"
            f"{settings.BASE_URL}{reverse('account_reset_password')}\n\n"
            f"Ensuite, vous vous connecterez ici :\n\n{sign_in}\n"
        )
    return Mail(
        to=user.email,
        subject="Votre accès à CAP RSE",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"Vous rejoignez {membership.organisation.legal_name} dans CAP RSE.\n\n"
            f"Votre rôle : {Role(membership.role).label}. {ROLES[membership.role].description}\n\n{way_in}"
        ),
    )


@renderer(NEED_MAIL)
def need_relayed(message):
    """Tells the people of a partner that a need waits for their answer; nothing leaves once one of them gave it."""
    user = User.objects.reachable(message.recipient_id)
    need = Need.objects.with_context().get(pk=message.payload["need"])
    if user is None or need.answered_at:
        return None
    return Mail(
        to=user.email,
        subject=f"CAP RSE : un besoin relayé à {need.organisation.legal_name}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{need.relayed_by.full_name}, pour la délégation {need.cohort.region.name}, vous relaie un besoin de "
            f"structures de « {need.cohort.name} » :\n\n"
            f"{need.title}\n\n"
            "Pour lire les précisions et y répondre, ouvrez cette page :\n\n"
            f"{settings.BASE_URL}{reverse('need_answer', args=[need.public_id])}\n\n"
            "Une seule réponse suffit, pour toute votre organisation.\n"
        ),
    )


@renderer(ANSWER_MAIL)
def need_answered(message):
    """Tells whoever relayed a need that its answer is there."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    need = Need.objects.with_context().get(pk=message.payload["need"])
    page = reverse("cohort_relays", args=[need.cohort.region.slug, need.cohort.slug])
    return Mail(
        to=user.email,
        subject=f"CAP RSE : {need.organisation.legal_name} a répondu à un besoin",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{need.answered_by.full_name} ({need.organisation.legal_name}) a répondu au besoin que vous avez relayé "
            f"pour « {need.cohort.name} » :\n\n"
            f"{need.title}\n\n"
            "Lisez la réponse ici, puis faites-la suivre aux structures concernées :\n\n"
            f"{settings.BASE_URL}{page}\n"
        ),
    )


@renderer(RESOURCE_MAIL)
def resource_given(message):
    """Tells the people of an organisation that a resource is given to it; nothing leaves once it was taken back."""
    user = User.objects.reachable(message.recipient_id)
    share = Share.objects.with_context().get(pk=message.payload["share"])
    if user is None or not share.is_in_force(clock.today()):
        return None
    last_day = f" jusqu’au {date_in_words(share.until)} inclus" if share.until else ""
    return Mail(
        to=user.email,
        subject=f"CAP RSE : une ressource confiée à {share.organisation.legal_name}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{share.given_by.full_name}, pour la délégation {share.cohort.region.name}, confie un document à "
            f"{share.organisation.legal_name}{last_day} :\n\n"
            f"{share.resource.title}\n\n"
            "Il vous attend ici :\n\n"
            f"{settings.BASE_URL}{reverse('relays')}\n\n"
            "Chaque copie porte votre nom et celui de votre organisation. Elle ne se diffuse pas.\n"
        ),
    )


@renderer(NOTE_MAIL)
def note_shared(message):
    """Tells the référent·e·s that a note of follow-up is shared with them; its text stays in the product."""
    user = User.objects.reachable(message.recipient_id)
    if user is None:
        return None
    note = FollowupNote.objects.select_related(
        "written_by", "participation__organisation", "participation__cohort__region"
    ).get(pk=message.payload["note"])
    path = note.participation
    address = reverse("notes", args=[path.cohort.region.slug, path.public_id])
    return Mail(
        to=user.email,
        subject=f"CAP RSE : une note de suivi partagée avec {path.organisation.legal_name}",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{note.written_by.full_name} partage avec {path.organisation.legal_name} la note de votre échange du "
            f"{date_in_words(note.held_on)}.\n\n"
            f"Elle se lit ici : {settings.BASE_URL}{address}\n\n"
            "Son texte n’est pas joint à ce courriel. Dans votre structure, chaque personne qui participe à la "
            "démarche peut la lire.\n"
        ),
    )


@renderer(ADJUSTED_MAIL)
def round_adjusted(message):
    """Tells the référent·e·s the last day of a chapter for their structure, and why."""
    user = User.objects.reachable(message.recipient_id)
    extension = (
        RoundExtension.objects.filter(pk=message.payload["extension"])
        .select_related("round__chapter", "granted_by", "participation__organisation", "participation__cohort__region")
        .first()
    )
    if user is None or extension is None:
        return None
    path, chapter = extension.participation, extension.round.chapter
    last_day = rules.closing_day(extension.round, extension.closes_on) or extension.closes_on
    return Mail(
        to=user.email,
        subject=f"CAP RSE : le chapitre {chapter.number} ferme le {date_in_words(last_day)} pour votre structure",
        text=(
            f"Bonjour {user.first_name},\n\n"
            f"{extension.granted_by.full_name} a fixé la fin du chapitre {chapter.number} (« {chapter.title} ») au "
            f"{date_in_words(last_day)}, ce jour compris, pour {path.organisation.legal_name}.\n\n"
            f"Le motif : {extension.reason}\n\n"
            f"Votre parcours : {settings.BASE_URL}{path.get_absolute_url()}\n"
        ),
    )
