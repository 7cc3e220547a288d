"""« Nous contacter » while the structure takes its practice back, or the region publishes it again."""

from threading import Event

import pytest
from django.db import transaction

from autodiag.enums import PracticeAnswer, PracticeState
from autodiag.models import Practice, PracticeCard, PracticeContact
from autodiag.services.contacts import CannotContact, contact_structure
from autodiag.services.practices import answer_practice, put_forward, withdraw_practice
from cohorts.enums import Role
from tests.harness.threads import LONG, at_once
from tests.worlds import World
from tests.worlds_practices import SAID, moderator_of, published


def while_held(practice, first, second):
    """What each gives, when `second` begins once `first` holds the practice, and goes as far as it may meanwhile."""
    held = Event()

    @transaction.atomic
    def holding():
        Practice.objects.select_for_update().get(pk=practice.pk)
        held.set()
        Event().wait(1)
        return first()

    def following():
        held.wait(LONG)
        return second()

    return at_once(holding, following)


def message_to(practice):
    card = PracticeCard.objects.select_related("practice__participation").get(practice=practice)
    asking = World("neighbour").actor(Role.CONTRIBUTOR)
    return lambda: contact_structure(card=card, text="Bonjour", by=asking)


def test_taken_back_at_the_same_moment_the_message_is_refused_and_nothing_is_stuck(committed_db):
    practice, by = published(World("ours")), World("ours").actor(Role.REFERENT)
    withdrawn, refused = while_held(practice, lambda: withdraw_practice(practice=practice, by=by), message_to(practice))
    assert withdrawn.state == PracticeState.WITHDRAWN
    assert isinstance(refused, CannotContact)
    assert not PracticeContact.objects.filter(practice=practice).exists()


@pytest.mark.parametrize("contact", [True, False])
def test_published_again_at_the_same_moment_the_last_text_says_whether_one_may_write(committed_db, contact):
    practice, by = published(World("ours")), World("ours").actor(Role.REFERENT)
    put_forward(practice=practice, revision=0, by=by, **{**SAID, "what": "Mieux dit", "contact": contact})
    again = {"practice": practice, "number": 2, "answer": PracticeAnswer.PUBLISHED, "by": moderator_of(World("ours"))}
    said, sent = while_held(practice, lambda: answer_practice(**again), message_to(practice))
    assert said.answer == PracticeAnswer.PUBLISHED
    assert isinstance(sent, PracticeContact if contact else CannotContact)
    assert PracticeContact.objects.filter(practice=practice).exists() is contact
