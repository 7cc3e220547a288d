"""What the mails about a convention share: to whom they go, where they lead. Links are made now and stored nowhere."""

from django.conf import settings
from django.urls import reverse

from caprse.base import links
from caprse.base.outbox import Mail
from cohorts.models import User
from conventions.models import Convention, Signatory
from conventions.models.conventions import LINK


def site(path):
    """The whole address of a page."""
    return f"{settings.BASE_URL}{path}"


def signing_url(signatory):
    """A fresh link to the signing pages."""
    return site(reverse("signing_link", args=[links.make(LINK, signatory.pk)]))


def reading_address(convention, user_id, page, then=""):
    """Where a person reads a page of a convention: by a personal link who signed it without having an account.

    `then`: what to press once there.
    """
    rows = Signatory.objects.current().filter(party__convention=convention, user=user_id).select_related("user")
    signatory = rows.order_by("pk").first()
    if signatory is None or signatory.user.has_usable_password():
        return page
    return f"{signing_url(signatory)}{then}"


def convention_of(message):
    """The convention that a mail is about."""
    return Convention.objects.with_context().get(pk=message.payload["convention"])


def recipient_of(convention, message):
    """Address and first name of a recipient: as a signatory of this convention, else as a person. (None, "") if gone."""
    signatories = Signatory.objects.current().filter(party__convention=convention, user=message.recipient_id)
    if signatory := signatories.order_by("pk").first():
        return signatory.email, signatory.first_name
    user = User.objects.reachable(message.recipient_id)
    return (user.email, user.first_name) if user else (None, "")


def to_recipient(convention, message, subject, sentences):
    """A mail to somebody of a convention, or None when they cannot be written to any more."""
    address, first_name = recipient_of(convention, message)
    return address and letter(address, first_name, subject, sentences)


def to_person(message, subject, sentences):
    """A mail to a person of the network, or None when they cannot be written to any more."""
    user = User.objects.reachable(message.recipient_id)
    return user and letter(user.email, user.first_name, subject, sentences)


def letter(address, first_name, subject, sentences):
    """A mail to an address, in the words of the site."""
    return Mail(to=address, subject=f"CAP RSE : {subject}", text=f"Bonjour {first_name},\n\n{sentences}\n")
