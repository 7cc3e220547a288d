"""How structures are followed in the fixed worlds: an internal note, a shared one, and the others' delays."""

from datetime import date

from caprse.base import clock
from cohorts.enums import NoteVisibility, Role
from cohorts.models import FollowupNote
from cohorts.services.delays import adjust_round
from cohorts.services.notes import write_note


def build_followup(world, facilitator, marker=""):
    """Both notes are the facilitator's; the neighbour and the stranger have more time for chapter 2, ours has not."""
    for day, visibility, words in ((29, NoteVisibility.INTERNAL, "interne"), (30, NoteVisibility.SHARED, "partagée")):
        with clock.stopped(clock.at(date(2025, 10, day), 18)):
            write_note(
                participation=world.participation,
                visibility=visibility,
                held_on=date(2025, 10, day),
                text=f"Note {words} {marker}",
                by=facilitator,
            )
    if marker:
        adjust_round(
            round=world.round(2),
            participation=world.participation,
            closes_on=date(2025, 12, 20),
            reason=f"Motif du délai {marker}",
            by=world.user(Role.REFERENT),
        )


class FollowupOfWorld:
    """What one side of the worlds has here."""

    def note_of(self, visibility):
        return FollowupNote.objects.newest_first().get(participation=self.participation, visibility=visibility)

    @property
    def note(self):
        """The internal one."""
        return self.note_of(NoteVisibility.INTERNAL)

    @property
    def shared_note(self):
        return self.note_of(NoteVisibility.SHARED)
