"""The key of the seal on a card (PKCS#11), played by SoftHSM: it never leaves it, and a wrong code does not lock it."""

import os
import shutil
import subprocess
from pathlib import Path

import pkcs11
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache
from pkcs11 import Attribute, CertificateType, ObjectClass

from caprse.base.sealing import keys, self_test
from caprse.base.sealing.keys import SealUnavailable
from tests.deployment.authority import authority

PLACES = (
    "/usr/lib/softhsm",
    "/usr/lib/x86_64-linux-gnu/softhsm",
    "/usr/lib/aarch64-linux-gnu/softhsm",
    "/usr/lib64/pkcs11",
)
FOUND = [place for place in (Path(place, "libsofthsm2.so") for place in PLACES) if place.exists()]
PIN, LABEL = "481516", "cachet"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (FOUND and shutil.which("softhsm2-util")), reason="apt-get install softhsm2"),
]


@pytest.fixture(scope="module")
def issuer():
    with authority() as made:
        yield made


@pytest.fixture(scope="module")
def card(issuer, tmp_path_factory):
    """The address of a card that holds the key of the seal and its certificate."""
    folder = tmp_path_factory.mktemp("card")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    key = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(issuer.seal.key.private_bytes(*key))
    for words in (
        f"--init-token --free --label caprse --pin {PIN} --so-pin 87654321",
        f"--import {folder / 'key.pem'} --token caprse --label {LABEL} --id 01 --pin {PIN}",
    ):
        subprocess.run(["softhsm2-util", *words.split()], check=True, capture_output=True)
    der = issuer.seal.certificate.public_bytes(serialization.Encoding.DER)
    told = x509.Certificate.load(der)
    with pkcs11.lib(str(FOUND[0])).get_token(token_label="caprse").open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: LABEL,
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: told.subject.dump(),
                Attribute.ISSUER: told.issuer.dump(),
                Attribute.SERIAL_NUMBER: told["tbs_certificate"]["serial_number"].dump(),
                Attribute.VALUE: der,
            }
        )
    return f"pkcs11://{FOUND[0]}?token=caprse&label={LABEL}"


@pytest.fixture
def with_card(card, issuer, settings, tmp_path):
    """`with_card(more)`: the settings of a worker that seals with it, in production."""
    cache.clear()
    keys.forget_cards()

    def given(more="&raw=1", **changes):
        named = issuer.environment(tmp_path) | {"CAPRSE_SEAL_KEY": card + more, "CAPRSE_SEAL_PASSWORD": PIN} | changes
        for name, value in named.items():
            setattr(settings, name.removeprefix("CAPRSE_"), value)
        settings.TIMESTAMP_URLS, settings.PRODUCTION = (settings.TIMESTAMP_URLS,), True

    yield given
    keys.forget_cards()


def test_it_seals_time_after_time_within_one_process(db, with_card, issuer):
    with_card()
    assert [self_test.run(), self_test.run()] == ["", ""]
    assert keys.seal_key().certificate.dump() == issuer.seal.certificate.public_bytes(serialization.Encoding.DER)


def test_a_card_that_cannot_sign_so_says_it(db, with_card):
    with_card(more="")
    assert self_test.run() == "La clé de cachet ne scelle pas : MechanismInvalid: "


def test_a_card_that_is_not_there_is_told(with_card):
    with_card(CAPRSE_SEAL_KEY=f"pkcs11://{FOUND[0]}?token=inconnue&label={LABEL}")
    with pytest.raises(SealUnavailable, match="ne répond pas"):
        keys.seal_key()


def test_a_wrong_code_is_tried_once_by_all_the_workers(with_card, monkeypatch):
    with_card(CAPRSE_SEAL_PASSWORD="000000")
    tries = []
    opened = keys.pkcs11.open_pkcs11_session
    monkeypatch.setattr(keys.pkcs11, "open_pkcs11_session", lambda *a, **k: tries.append(a) or opened(*a, **k))
    for _ in range(5):
        with pytest.raises(SealUnavailable, match="n’est plus essayé"):
            keys.seal_key()
    assert len(tries) == 1
    with_card()
    assert keys.seal_key().fingerprint
