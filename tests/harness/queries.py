"""Counts the statements that read or write rows, transaction control apart."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |PRAGMA)", re.I)


@pytest.fixture
def queries(request):
    """`with queries(5):` exactly five; `with queries(max=5):` at most five. Prints them when it fails."""

    @contextmanager
    def count(exactly=None, *, max=None):
        with CaptureQueriesContext(connection) as captured:
            yield captured
        done = [query["sql"] for query in captured if not CONTROL.match(query["sql"])]
        expected = exactly if exactly is not None else max
        if len(done) > expected or (exactly is not None and len(done) != exactly):
            listed = "\n".join(f"{rank}. {sql[:600]}" for rank, sql in enumerate(done, 1))
            pytest.fail(
                f"{len(done)} queries instead of {'' if exactly is not None else 'at most '}{expected}:\n{listed}"
            )

    return count
