"""To whom the work was presented, with which document, and what was kept of the day."""

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from autodiag.models import Presentation
from autodiag.rules.evidence import can_keep
from autodiag.services.evidence import NoRoom, weight_of
from caprse.base import files, journal
from caprse.base.enums import JobState
from caprse.base.models import Job
from caprse.base.versioned import guarded_update
from cohorts.models import Organisation

SHOWN = 12  # documents made here that may be chosen
FILES = ("document", "minutes")


@transaction.atomic
def record_presentation(*, participation, by, audience, held_on, note="", document=None, made_here=None, minutes=None):
    """Note a presentation, with its document and its minutes if they are given. Returns it.

    `document`, `minutes`: an `Upload`; `made_here`: a file the product made, in place of `document`. The same words
    and files sent twice by the same person are one presentation. Raises `NoRoom`.
    """
    _one_at_a_time(participation)
    said = {"audience": audience, "held_on": held_on, "note": note}
    same = Presentation.objects.filter(participation=participation, noted_by_id=by.user_id, **said)
    wanted = tuple(one and one.sha256 for one in (made_here or document, minutes))
    for known in same.select_related("document", "minutes"):
        if tuple(one and one.sha256 for one in (known.document, known.minutes)) == wanted:
            return known
    kept = _kept(participation, by, document=document, minutes=minutes)
    if made_here:
        kept["document"] = made_here
    row = Presentation.objects.create(
        region_id=participation.region_id, participation=participation, noted_by_id=by.user_id, **said, **kept
    )
    journal.record("presentation.noted", row, by=by, details={name: one.pk for name, one in kept.items()})
    return row


@transaction.atomic
def edit_presentation(
    *, presentation, revision, by, document=None, made_here=None, minutes=None, taken_off=(), **fields
):
    """Change what is said of a presentation, or its files; `taken_off`: names of those that are taken off it.

    Saving the same values writes nothing. Raises `StaleSave` when somebody saved in between, `NoRoom`.
    """
    _one_at_a_time(presentation.participation)
    changes = dict(fields)
    changes.update(dict.fromkeys(taken_off))
    same = all(getattr(presentation, name) == value for name, value in changes.items())
    if presentation.revision == revision and same and not (document or made_here or minutes):
        return presentation
    changes |= _kept(presentation.participation, by, document=document, minutes=minutes)
    if made_here:
        changes["document"] = made_here
    guarded_update(presentation, revision=revision, **changes)
    brought = {name: changes[name].pk for name in FILES if changes.get(name)}
    journal.record("presentation.edited", presentation, by=by, details={"revision": presentation.revision, **brought})
    return presentation


def _one_at_a_time(participation):
    Organisation.objects.select_for_update().get(pk=participation.organisation_id)


def _kept(participation, by, **uploads):
    """{name: the file kept} of what was brought, once there is room for all of it. Raises `NoRoom`."""
    brought = {name: upload for name, upload in uploads.items() if upload}
    if not brought:
        return {}
    used = weight_of(participation.organisation) + weight_of_presentations(participation.organisation)
    room = can_keep(sum(upload.size for upload in brought.values()), used, settings.UPLOAD_STRUCTURE_BYTES)
    if not room:
        raise NoRoom(room.reason)
    anchors = {
        "region_id": participation.region_id,
        "cohort_id": participation.cohort_id,
        "organisation_id": participation.organisation_id,
        "participation_id": participation.pk,
    }
    return {
        name: files.store(
            upload.content, name=upload.name, media_type=upload.media_type, created_by_id=by.user_id, **anchors
        )
        for name, upload in brought.items()
    }


def weight_of_presentations(organisation):
    """Bytes that the files of its presentations weigh."""
    rows = Presentation.objects.filter(participation__organisation=organisation)
    weight = Coalesce(F("document__size"), 0) + Coalesce(F("minutes__size"), 0)
    return rows.aggregate(total=Sum(weight))["total"] or 0


def documents_made(actor, participation):
    """The last documents this person had the product make of this path."""
    done = Job.objects.visible_to(actor).filter(participation_id=participation.pk, state=JobState.DONE)
    jobs = done.filter(result__isnull=False).select_related("result").order_by("-finished_at", "-pk")
    return [job.result for job in jobs[:SHOWN]]


def is_made_here(stored):
    """Whether the product made this file: it leaves marked. Others are the structure's own."""
    return Job.objects.filter(result=stored).exists()
