"""A chain of certificates for demonstrations and tests: root, authority, seal, timestamps, and what they revoke.

Every name in it begins with TEST; `caprse.base.sealing.keys` refuses it in production.
"""

import datetime
import os
import tempfile
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MARK = "TEST"
OWNER = f"{MARK} CAP RSE, sans valeur"
FIRST_DAY = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
LAST_DAY = datetime.datetime(2060, 1, 1, tzinfo=datetime.UTC)
USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: object = field(repr=False)

    @property
    def der(self):
        """Both as the sealing library takes them."""
        key = self.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return as_asn1(self.certificate), asn1_keys.PrivateKeyInfo.load(key)


@dataclass(frozen=True)
class Chain:
    """The whole chain. `revoked`: the lists that both authorities publish."""

    root: Holder
    authority: Holder
    seal: Holder
    stamps: Holder
    revoked: tuple


def as_asn1(certificate):
    """A certificate as the sealing library takes it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(DER))


def make(first_day=FIRST_DAY, last_day=LAST_DAY, *, seal_until=None, seal_is_revoked=False):
    """A new chain. `seal_until`: the last day of the seal's certificate; `seal_is_revoked`: its authority took it back."""
    days = (first_day, last_day)
    root = _holder("racine", None, days, ca=True)
    authority = _holder("autorité", root, days, ca=True, path_length=0)
    seal = _holder("cachet de la plateforme", authority, (first_day, seal_until or last_day))
    # The library's own timestamp authority signs with RSA alone.
    stamps = _holder("horodatage", authority, days, stamps=True, key=rsa.generate_private_key(65537, 2048))
    taken_back = [seal.certificate] if seal_is_revoked else []
    return Chain(root, authority, seal, stamps, (_revoked(root, days, []), _revoked(authority, days, taken_back)))


def later(chain, *, lists, stamps_until=LAST_DAY):
    """The same authorities another day: their lists of that time (first day, next one), a new certificate for timestamps."""
    days = (FIRST_DAY, stamps_until)
    stamps = _holder("horodatage", chain.authority, days, stamps=True, key=rsa.generate_private_key(65537, 2048))
    revoked = (_revoked(chain.root, lists, []), _revoked(chain.authority, lists, []))
    return replace(chain, stamps=stamps, revoked=revoked)


def _holder(name, issuer, days, *, ca=False, path_length=None, stamps=False, key=None):
    key = key or ec.generate_private_key(ec.SECP256R1())
    by_key = issuer.key if issuer else key
    subject = _name(name)
    usages = (
        ("key_cert_sign", "crl_sign") if ca else ("digital_signature",) + (() if stamps else ("content_commitment",))
    )
    builder = (
        x509.CertificateBuilder(
            subject_name=subject,
            issuer_name=issuer.certificate.subject if issuer else subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=days[0],
            not_valid_after=days[1],
        )
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Holder(builder.sign(by_key, hashes.SHA256()), key)


def _name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, OWNER),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{MARK} {common}"),
        ]
    )


def _revoked(issuer, days, certificates):
    builder = (
        x509.CertificateRevocationListBuilder(
            issuer_name=issuer.certificate.subject, last_update=days[0], next_update=days[1]
        )
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for certificate in certificates:
        entry = x509.RevokedCertificateBuilder(serial_number=certificate.serial_number, revocation_date=days[0])
        builder = builder.add_revoked_certificate(entry.build())
    return asn1_crl.CertificateList.load(builder.sign(issuer.key, hashes.SHA256()).public_bytes(DER))


# --- Kept from a start to the next ----------------------------------------------------------------------------------


def kept_in(folder: Path) -> Chain:
    """The chain of this folder, made the first time: what was sealed yesterday is verified today."""
    file = folder / "test-chain.pem"
    if not file.exists():
        _write(file, make())
    return _read(file.read_bytes())


def _write(file, chain):
    """Whole or not at all, by whichever process comes first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as handle:
        for holder in (chain.root, chain.authority, chain.seal, chain.stamps):
            handle.write(holder.certificate.public_bytes(serialization.Encoding.PEM))
            handle.write(
                holder.key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
    try:
        os.link(handle.name, file)
    except FileExistsError:
        pass  # another process made one: that one is the chain
    finally:
        os.unlink(handle.name)


@lru_cache(maxsize=4)  # a key is checked each time it is read, which takes longer than a signature
def _read(content):
    end = b"-----END PRIVATE KEY-----\n"
    holders = [
        Holder(x509.load_pem_x509_certificate(part), serialization.load_pem_private_key(_key_of(part) + end, None))
        for part in content.split(end)
        if part
    ]
    root, authority, seal, stamps = holders
    days = (FIRST_DAY, LAST_DAY)
    return Chain(root, authority, seal, stamps, (_revoked(root, days, []), _revoked(authority, days, [])))


def _key_of(part):
    return part[part.index(b"-----BEGIN PRIVATE KEY-----") :]
