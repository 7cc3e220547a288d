"""The page of the mails, in the demonstration: their links can be followed, their text is only text."""

from django.urls import reverse

from caprse.base import clock
from caprse.base.enums import MailState
from caprse.base.models import OutboxMessage

BODY = (
    "Ouvrez cette page :\n\nhttp://127.0.0.1:8000/invitations/a-B_c/\n\n<script>alert(1)</script>\njavascript:alert(1)"
)


def test_links_of_a_mail_can_be_followed_and_nothing_else_is_markup(db, client, settings):
    settings.DEMO = True
    OutboxMessage.objects.create(
        kind="invitation",
        recipient_id=1,
        state=MailState.SENT,
        sent_at=clock.now(),
        shown_to="nadia@example.org",
        shown_subject="CAP RSE <b>",
        shown_body=BODY,
    )
    page = client.get(reverse("demo_mail")).content.decode()
    assert '<a href="http://testserver/invitations/a-B_c/"' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<b>" not in page
