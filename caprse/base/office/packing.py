"""Office files that only depend on what they say: the same parts give the same bytes, whatever the day they are made."""

import datetime
import io
import re
import zipfile

FIRST = "[Content_Types].xml"
PROPERTIES = "docProps/core.xml"
DATES = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*(</dcterms:)")


def packed(content: bytes, *, at: datetime.datetime | None = None) -> bytes:
    """Write a file's parts again in one order and under one date; `at`: when the document says it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as again:
        for name in sorted(archive.namelist(), key=lambda one: (one != FIRST, one)):
            part = archive.read(name)
            if name == PROPERTIES and at is not None:
                part = DATES.sub(rb"\g<1>" + stamp(at).encode() + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name)  # 1980-01-01, the first day a zip knows
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, part)
    return stream.getvalue()


def stamp(at: datetime.datetime) -> str:
    """A moment as the properties of an office file write it."""
    return utc(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(at: datetime.datetime) -> datetime.datetime:
    """A moment in UTC and to the second, as the libraries write it: they drop zones without a word."""
    return at.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None)
