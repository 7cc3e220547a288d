"""Saves that carry the version they were made on: a stale one is refused, never written over."""

from django.db.models import F


class StaleSave(Exception):
    """Somebody saved in between. `current` is the row as it stands now."""

    def __init__(self, current):
        super().__init__("stale save")
        self.current = current


def guarded_update(row, *, revision, only_if=None, **changes):
    """Write `changes` if the row still has `revision` (and still meets `only_if`), in one statement.

    Returns the row with its new values and revision. Raises `StaleSave` with the fresh row otherwise.
    """
    model = type(row)
    written = model._base_manager.filter(pk=row.pk, revision=revision, **(only_if or {})).update(
        revision=F("revision") + 1, **changes
    )
    if not written:
        raise StaleSave(model._base_manager.get(pk=row.pk))
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision = revision + 1
    return row
