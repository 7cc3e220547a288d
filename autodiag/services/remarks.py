"""Remarks on a criterion: written by anybody of the structure, taken back by who wrote them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.models import Answer, Remark
from caprse.base import clock, journal


class NotTheAuthor(PermissionDenied):
    """Somebody takes back a remark another person wrote."""


@transaction.atomic
def write_remark(*, answer, text, by):
    """Write a remark beside an answer, which stays as it is.

    The same words by the same person, sent twice, are one remark.
    """
    Answer.objects.select_for_update().get(pk=answer.pk)
    standing = Remark.objects.filter(answer=answer, written_by=by.user_id, text=text, withdrawn_at=None).first()
    if standing:
        return standing
    remark = Remark.objects.create(
        region_id=answer.region_id,
        participation_id=answer.participation_id,
        answer=answer,
        text=text,
        written_by_id=by.user_id,
    )
    journal.record("remark.written", remark, by=by)
    return remark


@transaction.atomic
def withdraw_remark(*, remark, by):
    """Take a remark back: its text is erased, its place stays. Taking it back twice changes nothing more.

    Raises `NotTheAuthor` for anybody but who wrote it.
    """
    locked = Remark.objects.select_for_update().get(pk=remark.pk)
    if locked.written_by_id != by.user_id:
        raise NotTheAuthor
    if locked.withdrawn_at is None:
        locked.text, locked.withdrawn_at = "", clock.now()
        locked.save(update_fields=["text", "withdrawn_at"])
        journal.record("remark.withdrawn", locked, by=by)
    return locked
