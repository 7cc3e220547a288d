"""A container is well when what it needs itself is: a queue that sleeps or a mail given up says so, and stops nothing."""

import json
import sys

import pytest

from caprse import probe
from tests.deployment.recipes import command_of, compose, last

WELL = {"database": "ok", "queue": "ok", "mail": "ok", "storage": "ok"}
WEB = ("database", "storage")


def ends(monkeypatch, said, *parts):
    monkeypatch.setattr(probe, "ask", lambda address: said)
    monkeypatch.setattr(sys, "argv", ["probe", *parts])
    with pytest.raises(SystemExit) as ended:
        probe.main()
    return ended.value.code


@pytest.mark.parametrize(
    ("trouble", "parts", "code"),
    [
        ({}, (), 0),
        ({"mail": "1 waiting or failed"}, (), 1),
        ({"mail": "1 waiting or failed", "queue": "no heartbeat for a minute"}, WEB, 0),
        ({"database": "OperationalError"}, WEB, 1),
        ({"storage": "OSError"}, WEB, 1),
        ({"queue": "no heartbeat yet"}, ("queue",), 1),
        ({}, ("nothing of that name",), 1),
    ],
)
def test_it_ends_as_the_parts_named_are(monkeypatch, capsys, trouble, parts, code):
    assert ends(monkeypatch, WELL | trouble, *parts) == code
    assert json.loads(capsys.readouterr().out) == WELL | trouble


def test_a_site_that_does_not_answer_is_unwell(monkeypatch):
    def silent(address):
        raise OSError

    monkeypatch.setattr(probe, "ask", silent)
    monkeypatch.setattr(sys, "argv", ["probe", *WEB])
    with pytest.raises(SystemExit, match="le site ne répond pas"):
        probe.main()


def test_web_is_asked_about_its_database_and_its_files_alone():
    asked = ["python", "-m", "caprse.probe", *WEB]
    assert compose()["services"]["web"]["healthcheck"]["test"] == ["CMD", *asked]
    assert command_of(last("HEALTHCHECK")) == asked
