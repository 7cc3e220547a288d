"""Reads made at every request, compiled once: the ORM writes their SQL the first time, then only values are bound.

Building and compiling a query costs Django several times what the database takes to answer it.
"""

from datetime import date

from django.db import connection

# Unlikely numbers that fit the smallest integer column: they stand for parameters while the SQL is written.
FIRST_NUMBER = 32_700


class PreparedRead:
    """A `values_list` query whose shape never changes.

    `build(**placeholders)` returns the queryset; each keyword is given back at every call, as a number, a text,
    a date, or a list of numbers. Returns rows as tuples, converted as the ORM does.
    """

    def __init__(self, build):
        self.build = build
        self.compiled = {}

    def __call__(self, **values):
        if any(value == [] for value in values.values()):
            return []
        flat = dict(_flatten(values))
        shape = (connection.vendor, *((name, type(value)) for name, value in flat.items()))
        if shape not in self.compiled:
            self.compiled[shape] = self._compile(values)
        sql, params, converters = self.compiled[shape]
        bound = [_adapted(flat[param.name]) if isinstance(param, _Name) else param for param in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, bound)
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _compile(self, values):
        stand_ins = _Placeholders()
        query = self.build(**{name: stand_ins.of(name, value) for name, value in values.items()}).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return sql, [stand_ins.name(param) for param in params], converters


class _Name:
    """The place of a parameter in the SQL."""

    def __init__(self, name):
        self.name = name


class _Placeholders:
    """Hands out one stand-in per value and recognises it among the parameters of the SQL."""

    def __init__(self):
        self.names = {}

    def of(self, name, value):
        if isinstance(value, list):
            return [self._new((name, rank), one) for rank, one in enumerate(value)]
        return self._new((name, None), value)

    def _new(self, name, value):
        rank = len(self.names)
        if isinstance(value, date):
            stand_in = date.fromordinal(1 + rank)
        elif isinstance(value, int):
            stand_in = FIRST_NUMBER + rank
        else:
            stand_in = f"\x01{rank}\x01"
        self.names[_adapted(stand_in)] = name
        return stand_in

    def name(self, param):
        found = self.names.get(param) if isinstance(param, (int, str, date)) else None
        return _Name(found) if found else param


def _flatten(values):
    for name, value in values.items():
        if isinstance(value, list):
            for rank, one in enumerate(value):
                yield (name, rank), one
        else:
            yield (name, None), value


def _adapted(value):
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _converted(row, converters):
    row = list(row)
    for position, (functions, expression) in converters.items():
        for function in functions:
            row[position] = function(row[position], expression, connection)
    return tuple(row)
