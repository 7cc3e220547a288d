"""Whether each part of the product works: “ok”, or a short reason without any personal data."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from caprse.base import clock
from caprse.base.enums import MailState
from caprse.base.ids import new_public_id
from caprse.base.models import Heartbeat, OutboxMessage
from caprse.base.tasks import QUEUE

OK = "ok"
SEAL = "seal"  # the heartbeat of the trial of its key
QUEUE_SILENT_AFTER = timedelta(seconds=60)
MAIL_LATE_AFTER = timedelta(minutes=15)


_of_upper_floors = []


def register(check):
    """Function decorator: a part of an upper floor, which answers `OK` or a short reason."""
    _of_upper_floors.append(check)
    return check


def report():
    """What each part says of itself, by name."""
    return {check.__name__: answer(check) for check in (database, queue, mail, storage, seal, *_of_upper_floors)}


def answer(check):
    """A database or a disk that fails names its error, nothing more."""
    try:
        return check()
    except (DatabaseError, OSError) as error:
        return type(error).__name__


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return OK


def queue():
    """A task enqueued by the timetable was executed by a worker, in real time."""
    last = Heartbeat.objects.filter(name=QUEUE).values_list("at", flat=True).first()
    if last is None:
        return "no heartbeat yet"
    if clock.real_now() - last > QUEUE_SILENT_AFTER:
        return "no heartbeat for a minute"
    return OK


def mail():
    late = OutboxMessage.objects.exclude(state=MailState.SENT).filter(created_at__lt=clock.now() - MAIL_LATE_AFTER)
    waiting = late.count()
    return f"{waiting} waiting or failed" if waiting else OK


def storage():
    """A file can be written, read and deleted."""
    name = default_storage.save(f"health/{new_public_id()}", ContentFile(b"probe"))
    try:
        with default_storage.open(name) as probe:
            return OK if probe.read() == b"probe" else "does not give back what it was given"
    finally:
        default_storage.delete(name)


def seal():
    """What the last trial of the key of the seal found; nothing to say before a worker made one."""
    return Heartbeat.objects.filter(name=SEAL).values_list("problem", flat=True).first() or OK
