"""The key is tried as a worker starts, and the health page says what was found."""

import pytest
from django.urls import reverse

from caprse.base.health import SEAL
from caprse.base.models import Heartbeat
from caprse.base.sealing import keys, sample_chain, self_test
from tests.harness.timestamps import nobody


def told(client):
    return client.get(reverse("health")).json()["seal"]


def test_a_key_that_seals_is_well(client, db):
    assert self_test.run() == ""
    assert told(client) == "ok"


def test_a_password_that_is_wrong(client, db, settings, tmp_path):
    (tmp_path / "seal.p12").write_bytes(b"abime")
    (tmp_path / "chain.pem").write_bytes(b"")
    settings.SEAL_KEY = str(tmp_path / "seal.p12")
    assert "CAPRSE_SEAL_CHAIN" in self_test.run()
    assert "CAPRSE_SEAL_CHAIN" in told(client)
    settings.SEAL_KEY = ""
    assert self_test.run() == ""
    assert told(client) == "ok"


def tried_with(monkeypatch, key):
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: key)
        return self_test.run()


def test_a_key_that_is_revoked(client, db, monkeypatch):
    assert "ne scelle pas" in tried_with(monkeypatch, keys.of_chain(sample_chain.make(seal_is_revoked=True)))
    assert "ne scelle pas" in told(client)


def test_an_authority_that_does_not_answer(client, db, monkeypatch):
    key = keys.seal_key()
    silent = keys.SealKey(**{**vars(key), "authorities": (nobody(),)})
    assert tried_with(monkeypatch, silent) == "Le serveur d’horodatage ne répond pas."


def test_a_seal_that_the_published_roots_do_not_know(client, db, monkeypatch):
    assert "certificats racines" in tried_with(monkeypatch, keys.of_chain(sample_chain.make()))


@pytest.mark.long
def test_a_real_worker_tries_it_as_it_starts(worker, eventually):
    assert eventually(lambda: Heartbeat.objects.filter(name=SEAL, problem="").exists(), within=60)
