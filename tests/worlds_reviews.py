"""The fixed worlds: reviews of what was transmitted. Ours still waits for one; those of the others are done."""

from datetime import date

from autodiag.enums import AnswerKind, Decision
from autodiag.services.reviews import review
from autodiag.services.submission import submit
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Membership, User


def build_reviews(world, marker=""):
    """Who accompanies a neighbour or a stranger took note of their first chapter, with a word."""
    if not marker:
        return
    held = Membership.objects.get(role=Role.FACILITATOR, cohort=world.participation.cohort)
    with clock.stopped(clock.at(date(2025, 6, 16), 9)):
        review(
            submission=world.submitted.last_submission,
            decision=Decision.NOTED,
            text=f"Bien reçu, merci {marker}",
            by=held.user,
        )


REASONS = "Le critère 2.3 est sans niveau : en avez-vous parlé avec l’équipe ?"


def answer_to(submission, decision=Decision.RETURNED, text=REASONS, by=None, **more):
    """The facilitator of our region, or another person, answers to a transmission."""
    actor = by or User.objects.get(email="facilitator@ours.example.org")
    return review(submission=submission, decision=decision, text=text, by=actor, **more)


class ReviewsOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    def complete(self):
        """Whatever has no answer yet in the chapter under way is not known."""
        for position in (3, 4):
            if not self.answer(position).kind:
                self.save(self.answer(position), kind=AnswerKind.UNKNOWN)

    def transmit(self, **sent):
        """The chapter under way, completed and transmitted by the référent."""
        self.complete()
        return submit(autodiag=self.draft, by=self.actor(Role.REFERENT), **sent)

    @property
    def to_review(self):
        """The chapter whose transmission waits for an answer."""
        return self.submitted
