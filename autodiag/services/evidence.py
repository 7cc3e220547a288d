"""The evidence library of a structure: deposited, replaced, put away, linked to answers; nothing is ever lost."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum

from autodiag import rules
from autodiag.models import Answer, Evidence, EvidenceRevision, EvidenceUse
from autodiag.rules.evidence import can_keep, can_link
from autodiag.services.answers import RoundClosed
from caprse.base import clock, files, journal
from caprse.base.uploads import accept_url
from caprse.base.versioned import guarded_update
from cohorts.enums import Visibility
from cohorts.models import Organisation


class AlreadyThere(Exception):
    """The same content is in the library already, as `evidence`. Nothing was written."""

    def __init__(self, evidence):
        super().__init__("already there")
        self.evidence = evidence


class NoRoom(ValueError):
    """The structure's files would weigh more than they may; the message says so, in French."""


class PutAway(PermissionDenied):
    """Evidence that was put away serves no new criterion; the message says so, in French."""


# --- The library --------------------------------------------------------------------------------------------------


@transaction.atomic
def deposit(*, organisation, by, title, upload=None, url="", note="", visibility=Visibility.STRUCTURE, **dates):
    """Add a file (an `Upload`, checked by `uploads.accept`) or a link to a structure's library. Returns the evidence.

    `dates`: valid_from, valid_until. The same thing sent twice under the same title is one item. Raises
    `AlreadyThere` when another item holds this very content, `NoRoom` when the structure's files weigh too much.
    """
    url = accept_url(url) if url else ""
    _one_at_a_time(organisation)
    known = find_same(organisation, upload, url)
    if known and known.title == title and known.created_by_id == by.user_id and not known.archived_at:
        return known
    if known:
        raise AlreadyThere(known)
    evidence = Evidence.objects.create(
        region_id=organisation.region_id,
        organisation=organisation,
        title=title,
        note=note,
        visibility=visibility,
        created_by_id=by.user_id,
        **dates,
    )
    _add_revision(evidence, 1, by, upload, url)
    journal.record("evidence.deposited", evidence, by=by)
    return evidence


@transaction.atomic
def replace_evidence(*, evidence, by, upload=None, url="", **dates):
    """Add a version, which becomes the current one; those before stay. Returns the current version.

    `dates`: valid_from, valid_until of the new version, written over those of the evidence. The content that is
    already current adds no version. Raises `AlreadyThere` when another item holds it, `NoRoom` as `deposit` does.
    """
    url = accept_url(url) if url else ""
    _one_at_a_time(evidence.organisation)
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    known = find_same(evidence.organisation, upload, url, but=locked)
    if known:
        raise AlreadyThere(known)
    last = locked.revisions.select_related("file").latest("number")
    same = last.url == url and (upload is None or (last.file and last.file.sha256 == upload.sha256))
    if not same:
        last = _add_revision(locked, last.number + 1, by, upload, url)
        journal.record("evidence.replaced", locked, by=by, details={"number": last.number})
    if dates and any(getattr(locked, name) != day for name, day in dates.items()):
        guarded_update(locked, revision=locked.revision, **dates)
        journal.record("evidence.edited", locked, by=by, details={"revision": locked.revision, "fields": sorted(dates)})
    return last


def find_same(organisation, upload, url, but=None):
    """The item of this structure that holds this content, in any of its versions; None when there is none."""
    same = Q(file__sha256=upload.sha256) if upload else Q(url=url)
    rows = EvidenceRevision.objects.filter(same, organisation=organisation).exclude(evidence=but)
    found = rows.select_related("evidence").order_by("pk").first()
    return found and found.evidence


def weight_of(organisation):
    """Bytes that the files of a structure weigh, all versions included."""
    rows = EvidenceRevision.objects.filter(organisation=organisation)
    return rows.aggregate(total=Sum("file__size"))["total"] or 0


