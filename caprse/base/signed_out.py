"""A form sent too late: its session, its right or its page is over. What was typed is shown back, to be copied."""

from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse

from caprse.base.requests import own_address


def typed_in(request):
    """The sentences of the form that was sent, never a password; nothing that another site made a browser send."""
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return []
    try:
        return [text for name, text in request.POST.items() if "password" not in name and len(text.split()) > 1]
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []


class SignedOutMiddleware(LoginRequiredMiddleware):
    """Asks to sign in, as Django does; whoever sends a text from a page left open reads it again first."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """A page open to anybody is reached without reading who is asking: a survey must not know."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        typed = typed_in(request)
        if not typed or request.htmx or "text/html" not in request.headers.get("Accept", ""):
            return super().handle_no_permission(request, view_func)
        back = own_address(request, urlsplit(request.headers.get("Referer", "")).path)
        sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}" if back else reverse("account_login")
        return render(request, "signed_out.html", {"typed": typed, "sign_in": sign_in}, status=403)
