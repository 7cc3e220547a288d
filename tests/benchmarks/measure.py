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


def measure(rows, action, bare):
    """Alternate both, so that a noisy moment touches both; medians in milliseconds."""
    from django.db import connection  # noqa: PLC0415  after django.setup()
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  after django.setup()

    timed(action)  # the first time of all loads what it needs
    turns, warm_up = (TURNS, WARM_UP) if timed(action) < SLOW else (FEWER_TURNS, FEWER_WARM_UP)
    for _ in range(warm_up):
        action()
        bare()
    times, bares = [], []
    for _ in range(turns):
        times.append(timed(action))
        bares.append(timed(bare))
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
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    for name in names:
        line = {"op": name, "db": connection.vendor, **measure(*getattr(bench, name)())}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
