"""The chain of each convention, read again whole: links, timestamps, and what stands beside them in the database.

The chain names the fingerprints of what was frozen and of each proof; a row changed in SQL no longer matches.
"""

from dataclasses import dataclass

from caprse.base.sealing import keys, stamps
from conventions.documents import canonical_sha256, sha256
from conventions.enums import DocumentKind, TrailKind
from conventions.models import FrozenDocument, SensitiveValue, Signature, TrailEntry, TrailStamp
from conventions.services import trail


@dataclass(frozen=True)
class Problem:
    """The first thing that does not hold: in which convention, at which rank of its chain, and what."""

    reference: str
    convention: str
    rank: int
    code: str
    said: str


@dataclass(frozen=True)
class Checked:
    """A convention whose chain was read: how long it is, how many links are stamped, what is wrong if anything is."""

    reference: str
    convention: str
    links: int
    stamps: int
    problem: Problem | None = None


def check(convention) -> Checked:
    """Read everything of one convention, in a constant number of queries."""
    entries, given = _read(convention)
    problem = next(iter(_in_order(convention, entries, given)), None)
    return Checked(convention.reference, convention.public_id, len(entries), len(given), problem)


def problems(convention) -> list[Problem]:
    """All that does not hold in one convention, by rank."""
    return _in_order(convention, *_read(convention))


def _read(convention):
    given = TrailStamp.objects.filter(entry__convention=convention).select_related("entry").order_by("entry__seq")
    return list(TrailEntry.objects.filter(convention=convention).order_by("seq")), list(given)


def _in_order(convention, entries, given):
    found = sorted(_problems(convention, entries, given), key=lambda one: one[0])
    return [Problem(convention.reference, convention.public_id, *one) for one in found]


def _problems(convention, entries, given):
    """(rank, code, what is said of it)."""
    broken = trail.verify(convention)
    if broken:
        yield broken.seq, "link", "le maillon ne correspond plus à son empreinte, ou ne suit pas le précédent"
    yield from _unstamped(given)
    yield from _documents(convention, entries)
    yield from _signatures(convention, entries)
    yield from _values(convention)


def _unstamped(given):
    roots = keys.roots() if given else ()
    for row in given:
        try:
            told = stamps.checked(bytes(row.token), bytes.fromhex(row.entry.digest), roots)
        except (stamps.BadStamp, ValueError):
            told = None
        if told is None or told.at != row.given_at:
            yield row.entry.seq, "stamp", "l’horodatage du maillon ne tient pas"


def _documents(convention, entries):
    """The frozen bytes are those whose fingerprint the chain holds."""
    kept = {name: _seqs(entries, name) for name in ("pdf_sha256", "html_sha256")}
    for document in FrozenDocument.objects.filter(convention=convention).order_by("pk"):
        for name, content in (("pdf_sha256", bytes(document.pdf)), ("html_sha256", document.html)):
            told, rank = getattr(document, name), kept[name].get(getattr(document, name))
            # The chain names the page of the text to sign, and the bytes of every document.
            if sha256(content) != told or (rank is None and name == "pdf_sha256"):
                yield rank or len(entries) + 1, "document", f"le document « {document.get_kind_display()} » a changé"


def _signatures(convention, entries):
    """Each signature names the frozen text and has its link, and its proof is the one that was linked."""
    frozen = FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.ORIGINAL)
    text = frozen.values_list("pdf_sha256", flat=True).first()
    ranks = _seqs([entry for entry in entries if entry.kind == TrailKind.SIGNED], "evidence_sha256")
    rows = Signature.objects.filter(party__convention=convention).order_by("pk")
    for signature in rows.only("document_sha256", "evidence", "evidence_sha256", "consent", "party"):
        proof, rank = signature.evidence, ranks.pop(signature.evidence_sha256, None)
        named = signature.document_sha256 == text and proof.get("consent_sha256", "") in ("", sha256(signature.consent))
        if rank is None or not named or canonical_sha256(proof) != signature.evidence_sha256:
            yield (
                rank or len(entries) + 1,
                "signature",
                "la preuve d’une signature a changé, ou n’est plus dans la chaîne",
            )
    for rank in ranks.values():
        yield rank, "signature", "la signature de ce maillon n’est plus là"


def _values(convention):
    """What stands apart is what the chain committed to, where it was not erased."""
    for row in SensitiveValue.objects.filter(entry__convention=convention).select_related("entry").order_by("pk"):
        if row.entry.data.get(f"{row.name}_commitment") != sha256(row.salt + row.value):
            yield row.entry.seq, "value", "une valeur gardée à part a changé"


def _seqs(entries, name):
    """{what the entries say under this name: rank of the first that does}."""
    return {entry.data[name]: entry.seq for entry in reversed(entries) if name in entry.data}
