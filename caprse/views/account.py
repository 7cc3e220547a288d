"""Signing in: allauth's view, with the demonstration's accounts beside the form in demonstration mode."""

from allauth.account.views import LoginView
from django.conf import settings

from caprse.base.access import Audience, open_to
from caprse.demo.accounts import shown_accounts


class SignInView(LoginView):
    def get_context_data(self, **kwargs):
        accounts = shown_accounts() if settings.DEMO else []
        return super().get_context_data(demo_accounts=accounts, **kwargs)


login = open_to(Audience.PUBLIC)(SignInView.as_view())
