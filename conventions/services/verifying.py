"""What this site answers to whoever wonders about a signed document: by its fingerprint, its code, or the file itself.

The register of fingerprints comes first, for only it sees every byte; the seal and the proofs come on request, read in
a process of their own. Nobody is named, and nothing is written.
"""

from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Count, Q

from caprse.base.sealing import keys
from caprse.base.text import NBSP, date_in_words, plural
from cohorts.enums import OrganisationKind
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import Convention, FrozenDocument, Party, SealedArtefact, SealRenewal, Signature, TrailEntry
from conventions.verifying import Verdict, trial
from conventions.verifying.evidence import sha256 as fingerprint_of

AT_ONCE, SLOT_SECONDS = 2, 30
OF_ROLE = {
    OrganisationKind.STRUCTURE: ("structure", "structures"),
    OrganisationKind.REGION: ("délégation régionale", "délégations régionales"),
    OrganisationKind.NATIONAL: ("tête de réseau nationale", "têtes de réseau nationales"),
    OrganisationKind.PARTNER: ("partenaire", "partenaires"),
}
UNSENT = (ConventionState.DRAFT, ConventionState.FREEZING, ConventionState.FROZEN)


class TooManyAtOnce(Exception):
    """Other files are being read: this one is to be sent again in a moment."""


class Status(StrEnum):
    """What is answered. The values are those of a `Verdict`, and what only the register knows."""

    SEALED = "sealed"
    SIGNED = "signed"  # all have signed, the seal is being put
    ORIGINAL = "original"
    UNSIGNED = "unsigned"
    OVER = "over"  # never signed by all, and never will be
    UNSEALED = "unsealed"
    INCOMPLETE = "incomplete"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


TITLES = {
    Status.SEALED: "Ce document est authentique : scellé et complet",
    Status.SIGNED: "Toutes les parties ont signé, le cachet n’est pas encore posé",
    Status.ORIGINAL: "C’est bien le texte à signer, pas le document signé",
    Status.UNSIGNED: "Toutes les parties n’ont pas encore signé",
    Status.OVER: "Ce texte n’a pas été signé par toutes les parties",
    Status.UNSEALED: "Ce document n’est pas scellé",
    Status.INCOMPLETE: "Ce document n’est pas complet",
    Status.ALTERED: "Ce document a été modifié",
    Status.FOREIGN: "Ce document ne vient pas de ce site",
    Status.UNKNOWN: "Ce document est inconnu ici",
    Status.UNREADABLE: "Ce fichier ne peut pas être vérifié",
}
# A code says nothing of the paper it is read on; a seal of test, nothing of anybody's commitment.
BY_CODE = "Un document signé et scellé porte ce code"
OF_TEST = "Ce document est scellé et complet, par un cachet de test"
CALM = (Status.SEALED, Status.SIGNED, Status.ORIGINAL, Status.UNSIGNED)
UNKNOWN_HASH = (
    "Aucun document de ce site n’a cette empreinte. Il vient d’ailleurs, ou il a été modifié, ne serait-ce que d’un "
    "caractère ou par un nouvel enregistrement."
)
NOT_KEPT = "Le cachet tient, mais ce fichier n’est pas exactement celui que ce site a gardé : il a été modifié après."
NOT_OURS = "Le cachet tient, mais ce site ne connaît pas cette convention."
OTHER_JOURNAL = "Le cachet tient, mais les preuves jointes ne sont pas celles que ce site a gardées."


class NothingTrusted(RuntimeError):
    """This site cannot read the certificates by which it knows a seal: no file can be said true, nor false."""


@dataclass(frozen=True)
class Facts:
    """What is told of a convention: no name, no address."""

    reference: str
    title: str
    parties: tuple
    signatures: int
    completed_at: object
    in_force_on: object
    sealed_at: object = None
    sealed_sha256: str = ""
    level: str = ""
    is_test: bool = False
    since: tuple = ()


@dataclass(frozen=True)
class Answer:
    """The verdict in words, with what it rests on."""

    status: Status
    reason: str
    sha256: str = ""
    facts: Facts | None = None
    verification: object = None

    @property
    def title(self):
        if self.holds and not self.sha256:
            return BY_CODE
        return OF_TEST if self.holds and self.is_test else TITLES[self.status]

    @property
    def holds(self):
        return self.status == Status.SEALED

    @property
    def tone(self):
        """How it is shown: sure, to be read, not to be trusted."""
        if self.holds and self.sha256 and not self.is_test:
            return "success"
        return "warning" if self.status in CALM else "error"

    @property
    def shows_hash(self):
        """Whether the fingerprint of what was asked about is told beside that of the sealed document."""
        return bool(self.sha256) and (self.facts is None or self.sha256 != self.facts.sealed_sha256)

    @property
    def icon(self):
        return {"success": "check-circle", "warning": "info", "error": "alert"}[self.tone]

    @property
    def is_test(self):
        return bool((self.facts and self.facts.is_test) or (self.verification and self.verification.is_test))


# --- Asked ------------------------------------------------------------------------------------------------------


