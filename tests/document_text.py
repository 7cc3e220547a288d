"""Everything somebody could read in a document, whatever its format: pages, notes, properties, texts for the blind."""

import io
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pikepdf


def words_of(content, form):
    """All the texts of a file, as one text of plain spaces."""
    found = pdf_words(content) if form == "pdf" else package_words(content)
    return " ".join(found.split())


def pdf_words(content):
    """The pages as they are read, what describes the document, what is said of its pictures."""
    tool = shutil.which("pdftotext")
    assert tool, "pdftotext is missing: apt-get install poppler-utils (macOS: brew install poppler)"
    pages = subprocess.run([tool, "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    with pikepdf.open(io.BytesIO(content)) as document:
        said = [str(value) for value in document.docinfo.values()]
        with document.open_metadata() as metadata:
            said += [str(value) for value in metadata.values()]
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary):
                said += [str(item[key]) for key in ("/Alt", "/ActualText", "/E", "/Title") if key in item]
    return "\n".join([pages, *said])


def package_words(content):
    """Every text and every attribute of every part of an Office Open XML file, packages inside it included."""
    told = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            part = package.read(name)
            if name.endswith((".xml", ".rels")):
                told += _xml_words(part)
            elif part.startswith(b"PK"):
                told.append(package_words(part))
    return "\n".join(told)


def _xml_words(part):
    for element in ElementTree.fromstring(part).iter():
        # A paragraph of Word or of a slide is cut in runs: its words are read together.
        if re.search(r"}(p|si)$", str(element.tag)):
            yield "".join(text for text in element.itertext())
        yield from element.attrib.values()
        if element.text:
            yield element.text
