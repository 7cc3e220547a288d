"""The seal of the platform: complete or none, read offline, and nothing of a changed file goes through."""

import datetime
import io

import pikepdf
import pytest

from caprse.base.pdf import render_pdf
from caprse.base.sealing import checks, sample_chain, seals
from caprse.base.sealing.keys import of_chain

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
