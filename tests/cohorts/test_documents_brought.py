"""A PDF somebody brings is opened apart: neither programs, nor other files, nor a small file that fills the memory."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from cohorts.documents import NotAccepted, check_pdf
from tests.worlds_relays import blank_pdf


def changed(change, **saved):
    content = BytesIO()
    with pikepdf.open(BytesIO(blank_pdf(1))) as pdf:
        change(pdf)
        pdf.save(content, **saved)
    return content.getvalue()


def a_file_attached(pdf):
    pdf.attachments["comptes.xlsx"] = pikepdf.AttachedFileSpec(pdf, b"unmarked", filename="comptes.xlsx")


def a_program_at_opening(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def a_program_outside(pdf):
    action = Dictionary(S=Name.Launch, F="cmd.exe")
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


def a_page_that_unpacks_to(megabytes):
    def change(pdf):
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
        pdf.pages[0].Contents = Stream(pdf, b"")
        pdf.pages[0].Contents.write(packed, filter=Name.FlateDecode)

    return change


def a_link(pdf):
    action = Dictionary(S=Name.URI, URI="https://example.org")
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


@pytest.mark.parametrize("change", [a_file_attached, a_program_at_opening, a_program_outside])
def test_what_a_mark_would_not_reach_is_refused(change):
    with pytest.raises(NotAccepted, match="contient un programme, un formulaire animé ou un autre fichier"):
        check_pdf(changed(change))


def test_a_small_file_that_unpacks_to_more_than_a_server_holds_is_refused():
    content = changed(a_page_that_unpacks_to(900), compress_streams=False)
    assert len(content) < 1_000_000
    with pytest.raises(NotAccepted, match="trop lourd une fois ouvert"):
        check_pdf(content)


@pytest.mark.parametrize("change", [a_link, a_page_that_unpacks_to(20)])
def test_an_ordinary_document_is_taken(change):
    check_pdf(changed(change, compress_streams=False))
