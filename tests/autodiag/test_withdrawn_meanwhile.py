"""What was taken back while somebody was reading it is acted upon no more."""

import pytest

from autodiag.models import PracticeCard, PracticeContact
from autodiag.services.contacts import CONTACT_MAIL, CannotContact, contact_structure
from autodiag.services.practices import withdraw_practice
from caprse.base.models import OutboxMessage
from cohorts.enums import Role
from tests.worlds import World
from tests.worlds_practices import published


def test_a_practice_withdrawn_while_it_was_read_is_written_to_no_more(db):
    ours, neighbour = World("ours"), World("neighbour")
    practice = published(neighbour)
    seen = PracticeCard.objects.select_related("practice__participation").get(practice=practice)
    withdraw_practice(practice=practice, by=neighbour.actor(Role.REFERENT))
    mails = OutboxMessage.objects.filter(kind=CONTACT_MAIL).count()
    with pytest.raises(CannotContact, match="retiré"):
        contact_structure(card=seen, text="Bonjour", by=ours.actor(Role.REFERENT))
    assert OutboxMessage.objects.filter(kind=CONTACT_MAIL).count() == mails
    assert not PracticeContact.objects.filter(practice=practice).exists()
