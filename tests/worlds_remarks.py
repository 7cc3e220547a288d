"""Remarks of the fixed worlds: one a structure, by its board member, on the first criterion of the chapter under way."""

from datetime import date

from autodiag.models import Remark
from autodiag.services.remarks import write_remark
from caprse.base import clock
from cohorts.enums import Role

WORDS = "Remarque MARQUEINTIME"


def build_remarks(world, marker=""):
    """The board member asks something of their colleagues, who alone may read it."""
    with clock.stopped(clock.at(date(2025, 10, 21), 18)):
        answer = world.draft.answers.get(criterion__position=1)
        write_remark(answer=answer, text=f"{WORDS} {marker}", by=world.actor(Role.BOARD_MEMBER))


class RemarksOfWorld:
    @property
    def remark(self):
        """The one its board member wrote."""
        return Remark.objects.of_chapter(self.draft).get()
