"""Reads Dockerfile and docker-compose.yml as the engine would, as far as these two files go."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
# ${NAME}, ${NAME:?message}, ${NAME:-default}; $$ is a dollar
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<rest>[^}]*))?\})")

# One value for each name of .env.example that must be given.
VALUES = {
    "SITE_HOST": "cap-rse.example.org",
    "CAPRSE_SECRET_KEY": "0123456789abcdef" * 4,
    "POSTGRES_PASSWORD": "p0stgres",
    "OWNER_PASSWORD": "0wner",
    "APP_PASSWORD": "4pp",
    "CAPRSE_EMAIL_URL": "smtp://127.0.0.1:9",
    "CAPRSE_EMAIL_FROM": "CAP RSE <cap-rse@example.org>",
    "CAPRSE_LEGAL_PUBLISHER": "Réseau inventé, association",
    "CAPRSE_LEGAL_DIRECTOR": "Camille Inventée, présidente",
    "CAPRSE_LEGAL_HOST": "Hébergeur inventé",
    "CAPRSE_LEGAL_CONTACT": "contact@example.org",
}


class MissingValue(Exception):
    """What Compose would say when a required variable is not given."""


def interpolated(text, values):
    """The text as Compose would hand it over. Raises `MissingValue` with the message of a variable not given."""

    def replace(found):
        if found["dollar"]:
            return "$"
        value = values.get(found["name"], "")
        if not value and found["kind"] == "?":
            raise MissingValue(found["rest"])
        return value or (found["rest"] if found["kind"] == "-" else "")

    return VARIABLE.sub(replace, text)


def compose(values=VALUES):
    """docker-compose.yml with these values."""
    return yaml.safe_load(interpolated(COMPOSE, values))


def instructions():
    """The instructions of the Dockerfile in order, as (name, text), continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def last(name):
    """The text of the last instruction of this name."""
    return [text for found, text in instructions() if found == name][-1]


def command_of(text):
    """The words of a `CMD ["a", "b"]`, options before it left aside."""
    return json.loads(text[text.index("[") :])


def build_step(word):
    """The one command, among those of the RUN instructions, that holds a word."""
    steps = [step for name, text in instructions() if name == "RUN" for step in text.split(" && ")]
    [step] = [step for step in steps if word in step]
    return step


def version_in_run(name):
    """The value a variable is given at the top of `run`."""
    return re.search(rf"^{name}=\"?([^\"\n]+)\"?$", (ROOT / "run").read_text(), re.MULTILINE)[1]
