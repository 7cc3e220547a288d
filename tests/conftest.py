"""Prepares the environment before Django reads its settings, then loads the harness."""

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.harness import chromium

HARNESS = ("clock", "database", "strictness", "queries", "queue", "browser", "ceremony")
KEPT = ("CAPRSE_DATABASE_URL", "CAPRSE_DATABASE_OWNER_URL", "CAPRSE_REDIS_URL", "CAPRSE_LOG_LEVEL")
# The name pytest-xdist gives this process when several run the suite, "_gw1"; empty when it runs alone.
WORKER = f"_{os.environ['PYTEST_XDIST_WORKER']}" if "PYTEST_XDIST_WORKER" in os.environ else ""
scratch = pytest.StashKey[Path]()
# The same examples each time, as long as they take, and nothing kept from one run to the next.
settings.register_profile("caprse", derandomize=True, deadline=None, database=None)
settings.load_profile("caprse")


def pytest_addoption(parser):
    parser.addoption("--sqlite", action="store_true", help="run on the embedded database instead of PostgreSQL")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    if config.getoption("dist", "no") != "no" and not WORKER:
        return  # this process only hands the tests out; what it sets, the others would inherit
    folder = Path(tempfile.mkdtemp(prefix="caprse-tests-"))
    config.stash[scratch] = folder
    set_hypothesis_home_dir(folder / "hypothesis")
    set_environment(folder, sqlite=config.getoption("sqlite"))
    django.setup()
    for name in HARNESS:
        config.pluginmanager.import_plugin(f"tests.harness.{name}")


def pytest_unconfigure(config):
    if scratch in config.stash:
        shutil.rmtree(config.stash[scratch], ignore_errors=True)


def pytest_report_header():
    """Which servers and browser this run uses."""
    embedded = f"SQLite {sqlite3.sqlite_version} (a file)"
    postgresql = os.environ.get("TESTS_POSTGRESQL", "PostgreSQL, from CAPRSE_DATABASE_URL")
    return [
        f"database: {postgresql if os.environ.get('CAPRSE_DATABASE_URL') else embedded}",
        f"queue: {os.environ.get('TESTS_REDIS', os.environ.get('CAPRSE_REDIS_URL', 'none, run ./run test'))}",
        f"browser: {chromium.find() or 'none'}",
    ]


def pytest_collection_modifyitems(items):
    """Whatever asks for a browser is a browser test; the long ones come first, the others stay in their order."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def set_environment(folder, *, sqlite):
    """The settings of this run alone, whatever the shell exported; its own database on the server it was given."""
    for name in [name for name in os.environ if name.startswith("CAPRSE_") and name not in KEPT]:
        del os.environ[name]
    os.environ["DJANGO_SETTINGS_MODULE"] = "caprse.settings"
    os.environ["CAPRSE_MODE"] = "test"
    os.environ["CAPRSE_DATA"] = str(folder / "data")
    (folder / "data" / "static").mkdir(parents=True)
    # Playwright keeps an event loop in the main thread, where Django would then refuse to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if os.environ.get("CAPRSE_REDIS_URL"):
        os.environ["CAPRSE_REDIS_URL"] = of_worker(os.environ["CAPRSE_REDIS_URL"])
    addresses = ("CAPRSE_DATABASE_URL", "CAPRSE_DATABASE_OWNER_URL")
    if sqlite or not os.environ.get("CAPRSE_DATABASE_URL"):
        for name in addresses:
            os.environ.pop(name, None)
        os.environ["CAPRSE_DB"] = str(folder / "test.sqlite3")
        return
    for name in addresses:
        os.environ[name] = of_tests(os.environ[name])


def of_tests(url):
    """The same server, a database named for tests: whatever is in the given one is left alone."""
    parts = urlsplit(url)
    return parts._replace(path=f"/test_{parts.path.strip('/')}{WORKER}").geturl()


def of_worker(url):
    """The same Redis, a numbered database for each process that runs tests beside others."""
    return urlsplit(url)._replace(path=f"/{WORKER.removeprefix('_gw') or 0}").geturl()
