"""The structure tree of a PDF, without the elements that say nothing: one a line of text, in what WeasyPrint writes.

Readers, readers aloud and verifiers go through every element, and each costs room in the file.
"""

from pikepdf import Array, Dictionary, Name

SAYS_NOTHING = {"/Span", "/NonStruct"}
PLAIN = {"/Type", "/S", "/P", "/Pg", "/K"}  # any other entry (a language, an identifier) says something
HOLD_TEXT = {"/P", "/TD", "/TH", "/LBody", "/Lbl", "/Caption", "/Link", "/Span", "/NonStruct"}
HOLD_TEXT |= {f"/H{level}" for level in range(1, 7)}


def lighten(pdf):
    """Give what such an element holds to the element around it. The order of what is read does not change."""
    root = pdf.Root.StructTreeRoot
    heirs = {}
    for element in root.K:
        _lighten(element, heirs)
    for place in list(root.ParentTree.Nums)[1::2]:
        if isinstance(place, Array):
            for rank, owner in enumerate(place):
                if owner.objgen in heirs:
                    place[rank] = _heir(owner, heirs)


def _heir(element, heirs):
    while element.objgen in heirs:
        element = heirs[element.objgen]
    return element


def _lighten(element, heirs):
    kids = []
    for kid in element.get(Name.K, []):
        if not _is_element(kid):
            kids.append(kid)
            continue
        _lighten(kid, heirs)
        if not _says_nothing(kid, element):
            kids.append(kid)
            continue
        heirs[kid.objgen] = element
        kids.extend(_handed_over(kid, element))
    if kids:
        element.K = Array(kids)


def _handed_over(kid, element):
    """What a kid holds, as the element around it says it: a bare number is of content on the element's own page."""
    for one in kid.get(Name.K, []):
        if _is_element(one):
            one.P = element
            yield one
            continue
        if Name.Pg not in element:
            element.Pg = kid.Pg
        elsewhere = element.Pg.objgen != kid.Pg.objgen
        if isinstance(one, int):
            yield Dictionary(Type=Name.MCR, Pg=kid.Pg, MCID=one) if elsewhere else one
            continue
        if elsewhere and Name.Pg not in one:
            one.Pg = kid.Pg
        yield one


def _says_nothing(kid, element):
    return str(kid.S) in SAYS_NOTHING and str(element.S) in HOLD_TEXT and set(kid.keys()) <= PLAIN


def _is_element(kid):
    return isinstance(kid, Dictionary) and Name.S in kid
