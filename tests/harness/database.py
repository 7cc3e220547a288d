"""One migrated database per session, with the worlds built and committed once.

Ordinary tests (`db`) run in a transaction that is rolled back. Tests that need real commits take
`committed_db`: the database is put back from a copy afterwards, without a single DELETE.
"""

import os
import shutil
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg.sql import SQL, Identifier

from caprse import databases
from caprse.base import clock
from caprse.base.enums import JobState
from caprse.base.models import Job, OutboxMessage
from tests.harness.clock import START
from tests.servers import PRIVILEGES
from tests.worlds import build_worlds

EMPTY, WORLDS = "empty", "worlds"


def disconnect():
    """Close every connection of this process, the pool's included."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()


class Postgresql:
    """Made and migrated by `owner`; everything else runs as `app`."""

    def __init__(self):
        self.owner_url = os.environ["CAPRSE_DATABASE_OWNER_URL"]
        self.name = urlsplit(self.owner_url).path.strip("/")

    def execute(self, statement, **names):
        """Run a statement as `owner`, outside of the database of the tests."""
        url = urlsplit(self.owner_url)._replace(path="/postgres").geturl()
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(SQL(statement).format(**{key: Identifier(name) for key, name in names.items()}))

    def create(self):
        self.destroy()
        self.execute("CREATE DATABASE {name}", name=self.name)
        with psycopg.connect(self.owner_url, autocommit=True) as owner:
            for statement in PRIVILEGES:
                owner.execute(statement)
        with self.as_owner():
            call_command("migrate", verbosity=0)

    @contextmanager
    def as_owner(self):
        """Django itself is the owner for a while: to migrate."""
        settings = connection.settings_dict
        as_app = {key: settings[key] for key in ("USER", "PASSWORD", "OPTIONS")}
        disconnect()
        settings.update(databases.postgresql(self.owner_url, pool=False))
        try:
            yield
        finally:
            disconnect()
            settings.update(as_app)

    def keep(self, copy):
        self.execute("CREATE DATABASE {copy} TEMPLATE {name}", copy=f"{self.name}_{copy}", name=self.name)

    def restore(self, copy):
        self.execute("DROP DATABASE {name} WITH (FORCE)", name=self.name)
        self.execute("CREATE DATABASE {name} TEMPLATE {copy}", copy=f"{self.name}_{copy}", name=self.name)

    def destroy(self):
        for name in (self.name, *(f"{self.name}_{copy}" for copy in (EMPTY, WORLDS))):
            self.execute("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)


class Sqlite:
    """A file, as on a real machine: the in-memory database hides locking."""

    def __init__(self):
        self.path = Path(os.environ["CAPRSE_DB"])

    def create(self):
        call_command("migrate", verbosity=0)

    def as_owner(self):
        return nullcontext()

    def keep(self, copy):
        shutil.copyfile(self.path, self.path.with_suffix(f".{copy}"))  # closing the last connection emptied the log

    def restore(self, copy):
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.path.with_suffix(f".{copy}"), self.path)

    def destroy(self):
        """The folder of the session goes away as a whole."""


@pytest.fixture(scope="session")
def database_of_tests():
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, database_of_tests):
    """Replaces pytest-django's: migrate, build the worlds, keep a copy."""
    with django_db_blocker.unblock():
        database_of_tests.create()
        disconnect()
        database_of_tests.keep(EMPTY)
        with clock.stopped(START), transaction.atomic():
            build_worlds()
            OutboxMessage.objects.all().delete()  # the mails of the past have left
            waiting = Job.objects.filter(state=JobState.QUEUED).values_list("public_id", flat=True)
            database_of_tests.waiting_jobs = frozenset(waiting)
        disconnect()
        database_of_tests.keep(WORLDS)
    yield
    with django_db_blocker.unblock():
        disconnect()
        database_of_tests.destroy()


@pytest.fixture
def committed_db(request, django_db_setup, django_db_blocker, database_of_tests):
    """Real commits, seen by other threads and processes; the database is put back afterwards."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("a test takes either `db` (rolled back) or `committed_db`, not both")
    with django_db_blocker.unblock():
        yield
        disconnect()
        database_of_tests.restore(WORLDS)


@pytest.fixture
def empty_db(committed_db, database_of_tests):
    """A site just installed: migrated, nothing in it. Asked for before the browser."""
    disconnect()
    database_of_tests.restore(EMPTY)


@pytest.fixture
def owner_connection(committed_db, database_of_tests):
    """`with owner_connection():` the connection is the role that migrates."""
    return database_of_tests.as_owner
