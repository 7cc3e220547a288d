"""A PDF that archives keep and that screen readers read: PDF/A-3a and PDF/UA-1, claimed by one and the same file.

WeasyPrint writes one claim; the other is merged into the same metadata, which is all that validators read.
"""

import io

import pikepdf
from lxml import etree
from pikepdf import Name

from caprse.base import tagging

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
VARIANT = "pdf/a-3a"
HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
TAIL = b'\n<?xpacket end="r"?>'
# The claim, and the schema that PDF/A asks for before it is used. Source: ISO 14289-1, 5; ISO 19005-3, 6.6.2.3.
CLAIM = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document claims</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def with_both_claims(content: bytes) -> bytes:
    """A PDF/A-3a of WeasyPrint's, that claims PDF/UA-1 too; each file and each element once. Same bytes each time."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        packet = etree.fromstring(pdf.Root.Metadata.read_bytes())
        (description,) = packet.findall(f"{RDF}RDF")
        description.extend(list(etree.fromstring(CLAIM)))
        stream = pikepdf.Stream(pdf, HEAD + etree.tostring(packet, encoding="utf-8") + TAIL)
        stream.Type, stream.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = pdf.make_indirect(stream)
        if Name.AF in pdf.Root:
            pdf.Root.AF = pikepdf.Array({one.objgen: one for one in pdf.Root.AF}.values())
        tagging.lighten(pdf)
        return saved(pdf)


def saved(pdf) -> bytes:
    """The bytes of a document; the same document gives the same."""
    written = io.BytesIO()
    pdf.save(
        written,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return written.getvalue()


# --- What can be checked without a validator ------------------------------------------------------------------------


def problems(content: bytes) -> list[str]:
    """What keeps a PDF from being PDF/A-3a and PDF/UA-1, among what its structure shows; empty when nothing does."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        checks = (*_claims(pdf), *_document(pdf), *_fonts(pdf), *_annotations(pdf), *_files(pdf))
    return [said for holds, said in checks if not holds]


def _claims(pdf):
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes())
    text = {etree.QName(one).localname + ":" + (etree.QName(one).namespace or ""): one.text for one in packet.iter()}
    attributes = {name: value for one in packet.iter() for name, value in one.attrib.items()}
    told = {key: (text.get(f"{key[1]}:{key[0]}") or attributes.get(f"{{{key[0]}}}{key[1]}")) for key in KEYS}
    yield len(packet.findall(f"{RDF}RDF")) == 1, "metadata: one rdf:RDF"
    yield told[AID, "part"] == "3", "metadata: pdfaid:part 3"
    yield told[AID, "conformance"] == "A", "metadata: pdfaid:conformance A"
    yield told[UAID, "part"] == "1", "metadata: pdfuaid:part 1"


AID, UAID = "http://www.aiim.org/pdfa/ns/id/", "http://www.aiim.org/pdfua/ns/id/"
KEYS = ((AID, "part"), (AID, "conformance"), (UAID, "part"))


def _document(pdf):
    root = pdf.Root
    intents = [one for one in root.get(Name.OutputIntents, []) if Name("/GTS_PDFA1") == one.S]
    yield any(Name.DestOutputProfile in one for one in intents), "an output intent with its profile"
    yield Name.ID in pdf.trailer, "an identifier"
    yield bool(str(root.get(Name.Lang, ""))), "a language"
    yield bool(root.get(Name.MarkInfo, {}).get(Name.Marked, False)), "marked content"
    yield Name.StructTreeRoot in root, "a tree of structure"
    yield bool(root.get(Name.ViewerPreferences, {}).get(Name.DisplayDocTitle, False)), "the title shown"
    yield not pdf.is_encrypted, "no encryption"
    yield Name.OpenAction not in root and Name.AA not in root, "no action"
    yield Name.JavaScript not in root.get(Name.Names, {}), "no script"
    yield not root.get(Name.AcroForm, {}).get(Name.NeedAppearances, False), "appearances"


def _fonts(pdf):
    for font in (one for one in pdf.objects if _is(one, "/Font") and Name.DescendantFonts in one):
        (child,) = font.DescendantFonts
        held = child.get(Name.FontDescriptor, {})
        yield any(name in held for name in (Name.FontFile2, Name.FontFile3)), f"font {font.BaseFont}: embedded"
        yield Name.ToUnicode in font, f"font {font.BaseFont}: readable"
    for font in (one for one in pdf.objects if _is(one, "/Font") and one.get(Name.Subtype) == Name.Type1):
        yield False, f"font {font.get(Name.BaseFont)}: not embedded"


def _annotations(pdf):
    for page in pdf.pages:
        yield page.obj.get(Name.Tabs) == Name.S or Name.Annots not in page.obj, "tab order"
        for note in page.obj.get(Name.Annots, []):
            empty = [float(value) for value in note.Rect]
            drawn = Name.AP in note or note.Subtype == Name.Link or empty[0] == empty[2] or empty[1] == empty[3]
            yield drawn, "an annotation without appearance"
            yield int(note.get(Name.F, 0)) & 4 == 4, "an annotation that does not print"


def _files(pdf):
    listed = [one.objgen for one in pdf.Root.get(Name.AF, [])]
    names = list(pdf.attachments)
    yield len(listed) == len(set(listed)) == len(names), "each attached file listed once"
    yield names == sorted(names), "attached files by name"
    for file in pdf.Root.get(Name.AF, []):
        told = all(name in file for name in (Name.F, Name.UF, Name.AFRelationship))
        yield told and Name.Subtype in file.EF.F, f"attached file {file.get(Name.UF)}: described"


def _is(one, kind):
    return isinstance(one, pikepdf.Dictionary) and one.get(Name.Type) == Name(kind)
