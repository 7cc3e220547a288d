"""Demonstration only: the mails that would have left."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caprse.base.access import Audience, open_to
from caprse.base.outbox import shown_mails


@open_to(Audience.PUBLIC)
@require_GET
def demo_mail(request):
    """The latest mails with their text; the page does not exist outside the demonstration."""
    if not settings.DEMO:
        raise Http404
    mails, here = list(shown_mails()), request.build_absolute_uri("/").rstrip("/")
    for mail in mails:  # whatever port the demonstration is served on
        mail.shown_body = mail.shown_body.replace(settings.BASE_URL, here)
    return render(request, "caprse/demo_mail.html", {"mails": mails})
