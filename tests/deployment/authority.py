"""An authority of certificates as production has one: its lists are fetched from the network, its timestamps asked of it."""

import datetime
from contextlib import contextmanager
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from caprse.base.sealing.sample_chain import DER, USAGES, Chain, Holder, as_asn1
from tests.harness.seal_key import in_files
from tests.harness.timestamps import REPLY
from tests.harness.web import answering

NOW = datetime.datetime.now(datetime.UTC)  # noqa: TID251  certificates live in real time
DAY = datetime.timedelta(days=1)


class Authority:
    """Root, seal and timestamps; nothing in them says TEST. `address` publishes the list of revoked certificates."""

    def __init__(self, address):
        self.address = address
        self.root = self._holder("Racine inventée", None)
        self.seal = self._holder("Cachet de l’association inventée", self.root)
        self.stamps = self._holder("Horodatage inventé", self.root, stamps=True)
        self.chain = Chain(self.root, self.root, self.seal, self.stamps, ())
        roots = SimpleCertificateStore.from_certs([as_asn1(self.root.certificate)])
        self.stamper = DummyTimeStamper(*self.stamps.der, certs_to_embed=roots)

    def _holder(self, name, issuer, *, stamps=False):
        key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Association"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        usages = ("digital_signature", "content_commitment") if issuer else ("key_cert_sign", "crl_sign")
        by = issuer.key if issuer else key
        builder = x509.CertificateBuilder(
            issuer.certificate.subject if issuer else subject,
            subject,
            key.public_key(),
            x509.random_serial_number(),
            NOW - DAY,
            NOW + 700 * DAY,
        )
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
            .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
        )
        if issuer:
            place = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(f"{self.address}/liste.crl")], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return Holder(builder.sign(by, hashes.SHA256()), key)

    def revoked(self):
        """Its list, of a week."""
        builder = x509.CertificateRevocationListBuilder(self.root.certificate.subject, NOW - DAY, NOW + 6 * DAY)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key()), critical=False
        )
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(DER)

    def environment(self, folder: Path):
        """The key in files, and the variables that name them."""
        given = in_files(self.chain, folder, timestamps=f"{self.address}/horodatage")
        return {f"CAPRSE_{name}": value for name, value in given.items()}


@contextmanager
def authority():
    """An authority that answers on this machine."""

    def answer(method, body):
        if method == "GET":
            return "application/pkix-crl", made.revoked()
        return REPLY, made.stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()

    with answering(answer) as address:
        made = Authority(address)
        yield made