def by_fingerprint(sha256: str) -> Answer:
    """What the register says of a fingerprint."""
    found = _kept(sha256)
    if found is None:
        return Answer(Status.UNKNOWN, UNKNOWN_HASH, sha256)
    convention, status, artefact = found
    return Answer(status, _reason(status, convention), sha256, facts_of(convention, artefact))


def by_code(code: str) -> Answer | None:
    """Where the convention of this public code stands; None when there is none, or it was not sent."""
    convention = _conventions().exclude(state__in=UNSENT).filter(public_id=code).first()
    if convention is None:
        return None
    artefact = _artefacts().filter(convention=convention, kind=DocumentKind.FINAL).exclude(sealed_at=None).first()
    status = _status_of(convention, artefact)
    number = f"n°{NBSP}{convention.reference}"
    signed = f"Toutes les parties ont signé le document {number}, et ce site l’a scellé."
    reason = signed if status == Status.SEALED else _reason(status, convention)
    return Answer(status, reason, facts=facts_of(convention, artefact))


def by_file(content: bytes) -> Answer:
    """The register, then every check of the file itself.

    A copy kept since before a renewal is one of ours, byte for byte: it is read with the timestamp it got since.
    Raises `NothingTrusted`.
    """
    sha256 = fingerprint_of(content)
    known = by_fingerprint(sha256)
    told = trial.examine(_as_renewed(content) if known.status == Status.SEALED else content, **ours())
    return _together(known, replace(told, sha256=sha256))


def _as_renewed(content):
    """The newest file that begins with these sealed bytes."""
    artefact = _kept(fingerprint_of(content))[2]
    last = SealRenewal.objects.newest(artefact.convention_id)
    return bytes(last.pdf) if last and bytes(last.pdf).startswith(content) else content


def ours():
    """What a seal of this site is recognised by: the authorities, and the certificates that sealed something here.

    Raises `NothingTrusted`.
    """
    try:
        roots = keys.roots()
    except keys.SealUnavailable as error:
        raise NothingTrusted from error
    if not roots:
        raise NothingTrusted
    sealed = SealedArtefact.objects.exclude(certificate_sha256="").values_list("certificate_sha256", flat=True)
    return {"roots": roots, "fingerprints": set(sealed.distinct().order_by("certificate_sha256"))}


@contextmanager
def in_turn():
    """A place among the few files of strangers read at once. Raises `TooManyAtOnce`.

    Each takes a processor for a second, and may take much memory before it is stopped.
    """
    keys_of_places = (f"verifying:{rank}" for rank in range(AT_ONCE))
    place = next((key for key in keys_of_places if cache.add(key, 1, SLOT_SECONDS)), None)
    if place is None:
        raise TooManyAtOnce
    try:
        yield
    finally:
        cache.delete(place)


def as_data(told) -> dict:
    """An `Answer`, or the `Verification` of a file read without this site, as plain data for JSON."""
    answer = told if isinstance(told, Answer) else None
    seen = answer.verification if answer else told
    facts = answer.facts if answer else None
    return {
        "verdict": str(answer.status if answer else told.verdict),
        "holds": told.holds,
        "reason": told.reason,
        "sha256": told.sha256 or (facts.sealed_sha256 if facts else ""),
        "reference": (facts.reference if facts else "") or (seen.reference if seen else ""),
        "level": (facts.level if facts else "") or (seen.level if seen else ""),
        "test": told.is_test,
        "completed_at": (facts.completed_at.isoformat() if facts and facts.completed_at else "")
        or (seen.completed_at if seen else ""),
        "counts": {
            "parties": seen.parties if seen else list(facts.parties) if facts else {},
            "signatures": seen.signatures if seen else facts.signatures if facts else 0,
            "events": seen.events if seen else 0,
        },
        "since": list(facts.since) if facts else [],
        "findings": [asdict(one) for one in seen.findings] if seen else [],
    }


# --- Judged -----------------------------------------------------------------------------------------------------


def _together(known, told):
    """The register and the file agree, or the file is not what it should be."""
    parts = {"sha256": told.sha256, "facts": known.facts, "verification": told}
    if known.status == Status.SEALED:
        if not told.holds:
            return Answer(Status(told.verdict), told.reason, **parts)
        if not _of_our_journal(told):
            return Answer(Status.ALTERED, OTHER_JOURNAL, **parts)
        return Answer(Status.SEALED, told.reason, **parts)
    if known.status != Status.UNKNOWN:
        return Answer(known.status, known.reason, **parts)
    if told.holds:
        here = Convention.objects.filter(public_id=told.convention).exists()
        return Answer(Status.ALTERED if here else Status.UNKNOWN, NOT_KEPT if here else NOT_OURS, **parts)
    if told.verdict == Verdict.UNSEALED:
        return Answer(Status.UNKNOWN, f"{UNKNOWN_HASH} {told.reason}", **parts)
    return Answer(Status(told.verdict), told.reason, **parts)


def _of_our_journal(told):
    """Whether the chain attached is the beginning of the one that was kept here."""
    return TrailEntry.objects.filter(
        convention__public_id=told.convention, seq=told.events, digest=told.chain_head
    ).exists()


