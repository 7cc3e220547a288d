"""To whom the work was presented: rules and services."""

from datetime import date

import pytest

from autodiag.enums import PresentedTo
from autodiag.models import Presentation
from autodiag.rules.picture import assembly_awaited
from autodiag.services.evidence import NoRoom
from autodiag.services.presentations import (
    documents_made,
    edit_presentation,
    is_made_here,
    record_presentation,
    weight_of_presentations,
)
from caprse.base import files, jobs
from caprse.base.models import AuditEvent
from caprse.base.uploads import accept
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from tests.harness.threads import at_once
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def brought(text, name="compte rendu.txt"):
    return accept(name, text.encode())


def present(world, audience=PresentedTo.ASSEMBLY, held_on=TODAY, by=Role.REFERENT, **more):
    return record_presentation(
        participation=world.participation, by=world.actor(by), audience=audience, held_on=held_on, **more
    )


def test_it_keeps_both_files_under_the_structure_s_own_anchors(ours):
    row = present(ours, note="Débat", document=brought("Diaporama"), minutes=brought("Compte rendu"))
    assert files.read(row.document) == b"Diaporama"
    assert files.read(row.minutes) == b"Compte rendu"
    for stored in (row.document, row.minutes):
        assert stored.participation_id == ours.participation.pk
        assert stored.organisation_id == ours.organisation.pk
        assert stored.region_id == ours.participation.region_id
    line = AuditEvent.objects.get(verb="presentation.noted", target_id=row.pk)
    assert line.details == {"document": row.document_id, "minutes": row.minutes_id}


def test_sent_twice_it_is_noted_once_and_another_file_is_another_presentation(ours):
    first = present(ours, minutes=brought("Un"))
    assert present(ours, minutes=brought("Un")) == first
    assert present(ours, minutes=brought("Deux")) != first
    assert present(ours) != first
    assert Presentation.objects.filter(participation=ours.participation, audience="assembly").count() == 3


def test_sent_twice_at_the_same_moment_it_is_noted_once(committed_db):
    ours = World("ours")
    given = at_once(*[lambda: present(ours, note="Ensemble").pk] * 4)
    assert set(given) == {Presentation.objects.get(note="Ensemble").pk}


def test_there_is_room_for_both_files_or_for_none(ours, settings):
    used = weight_of_presentations(ours.organisation)
    settings.UPLOAD_STRUCTURE_BYTES = used + 1000
    before = Presentation.objects.count()
    with pytest.raises(NoRoom, match="Rien n’a été ajouté"):
        present(ours, document=brought("x" * 700), minutes=brought("y" * 700))
    assert Presentation.objects.count() == before


def test_it_is_changed_on_the_version_that_was_shown(ours):
    row = present(ours, minutes=brought("Un"))
    by = ours.actor(Role.CONTRIBUTOR)
    edit_presentation(presentation=row, revision=0, by=by, note="Après coup", minutes=brought("Deux"))
    row.refresh_from_db()
    assert (row.note, row.revision, files.read(row.minutes)) == ("Après coup", 1, b"Deux")
    with pytest.raises(StaleSave) as stale:
        edit_presentation(presentation=row, revision=0, by=by, note="Trop tard")
    assert stale.value.current.note == "Après coup"
    lines = AuditEvent.objects.count()
    edit_presentation(presentation=row, revision=1, by=by, note="Après coup")
    assert AuditEvent.objects.count() == lines


def test_a_file_is_taken_off(ours):
    row = present(ours, minutes=brought("Un"))
    edit_presentation(presentation=row, revision=0, by=ours.actor(Role.REFERENT), taken_off=("minutes",))
    row.refresh_from_db()
    assert row.minutes is None


def test_a_document_made_here_may_be_chosen_and_is_known_as_such(ours):
    job = ours.job
    jobs.run(job.pk)
    made = documents_made(ours.actor(Role.REFERENT), ours.participation)
    job.refresh_from_db()
    assert made == [job.result]
    row = present(ours, made_here=made[0])
    assert row.document == made[0]
    assert is_made_here(row.document)
    assert not is_made_here(ours.presentation.minutes)
    assert documents_made(ours.actor(Role.CONTRIBUTOR), ours.participation) == []
    assert documents_made(World("neighbour").actor(Role.REFERENT), ours.participation) == []


@pytest.mark.parametrize(
    ("last_on", "awaited"),
    [(None, True), (date(2024, 11, 3), True), (date(2024, 11, 4), False), (date(2025, 11, 4), False)],
)
def test_the_assembly_is_told_once_a_year(last_on, awaited):
    assert assembly_awaited(last_on, date(2025, 11, 4)) is awaited


def test_a_year_before_the_29th_of_february_is_the_28th():
    assert not assembly_awaited(date(2027, 2, 28), date(2028, 2, 29))
    assert assembly_awaited(date(2027, 2, 27), date(2028, 2, 29))