def _one_at_a_time(organisation):
    """Two deposits in one library wait for each other: the room that is left is counted once."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _add_revision(evidence, number, by, upload, url):
    """Keep the content first, then its line: a line never points at nothing, and bytes without a line harm nobody."""
    anchors = {"region_id": evidence.region_id, "organisation_id": evidence.organisation_id}
    stored = None
    if upload:
        room = can_keep(upload.size, weight_of(evidence.organisation), settings.UPLOAD_STRUCTURE_BYTES)
        if not room:
            raise NoRoom(room.reason)
        stored = files.store(
            upload.content, name=upload.name, media_type=upload.media_type, created_by_id=by.user_id, **anchors
        )
    return EvidenceRevision.objects.create(
        evidence=evidence, number=number, file=stored, url=url, added_by_id=by.user_id, **anchors
    )


@transaction.atomic
def edit_evidence(*, evidence, revision, by, **fields):
    """Change what is said of an item: title, note, visibility, valid_from, valid_until.

    Saving the same values writes nothing. Raises `StaleSave` when somebody saved in between.
    """
    if evidence.revision == revision and all(getattr(evidence, name) == value for name, value in fields.items()):
        return evidence
    guarded_update(evidence, revision=revision, **fields)
    details = {"revision": evidence.revision, "fields": sorted(fields)}
    journal.record("evidence.edited", evidence, by=by, details=details)
    return evidence


@transaction.atomic
def archive_evidence(*, evidence, by):
    """Put an item away: it stays where it serves, and is proposed no more. Twice changes nothing more."""
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if locked.archived_at is None:
        locked.archived_at, locked.archived_by_id = clock.now(), by.user_id
        locked.save(update_fields=["archived_at", "archived_by"])
        journal.record("evidence.archived", locked, by=by)
    return locked


@transaction.atomic
def restore_evidence(*, evidence, by):
    """Take an item out again. Twice changes nothing more."""
    locked = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if locked.archived_at is not None:
        locked.archived_at = locked.archived_by = None
        locked.save(update_fields=["archived_at", "archived_by"])
        journal.record("evidence.restored", locked, by=by)
    return locked


# --- On an answer -------------------------------------------------------------------------------------------------


def _writable(answer, evidence):
    """The answer, locked against a transmission meanwhile. Raises `RoundClosed` or `PutAway`."""
    verdict = can_link(answer.autodiag, evidence, clock.today())
    if not verdict:
        raise (PutAway if rules.can_answer(answer.autodiag, clock.today()) else RoundClosed)(verdict.reason)
    if Answer.objects.select_for_update().get(pk=answer.pk).frozen:
        raise RoundClosed(rules.TRANSMITTED)


@transaction.atomic
def link_evidence(*, answer, evidence, by, page=""):
    """Say that an item supports an answer, at a page if one is given. Linked already, its page alone changes.

    `answer.autodiag` comes from `with_context()`. Raises `RoundClosed` when the chapter cannot be written, `PutAway`.
    """
    _writable(answer, evidence)
    use, created = EvidenceUse.objects.get_or_create(
        answer=answer,
        evidence=evidence,
        defaults={
            "region_id": answer.region_id,
            "participation_id": answer.participation_id,
            "organisation_id": evidence.organisation_id,
            "page": page,
            "added_by_id": by.user_id,
        },
    )
    if created:
        journal.record("evidence.linked", use, by=by, details={"evidence": evidence.pk, "answer": answer.pk})
    elif page and use.page != page:
        _write_page(use, page, by)
    return use


@transaction.atomic
def change_page(*, use, page, by):
    """Say at which page an item supports an answer; nothing for the whole of it. Raises `RoundClosed`."""
    _still_open(use)
    if use.page != page:
        _write_page(use, page, by)
    return use


def _write_page(use, page, by):
    use.page = page
    use.save(update_fields=["page"])
    journal.record("evidence.page_changed", use, by=by)


@transaction.atomic
def unlink_evidence(*, use, by):
    """Take an item off an answer; it stays in the library. Raises `RoundClosed`."""
    _still_open(use)
    details = {"evidence": use.evidence_id, "answer": use.answer_id}
    journal.record("evidence.unlinked", use, by=by, details=details)
    use.delete()


def _still_open(use):
    """As `_writable`, for what is linked already: put away or not. `use.answer.autodiag` comes from `with_context()`."""
    verdict = rules.can_answer(use.answer.autodiag, clock.today())
    if not verdict:
        raise RoundClosed(verdict.reason)
    if Answer.objects.select_for_update().get(pk=use.answer_id).frozen:
        raise RoundClosed(rules.TRANSMITTED)
