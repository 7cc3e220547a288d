"""Saves that carry the version they were made on: a stale one is refused, never written over."""

from functools import cache

from django.db import connection, transaction
from django.db.models import Model


class StaleSave(Exception):
    """Somebody saved in between. `current` is the row as it stands now."""

    def __init__(self, current):
        super().__init__("stale save")
        self.current = current


def guarded_update(row, *, revision, only_if=None, **changes):
    """Write `changes` if the row still has `revision` (and still meets `only_if`, equalities), in one statement.

    Returns the row with its new values and revision. Raises `StaleSave` with the fresh row otherwise.
    """
    model = type(row)
    if not _update(model, changes, {"pk": row.pk, "revision": revision, **(only_if or {})}):
        raise StaleSave(model._base_manager.get(pk=row.pk))
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision = revision + 1
    return row


def _update(model, changes, conditions):
    """How many rows were written: one or none."""
    sql, fields = _statement(connection.vendor, model, tuple(changes), tuple(conditions))
    given = (*changes.values(), *conditions.values())
    values = [value.pk if isinstance(value, Model) else value for value in given]
    params = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@cache
def _statement(vendor, model, changed, conditions):
    """The SQL of one shape of save and the fields of its parameters, in order.

    Written once: a save is made at each pause of who types, and the ORM builds this one more slowly than it runs.
    """
    fields = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    fields["pk"] = model._meta.pk
    quoted = connection.ops.quote_name
    column = {name: quoted(field.column) for name, field in fields.items()}
    written = [f"{column['revision']} = {column['revision']} + 1", *(f"{column[name]} = %s" for name in changed)]
    met = [f"{column[name]} = %s" for name in conditions]
    sql = f"UPDATE {quoted(model._meta.db_table)} SET {', '.join(written)} WHERE {' AND '.join(met)}"  # noqa: S608  names of our own models
    return sql, [fields[name] for name in (*changed, *conditions)]
