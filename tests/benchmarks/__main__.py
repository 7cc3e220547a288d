"""`./run bench [--only OP …]`: every operation, or those named, on PostgreSQL, then on the embedded database."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEASURED = (
    "open_chapter_20",
    "open_chapter_100",
    "list_chapter_20",
    "gaps_20",
    "gaps_100",
    "consensus_100",
    "synthesis_100",
    "save_answer",
    "consolidated_200",
    "rights_member",
    "rights_coordinator",
    "board_200",
    "publish_draft",
    "export_pdf",
    "export_docx",
    "export_pptx",
    "plan_300",
    "plan_300_board",
    "plan_300_calendar",
    "plan_300_timeline",
    "seal_18",
    "verify_final",
    "signature",
    "parallel_signers",
    "consolidated_10000",  # last: it writes a million answers, which the others would read among
)
FIRST_START = "first_start"
ROOT = Path(__file__).resolve().parents[2]


def run(*command, env, stdout=sys.stderr):
    """Run a command; what it says beside the measures goes to the error stream."""
    subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True, stdout=stdout)


def environments(folder):
    """The settings of each database: name, environment of the owner, environment of the site."""
    base = {k: v for k, v in os.environ.items() if not k.startswith("CAPRSE_")}
    base |= {"DJANGO_SETTINGS_MODULE": "caprse.settings", "CAPRSE_DATA": str(folder)}
    if owner := os.environ.get("CAPRSE_DATABASE_OWNER_URL"):
        site = os.environ["CAPRSE_DATABASE_URL"]
        yield "postgresql", base | {"CAPRSE_DATABASE_URL": owner}, base | {"CAPRSE_DATABASE_URL": site}
    yield "sqlite", base, base


def first_start(name, owner):
    """Migrate and load the demonstration, from nothing; the bare cost is starting Django alone."""
    env = owner | {"CAPRSE_MODE": "demo"}
    times = {}
    for key, command in (("bare_ms", ["check"]), ("median_ms", ["demo", "--reset", "--no-serve"])):
        start = time.perf_counter()
        run("manage.py", *command, env=env)
        times[key] = round((time.perf_counter() - start) * 1000)
    line = {"op": FIRST_START, "db": name, "rows": 0, "queries": 0, **times}
    print(json.dumps(line | {"ratio": round(times["median_ms"] / times["bare_ms"], 2)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=(*MEASURED, FIRST_START), default=(FIRST_START, *MEASURED))
    asked = parser.parse_args().only
    measured = [name for name in MEASURED if name in asked]
    for name in ("postgresql", "sqlite"):
        with tempfile.TemporaryDirectory(prefix="caprse-bench-") as folder:
            for found, owner, site in environments(Path(folder)):
                if found != name:
                    continue
                if FIRST_START in asked:
                    first_start(name, owner)
                if measured:
                    env = site | {"CAPRSE_MODE": "test", "CAPRSE_DB": f"{folder}/bench.sqlite3"}
                    run("manage.py", "migrate", "-v0", env=env | {k: v for k, v in owner.items() if "DATABASE" in k})
                    run("-m", "tests.benchmarks.measure", *measured, env=env, stdout=None)


if __name__ == "__main__":
    main()
