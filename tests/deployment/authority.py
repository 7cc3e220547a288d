"""An authority of certificates as production has one: its lists are fetched from the network, its timestamps asked of it."""

import datetime
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from caprse.base.sealing.sample_chain import USAGES, Chain, Holder
from tests.harness.seal_key import in_files

DER = serialization.Encoding.DER
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
        key = asn1_keys.PrivateKeyInfo.load(
            self.stamps.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        self.stamper = DummyTimeStamper(
            asn1(self.stamps), key, certs_to_embed=SimpleCertificateStore.from_certs([asn1(self.root)])
        )

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


def asn1(holder):
    return asn1_x509.Certificate.load(holder.certificate.public_bytes(DER))


@contextmanager
def authority():
    """An authority that answers on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer("application/pkix-crl", made.revoked())

        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer("application/timestamp-reply", made.stamper.request_tsa_response(asked).dump())

        def _answer(self, kind, content):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Authority(f"http://127.0.0.1:{running.server_port}")
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        running.shutdown()
        running.server_close()
