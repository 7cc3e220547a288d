"""The audit trail the product promises: one function writes it, nothing changes it."""

from caprse.base.models import AuditEvent

ANCHORS = ("region_id", "cohort_id", "organisation_id", "participation_id")


def anchors_of(row):
    """The anchor columns a row carries, as a dict ready for another row."""
    return {name: getattr(row, name, None) for name in ANCHORS}


def event(verb, target, *, by, details=None, **anchors):
    """An unsaved journal line, for services that write several rows in one statement."""
    return AuditEvent(
        verb=verb,
        actor_id=getattr(by, "user_id", None) or getattr(by, "pk", None),
        target_type=target._meta.label_lower,
        target_id=target.pk,
        details=details or {},
        **(anchors or anchors_of(target)),
    )


def last_time(verb, target):
    """When this was last done to this row; None when it never was."""
    lines = AuditEvent.objects.filter(target_type=target._meta.label_lower, target_id=target.pk, verb=verb)
    return lines.order_by("-pk").values_list("at", flat=True).first()


def record(verb, target, *, by, details=None, **anchors):
    """Write one line: `verb` done to `target` by a user or actor (None: the product itself).

    `details` holds ids, numbers and codes, never a personal value. Anchors default to the target's own.
    """
    line = event(verb, target, by=by, details=details, **anchors)
    line.save(force_insert=True)
    return line


def record_all(verb, targets, *, by, details=None):
    """Write one line for each row, all in one statement."""
    lines = [event(verb, target, by=by, details=details) for target in targets]
    return AuditEvent.objects.bulk_create(lines)
