"""The same words sent twice at the same moment, by a double click or a weak network, are written once."""

from datetime import date

from autodiag.models import Answer, Remark
from autodiag.services.remarks import write_remark
from caprse.base.models import OutboxMessage
from cohorts.enums import NoteVisibility, Role
from cohorts.models import FollowupNote
from cohorts.services.notes import NOTE_MAIL, write_note
from tests.harness.threads import at_once
from tests.worlds import World

WORDS = "Envoyé deux fois"


def test_a_note_is_written_and_told_once(committed_db):
    ours = World("ours")
    said = {"visibility": NoteVisibility.SHARED, "held_on": date(2025, 11, 3), "text": WORDS}
    path, by = ours.participation, ours.actor(Role.FACILITATOR)
    mails = OutboxMessage.objects.filter(kind=NOTE_MAIL).count()
    given = at_once(*[lambda: write_note(participation=path, by=by, **said).pk] * 4)
    assert set(given) == {FollowupNote.objects.get(text=WORDS).pk}
    assert OutboxMessage.objects.filter(kind=NOTE_MAIL).count() == mails + 1


def test_a_note_of_another_day_is_another_note(db):
    ours = World("ours")
    for day in (2, 3):
        said = {"visibility": NoteVisibility.INTERNAL, "held_on": date(2025, 11, day), "text": WORDS}
        write_note(participation=ours.participation, by=ours.actor(Role.FACILITATOR), **said)
    assert FollowupNote.objects.filter(text=WORDS).count() == 2


def test_a_remark_is_written_once(committed_db):
    ours = World("ours")
    answer, by = Answer.objects.get(autodiag=ours.draft, criterion__position=3), ours.actor(Role.BOARD_MEMBER)
    given = at_once(*[lambda: write_remark(answer=answer, text=WORDS, by=by).pk] * 4)
    assert set(given) == {Remark.objects.get(text=WORDS).pk}
