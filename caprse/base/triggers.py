"""What the database itself refuses: changing an append-only row, or the wording of what is published.

SQLite drops triggers when it rebuilds a table, so they are (re)installed after every `migrate`.
"""

from dataclasses import dataclass

from django.db import connections

_append_only, _refusals = {}, []


@dataclass(frozen=True)
class Refusal:
    """A statement on `table` (`INSERT`, `DELETE`, `UPDATE OF columns`) refused for rows where `condition` holds.

    `condition` is SQL over the row before (`OLD`) and after (`NEW`).
    """

    table: str
    name: str
    statement: str
    condition: str


def append_only(model):
    """Class decorator: rows of this model may be inserted, never changed nor deleted."""
    _append_only[model._meta.label] = model
    return model


def append_only_models():
    """The models declared append-only."""
    return tuple(_append_only.values())


def refuse(name, statement, condition):
    """Class decorator: the database refuses this statement on rows where the SQL condition holds."""

    def decorate(model):
        _refusals.append(Refusal(model._meta.db_table, name, statement, condition))
        return model

    return decorate


def frozen_when(condition, *columns):
    """Class decorator: while the condition holds (`{row}`: the row), these columns are fixed and no row comes or goes."""
    before, after = condition.format(row="OLD"), condition.format(row="NEW")

    def decorate(model):
        refuse("insert", "INSERT", after)(model)
        refuse("update", f"UPDATE OF {', '.join(columns)}", f"({before} OR {after})")(model)
        return refuse("delete", "DELETE", before)(model)

    return decorate


def install(using="default", **kwargs):
    """Create the triggers; runs after `migrate`, any number of times."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    wanted = [
        (model._meta.db_table, append_only_statements(connection.vendor, model._meta.db_table))
        for model in append_only_models()
    ]
    wanted += [(refusal.table, refusal_statements(connection.vendor, refusal)) for refusal in _refusals]
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


def refusal_statements(vendor, refusal):
    """SQL of one refusal."""
    table, trigger = refusal.table, f"{refusal.table}_frozen_{refusal.name}"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {trigger} BEFORE {refusal.statement} ON {table} "
            f"WHEN {refusal.condition} BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        ]
    kept = "OLD" if refusal.statement == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {refusal.condition} THEN "
        f"RAISE EXCEPTION '{table} is frozen' USING ERRCODE = '23514'; END IF; RETURN {kept}; END $$",
        f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {refusal.statement} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {trigger}()",
    ]