def _kept(sha256):
    """(convention, status, artefact) of a fingerprint; None when nothing kept here has it."""
    sealed = Q(sealed_sha256=sha256) | Q(pk__in=SealRenewal.objects.filter(sha256=sha256).values("artefact"))
    artefact = _artefacts().filter(sealed).first()
    if artefact:
        convention = _conventions().get(pk=artefact.convention_id)
        if artefact.kind == DocumentKind.FINAL:
            return convention, Status.SEALED, artefact
        return convention, Status.ORIGINAL, None
    document = FrozenDocument.objects.filter(pdf_sha256=sha256).values("convention", "kind").first()
    built = None if document else _artefacts().filter(built_sha256=sha256).first()
    if document is None and built is None:
        return None
    convention = _conventions().get(pk=document["convention"] if document else built.convention_id)
    is_original = document is not None and document["kind"] == DocumentKind.ORIGINAL
    return convention, Status.ORIGINAL if is_original else Status.UNSEALED, None


def _status_of(convention, artefact):
    if artefact:
        return Status.SEALED
    if convention.state == ConventionState.OPEN:
        return Status.UNSIGNED
    if convention.completed_at:
        return Status.SIGNED if convention.state == ConventionState.SIGNED else Status.UNSEALED
    return Status.OVER


def _conventions():
    return Convention.objects.select_related("version__template", "superseded_by", "parent")


def _artefacts():
    return SealedArtefact.objects.defer("built", "html", "certificate")


# --- Told -------------------------------------------------------------------------------------------------------


def _reason(status, convention):
    number = f"n°{NBSP}{convention.reference}"
    if status == Status.SEALED:
        return f"C’est exactement le document {number} que ce site a scellé une fois toutes les signatures reçues."
    if status == Status.SIGNED:
        return f"Le document {number} est complet ; son scellement est en cours. Revenez dans quelques minutes."
    if status == Status.UNSIGNED:
        return f"Le document {number} est en cours de signature."
    if status == Status.OVER:
        return f"Le document {number} est clos sans avoir été signé par toutes les parties."
    if status == Status.UNSEALED:
        return f"Il correspond au document {number}, mais ne porte pas de cachet : ce n’est pas le document définitif."
    return f"C’est exactement le texte {number} présenté aux signataires. {_then(convention)}"


def _then(convention):
    """What became of a text that was to be signed."""
    if convention.state in (*UNSENT, ConventionState.OPEN):
        return "Toutes les parties ne l’ont pas encore signé."
    if convention.completed_at:
        return "Toutes les parties l’ont signé depuis ; le document signé est un autre fichier, qui contient celui-ci."
    return "Il n’a pas été signé par toutes les parties."


def facts_of(convention, artefact):
    """What anybody may be told of a convention."""
    parties = Party.objects.filter(convention=convention)
    if convention.completed_at:  # who joined since signed a bulletin of their own
        parties = parties.exclude(signatures=None)
    roles = dict(parties.values_list("role").annotate(count=Count("pk", distinct=True)).order_by("role"))
    given = Signature.objects.filter(party__convention=convention, signatory__replaced_at=None)
    names = ("sealed_at", "sealed_sha256", "level", "is_test") if artefact else ()
    return Facts(
        reference=convention.reference,
        title=convention.version.template.title,
        parties=tuple(f"{roles[role]} {plural(roles[role], *OF_ROLE[role])}" for role in OF_ROLE if role in roles),
        signatures=given.count(),
        completed_at=convention.completed_at,
        in_force_on=convention.in_force_on,
        since=tuple(since(convention)),
        **{name: getattr(artefact, name) for name in names},
    )


def since(convention):
    """What happened to a convention after it was signed, a sentence each."""
    if convention.nature != Nature.CONVENTION:
        what = "modifie" if convention.nature == Nature.AMENDMENT else "complète"
        yield f"Ce document {what} le n°{NBSP}{convention.parent.reference}, qui se vérifie à part."
    followers = convention.followers.exclude(in_force_on=None).order_by("in_force_on", "pk")
    for follower in followers:
        day = date_in_words(follower.in_force_on)
        if follower.nature == Nature.AMENDMENT:
            yield f"Il a été modifié depuis par l’avenant n°{NBSP}{follower.reference}, en vigueur le {day}."
        else:
            yield f"Une partie l’a rejoint depuis, par le bulletin n°{NBSP}{follower.reference}, le {day}."
    for day in Party.objects.filter(convention=convention).exclude(left_on=None).values_list("left_on", flat=True):
        yield f"Une partie en est sortie le {date_in_words(day)}."
    if convention.state == ConventionState.ENDED:
        yield f"Il a pris fin le {date_in_words(convention.ended_on)} : il n’engage plus depuis."
    if convention.state == ConventionState.CANCELLED:
        yield "Il a été retiré."
    if convention.state == ConventionState.SUPERSEDED:
        other = getattr(convention, "superseded_by", None)
        yield f"Il a été remplacé par le n°{NBSP}{other.reference}." if other else "Il a été remplacé."
