"""The key is tried as a worker starts, and the health page says what was found."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caprse import celery_app
from caprse.base import clock
from caprse.base.health import SEAL
from caprse.base.models import Heartbeat
from caprse.base.sealing import keys, sample_chain, self_test
from conventions import tasks
from tests.harness.seal_key import in_files
from tests.harness.timestamps import nobody


def told(client):
    return client.get(reverse("health")).json()["seal"]


def test_a_key_that_seals_is_well(client, db):
    assert self_test.run() == ""
    assert told(client) == "ok"


@pytest.fixture
def own_key(settings, tmp_path):
    """`own_key(**changes)`: the settings of a key in a file, but for these."""

    def given(**changes):
        for name, value in (in_files(sample_chain.make(), tmp_path) | changes).items():
            setattr(settings, name, (value,) if name == "TIMESTAMP_URLS" else value)

    return given


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SEAL_PASSWORD": "faux"}, "mot de passe faux"),
        ({"SEAL_PASSWORD": ""}, "mot de passe faux"),
        ({"SEAL_KEY": "/nulle/part.p12"}, "n’est pas là : « part.p12 »"),
        ({"SEAL_CHAIN": ""}, "demande aussi CAPRSE_SEAL_CHAIN"),
        ({"SEAL_ROOTS": "/nulle/part.pem"}, "« part.pem » ne se lisent pas"),
        ({"PRODUCTION": True}, "Un certificat de test ne scelle rien en production."),
        ({"PRODUCTION": True, "SEAL_KEY": ""}, "Aucune clé de cachet n’est configurée"),
    ],
)
def test_a_key_that_does_not_open_is_told_until_it_does(client, db, settings, own_key, changes, said):
    own_key(**changes)
    assert said in self_test.run()
    assert said in told(client)
    assert client.get(reverse("health")).status_code == 503
    settings.SEAL_KEY, settings.SEAL_ROOTS, settings.PRODUCTION = "", "", False
    self_test.again()
    assert told(client) == "ok"


def test_what_works_is_not_tried_again_all_day(client, db, own_key):
    self_test.again()  # before a first trial
    assert not Heartbeat.objects.filter(name=SEAL).exists()
    self_test.run()
    own_key(SEAL_PASSWORD="faux")
    self_test.again()
    assert told(client) == "ok"


def test_nothing_of_the_password_is_told(client, db, own_key, caplog):
    own_key(SEAL_PASSWORD="un secret tapé de travers")
    self_test.run()
    assert "tapé de travers" not in caplog.text + told(client)


def tried_with(monkeypatch, key):
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: key)
        return self_test.run()


def test_a_key_that_is_revoked(client, db, monkeypatch):
    assert "ne scelle pas" in tried_with(monkeypatch, keys.of_chain(sample_chain.make(seal_is_revoked=True)))
    assert "ne scelle pas" in told(client)


def until(days):
    """The key of a certificate that ends in so many days."""
    return keys.of_chain(sample_chain.make(seal_until=clock.real_now() + timedelta(days=days)))


def test_a_certificate_that_has_ended_seals_nothing(client, db, monkeypatch):
    assert "ne scelle pas" in tried_with(monkeypatch, until(-1))
    assert "ne scelle pas" in told(client)


@pytest.mark.parametrize(("days", "soon"), [(59, True), (61, False)])
def test_a_certificate_that_ends_within_sixty_days_is_told(client, db, monkeypatch, days, soon):
    key = until(days)
    monkeypatch.setattr(keys, "roots", lambda: key.roots)
    said = tried_with(monkeypatch, key)
    day = key.certificate.not_valid_after.strftime("%d/%m/%Y")
    assert said == (f"La clé scelle, mais son certificat finit le {day} : demandez le suivant." if soon else "")
    assert told(client) == (said or "ok")


def test_an_authority_that_does_not_answer(client, db, monkeypatch):
    key = keys.seal_key()
    silent = keys.SealKey(**{**vars(key), "authorities": (nobody(),)})
    assert tried_with(monkeypatch, silent) == "Le serveur d’horodatage ne répond pas."


def test_a_seal_that_the_published_roots_do_not_know(client, db, monkeypatch):
    assert "certificats racines" in tried_with(monkeypatch, keys.of_chain(sample_chain.make()))


@pytest.mark.long
def test_a_real_worker_tries_it_as_it_starts(worker, eventually):
    assert eventually(lambda: Heartbeat.objects.filter(name=SEAL, problem="").exists(), within=60)


@pytest.fixture
def wrong_password(monkeypatch, tmp_path):
    """The surroundings of a worker whose password is not that of its key."""
    given = in_files(sample_chain.make(), tmp_path) | {"SEAL_PASSWORD": "faux"}
    for name, value in given.items():
        monkeypatch.setenv(f"CAPRSE_{name}", value)


@pytest.mark.long
def test_a_real_worker_with_a_wrong_password_says_so(wrong_password, worker, eventually, client):
    assert eventually(lambda: Heartbeat.objects.filter(name=SEAL).exists(), within=60)
    assert told(client) == "La clé de cachet ne s’ouvre pas : mot de passe faux, ou fichier abîmé."
    assert "faux, ou fichier abîmé" in worker.log.read_text()


def test_the_timetable_asks_for_all_that_time_does_to_conventions():
    celery_app.loader.import_default_modules()
    asked = {entry["task"]: entry["schedule"] for entry in celery_app.conf.beat_schedule.values()}
    ours = (tasks.pass_days, tasks.resume_unfinished, tasks.stamp_signatures, tasks.keep_in_line, tasks.watch_over)
    assert {task.name for task in (*ours, tasks.test_seal_again)} <= set(asked)
    assert asked[tasks.resume_unfinished.name] <= 600
    assert asked[tasks.test_seal_again.name] == 600
    assert len(asked[tasks.watch_over.name].hour) == len(asked[tasks.watch_over.name].minute) == 1
    assert set(asked) <= set(celery_app.tasks)
