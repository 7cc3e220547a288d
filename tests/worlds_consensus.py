"""Consensus in the fixed worlds: on the first criterion of the chapter under way, at the level it already had."""

from datetime import date

from autodiag.models import Assignment, Consensus
from autodiag.services.agreement import agree
from autodiag.services.assignments import assign
from caprse.base import clock
from cohorts.enums import Role

WORDS = "Raison de l’accord"


def build_consensus(world, marker=""):
    """What a meeting agreed on, and why: read by the structure, and transmitted with its chapter."""
    if world.key == "lapsed":
        return
    with clock.stopped(clock.at(date(2025, 10, 23), 18)):
        agree(by=world.actor(Role.REFERENT), **wish_of(world.answer(1), f"{WORDS} {marker}".strip()))


def wish_of(answer, reason, **other):
    """An agreement on what the answer already says."""
    said = {"kind": answer.kind, "level_id": answer.level_id, "na_reason": answer.na_reason}
    return {"answer": answer, "revision": answer.revision, "reason": reason, **said, **other}


class ConsensusOfWorld:
    def agreements(self, position):
        """Every agreement noted on a criterion of the chapter under way, newest first."""
        return Consensus.objects.filter(answer=self.answer(position)).newest_first()

    @property
    def assigned(self):
        """{(position, role of the person)} of the chapter under way."""
        rows = Assignment.objects.of_chapter(self.draft)
        return {(row.position, row.user.email.split("@")[0]) for row in rows}

    def entrust_criteria(self, *pairs, by=Role.REFERENT):
        """Make (position, role) pairs who does what in the chapter under way."""
        seen = set(Assignment.objects.filter(answer__autodiag=self.draft).values_list("answer_id", "user_id"))
        chosen = {(self.answer(position).pk, self.user(role).pk) for position, role in pairs}
        return assign(autodiag=self.draft, seen=seen, chosen=chosen, by=self.actor(by))
