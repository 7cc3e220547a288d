"""A plan brought in from a workbook: kept, read in the background, then added whole, or not at all."""

import datetime
from decimal import Decimal

from django.db import transaction

from autodiag.enums import ImportState
from autodiag.models import Action, ActionStep, PlanImport
from autodiag.plans.bringing import Known, read_plan
from autodiag.plans.model import model_of
from autodiag.services.plan import follow_status
from caprse.base import clock, files, jobs, journal, office
from caprse.base.enums import JobState
from caprse.base.models import AuditEvent, Job
from caprse.base.text import normalised, safe_filename
from caprse.base.uploads import NotAccepted, accept
from cohorts.enums import Role
from cohorts.models import Membership, Participation, User
from cohorts.models.memberships import STRUCTURE_ROLES, current
from referentiel.models import Criterion

PLAN_IMPORT = "autodiag.plan_import"
NOT_XLSX = (
    "Un plan s’apporte dans un classeur Excel (.xlsx), sans macro. Dans votre tableur : « Enregistrer sous », puis "
    "« Classeur Excel (.xlsx) »."
)
TEXTS = ("what", "why", "who", "means", "indicator", "status", "status_reason", "partners", "visibility")


class NotReady(Exception):
    """The workbook is still being read, or has to be corrected: nothing to confirm."""


class AddedAlready(Exception):
    """This very workbook is in the plan since `moment`. Nothing was written."""

    def __init__(self, moment):
        super().__init__("added already")
        self.moment = moment


class ReadsOtherwise(Exception):
    """Read again, the workbook no longer says what was shown: a person left, an action came. Nothing was written."""


def people_of(participation):
    """Who belongs to a structure today, in alphabetical order."""
    held = Membership.objects.filter(
        current(clock.today()),
        organisation=participation.organisation_id,
        role__in=STRUCTURE_ROLES,
        user__is_active=True,
    )
    return list(User.objects.filter(pk__in=held.values("user")).order_by("last_name", "first_name", "pk"))


def known_of(participation):
    """What the plan of a structure may name today, in three queries."""
    users = {user.pk: user for user in people_of(participation)}
    criteria = {}
    rows = Criterion.objects.filter(chapter__version=participation.cohort.version_id)
    for code, pk in rows.order_by("chapter__number", "position").values_list("code", "pk"):
        criteria.setdefault(code, []).append(pk)
    references = Action.objects.filter(participation=participation).values_list("public_id", flat=True)
    return Known(
        people={user.email.lower(): pk for pk, user in users.items() if user.email},
        names={pk: user.full_name for pk, user in users.items()},
        criteria=criteria,
        references=frozenset(references),
    )


def referent_of(participation):
    """The person in whose name a command writes: the structure's référent·e, the oldest one; None without one."""
    held = Membership.objects.filter(
        current(clock.today()),
        organisation=participation.organisation_id,
        role=Role.REFERENT,
        user__is_active=True,
    )
    found = held.select_related("user").order_by("since", "pk").first()
    return found and found.user


def accept_workbook(name, content):
    """Check a workbook whole. Returns the `Upload`; raises `NotAccepted`."""
    if not name.lower().endswith(".xlsx"):
        raise NotAccepted(NOT_XLSX)
    return accept(name, content)


@transaction.atomic
def bring_plan(*, participation, by, upload):
    """Keep a workbook (an `Upload`) and have it read. Returns the `PlanImport`.

    The same file sent again by the same person while it waits is the same import.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    waiting = PlanImport.objects.filter(
        participation=participation,
        created_by_id=by.user_id,
        file__sha256=upload.sha256,
        state__in=(ImportState.READING, ImportState.READY),
    )
    known = waiting.order_by("-pk").first()
    if known and (known.state == ImportState.READY or _being_read(known)):
        return known
    brought = _kept(participation, by, upload)
    jobs.enqueue(
        PLAN_IMPORT,
        title=f"Lecture de « {upload.name} »"[:160],
        by=by,
        region_id=participation.region_id,
        organisation_id=participation.organisation_id,
        plan_import=brought.pk,
    )
    return brought


def _being_read(brought):
    """Whether somebody still reads it: a reading that was given up leaves room for another."""
    waits = Job.objects.filter(kind=PLAN_IMPORT, state__in=(JobState.QUEUED, JobState.RUNNING))
    return waits.filter(payload={"plan_import": brought.pk}).exists()


def _kept(participation, by, upload):
    """The file carries no path: it is the structure's alone, whoever accompanies it reaches it by no door."""
    stored = files.store(
        upload.content,
        name=upload.name,
        media_type=upload.media_type,
        created_by_id=by.user_id,
        region_id=participation.region_id,
        organisation_id=participation.organisation_id,
    )
    brought = PlanImport.objects.create(
        region_id=participation.region_id, participation=participation, file=stored, created_by_id=by.user_id
    )
    journal.record("plan_import.brought", brought, by=by)
    return brought


