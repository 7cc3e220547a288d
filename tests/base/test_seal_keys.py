"""The key of the seal: found, opened, refused with a sentence; never a test chain in production."""

import pytest

from caprse.base.pdf import render_pdf
from caprse.base.sealing import checks, keys, sample_chain, seals
from caprse.base.sealing.keys import SealUnavailable
from tests.harness.seal_key import in_files

PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body><p>Le texte.</p></body></html>'


@pytest.fixture(scope="module")
def chain():
    return sample_chain.make()


@pytest.fixture
def own_key(chain, settings, tmp_path):
    """A key of one's own, as a server would have it."""
    for name, value in in_files(chain, tmp_path).items():
        setattr(settings, name, value)
    settings.TIMESTAMP_URLS = (settings.TIMESTAMP_URLS,)
    return tmp_path


def test_a_key_in_a_file_is_opened_with_its_authorities(own_key, chain):
    key = keys.seal_key()
    assert key.fingerprint == sample_chain.as_asn1(chain.seal.certificate).sha256.hex()
    assert [one.subject.human_friendly for one in key.roots] == [
        sample_chain.as_asn1(chain.root.certificate).subject.human_friendly
    ]
    assert not key.is_test
    assert [one.sha256 for one in keys.roots()] == [one.sha256 for one in key.roots]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SEAL_PASSWORD": "faux"}, "mot de passe faux"),
        ({"SEAL_PASSWORD": ""}, "mot de passe faux"),
        ({"SEAL_KEY": "/nulle/part.p12"}, "n’est pas là : « part.p12 »"),
        ({"SEAL_CHAIN": "/nulle/part.pem"}, "« part.pem » ne se lisent pas"),
        ({"SEAL_ROOTS": ""}, "demande aussi CAPRSE_SEAL_CHAIN"),
        ({"TIMESTAMP_URLS": ()}, "CAPRSE_TIMESTAMP_URLS"),
        ({"SEAL_KEY": "pkcs11:///nulle/part.so?token=a&label=b"}, "ne répond pas"),
        ({"SEAL_KEY": "pkcs11:///nulle/part.so"}, "ne répond pas"),
        ({"PRODUCTION": True}, "certificat de test"),
    ],
)
def test_a_key_that_does_not_work_says_why(own_key, settings, change, said):
    for name, value in change.items():
        setattr(settings, name, value)
    with pytest.raises(SealUnavailable, match=said):
        keys.seal_key()


@pytest.mark.parametrize(
    "content", [b"", b"Bonjour", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_certificates_that_do_not_read_are_said(own_key, settings, content):
    (own_key / "roots.pem").write_bytes(content)
    with pytest.raises(SealUnavailable, match="roots.pem"):
        keys.seal_key()


def test_without_a_key_production_seals_nothing(settings):
    settings.SEAL_KEY, settings.PRODUCTION = "", True
    with pytest.raises(SealUnavailable, match="CAPRSE_SEAL_KEY"):
        keys.seal_key()
    assert keys.roots() == ()


def test_a_chain_of_test_is_refused_in_production(settings, chain):
    settings.PRODUCTION = True
    with pytest.raises(SealUnavailable, match="test"):
        keys.of_chain(chain)


def test_the_chain_of_test_is_kept_from_a_start_to_the_next(settings, tmp_path):
    settings.CAPRSE_DATA, settings.SEAL_KEY = tmp_path, ""
    first, again = keys.seal_key(), keys.seal_key()
    assert first.fingerprint == again.fingerprint
    assert first.is_test
    sealed = seals.seal(render_pdf(PAGE, base_css=None), key=again, reason="Texte")
    assert checks.holds(sealed, roots=keys.roots(), fingerprints={first.fingerprint})
    assert (tmp_path / "seal" / "test-chain.pem").stat().st_mode & 0o077 == 0
