"""Notes of individual follow-up: written, changed by their author alone, shared once for all."""

from django.db import transaction

from caprse.base import clock, journal, outbox
from caprse.base.versioned import StaleSave, guarded_update
from cohorts import rules
from cohorts.enums import NoteVisibility, Role
from cohorts.models import FollowupNote, Membership, Participation
from cohorts.models.memberships import current
from cohorts.services.organising import NotPossible

NOTE_MAIL = "note_shared"


@transaction.atomic
def write_note(*, participation, visibility, held_on, text, by):
    """Write a note about a structure; shared, its référent·e·s are told by mail. Returns the note.

    The same words by the same person for the same day, sent twice, are one note.
    """
    said = {"visibility": visibility, "held_on": held_on, "text": text, "written_by_id": by.user_id}
    Participation.objects.select_for_update().get(pk=participation.pk)
    known = FollowupNote.objects.filter(participation=participation, **said).first()
    if known:
        return known
    note = FollowupNote.objects.create(region_id=participation.region_id, participation=participation, **said)
    journal.record("note.written", note, by=by, details={"visibility": visibility})
    if note.is_shared:
        _tell(note)
    return note


@transaction.atomic
def change_note(*, note, revision, visibility, held_on, text, by):
    """Change one's own note, or share it. Returns it.

    Raises `StaleSave` when it changed since it was shown, `NotPossible` when somebody else wrote it or when what the
    structure already reads would be taken back.
    """
    stands = FollowupNote.objects.select_for_update(of=("self",)).select_related("written_by").get(pk=note.pk)
    if stands.revision != revision:
        raise StaleSave(stands)
    verdict = rules.can_change_note(stands, by.user_id)
    if not verdict:
        raise NotPossible(None, verdict.reason)
    if stands.is_shared and visibility != NoteVisibility.SHARED:
        raise NotPossible("visibility", rules.ALREADY_SHARED)
    shared_now = not stands.is_shared and visibility == NoteVisibility.SHARED
    guarded_update(stands, revision=revision, visibility=visibility, held_on=held_on, text=text, changed_at=clock.now())
    details = {"revision": stands.revision, "visibility": visibility}
    journal.record("note.shared" if shared_now else "note.changed", stands, by=by, details=details)
    if shared_now:
        _tell(stands)
    return stands


def _tell(note):
    outbox.post(NOTE_MAIL, to_ids=referents_of(note.participation), note=note.pk)


def referents_of(participation):
    """The ids of the people who are référent·e·s of the structure today."""
    held = Membership.objects.filter(
        current(clock.today()), role=Role.REFERENT, organisation_id=participation.organisation_id
    )
    return list(held.order_by("pk").values_list("user_id", flat=True))