def report_of(brought):
    """What the workbook says today."""
    return read_plan(files.read(brought.file), known_of(brought.participation)).report()


def same_words(brought):
    """The « Quoi » of the rows to add that an action of the plan says already: perhaps the same, brought twice."""
    return _said_already(brought.participation, brought.report["rows"])


def _said_already(participation, rows):
    there = Action.objects.filter(participation=participation).values_list("what", flat=True)
    words = {normalised(what) for what in there}
    return [row["what"] for row in rows if normalised(row["what"]) in words]


def codes_of(rows):
    """{id of a criterion: its code}, for the criteria these rows name."""
    return dict(Criterion.objects.filter(pk__in={row["criterion"] for row in rows}).values_list("pk", "code"))


def read_again(*, brought):
    """Read the workbook and keep what it says, unless it was confirmed meanwhile. Returns the import."""
    report = report_of(brought)
    state = ImportState.REFUSED if report["errors"] else ImportState.READY
    PlanImport.objects.filter(pk=brought.pk).exclude(state=ImportState.DONE).update(report=report, state=state)
    brought.refresh_from_db(fields=["report", "state"])
    return brought


@transaction.atomic
def confirm_import(*, brought, by):
    """Add every action of a workbook to the plan, all or none. Twice adds nothing more. Returns the import.

    Raises `NotReady` while it is read or has errors, `ReadsOtherwise` when it no longer says what was shown.
    """
    Participation.objects.select_for_update().get(pk=brought.participation_id)
    locked = PlanImport.objects.select_for_update().get(pk=brought.pk)
    if locked.state == ImportState.DONE:
        return locked
    if locked.state != ImportState.READY:
        raise NotReady
    locked.participation, locked.file = brought.participation, brought.file
    if report_of(locked) != locked.report:
        raise ReadsOtherwise
    _add_all(locked, by)
    locked.state, locked.confirmed_at, locked.confirmed_by_id = ImportState.DONE, clock.now(), by.user_id
    locked.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    details = {"actions": len(locked.report["rows"]), "known": len(locked.report["known"])}
    journal.record("plan_import.confirmed", locked, by=by, details=details)
    return locked


@transaction.atomic
def make_model(*, participation, by):
    """The workbook to fill in, kept so that it leaves by the one door. Returns the `StoredFile`."""
    return files.store(
        office.render_xlsx(model_of(participation, people_of(participation), clock.now())),
        name=safe_filename(f"plan a remplir {participation.organisation.legal_name}", "xlsx"),
        media_type=office.XLSX,
        created_by_id=by.user_id,
        region_id=participation.region_id,
        cohort_id=participation.cohort_id,
        organisation_id=participation.organisation_id,
        participation_id=participation.pk,
    )


@transaction.atomic
def import_at_once(*, participation, by, upload, dry_run=False, again=False):
    """Read a workbook and add its actions, for a command. Returns the report; nothing is written when it has errors.

    The report says too, in `same_words`, what the page shows before anything is added. Nobody confirms here: a
    workbook that was added already is only added once more `again`. Raises `AddedAlready`.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    report = read_plan(upload.content, known_of(participation)).report()
    told = report | {"same_words": _said_already(participation, report["rows"])}
    if report["rows"] and not again:
        _refuse_added(participation, upload)
    if report["errors"] or dry_run:
        return told
    brought = _kept(participation, by, upload)
    PlanImport.objects.filter(pk=brought.pk).update(report=report, state=ImportState.READY)
    brought.participation = participation
    confirm_import(brought=brought, by=by)
    return told


def _refuse_added(participation, upload):
    done = PlanImport.objects.filter(participation=participation, state=ImportState.DONE, file__sha256=upload.sha256)
    last = done.order_by("-confirmed_at").first()
    if last:
        raise AddedAlready(last.confirmed_at)


def _add_all(brought, by):
    """As `create_action` does for one, in a few statements for all."""
    anchors = {"region_id": brought.region_id, "participation_id": brought.participation_id}
    rows = brought.report["rows"]
    actions = Action.objects.bulk_create(
        Action(created_by_id=by.user_id, **anchors, **follow_status(None, _columns(row))) for row in rows
    )
    ActionStep.objects.bulk_create(
        ActionStep(
            action=action,
            position=position,
            text=step["text"],
            done_at=clock.now() if step["done"] else None,
            done_by_id=by.user_id if step["done"] else None,
            **anchors,
        )
        for action, row in zip(actions, rows, strict=True)
        for position, step in enumerate(row["steps"], start=1)
    )
    AuditEvent.objects.bulk_create(
        journal.event("action.created", action, by=by, details={"import": brought.pk}) for action in actions
    )


def _columns(row):
    return {
        **{name: row[name] for name in TEXTS},
        **{name: _day(row[name]) for name in ("due_on", "starts_on")},
        "budget": None if row["budget"] is None else Decimal(row["budget"]),
        "pilot_id": row["pilot"],
        "criterion_id": row["criterion"],
    }


def _day(iso):
    return datetime.date.fromisoformat(iso) if iso else None
