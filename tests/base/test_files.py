"""Files by content, and a register whose numbers are used once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import connections

from caprse.base import files
from caprse.base.models import AuditEvent, Download, StoredFile


class Person:
    """Whoever downloads."""

    user_id = 7
    full_name = "Camille Exemple"


def keep(content, name="note.txt"):
    return files.store(content, name=name, media_type="text/plain", created_by_id=7, participation_id=3)


@pytest.mark.django_db
def test_the_same_content_is_kept_once_under_two_names():
    first, second = keep(b"same", "a.txt"), keep(b"same", "b.txt")
    folder = files.path_of(first.sha256).rsplit("/", 1)[0]
    assert first.pk != second.pk
    assert default_storage.listdir(folder)[1] == [first.sha256]
    assert files.read(second) == b"same"


@pytest.mark.django_db
def test_a_damaged_file_is_noticed():
    stored = keep(b"whole")
    with open(default_storage.path(files.path_of(stored.sha256)), "wb") as handle:
        handle.write(b"damaged")
    with pytest.raises(OSError, match="does not match its hash"):
        files.read(stored)


@pytest.mark.django_db
def test_the_register_says_who_took_what_where_it_belongs():
    stored = keep(b"taken")
    line = files.register(stored, actor=Person, acting_for="Atelier A")
    assert line.number == f"2025-{Download.objects.count():06d}"
    assert (line.person, line.acting_for, line.file_id, line.sha256) == (
        "Camille Exemple",
        "Atelier A",
        stored.pk,
        stored.sha256,
    )
    assert line.participation_id == 3


@pytest.mark.django_db
def test_a_file_to_be_shown_outside_leaves_with_the_name_of_its_structure_alone():
    shown = files.store(b"a", name="a.txt", media_type="text/plain", created_by_id=7, publishable=True)
    line, content = files.hand_over(shown, actor=Person, acting_for="Atelier A")
    told = content.decode().replace("\xa0", " ")
    assert f"n° {line.number}" in told
    assert "Atelier A – édité le" in told
    assert "Camille" not in told
    assert "adhérents" not in told
    assert "adhérents" in files.hand_over(keep(b"b"), actor=Person, acting_for="Atelier A")[1].decode()


@pytest.mark.django_db
def test_a_file_that_cannot_be_marked_leaves_no_trace_in_the_register():
    stored = StoredFile.objects.get(pk=keep(b"\x00\x01").pk)
    stored.media_type = "application/octet-stream"
    lines = Download.objects.count(), AuditEvent.objects.count()
    with pytest.raises(files.marking.UnmarkableFile):
        files.download(stored, actor=Person, acting_for="Atelier A")
    assert (Download.objects.count(), AuditEvent.objects.count()) == lines


def test_numbers_taken_at_the_same_time_differ(committed_db):
    stored = keep(b"wanted")
    before = Download.objects.count()

    def take(rank):
        try:
            return files.register(stored, actor=Person, acting_for=f"Atelier {rank}").number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as people:
        numbers = list(people.map(take, range(12)))
    assert sorted(numbers) == [f"2025-{before + rank:06d}" for rank in range(1, 13)]
