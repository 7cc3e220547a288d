"""A PDF that goes on with the pages of another: the first ones stay as they are, one document for who listens to it."""

import datetime
import io

import pikepdf
import pytest

from caprse.base import archive
from caprse.base.joining import joined
from caprse.base.pdf import Attached, render_pdf

PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body>{}</body></html>'
TABLE = '<table><thead><tr><th scope="col">Partie</th></tr></thead><tbody><tr><td>{}</td></tr></tbody></table>'
LINK = '<p><a href="https://example.org/{0}">{0}</a></p>'
TEXT = f"<h1>Convention</h1>{LINK.format('un')}{TABLE.format('A')}<section><h2>Fin</h2></section>"
CLOSING = f"<h2>Les signatures</h2>{TABLE.format('B')}{LINK.format('deux')}{LINK.format('trois')}"
AT = datetime.datetime(2025, 2, 1, tzinfo=datetime.UTC)
FILES = (Attached("a.txt", "Un", b"un", "Source", AT), Attached("b.json", "Deux", b"{}", "Data", AT))


@pytest.fixture(scope="module")
def text():
    return archive.with_both_claims(render_pdf(PAGE.format(TEXT), variant=archive.VARIANT))


@pytest.fixture(scope="module")
def closing():
    return render_pdf(PAGE.format(CLOSING), base_css=None, variant=archive.VARIANT, attachments=FILES)


@pytest.fixture(scope="module")
def whole(text, closing):
    return joined(text, closing)


def elements(element):
    """Every element of the tree of structure under this one."""
    if isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        for child in element.get("/K", []):
            yield from elements(child)


def test_the_first_pages_stay_to_the_byte_whatever_style_the_others_have(text, whole):
    with pikepdf.open(io.BytesIO(text)) as before, pikepdf.open(io.BytesIO(whole)) as after:
        assert len(after.pages) == len(before.pages) + 1
        for page, same in zip(before.pages, after.pages, strict=False):
            assert page.Contents.read_bytes() == same.Contents.read_bytes()
            assert str(page.Resources.keys()) == str(same.Resources.keys())


def test_it_is_an_archive_that_screen_readers_read_sound_and_made_the_same_each_time(text, closing, whole):
    assert archive.problems(whole) == []
    assert joined(text, closing) == whole
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_no_line_of_text_is_an_element_of_its_own(whole):
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        found = [str(one.S) for one in elements(pdf.Root.StructTreeRoot.K[0])]
    assert found.count("/P") == found.count("/Link") == 3
    assert "/Span" not in found


def test_each_mark_and_each_link_is_found_in_the_tree_from_its_page(whole):
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        root = pdf.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        places = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        assert list(places) == sorted(places)
        tree = {one.objgen: one for one in elements(root.K[0])}
        pages = {page.obj.objgen for page in pdf.pages}
        assert {one.Pg.objgen for one in tree.values() if "/Pg" in one} == pages
        for page in pdf.pages:
            for mark, place in enumerate(places[int(page.obj.StructParents)]):
                assert place.Pg.objgen == page.obj.objgen
                assert mark in [int(one) for one in place.K if not isinstance(one, pikepdf.Dictionary)]
            for note in page.obj.get("/Annots", []):
                (told,) = (one for one in places[int(note.StructParent)].K if isinstance(one, pikepdf.Dictionary))
                assert told.Obj.objgen == note.objgen
        headers = {str(one.ID) for one in tree.values() if "/ID" in one}
        cells = [str(name) for one in tree.values() if "/A" in one for name in one.A.get("/Headers", [])]
        assert len(headers) == len(cells) == 2
        assert set(cells) == headers


def test_headings_follow_one_another_and_files_come_along(whole):
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        with pdf.open_outline() as outline:
            titles = [one.title for one in outline.root]
        assert titles == ["Convention", "Les signatures"]
        assert {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()} == {
            "a.txt": b"un",
            "b.json": b"{}",
        }
        assert [str(one.AFRelationship) for one in pdf.Root.AF] == ["/Source", "/Data"]
