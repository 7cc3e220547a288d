"""Every chain read again: what was changed in SQL is found, by convention and by rank."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from conventions.enums import TrailKind
from conventions.models import Convention, FrozenDocument, SensitiveValue, Signature, TrailEntry, TrailStamp
from conventions.services import stamping
from tests.worlds import World


@pytest.fixture
def convention(db):
    return World("ours").convention


def run(*arguments):
    """What the command writes, and how it ends."""
    out = io.StringIO()
    code = 0
    try:
        call_command("verify_journal", *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


class Tampering:
    """Changes rows as the owner of the database could: its triggers put aside, then back."""

    def __init__(self, owner):
        self.owner = owner

    def __call__(self, model, pk, **values):
        table = model._meta.db_table
        names = ", ".join(f"{name} = %s" for name in values)
        self.owner(table, f"UPDATE {table} SET {names} WHERE id = %s", [*values.values(), pk])

    def delete(self, model, pk):
        table = model._meta.db_table
        self.owner(table, f"DELETE FROM {table} WHERE id = %s", [pk])


@pytest.fixture
def tamper(db):
    """Triggers are dropped inside the transaction of the test, which takes everything back."""

    def execute(table, statement, values):
        with connection.cursor() as cursor:
            for name in triggers_of(cursor, table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
            cursor.execute(statement, values)

    return Tampering(execute)


def triggers_of(cursor, table):
    if connection.vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    return [name for (name,) in cursor.fetchall()]


def link(convention, rank):
    return TrailEntry.objects.get(convention=convention, seq=rank)


def test_untouched_chains_hold(convention):
    code, said = run()
    assert (code, said["ok"], said["first_broken"]) == (0, True, None)
    assert said["conventions"] == Convention.objects.count()
    assert said["links"] == TrailEntry.objects.count()
    assert run(convention.reference)[1]["links"] == TrailEntry.objects.filter(convention=convention).count()
    assert run(convention.public_id)[0] == 0


def test_an_unknown_convention(db):
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("verify_journal", "1999-12")
