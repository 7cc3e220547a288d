"""The fixed worlds: a practice published, whose text was changed since; nothing waits for anybody.

The neighbour's is told to the whole network, anonymous: its card carries no marker, all the rest of it does.
"""

from datetime import date

from autodiag.enums import PracticeAnswer, PracticeScope
from autodiag.models import Answer, Practice
from autodiag.services.practices import answer_practice, edit_practice, propose_practice, write_practice
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import User

SAID = {
    "title": "Un accueil à deux",
    "what": "Deux collègues accueillent ensemble chaque personne.",
    "how": "Un calendrier partagé.",
    "result": "Moins de départs la première semaine.",
    "scope": PracticeScope.COHORT,
    "signed": False,
    "contact": True,
}
SCOPES = {"neighbour": PracticeScope.NETWORK, "stranger": PracticeScope.REGION}


def build_practices(world, marker=""):
    """Written by the référent·e, published by who accompanies, then changed without being put forward again."""
    words = f" {marker}" if world.key == "stranger" else ""
    said = {**SAID, "title": SAID["title"] + words, "scope": SCOPES.get(world.key, PracticeScope.COHORT)}
    with clock.stopped(clock.at(date(2025, 10, 23), 9)):
        practice = published(world, **said)
    with clock.stopped(clock.at(date(2025, 10, 24), 9)):
        since = {**said, "what": f"Texte changé depuis, MARQUEINTIME {marker}"}
        edit_practice(practice=practice, revision=0, by=world.actor(Role.REFERENT), **since)


class PracticesOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def practice(self):
        """The one that is published."""
        return Practice.objects.with_context().filter(participation=self.participation).earliest("pk")

    @property
    def practice_card(self):
        """What others read of it."""
        return self.practice.card


# --- For the tests ------------------------------------------------------------------------------------------------


def moderator_of(world):
    key = "stranger" if world.key == "stranger" else "ours"
    return Actor.of(User.objects.get(email=f"facilitator@{key}.example.org"))


def written(world, position=1, chapter=1, role=Role.REFERENT, **changes):
    """A practice of this structure, told to nobody yet."""
    answers = Answer.objects.filter(autodiag=world.autodiag(chapter), criterion__position=position)
    return write_practice(answer=answers.get(), by=world.actor(role), **{**SAID, **changes})


def proposed(world, **changes):
    """One that waits for the region."""
    practice = written(world, **changes)
    propose_practice(practice=practice, by=world.actor(Role.REFERENT))
    return practice


def published(world, **changes):
    """One that others read."""
    practice = proposed(world, **changes)
    number = practice.proposals.latest("number").number
    answer_practice(practice=practice, number=number, answer=PracticeAnswer.PUBLISHED, by=moderator_of(world))
    return Practice.objects.with_context().get(pk=practice.pk)
