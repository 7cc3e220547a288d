"""A PDF that goes on with the pages of another: what was there is not drawn again, and stays to the byte.

Both are WeasyPrint's, tagged: one document whose structure, outline and attached files are those of both.
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from caprse.base import tagging
from caprse.base.archive import saved


def joined(first: bytes, then: bytes) -> bytes:
    """The pages of `first`, then those of `then`, with the files that `then` carries. Same input, same bytes.

    Title, language, claims and output profile are those of `first`, which has no file attached.
    """
    with pikepdf.open(io.BytesIO(first)) as pdf, pikepdf.open(io.BytesIO(then)) as more:
        tagging.lighten(more)
        before = len(pdf.pages)
        pdf.pages.extend(more.pages)
        _join_structure(pdf, pdf.copy_foreign(more.Root.StructTreeRoot), list(pdf.pages)[before:])
        if Name.Outlines in more.Root:
            _join_outlines(pdf, pdf.copy_foreign(more.Root.Outlines))
        if Name.AF in more.Root:
            names = pdf.Root.get(Name.Names, Dictionary())
            names.EmbeddedFiles = pdf.copy_foreign(more.Root.Names.EmbeddedFiles)
            pdf.Root.Names = names
            pdf.Root.AF = Array({one.objgen: one for one in map(pdf.copy_foreign, more.Root.AF)}.values())
        return saved(pdf)


def _join_structure(pdf, tree, pages):
    """What a page or a link says of its place in the tree is a number: those of the new pages follow the others."""
    root = pdf.Root.StructTreeRoot
    places = root.ParentTree.Nums
    after = 1 + max(int(key) for key in list(places)[::2])
    for page in pages:
        for holder, name in ((page.obj, Name.StructParents), *((note, Name.StructParent) for note in _notes(page))):
            if name in holder:
                holder[name] = int(holder[name]) + after
    added = list(tree.ParentTree.Nums)
    for key, place in zip(added[::2], added[1::2], strict=True):
        places.extend([int(key) + after, place])
    (ours,), (theirs,) = root.K, tree.K
    for element in theirs.K:
        _rename(element, f"{after}-")
        element.P = ours
        ours.K.append(element)


def _notes(page):
    return page.obj.get(Name.Annots, [])


def _rename(element, prefix):
    """Cells name their headers by an identifier that the other pages may bear too."""
    if not isinstance(element, Dictionary):
        return
    if Name.ID in element:
        element.ID = String(prefix + str(element.ID))
    cell = element.get(Name.A, {})
    if Name.Headers in cell:
        cell.Headers = Array([String(prefix + str(one)) for one in cell.Headers])
    for child in element.get(Name.K, []):
        _rename(child, prefix)


def _join_outlines(pdf, theirs):
    """The headings of the new pages after the others."""
    if Name.Outlines not in pdf.Root:
        pdf.Root.Outlines = theirs
        return
    ours, one = pdf.Root.Outlines, theirs.First
    ours.Last.Next, one.Prev = one, ours.Last
    while True:
        one.Parent = ours
        if Name.Next not in one:
            break
        one = one.Next
    ours.Last = one
    ours.Count = int(ours.Count) + int(theirs.Count)
