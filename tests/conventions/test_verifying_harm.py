"""Files made to harm who verifies them: bombs, endless ones, and those that ask for something elsewhere."""

import contextlib
import datetime
import io
import socket
import threading
import zlib

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from caprse.base.pdf import render_pdf
from caprse.base.sealing import sample_chain
from conventions.verifying import Verdict, trial, verify
from tests.conventions.sealed_files import PAGE, TEXT, Workshop

ALTERED, INCOMPLETE, FOREIGN = Verdict.ALTERED, Verdict.INCOMPLETE, Verdict.FOREIGN
UNSEALED, UNREADABLE = Verdict.UNSEALED, Verdict.UNREADABLE


@pytest.fixture(scope="module")
def workshop():
    return Workshop()


@pytest.fixture(scope="module")
def final(workshop):
    return workshop.final()


@pytest.fixture(scope="module")
def seen(workshop):
    """`seen(content)`: what the verifier answers, told to trust this workshop."""
    return lambda content, **other: verify(content, **{**workshop.expected, **other})


def bomb(size):
    """A PDF of some kilobytes whose only page unpacks to this many bytes."""
    data = zlib.compress(b"\x00" * size, 9)
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = pikepdf.Stream(pdf, data, Filter=pikepdf.Name.FlateDecode)
        pdf.Root.Metadata = pdf.make_indirect(stream)
        pdf.pages[0].Contents = pdf.make_indirect(pikepdf.Stream(pdf, data, Filter=pikepdf.Name.FlateDecode))
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def test_a_bomb_is_stopped(workshop):
    told = trial.examine(workshop.sealed(bomb(1_500_000_000)), **workshop.expected)
    assert not told.holds
    assert told.reason


def test_what_takes_too_much_memory_ends_its_process_not_ours(workshop, final, monkeypatch):
    """The limits are those of the process: given none to live with, it answers like any file that asks too much."""
    monkeypatch.setattr(trial, "WALL_SECONDS", 0.01)
    told = trial.examine(final, **workshop.expected)
    assert told.verdict == UNREADABLE
    assert "temps" in told.reason


@contextlib.contextmanager
def listening():
    """A socket on this machine; whoever connects is counted."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    seen, stop = [], threading.Event()

    def wait():
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = server.accept()
                seen.append(connection.recv(100))
                connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
    finally:
        stop.set()
        thread.join()
        server.close()


def hostile_chain(url):
    """A chain whose certificates send whoever checks them to this address: for their issuer, their status, their list."""
    chain = sample_chain.make()
    certificate, authority = chain.seal.certificate, chain.authority
    builder = x509.CertificateBuilder(
        issuer_name=certificate.issuer,
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST ailleurs")]),
        public_key=certificate.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        not_valid_after=datetime.datetime(2060, 1, 1, tzinfo=datetime.UTC),
    )
    for extension in certificate.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    at = x509.UniformResourceIdentifier
    described = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, at(f"{url}/ocsp")),
        x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, at(f"{url}/issuer.cer")),
    ]
    point = x509.DistributionPoint([at(f"{url}/list.crl")], None, None, None)
    builder = builder.add_extension(x509.AuthorityInformationAccess(described), critical=False)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    holder = sample_chain.Holder(builder.sign(authority.key, hashes.SHA256()), chain.seal.key)
    return sample_chain.Chain(chain.root, authority, holder, chain.stamps, chain.revoked)


def test_nothing_is_ever_fetched(workshop):
    with listening() as (url, connections):
        stranger = Workshop(hostile_chain(url))
        content = stranger.final()
        # Sealed elsewhere with less: what is missing has to be fetched, or refused.
        bare = io.BytesIO()
        signer = PdfSigner(PdfSignatureMetadata(field_name="Nu"), signer=stranger.key.signer)
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(render_pdf(PAGE.format(TEXT), base_css=None))), output=bare)
        made = len(connections)
        for judge in (verify, trial.examine):
            assert judge(content, **stranger.expected).holds
            for one in (content, bare.getvalue()):
                assert not judge(one, **workshop.expected).holds
                assert not judge(one, roots=workshop.key.roots).holds
            assert not judge(bare.getvalue(), **stranger.expected).holds
        assert len(connections) == made == 0
