"""PDF/A-3a and PDF/UA-1 in one file, before and after the seal."""

import io

import pikepdf
import pytest
from django.template.loader import render_to_string

from caprse.base import archive
from caprse.base.pdf import render_pdf
from caprse.base.sealing import sample_chain, seals
from caprse.base.sealing.keys import of_chain


@pytest.fixture(scope="module")
def document():
    html = render_to_string("pdf/base.html", {"title": "Convention", "context": "Convention n° 1"})
    return archive.with_both_claims(render_pdf(html, variant=archive.VARIANT))


def test_both_claims_stand_in_one_file(document):
    assert archive.problems(document) == []


def test_the_seal_keeps_them(document):
    sealed = seals.seal(document, key=of_chain(sample_chain.make()), reason="Texte arrêté")
    assert archive.problems(sealed) == []


def test_a_plain_document_lacks_one_claim():
    html = render_to_string("pdf/base.html", {"title": "Convention"})
    assert "metadata: pdfaid:part 3" in archive.problems(render_pdf(html))


def broken(document, change):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/Lang", "a language"),
        ("/OutputIntents", "an output intent with its profile"),
        ("/StructTreeRoot", "a tree of structure"),
        ("/MarkInfo", "marked content"),
        ("/ViewerPreferences", "the title shown"),
    ],
)
def test_what_is_taken_off_is_said(document, name, said):
    assert said in archive.problems(broken(document, lambda pdf: pdf.Root.__delitem__(name)))
