"""An installation as docker-compose.yml describes it, its processes run on this machine instead of in containers."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from tests import servers
from tests.deployment.authority import authority
from tests.deployment.recipes import ROOT, VALUES, build_step, command_of, compose, last

# The administrator comes in as on the socket of the image; the two roles show their password.
ACCESS = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
STOPS_WITHIN = 60


class Database:
    """A PostgreSQL prepared by the file `roles` of docker-compose.yml alone."""

    def __init__(self, binaries, port):
        self.binaries, self.port = binaries, port
        self.connect = partial(servers.connect, port, "postgres")

    def prepare(self):
        """What the image does with an empty volume: the database, then the file, by psql."""
        with self.connect("postgres") as connection:
            connection.execute("CREATE DATABASE caprse")
        given = compose()["services"]["database"]["environment"]
        subprocess.run(
            [self.binaries / "psql", "-v", "ON_ERROR_STOP=1", "--no-password", "--no-psqlrc", "--host=127.0.0.1"]
            + [f"--port={self.port}", "--username=postgres", "--dbname=caprse"],
            input=compose()["configs"]["roles"]["content"],
            env=os.environ | given,
            text=True,
            check=True,
            capture_output=True,
        )

    def as_role(self, role, password):
        """A connection by one of the two roles."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=role, password=password, dbname="caprse", autocommit=True
        )


@contextmanager
def database():
    """A new cluster, where the site's roles need their passwords."""
    with servers.scratch_folder() as folder:
        binaries = servers.create_cluster(servers.postgresql_folder(), folder)
        (folder / "access.conf").write_text(ACCESS)
        port = servers.free_port()
        settings = {**servers.FAST, "port": port, "hba_file": folder / "access.conf"}
        command = [binaries / "postgres", "-D", folder / "data"]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

        def is_ready():
            try:
                servers.connect(port, "postgres", "postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        with servers.running("postgresql", command, folder, is_ready=is_ready, stop_signal=signal.SIGQUIT):
            made = Database(binaries, port)
            made.prepare()
            yield made


class Installation:
    """The services of docker-compose.yml, by name, with a database and a Redis of their own."""

    def __init__(self, folder, postgresql, redis, values):
        self.folder, self.port = Path(folder), servers.free_port()
        (self.folder / "files").mkdir()
        self.places = {
            "@database:5432/": f"@127.0.0.1:{postgresql.port}/",
            "redis://redis:6379/": f"redis://127.0.0.1:{redis.port}/",
            "http://web:8000": f"http://127.0.0.1:{self.port}",
        }
        self.services = compose(VALUES | values)["services"]

    def here(self, text):
        """A text of the file with the addresses of this machine."""
        for there, address in self.places.items():
            text = text.replace(there, address)
        return text

    def environment(self, service, **changes):
        """What a service is given, and nothing of this shell but where its programs are."""
        given = {name: self.here(str(value)) for name, value in self.services[service]["environment"].items()}
        kept = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOSTNAME": socket.gethostname()}
        kept |= {"HOME": str(self.folder), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return kept | given | {"CAPRSE_DATA": str(self.folder)} | changes

    def run(self, service, command, **changes):
        """Run a command to its end in the environment of a service."""
        return subprocess.run(
            [self.here(word) for word in command],
            cwd=ROOT,
            env=self.environment(service, **changes),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def migrate(self, **changes):
        return self.run("migrate", self.services["migrate"]["command"], **changes)

    def collect_static(self):
        """The build step of the Dockerfile, with the values it lives on and no other."""
        shell = {"PATH": self.environment("web")["PATH"], "CAPRSE_MODE": "production", "CAPRSE_DATA": str(self.folder)}
        step = build_step("collectstatic")
        return subprocess.run(["sh", "-c", step], cwd=ROOT, env=shell, capture_output=True, text=True, check=False)

    def is_well(self, service):
        """Run the health check of a service once."""
        kind, *words = self.services[service]["healthcheck"]["test"]
        return self.run(service, ["sh", "-c", *words] if kind == "CMD-SHELL" else words)

    def log(self, service):
        return (self.folder / f"{service}.log").read_text(errors="replace")

    @contextmanager
    def running(self, service):
        """A service that lasts, started by its very command; `stop()` of what is yielded returns its exit code."""
        command = self.services[service].get("command") or command_of(last("CMD"))
        with (self.folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            yield partial(stop, process)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def get(self, path, *, host=VALUES["SITE_HOST"], scheme="https"):
        """(status, headers, body) of a page, asked for as the proxy does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": host, "X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.7"}
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode("utf-8", "replace")
        finally:
            connection.close()


def stop(process):
    """Ask a process to end, as the engine does. Returns its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(STOPS_WITHIN)


@contextmanager
def installation(folder):
    """An installation whose servers run, with a key of its seal, and whose tables are not made yet."""
    (folder / "cachet").mkdir()
    with authority() as seal, database() as postgresql, servers.redis_server() as redis:
        yield Installation(folder, postgresql, redis, seal.environment(folder / "cachet")), postgresql


def within(seconds, condition):
    """Wait until a condition holds. Returns whether it did in time."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.3)
    return True
