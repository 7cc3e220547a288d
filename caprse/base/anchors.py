"""Composite foreign keys: on PostgreSQL the anchor columns of a row cannot contradict the row it hangs on.

A row's region and its participation's region are the same, or the row is refused. SQLite does without.
"""

from django.db import migrations


def composite_keys(*keys):
    """Migration operation that adds foreign keys over several columns, on PostgreSQL alone.

    Each key is (table, columns, parent table, parent columns). Going back drops the keys and keeps the unique
    indexes of the parents, which several tables share.
    """

    def forward(apps, editor):
        if editor.connection.vendor != "postgresql":
            return
        for parent, columns in sorted({(parent, columns) for _, _, parent, columns in keys}):
            name = _name(parent, columns, "key")
            editor.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {parent} ({', '.join(columns)})")
        for table, columns, parent, parent_columns in keys:
            editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {_name(table, columns, 'fk')} "
                f"FOREIGN KEY ({', '.join(columns)}) REFERENCES {parent} ({', '.join(parent_columns)}) "
                "DEFERRABLE INITIALLY DEFERRED"
            )

    def backward(apps, editor):
        if editor.connection.vendor != "postgresql":
            return
        for table, columns, _, _ in keys:
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {_name(table, columns, 'fk')}")

    return migrations.RunPython(forward, backward)


def _name(table, columns, kind):
    short = "_".join(column.removesuffix("_id") for column in columns)
    return f"{table}_{short}_{kind}"
