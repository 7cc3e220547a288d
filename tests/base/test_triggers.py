"""Append-only tables: the database itself refuses a change, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from caprse.base import clock, triggers

NOT_TAKEN = 31_999
APPEND_ONLY = triggers.append_only_models()


def value_of(field):
    """Something the constraints of its table take, were it the last of its choices."""
    if isinstance(field, models.BinaryField):
        return b"x"
    if field.choices:
        return field.choices[-1][0]
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return date(2025, 11, 4)
    return "x" if isinstance(field, models.CharField | models.TextField) else NOT_TAKEN


# What the constraints of a table ask for beyond what is required.
BEYOND = {
    "conventions.Signature": {"code_id": NOT_TAKEN},
    "conventions.CommitteeValidation": {"until": date(2028, 11, 4)},
}


def any_row(model):
    """A row with anything in it: references are only checked at commit, and these tests never commit."""
    values = {
        field.attname: value_of(field)
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.null or (field.has_default() and field.default != ""))
    }
    return model.objects.create(**values | BEYOND.get(model._meta.label, {}))


def update_by_orm(row):
    column = next(field for field in row._meta.concrete_fields if not field.primary_key)
    type(row).objects.filter(pk=row.pk).update(**{column.attname: column.value_from_object(row)})


def delete_by_orm(row):
    row.delete()


def update_by_sql(row):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET id = id WHERE id = %s", [row.pk])


def delete_by_sql(row):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


ATTEMPTS = (update_by_orm, delete_by_orm, update_by_sql, delete_by_sql)


def refused(row):
    """The attempts the database refused."""
    names = set()
    for attempt in ATTEMPTS:
        try:
            with transaction.atomic():
                attempt(row)
        except IntegrityError as error:
            assert "append-only" in str(error)  # noqa: PT017  counted, not expected one by one
            names.add(attempt)
    return names


def test_the_journal_and_the_register_are_append_only():
    assert {"base.AuditEvent", "base.Download", "autodiag.AnswerChange", "autodiag.Submission"} <= {
        model._meta.label for model in APPEND_ONLY
    }


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_no_change_passes(model):
    with transaction.atomic():
        row = any_row(model)
        assert refused(row) == set(ATTEMPTS)
        assert model.objects.filter(pk=row.pk).exists()
        transaction.set_rollback(True)


def test_installing_again_changes_nothing(owner_connection):
    with owner_connection():
        triggers.install()
        triggers.install()
    with transaction.atomic():
        assert refused(any_row(APPEND_ONLY[0])) == set(ATTEMPTS)
        transaction.set_rollback(True)
