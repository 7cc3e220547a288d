"""Append-only tables, held by the database itself.

SQLite drops triggers when it rebuilds a table, so they are (re)installed after every `migrate`.
"""

from django.db import connections

_append_only = {}


def append_only(model):
    """Class decorator: rows of this model may be inserted, never changed nor deleted."""
    _append_only[model._meta.label] = model
    return model


def append_only_models():
    """The models declared append-only."""
    return tuple(_append_only.values())


def install(using="default", **kwargs):
    """Create the missing triggers; runs after `migrate`, any number of times."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    tables = [model._meta.db_table for model in append_only_models()]
    with connection.cursor() as cursor:
        for table in tables:
            if table in existing:
                for statement in statements(connection.vendor, table):
                    cursor.execute(statement)


def statements(vendor, table):
    """SQL that refuses UPDATE and DELETE on a table."""
    if vendor == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION caprse_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION caprse_append_only()",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]
