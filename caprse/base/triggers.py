"""What the database itself refuses: changing an append-only row, or the wording of what is published.

SQLite drops triggers when it rebuilds a table, so they are (re)installed after every `migrate`.
"""

from dataclasses import dataclass

from django.db import connections

_append_only, _frozen = {}, {}


@dataclass(frozen=True)
class Frozen:
    """`columns` of `table` may not change, nor rows come or go, while `condition` holds.

    `condition` is SQL with `{row}` for the row's alias.
    """

    table: str
    columns: tuple
    condition: str


def append_only(model):
    """Class decorator: rows of this model may be inserted, never changed nor deleted."""
    _append_only[model._meta.label] = model
    return model


def append_only_models():
    """The models declared append-only."""
    return tuple(_append_only.values())


def frozen_when(condition, *columns):
    """Class decorator: these columns are fixed, and no row is added or removed, while the SQL condition holds."""

    def decorate(model):
        _frozen[model._meta.label] = Frozen(model._meta.db_table, columns, condition)
        return model

    return decorate


def install(using="default", **kwargs):
    """Create the triggers; runs after `migrate`, any number of times."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    wanted = [
        (model._meta.db_table, append_only_statements(connection.vendor, model._meta.db_table))
        for model in append_only_models()
    ]
    wanted += [(rule.table, frozen_statements(connection.vendor, rule)) for rule in _frozen.values()]
    with connection.cursor() as cursor:
        for table, statements in wanted:
            if table in existing:
                for statement in statements:
                    cursor.execute(statement)


def append_only_statements(vendor, table):
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


def frozen_statements(vendor, rule):
    """SQL that refuses to add, change or remove a row while its rule's condition holds."""
    table, columns = rule.table, ", ".join(rule.columns)
    verbs = (("insert", "INSERT", "NEW"), ("update", f"UPDATE OF {columns}", "OLD"), ("delete", "DELETE", "OLD"))
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_frozen_{name} BEFORE {verb} ON {table} "
            f"WHEN {rule.condition.format(row=row)} BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
            for name, verb, row in verbs
        ]
    return [
        statement
        for name, verb, row in verbs
        for statement in (
            f"CREATE OR REPLACE FUNCTION {table}_frozen_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {rule.condition.format(row=row)} THEN "
            f"RAISE EXCEPTION '{table} is frozen' USING ERRCODE = '23514'; END IF; "
            f"RETURN {'OLD' if name == 'delete' else 'NEW'}; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_frozen_{name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen_{name}()",
        )
    ]
