"""What the containers run, run here without an engine: prepared, migrated, served, asked how it is, stopped."""

import json
import re
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection

from tests.deployment.installation import installation, within
from tests.deployment.recipes import VALUES

pytestmark = pytest.mark.long

SECRET = "s3cret-token_of-a-personal-link-0123456789abc"
ALL_WELL = dict.fromkeys(("database", "queue", "mail", "storage", "seal", "conventions"), "ok")
NO_KEY = "Aucune clé de cachet n’est configurée : CAPRSE_SEAL_KEY est vide."
TRIED = "SELECT problem FROM base_heartbeat WHERE name = 'seal'"


@pytest.fixture
def installed(tmp_path):
    """(installation, its database): servers started, roles made, no table yet."""
    if connection.vendor != "postgresql":
        pytest.skip("production knows PostgreSQL alone: environment.py refuses the embedded database")
    with installation(tmp_path) as made:
        yield made


def test_an_installation_starts_serves_and_stops(installed):
    site, database = installed
    refused = site.migrate(CAPRSE_DATABASE_OWNER_URL=site.environment("web")["CAPRSE_DATABASE_URL"])
    assert refused.returncode != 0
    assert "permission denied for schema public" in refused.stderr
    migrated = site.migrate()
    assert migrated.returncode == 0, migrated.stderr[-2000:]
    the_role_that_runs_has_fewer_rights(database)
    collected = site.collect_static()
    assert (collected.returncode, collected.stderr) == (0, "")
    with ExitStack() as stack:
        stops = {name: stack.enter_context(site.running(name)) for name in ("web", "worker", "beat")}
        every_service_becomes_well(site)
        the_key_of_the_worker_seals(site, database)
        pages_are_served_as_behind_a_proxy(site)
        a_first_command_opens_the_network(site, database)
        assert {name: stop() for name, stop in stops.items()} == {"web": 0, "worker": 0, "beat": 0}
    silent = site.is_well("web")
    assert (silent.returncode, silent.stderr) == (1, "le site ne répond pas : URLError\n")
    # The only thing that failed is the mail, whose server does not exist.
    failures = {name: re.findall(r"(?m)^\w*(?:Error|Exception)\b.*", site.log(name)) for name in stops}
    assert failures == {"web": [], "worker": ["ConnectionRefusedError: [Errno 111] Connection refused"], "beat": []}


def the_role_that_runs_has_fewer_rights(database):
    for role in ("owner", "app"):
        with pytest.raises(psycopg.OperationalError):
            database.as_role(role, "faux").close()
    with database.as_role("app", VALUES["APP_PASSWORD"]) as app:
        for statement in ("CREATE TABLE mine (id int)", "TRUNCATE cohorts_region CASCADE", "DROP TABLE cohorts_region"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
        roles = app.execute(
            "SELECT rolsuper, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname IN ('owner', 'app')"
        )
        assert set(roles.fetchall()) == {(False, False, False)}


def every_service_becomes_well(site):
    """Each in its time: beat is well once a worker has done what it asked for."""
    for name in ("web", "worker", "beat"):
        assert within(150, lambda name=name: site.is_well(name).returncode == 0), site.is_well(name)
    assert json.loads(site.is_well("web").stdout) == ALL_WELL


def the_key_of_the_worker_seals(site, database):
    """Its lists and timestamps come from the network; no other process was given it."""
    with database.connect("caprse") as admin:
        assert within(60, lambda: admin.execute(TRIED).fetchall() == [("",)]), site.log("worker")
    assert json.loads(site.get("/sante/")[2])["seal"] == "ok"
    for name in ("web", "beat", "migrate"):
        given = {key for key, value in site.environment(name).items() if key.startswith("CAPRSE_SEAL_") and value}
        assert given == {"CAPRSE_SEAL_ROOTS"}, name
    asked = "from caprse.base.sealing import self_test; print(self_test._problem())"
    assert site.run("web", ["python", "manage.py", "shell", "-v0", "-c", asked]).stdout.strip() == NO_KEY


def pages_are_served_as_behind_a_proxy(site):
    status, headers, page = site.get("/connexion/")
    assert status == 200
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert any(path.endswith(".css") for path in linked)
    for path in linked:
        assert re.search(r"\.[0-9a-f]{12}\.", path), path
        status, headers, _ = site.get(path)
        assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
    status, headers, _ = site.get("/connexion/", scheme="http")
    assert (status, headers["Location"]) == (301, "https://cap-rse.example.org/connexion/")
    assert site.get("/connexion/", host="ailleurs.example.org")[0] == 400
    site.get(f"/invitations/{SECRET}/?next=/mot-cherche/")
    assert within(5, lambda: '"GET /invitations/…/" 404' in site.log("web")), site.log("web")[-2000:]
    assert "192.0.2.7" in site.log("web")
    assert SECRET not in site.log("web")
    assert "mot-cherche" not in site.log("web")


def a_first_command_opens_the_network(site, database):
    clause = site.folder / "clause.txt"
    clause.write_text("Vous vous engagez à ne rien diffuser.\n")
    words = ["python", "manage.py", "open_network", "--name", "Réseau inventé", "--email", "a@example.org"]
    opened = site.run("web", [*words, "--first-name", "Ada", "--last-name", "Inventée", "--clause", str(clause)])
    assert opened.returncode == 0, opened.stderr
    with database.connect("caprse") as admin:
        tried = "SELECT kind FROM base_outboxmessage WHERE error <> ''"
        assert within(20, lambda: admin.execute(tried).fetchall() == [("access_opened",)]), site.log("worker")
