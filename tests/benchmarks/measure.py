"""Runs the operations on the database of this process and prints one JSON line each."""

import json
import statistics
import sys
import time

import django
from django.conf import settings

TURNS, WARM_UP = 60, 10
SLOW, FEWER_TURNS, FEWER_WARM_UP = 400, 7, 2  # milliseconds; an operation over many rows, a document, takes seconds


def timed(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def measure(rows, action, bare, prepare=None):
    """Alternate both, so that a noisy moment touches both; medians in milliseconds.

    `prepare`: what an action that cannot be taken back needs before each turn, not timed.
    """
    from django.db import connection  # noqa: PLC0415  after django.setup()
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  after django.setup()

    prepare_each, prepare = prepare is not None, prepare or (lambda: None)

    def turn():
        prepare()
        return timed(action)

    turn()  # the first time of all loads what it needs
    fast = turn() < SLOW and not prepare_each
    turns, warm_up = (TURNS, WARM_UP) if fast else (FEWER_TURNS, FEWER_WARM_UP)
    for _ in range(warm_up):
        turn()
        bare()
    times, bares = [], []
    for _ in range(turns):
        times.append(turn())
        bares.append(timed(bare))
    prepare()
    with CaptureQueriesContext(connection) as captured:
        action()
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    queries = [q for q in captured.captured_queries if not q["sql"].startswith(control)]
    median, bare_median = statistics.median(times), statistics.median(bares)
    return {
        "rows": rows,
        "queries": len(queries),
        "median_ms": round(median, 2),
        "bare_ms": round(bare_median, 2),
        "ratio": round(median / bare_median, 2),
    }


def main(names):
    django.setup()
    settings.ROOT_URLCONF = "tests.benchmarks.bare"
    settings.ALLOWED_HOSTS = ["*"]
    from django.db import connection  # noqa: PLC0415  after django.setup()

    from tests.benchmarks.operations import Bench  # noqa: PLC0415  after django.setup()

    bench = Bench()
    for name in names:
        prepared = getattr(bench, name)()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        line = {"op": name, "db": connection.vendor, **measure(*prepared)}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
