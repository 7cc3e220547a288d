"""The structure tree is lighter, and reads the same: same order, same owner, on any page."""

import io

import pikepdf
import pytest
from pikepdf import Name

from caprse.base import tagging
from caprse.base.archive import VARIANT
from caprse.base.pdf import render_pdf

LONG = "Une phrase assez longue pour courir sur plusieurs lignes, puis sur plusieurs pages. " * 120
PAGE = f"""<!DOCTYPE html><html lang="fr"><head><title>Essai</title></head><body><h1>Titre <em>souligné</em></h1>
<p>Un mot, <strong>un mot <em>dans un mot</em></strong>, <a href="#fin">un lien</a>.</p>
<ul><li>Un</li><li>Deux <strong>gras</strong></li></ul>
<table><thead><tr><th scope="col">Nom</th></tr></thead><tbody><tr><td>Une <em>case</em></td></tr></tbody></table>
<p>{LONG}</p><p id="fin">Fin.</p></body></html>"""


@pytest.fixture(scope="module")
def heavy():
    return render_pdf(PAGE, variant=VARIANT)


def lightened(content):
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tagging.lighten(pdf)
        pdf.save(written)
    return written.getvalue()


def is_element(kid):
    return isinstance(kid, pikepdf.Dictionary) and Name.S in kid


def read(element):
    """(page, number of content, the first element around it that is not a mere wrapper), in the order of reading."""
    for kid in element.get(Name.K, []):
        if is_element(kid):
            assert kid.P.objgen == element.objgen
            yield from read(kid)
        elif isinstance(kid, int):
            yield element.Pg.objgen, kid, meaning(element)
        elif kid.get(Name.Type) == Name.MCR:
            yield kid.Pg.objgen, int(kid.MCID), meaning(element)


def meaning(element):
    while str(element.S) in tagging.SAYS_NOTHING and set(element.keys()) <= tagging.PLAIN:
        element = element.P
    return str(element.S)


def spoken(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = {page.obj.objgen: rank for rank, page in enumerate(pdf.pages)}
        return [(pages[page], number, said) for top in pdf.Root.StructTreeRoot.K for page, number, said in read(top)]


def elements(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(is_element(one) for one in pdf.objects)


def test_what_is_read_is_the_same_in_the_same_order_with_far_fewer_elements(heavy):
    light = lightened(heavy)
    assert spoken(light) == spoken(heavy)
    assert {page for page, _, _ in spoken(light)} >= {0, 1}
    assert elements(light) < elements(heavy) / 2


def test_what_says_something_stays(heavy):
    with pikepdf.open(io.BytesIO(heavy)) as pdf:
        span = next(one for one in pdf.objects if is_element(one) and Name.Span == one.S)
        span.Lang = pikepdf.String("en")
        tagging.lighten(pdf)
        inside = [kid for top in pdf.Root.StructTreeRoot.K for kid in every(top)]
    assert [str(one.Lang) for one in inside if Name.Lang in one] == ["en"]
    assert [str(one.S) for one in inside].count("/Link") == 1


def every(element):
    for kid in element.get(Name.K, []):
        if is_element(kid):
            yield kid
            yield from every(kid)


def test_each_content_of_a_page_has_an_owner_that_holds_it(heavy):
    with pikepdf.open(io.BytesIO(lightened(heavy))) as pdf:
        places = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        owners = dict(zip(map(int, places[::2]), places[1::2], strict=True))
        for page in pdf.pages:
            for number, owner in enumerate(owners[int(page.obj.StructParents)]):
                held = [(where, one) for where, one, _ in read_own(owner)]
                assert (page.obj.objgen, number) in held


def read_own(element):
    for kid in element.get(Name.K, []):
        if isinstance(kid, int):
            yield element.Pg.objgen, kid, element
        elif kid.get(Name.Type) == Name.MCR:
            yield kid.Pg.objgen, int(kid.MCID), element


def test_done_again_it_changes_nothing(heavy):
    once = lightened(heavy)
    assert elements(lightened(once)) == elements(once)
    assert spoken(lightened(once)) == spoken(once)
