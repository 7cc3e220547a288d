"""The seal of the platform: complete or none, read offline, and nothing of a changed file goes through."""

import datetime
import io
from dataclasses import replace

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from caprse.base.pdf import render_pdf
from caprse.base.sealing import checks, sample_chain, seals
from caprse.base.sealing.keys import of_chain
from caprse.base.sealing.stamps import StampUnavailable

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body><h1>Convention</h1>
<p>Le texte que chacun·e a lu.</p></body></html>"""


@pytest.fixture(scope="module")
def chain():
    return sample_chain.make()


@pytest.fixture(scope="module")
def document():
    return render_pdf(PAGE, base_css=None)


@pytest.fixture(scope="module")
def sealed(chain, document):
    return seals.seal(document, key=of_chain(chain), reason="Texte arrêté")


def said(content, chain, **more):
    """The codes of what does not hold."""
    expected = {"roots": of_chain(chain).roots, "fingerprints": {of_chain(chain).fingerprint}, **more}
    return [one.code for one in checks.findings(content, **expected) if not one.holds]


def test_a_seal_holds_from_the_file_and_its_root_alone(sealed, chain):
    assert said(sealed, chain) == []
    assert said(sealed, chain, fingerprints=None) == []


def test_the_pages_stay_as_they_were(sealed, document):
    with pikepdf.open(io.BytesIO(sealed)) as after, pikepdf.open(io.BytesIO(document)) as before:
        assert len(after.pages) == len(before.pages)
        assert after.pages[0].Contents.read_bytes() == before.pages[0].Contents.read_bytes()
    assert sealed.startswith(document)


def test_another_root_knows_nothing_of_it(sealed):
    assert said(sealed, sample_chain.make(), fingerprints=None)


def flipped(content, needle, shift=0):
    place = content.index(needle) + shift
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def saved_again(content):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out)
    return out.getvalue()


def cut_to_revision(content, rank):
    """The file as it was after its revision of this rank."""
    places, start = [], 0
    while (found := content.find(END, start)) >= 0:
        places.append(found + len(END))
        start = found + 1
    return content[: places[rank]] + b"\n"


END = b"%%EOF"
TAMPERED = {
    "one bit of the page": lambda content, document: flipped(content, b"stream\n", 20),
    "one bit of the seal": lambda content, document: flipped(content, b"/Contents <", 400),
    "bytes after the end": lambda content, document: content + b"\n% de plus\n",
    "saved again": lambda content, document: saved_again(content),
    "cut back before the seal": lambda content, document: document,
    "cut back to the seal alone": lambda content, document: cut_to_revision(content, 1),
    "truncated": lambda content, document: content[: len(content) // 2],
    "not a pdf": lambda content, document: b"Bonjour",
    "nothing": lambda content, document: b"",
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_a_changed_file_is_refused(sealed, document, chain, change):
    assert said(change(sealed, document), chain)


def test_the_seal_of_somebody_else_of_the_same_authority_is_not_ours(sealed, chain):
    assert said(sealed, chain, fingerprints={"0" * 64}) == ["our_seal"]


def test_a_sealed_file_is_not_sealed_again(sealed, chain):
    with pytest.raises(seals.SealRefused):
        seals.seal(sealed, key=of_chain(chain), reason="Encore")


def test_a_revoked_key_seals_nothing(document):
    with pytest.raises(seals.SealRefused):
        seals.seal(document, key=of_chain(sample_chain.make(seal_is_revoked=True)), reason="Trop tard")


def test_an_expired_key_seals_nothing(document):
    past = sample_chain.make(seal_until=datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC))
    with pytest.raises(seals.SealRefused):
        seals.seal(document, key=of_chain(past), reason="Trop tard")


def elsewhere(url):
    """A chain whose certificate sends to this address for the lists of what is revoked."""
    chain = sample_chain.make()
    certificate, issuer = chain.seal.certificate, chain.authority
    builder = x509.CertificateBuilder(
        issuer_name=certificate.issuer,
        subject_name=certificate.subject,
        public_key=certificate.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=certificate.not_valid_before_utc,
        not_valid_after=certificate.not_valid_after_utc,
    )
    for extension in certificate.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return replace(chain, seal=replace(chain.seal, certificate=builder.sign(issuer.key, hashes.SHA256())))


def without_lists(key):
    return replace(key, revoked=())


def without_intermediate(key):
    signer = SimpleSigner(
        signing_cert=key.signer.signing_cert, signing_key=key.signer.signing_key, cert_registry=SimpleCertificateStore()
    )
    return replace(key, others=(), signer=signer)


def only_the_list_of_the_root(key):
    return replace(key, revoked=key.revoked[:1])


@pytest.mark.parametrize("lacking", [without_lists, without_intermediate, only_the_list_of_the_root])
def test_with_something_missing_nothing_is_sealed_at_a_lower_level(document, chain, lacking):
    with pytest.raises(seals.SealRefused):
        seals.seal(document, key=lacking(of_chain(chain)), reason="Texte arrêté")


def test_lists_that_nobody_answers_for_seal_nothing(document):
    key = without_lists(of_chain(elsewhere("http://127.0.0.1:9/list.crl")))
    with pytest.raises((seals.SealRefused, StampUnavailable)):
        seals.seal(document, key=key, reason="Texte arrêté")
