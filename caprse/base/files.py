"""Files by content, and the one door through which a file leaves the product."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from caprse.base import clock, journal, marking
from caprse.base.models import Download, StoredFile

NUMBER_WIDTH = 6


def path_of(sha256):
    """Where the content of this hash lies in the storage."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store(content, *, name, media_type, created_by_id, publishable=False, **anchors):
    """Keep bytes and return their `StoredFile`; the same content is written once.

    `publishable`: made to be shown outside the network, it leaves without the restriction to members.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if not default_storage.exists(path_of(sha256)):
        default_storage.save(path_of(sha256), ContentFile(content))
    return StoredFile.objects.create(
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=sha256,
        created_by_id=created_by_id,
        publishable=publishable,
        **anchors,
    )


def store_upload(upload, *, created_by_id, **anchors):
    """Keep a file that somebody brought and that was checked (`uploads.Upload`)."""
    told = {"name": upload.name, "media_type": upload.media_type, "created_by_id": created_by_id}
    return store(upload.content, **told, **anchors)


def read(stored):
    """The bytes of a stored file, checked against their hash."""
    with default_storage.open(path_of(stored.sha256)) as handle:
        content = handle.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise OSError(f"stored file {stored.pk} does not match its hash")
    return content


def next_number(year):
    """The register's next number of the year, `2025-000042`."""
    prefix = f"{year}-"
    last = Download.objects.filter(number__startswith=prefix).aggregate(last=Max(Substr("number", 6)))["last"]
    return f"{prefix}{int(last or 0) + 1:0{NUMBER_WIDTH}d}"


def register(stored, *, actor, acting_for):
    """Write a line in the register of downloads, under a number never used before."""
    moment = clock.now()
    for _ in range(20):
        try:
            with transaction.atomic():
                return Download.objects.create(
                    number=next_number(moment.astimezone(clock.PARIS).year),
                    at=moment,
                    user_id=actor.user_id,
                    person=actor.full_name,
                    acting_for=acting_for,
                    file_id=stored.pk,
                    file_name=stored.name,
                    sha256=stored.sha256,
                    **journal.anchors_of(stored),
                )
        except IntegrityError:
            continue
    raise RuntimeError("no register number could be taken")


@transaction.atomic
def download(stored, *, actor, acting_for):
    """Answer with a file, marked on each page with who receives it; registered and journalled.

    `actor` has a `user_id` and a `full_name`; `acting_for` names the structure. The caller has fetched `stored` through `visible_to` and checked the right to open tools.
    Raises `marking.UnmarkableFile` before anything is registered when the file cannot carry its mark.
    """
    line, content = hand_over(stored, actor=actor, acting_for=acting_for)
    return _answer(stored, content, line)


@transaction.atomic
def hand_over(stored, *, actor, acting_for):
    """The line of the register and the marked copy of a file that leaves; registered and journalled.

    For `download`, and for the commands of whoever runs the site, that write a file where they are told.
    """
    line = register(stored, actor=actor, acting_for=acting_for)
    mark = marking.Mark(
        person=line.person, organisation=acting_for, at=line.at, number=line.number, outward=stored.publishable
    )
    content = marking.mark(read(stored), stored.media_type, mark)
    journal.record("file.downloaded", line, by=actor, details={"file": stored.pk})
    return line, content


@transaction.atomic
def download_as_is(stored, *, actor, acting_for):
    """Answer with a file as it was brought, to the byte: what a structure brought itself, and no tool of the network.

    Registered and journalled as `download` does, with the same promises of its caller. No browser opens it in a page.
    """
    content = read(stored)
    line = register(stored, actor=actor, acting_for=acting_for)
    journal.record("file.downloaded", line, by=actor, details={"file": stored.pk})
    response = _answer(stored, content, line)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(stored, content, line):
    """The answer that carries a file out."""
    response = HttpResponse(content, content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    response["X-Register-Number"] = line.number
    response["Cache-Control"] = "private, no-store"
    return response
