"""Signed conventions in small, made without the database: two pages signed by two parties, sealed by a chain of test."""

import hashlib
import io
import json
from dataclasses import dataclass, field

import pikepdf
import rfc8785

from caprse.base.pdf import render_pdf
from caprse.base.sealing import sample_chain, seals
from caprse.base.sealing.keys import of_chain
from conventions.verifying.artefact import EVIDENCE_FILE, ORIGINAL_FILE

TEXT = """<section><h1>Convention</h1><p>Le texte que chacun·e a lu, mot pour mot.</p></section>
<section style="break-before: page"><p>Sa seconde page.</p></section>"""
CLOSING = '<section style="break-before: page"><h2>Les signatures</h2><p>Deux parties ont signé.</p></section>'
PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body>{}</body></html>'
CONSENT = "J’accepte au nom de {}."


def sha256(content):
    return hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()


def linked(convention, events):
    """The chain of these (kind, data)."""
    chain, previous = [], "0" * 64
    for seq, (kind, data) in enumerate(events, start=1):
        link = {"seq": seq, "at": "2025-02-01T09:00:00.000000Z", "kind": kind, "actor": "caprse", "data": data}
        link["previous"] = previous
        previous = link["digest"] = sha256(rfc8785.dumps({"convention": convention, **link}))
        chain.append(link)
    return chain


def proofs_of(original, parties=(("structure", "A"), ("region", "B"))):
    """The proofs that these parties signed this text."""
    signed = sha256(original)
    signatures = []
    for role, name in parties:
        consent = CONSENT.format(name)
        proof = {"convention": "abcdefghijkm", "pdf_sha256": signed, "party": name, "role": role}
        proof["consent_sha256"] = sha256(consent)
        signatures.append({"consent": consent, "evidence": proof, "sha256": sha256(rfc8785.dumps(proof))})
    ids = [name.lower() for _, name in parties]
    acts = [
        ("signed", {"party": party, "evidence_sha256": one["sha256"]})
        for party, one in zip(ids, signatures, strict=True)
    ]
    chain = linked(
        "abcdefghijkm",
        [("frozen", {"pdf_sha256": signed, "parties": ids}), ("sent", {}), *acts, ("completed", {})],
    )
    return {
        "convention": "abcdefghijkm",
        "reference": "2025-01",
        "original": {"pdf_sha256": signed, "html_sha256": "0" * 64},
        "completed_at": "2025-02-01T09:00:00.000000Z",
        "signatures": signatures,
        "chain": chain,
        "chain_head": chain[-1]["digest"],
    }


def with_files(content, files):
    """The PDF with these files attached."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for name, data in sorted(files.items()):
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@dataclass(frozen=True)
class Workshop:
    """Makes sealed documents under one chain of test."""

    chain: object = field(default_factory=sample_chain.make)

    @property
    def key(self):
        return of_chain(self.chain)

    @property
    def expected(self):
        """What the verifier is told to trust."""
        return {"roots": self.key.roots, "fingerprints": {self.key.fingerprint}}

    def sealed(self, content):
        return seals.seal(content, key=self.key, reason="Essai")

    def original(self, text=TEXT):
        """A text to sign, under its seal."""
        return self.sealed(render_pdf(PAGE.format(text), base_css=None))

    def built(self, original, proofs, text=TEXT):
        """The signed document before its seal."""
        pages = render_pdf(PAGE.format(text + CLOSING), base_css=None)
        return with_files(pages, {ORIGINAL_FILE: original, EVIDENCE_FILE: json.dumps(proofs).encode()})

    def final(self, change=lambda proofs: None, **parts):
        """The signed document; `change` is made to its proofs before the seal."""
        original = parts.get("original") or self.original()
        proofs = proofs_of(original)
        change(proofs)
        return self.sealed(self.built(original, proofs, parts.get("text", TEXT)))
