"""Mails about accounts, rendered when they leave."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from caprse.base.outbox import Mail, renderer
from cohorts.models import User

PASSWORD_RESET = "password_reset"


@renderer(PASSWORD_RESET)
def password_reset(message):
    """The link to choose a new password; its token is made now and stored nowhere."""
    user = User.objects.filter(pk=message.recipient_id, is_active=True).exclude(email=None).first()
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
