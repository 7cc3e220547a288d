"""The key of the seal, found where the settings say: PKCS#12, PKCS#11, or the chain of test outside production.

Only the process that seals loads it. A key that does not work is told at once, by `self_test`.
"""

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from pkcs11.exceptions import PinIncorrect
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import pkcs11, signers
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from caprse.base import clock
from caprse.base.sealing import sample_chain
from caprse.base.sealing.stamps import SECONDS

PKCS11_SCHEME = "pkcs11"
PIN_REFUSED = (
    "La carte refuse ce code. Il n’est plus essayé, pour ne pas la bloquer : corrigez CAPRSE_SEAL_PASSWORD, redémarrez."
)


class SealUnavailable(RuntimeError):
    """This process has no key it may seal with; the message says, in French, what to put right."""


@dataclass(frozen=True)
class SealKey:
    """What a seal is made with. `roots`: the only certificates trusted, of the seal and of its timestamps.

    `revoked`: the lists at hand, for a chain that publishes nothing on the network.
    """

    signer: object = field(repr=False)
    roots: tuple
    others: tuple
    authorities: tuple = field(repr=False)
    revoked: tuple = field(default=(), repr=False)
    is_test: bool = False

    @property
    def certificate(self):
        return self.signer.signing_cert

    @property
    def fingerprint(self):
        """SHA-256 of its certificate."""
        return self.certificate.sha256.hex()

    @property
    def owner(self):
        """In whose name it seals, as its certificate says."""
        return self.certificate.subject.human_friendly

    def context(self):
        """How certificates are checked while sealing: nothing may be unknown or revoked, or no seal is made."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.others),
            crls=list(self.revoked),
            allow_fetching=not self.revoked,
            revocation_mode="hard-fail",
        )


def seal_key() -> SealKey:
    """The key the settings name. Raises `SealUnavailable`."""
    if settings.SEAL_KEY:
        return _own(settings.SEAL_KEY)
    if settings.PRODUCTION:
        raise SealUnavailable("Aucune clé de cachet n’est configurée : CAPRSE_SEAL_KEY est vide.")
    return of_chain(sample_chain.kept_in(Path(settings.CAPRSE_DATA) / "seal"))


def for_test() -> bool:
    """Whether what this site seals has no value: the chain of test, which production refuses. Needs no key."""
    return not settings.SEAL_KEY and not settings.PRODUCTION


def of_chain(chain) -> SealKey:
    """The key of a chain of test. Raises `SealUnavailable` in production."""
    if settings.PRODUCTION:
        raise SealUnavailable("Une chaîne de certificats de test ne scelle rien en production.")
    certificate, key = chain.seal.der
    stamps_certificate, stamps_key = chain.stamps.der
    root, authority = (sample_chain.as_asn1(holder.certificate) for holder in (chain.root, chain.authority))
    stamper = DummyTimeStamper(
        tsa_cert=stamps_certificate, tsa_key=stamps_key, certs_to_embed=_store([authority]), fixed_dt=clock.now()
    )
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=_store([root, authority]))
    return SealKey(signer, (root,), (authority,), (stamper,), chain.revoked, is_test=True)


def roots() -> tuple:
    """The certificates that are trusted to verify a seal: public, any process reads them."""
    if settings.SEAL_ROOTS:
        return certificates_in(Path(settings.SEAL_ROOTS))
    if settings.PRODUCTION:
        return ()
    return (sample_chain.as_asn1(sample_chain.kept_in(Path(settings.CAPRSE_DATA) / "seal").root.certificate),)


def certificates_in(path: Path) -> tuple:
    """The certificates of a file, PEM (several) or DER. Raises `SealUnavailable` when there is none to read."""
    try:
        content = path.read_bytes()
        if pem.detect(content):
            found = [asn1_x509.Certificate.load(der) for _, _, der in pem.unarmor(content, multiple=True)]
        else:
            found = [asn1_x509.Certificate.load(content, strict=True)]
        for certificate in found:
            certificate.subject.native  # noqa: B018  read whole, so that a broken one is said here
    except (OSError, ValueError, TypeError) as error:
        raise SealUnavailable(f"Les certificats de « {path.name} » ne se lisent pas : {error}.") from error
    return tuple(found)


def _own(address):
    if not (settings.SEAL_ROOTS and settings.SEAL_CHAIN and settings.TIMESTAMP_URLS):
        raise SealUnavailable(
            "Une clé de cachet demande aussi CAPRSE_SEAL_CHAIN, CAPRSE_SEAL_ROOTS et CAPRSE_TIMESTAMP_URLS."
        )
    others, trusted = certificates_in(Path(settings.SEAL_CHAIN)), certificates_in(Path(settings.SEAL_ROOTS))
    signer = _token(address, others) if urlsplit(address).scheme == PKCS11_SCHEME else _file(address, others)
    if settings.PRODUCTION and sample_chain.MARK in signer.signing_cert.subject.human_friendly:
        raise SealUnavailable("Un certificat de test ne scelle rien en production.")
    authorities = tuple(HTTPTimeStamper(url, timeout=SECONDS) for url in settings.TIMESTAMP_URLS)
    return SealKey(signer, trusted, others, authorities)


def _file(address, others):
    """The library answers None to a wrong password, and says nothing more."""
    path = Path(address)
    if not path.is_file():
        raise SealUnavailable(f"Le fichier de la clé de cachet n’est pas là : « {path.name} ».")
    password = settings.SEAL_PASSWORD.encode() if settings.SEAL_PASSWORD else None
    signer = signers.SimpleSigner.load_pkcs12(str(path), other_certs=list(others), passphrase=password)
    if signer is None:
        raise SealUnavailable("La clé de cachet ne s’ouvre pas : mot de passe faux, ou fichier abîmé.")
    return signer


def _token(address, others):
    """`pkcs11:///usr/lib/module.so?token=NAME&label=KEY`; the intermediate certificates travel in the seal."""
    if cache.get(_refused_pin(address)):
        raise SealUnavailable(PIN_REFUSED)
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    try:
        signer = pkcs11.PKCS11Signer(
            _session(parts.path, asked["token"]),
            cert_label=asked["label"],
            key_label=asked["label"],
            ca_chain=others,
            use_raw_mechanism=asked.get("raw") == "1",
        )
        signer.signing_cert  # noqa: B018  read from the card, so that one that was taken away is said here
    except PinIncorrect as error:
        cache.set(_refused_pin(address), True, timeout=None)
        raise SealUnavailable(PIN_REFUSED) from error
    except Exception as error:  # the module of a maker raises what it likes
        forget_cards()
        raise SealUnavailable(f"La carte ou le coffre de la clé ne répond pas : {type(error).__name__}.") from error
    return signer


def _refused_pin(address):
    """Where all the workers keep that a card refused a code: three such tries and it locks itself for good."""
    return "seal-pin:" + salted_hmac(address, settings.SEAL_PASSWORD).hexdigest()


_sessions = {}


def _session(module, token):
    """The one session of this process with a card: it refuses a second code, and forgets the first when it is closed."""
    asked = (os.getpid(), module, token, settings.SEAL_PASSWORD)
    if asked not in _sessions:
        _sessions[asked] = pkcs11.open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token), user_pin=settings.SEAL_PASSWORD
        )
    return _sessions[asked]


def forget_cards():
    """Close what was opened: a card that keeps a session open refuses the next one."""
    while _sessions:
        _, session = _sessions.popitem()
        with contextlib.suppress(Exception):  # the card may be gone
            session.close()


def _store(certificates):
    return SimpleCertificateStore.from_certs(certificates)
