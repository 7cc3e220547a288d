"""How allauth fits the house: nobody signs up alone, and its mails leave through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter

from caprse.base import outbox
from cohorts.emails import PASSWORD_RESET


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def send_password_reset_mail(self, user, email, context):
        """Only the person's id is kept: the token is made when the mail leaves."""
        outbox.post(PASSWORD_RESET, to_ids=[user.pk])

    def send_mail(self, template_prefix, email, context):
        """No other mail leaves from allauth: security notices are ours to word."""
