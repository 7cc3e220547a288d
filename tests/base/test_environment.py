"""A wrong setting stops the start, in one line that names it; production refuses what suits a development machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from caprse import environment

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "CAPRSE_MODE": "production",
    "CAPRSE_SECRET_KEY": "k" * 60,
    "CAPRSE_BASE_URL": "https://cap-rse.example.org",
    "CAPRSE_ALLOWED_HOSTS": "cap-rse.example.org",
    "CAPRSE_DATABASE_URL": "postgres://app:secret@127.0.0.1:5432/caprse",
    "CAPRSE_REDIS_URL": "redis://127.0.0.1:6379/0",
    "CAPRSE_EMAIL_URL": "smtp://account:secret@127.0.0.1:587",
    "CAPRSE_EMAIL_FROM": "cap-rse@example.org",
    "CAPRSE_LEGAL_PUBLISHER": "Association d’essai, 1 rue de l’Exemple, 33000 Bordeaux",
    "CAPRSE_LEGAL_DIRECTOR": "Camille Exemple, présidente",
    "CAPRSE_LEGAL_HOST": "Hébergeur d’essai, 2 rue de l’Exemple, 75000 Paris, 01 00 00 00 00",
    "CAPRSE_LEGAL_CONTACT": "contact@example.org",
}


def start(tmp_path, **variables):
    """Start Django with these variables alone."""
    kept = {"PATH": os.environ["PATH"], "CAPRSE_DATA": str(tmp_path)}
    command = [sys.executable, "manage.py", "diffsettings"]
    return subprocess.run(command, cwd=ROOT, env=kept | variables, capture_output=True, text=True, check=False)


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """`shell(**variables)` is the environment of a start, and nothing else of ours."""

    def export(**variables):
        for name in [name for name in os.environ if name.startswith("CAPRSE_")]:
            monkeypatch.delenv(name)
        for name, value in {"CAPRSE_DATA": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)

    return export


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "CAPRSE_MODE"),
        ({"CAPRSE_MODE": "staging"}, "CAPRSE_MODE"),
        ({"CAPRSE_MODE": "test", "CAPRSE_TYPO": "1"}, "CAPRSE_TYPO"),
        ({"CAPRSE_MODE": "demo", "CAPRSE_DEMO_TODAY": "4 novembre"}, "CAPRSE_DEMO_TODAY"),
        ({"CAPRSE_MODE": "test", "CAPRSE_DATABASE_URL": "mysql://x"}, "CAPRSE_DATABASE_URL"),
    ],
)
def test_a_wrong_start_says_in_one_line_which_setting(tmp_path, variables, named):
    ended = start(tmp_path, **variables)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"caprse : {named} ")
    assert ended.stderr.count("\n") == 1


def test_production_starts_with_settings_of_its_own(tmp_path):
    ended = start(tmp_path, **PRODUCTION)
    assert ended.stderr == ""
    assert "CAPRSE_MODE = 'production'" in ended.stdout
    assert "DEBUG = True" not in ended.stdout


@pytest.mark.parametrize("name", environment.REQUIRED_IN_PRODUCTION)
def test_production_takes_no_default(shell, name):
    shell(**{**PRODUCTION, name: ""})
    with pytest.raises(ImproperlyConfigured, match=f"^{name} n’est pas défini"):
        environment.mode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CAPRSE_SECRET_KEY", environment.DEVELOPMENT_SECRET),
        ("CAPRSE_SECRET_KEY", "short"),
        ("CAPRSE_BASE_URL", "http://127.0.0.1:8000"),
        ("CAPRSE_ALLOWED_HOSTS", "*"),
        ("CAPRSE_DATABASE_URL", "sqlite:///caprse.sqlite3"),
        ("CAPRSE_DB", "caprse.sqlite3"),
        ("CAPRSE_DEMO_TODAY", "2025-11-04"),
        ("CAPRSE_LEGAL_CONTACT", "le secrétariat"),
    ],
)
def test_production_refuses_what_suits_a_development_machine(shell, name, value):
    shell(**{**PRODUCTION, name: value})
    with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
        environment.mode()
