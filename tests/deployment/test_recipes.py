"""docker-compose.yml, Dockerfile and .env.example say the same thing as the site they start."""

import re
from importlib.util import find_spec

import pytest
from django.core.management import get_commands

from caprse import environment
from tests.deployment.recipes import (
    COMPOSE,
    ENV_EXAMPLE,
    ROOT,
    VALUES,
    VARIABLE,
    MissingValue,
    build_step,
    command_of,
    compose,
    instructions,
    interpolated,
    last,
    version_in_run,
)

SITE = {"migrate", "web", "worker", "beat"}
SECRETS = {"CAPRSE_SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "CAPRSE_EMAIL_URL"}
HAVE_A_DEFAULT = {"WEB_CONCURRENCY": "3", "PORT": "8000", "CAPRSE_LOG_LEVEL": "WARNING", "CAPRSE_ANTIVIRUS": ""}
# The site runs without a seal, and says at /sante/ that it has none: a certificate takes weeks to come.
OF_THE_SEAL = (
    *("CAPRSE_SEAL_KEY", "CAPRSE_SEAL_PASSWORD", "CAPRSE_SEAL_CHAIN"),
    *("CAPRSE_SEAL_ROOTS", "CAPRSE_TIMESTAMP_URLS"),
)
HAVE_A_DEFAULT |= dict.fromkeys(OF_THE_SEAL, "")


@pytest.fixture(scope="module")
def services():
    return compose()["services"]


def offered():
    """Names of .env.example and the value given to each."""
    return dict(line.split("=", 1) for line in ENV_EXAMPLE.splitlines() if line and not line.startswith("#"))


def test_the_services_are_those_of_one_small_server(services):
    assert set(services) == SITE | {"database", "redis", "proxy"}
    assert {name for name, service in services.items() if service.get("profiles")} == {"proxy"}


def test_each_service_that_lasts_says_how_it_is_and_comes_back(services):
    for name, service in services.items():
        check = service["healthcheck"]
        if name == "migrate":
            assert check == {"disable": True}
            assert service["restart"] == "no"
        else:
            assert check["test"][0] in ("CMD", "CMD-SHELL"), name
            assert {"interval", "timeout", "retries"} <= set(check), name
            assert service["restart"] == "unless-stopped", name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
        assert service["mem_limit"], name


def test_nothing_starts_before_the_migrations_have_succeeded(services):
    for name in SITE - {"migrate"}:
        assert services[name]["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["migrate"]["command"] == ["python", "manage.py", "migrate", "--noinput"]


def test_every_value_but_some_is_asked_for_in_french():
    found = {match["name"]: (match["kind"], match["rest"]) for match in VARIABLE.finditer(COMPOSE) if match["name"]}
    assert {name: rest for name, (kind, rest) in found.items() if kind != "?"} == HAVE_A_DEFAULT
    for name in set(found) - set(HAVE_A_DEFAULT):
        assert re.fullmatch(r"indiquez .* dans le fichier \.env", found[name][1]), name
    assert set(found) >= SECRETS


@pytest.mark.parametrize("name", sorted(VALUES))
def test_a_value_that_is_missing_stops_the_start(name):
    with pytest.raises(MissingValue, match=r"^indiquez "):
        compose({**VALUES, name: ""})


def test_the_example_lists_every_value_explained_and_gives_none_away():
    names = {match["name"] for match in VARIABLE.finditer(COMPOSE) if match["name"]}
    assert set(offered()) == names | {"COMPOSE_PROFILES"}
    assert names == set(VALUES) | set(HAVE_A_DEFAULT)
    assert {name: value for name, value in offered().items() if value} == {"COMPOSE_PROFILES": "proxy"}
    blocks = re.split(r"\n(?=#)", ENV_EXAMPLE)
    assert all(block.startswith("#") for block in blocks)
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_site_is_given_what_it_requires_and_nothing_it_refuses(services):
    for name in SITE:
        given = {key for key in services[name]["environment"] if key.startswith("CAPRSE_")}
        assert given <= set(environment.KNOWN)
        assert given >= {"CAPRSE_MODE", *environment.REQUIRED_IN_PRODUCTION}
    assert services["web"]["environment"]["CAPRSE_BASE_URL"] == "https://cap-rse.example.org"


def test_each_secret_goes_only_where_it_serves(services):
    holders = {
        secret: {name for name, service in services.items() if VALUES[secret] in str(service.get("environment"))}
        for secret in SECRETS
    }
    assert holders == {
        "CAPRSE_SECRET_KEY": SITE,
        "CAPRSE_EMAIL_URL": SITE,
        "APP_PASSWORD": SITE | {"database"},
        "OWNER_PASSWORD": {"migrate", "database"},
        "POSTGRES_PASSWORD": {"database"},
    }


def test_the_key_of_the_seal_and_its_password_reach_the_worker_alone(services):
    given = compose(VALUES | {name: f"le réglage {name}" for name in OF_THE_SEAL})["services"]
    holders = {
        name: {service for service, told in given.items() if f"le réglage {name}" in str(told.get("environment"))}
        for name in OF_THE_SEAL
    }
    assert holders == dict.fromkeys(OF_THE_SEAL, {"worker"}) | {"CAPRSE_SEAL_ROOTS": SITE}
    folder = "./cachet/cle:/cachet/cle:ro"
    assert {name for name, service in services.items() if folder in service.get("volumes", [])} == {"worker"}
    assert "cachet/" in (ROOT / ".gitignore").read_text().splitlines()
    # A wider folder, mounted elsewhere, would bring the key along.
    assert not any(
        mount.split(":")[0] in (".", "./", "./cachet") for service in services.values() for mount in mounts_of(service)
    )


def mounts_of(service):
    return service.get("volumes", [])


def test_what_must_outlive_a_container_is_in_a_volume(services):
    mounts = {name: service.get("volumes", []) for name, service in services.items()}
    assert mounts["database"] == ["database:/var/lib/postgresql"]
    assert mounts["proxy"] == ["certificates:/data"]
    assert {mounts[name][0] for name in SITE} == {"files:/data/files"}
    public = "./cachet/certificats:/cachet/certificats:ro"
    assert {tuple(mounts[name][1:]) for name in SITE - {"worker"}} == {(public,)}
    assert mounts["worker"][1:] == [public, "./cachet/cle:/cachet/cle:ro"]
    assert set(compose()["volumes"]) == {"database", "files", "certificates"}
    assert services["web"]["environment"]["CAPRSE_DATA"] == "/data"


def test_only_the_proxy_is_reached_from_outside(services):
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"], "proxy": ["80:80", "443:443"]}
    assert compose()["networks"]["inside"] == {"internal": True}
    assert services["database"]["networks"] == services["redis"]["networks"] == ["inside"]


def test_the_proxy_serves_the_site_under_its_name():
    caddyfile = compose()["configs"]["caddyfile"]["content"]
    assert caddyfile.startswith("{$SITE_HOST} {\n")
    assert "reverse_proxy web:8000 {" in caddyfile


def test_every_image_is_pinned(services):
    images = [service["image"] for name, service in services.items() if name not in SITE]
    images += [text.split()[0] for name, text in instructions() if name == "FROM" and ":" in text]
    assert all(re.search(r":\d+(\.\d+)?-", image) for image in images), images
    assert {services[name]["image"] for name in SITE} == {"cap-rse"}
    assert [name for name in SITE if services[name].get("build")] == ["web"]


# --- The image --------------------------------------------------------------------------------------------------


def test_the_image_has_the_tools_and_libraries_of_run():
    assert build_step("uv==").endswith(f"uv=={version_in_run('UV_VERSION')}")
    packages = build_step("apt-get install").split("--no-install-recommends ")[1].split()
    assert packages == version_in_run("PANGO").split()
    assert "--locked --no-dev" in build_step("uv sync")


def test_the_image_runs_without_rights_and_holds_no_secret():
    assert last("USER") == "10001:10001"
    names = [name for name, text in instructions()]
    assert names.index("USER") > max(rank for rank, name in enumerate(names) if name in ("RUN", "COPY"))
    assert "ARG" not in names
    kept = " ".join(text for name, text in instructions() if name == "ENV")
    assert not any(name in kept for name in SECRETS | {"CAPRSE_DATABASE_URL"})


def test_what_the_image_starts_exists():
    assert command_of(last("CMD")) == ["gunicorn", "--config", "python:caprse.webserver", "caprse.wsgi"]
    assert command_of(last("HEALTHCHECK")) == ["python", "-m", "caprse.probe", "database", "storage"]
    assert all(find_spec(module) for module in ("gunicorn", "caprse.webserver", "caprse.wsgi", "caprse.probe"))
    assert compose()["services"]["web"]["healthcheck"]["test"][1:] == command_of(last("HEALTHCHECK"))


def test_only_what_the_site_runs_on_enters_the_image():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert [line for line in lines if line and line[0] not in "#!"] == ["*", "**/__pycache__", "**/*.py[cod]"]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert allowed == packages | {"LICENSE", "manage.py", "pyproject.toml", "static", "templates", "uv.lock"}
    assert all((ROOT / name).exists() for name in allowed)


def test_dollars_are_read_as_compose_does():
    assert interpolated("$$HOSTNAME ${A:-b} ${C:?d}", {"C": "c"}) == "$HOSTNAME b c"


def test_the_commands_of_the_manual_name_what_exists(services):
    manual = (ROOT / "docs" / "exploitation.md").read_text()
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)).replace("\\\n", " ")
    assert {"open_network", "open_region"} <= set(re.findall(r"manage\.py (\w+)", blocks)) <= set(get_commands())
    for line in re.findall(r"docker compose (?:exec|run|stop|logs|restart) (.*)", blocks):
        words = [word for word in re.sub(r"-v \S+|--since \S+", "", line).split() if not word.startswith("-")]
        assert words[0] in services, line
    assert set(re.findall(r"^\| `(\w+)` \| ", manual, re.MULTILINE)) >= {"database", "queue", "mail", "storage"}
