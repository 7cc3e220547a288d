"""Where a convention stands: rows for its pages. Pure: the rows come from the doors."""

from dataclasses import dataclass

from caprse.base.text import plural
from conventions.enums import ConventionState, Medium
from conventions.texts import in_order


@dataclass(frozen=True)
class Signer:
    """One person who signs for a party, and their signature once given."""

    signatory: object
    signature: object = None
    waits_for_turn: bool = False

    @property
    def state(self):
        """A state of the look."""
        if self.signature:
            return "done"
        return "in_progress" if self.signatory.opened_at else "not_started"

    @property
    def words(self):
        if self.signature:
            return "A signé sur papier" if self.signature.medium == Medium.PAPER else "A signé"
        if self.waits_for_turn:
            return f"Attend son tour (rang {self.signatory.rank})"
        return "Lien ouvert" if self.signatory.opened_at else "En attente"


@dataclass(frozen=True)
class PartyRow:
    """One party and who signs for it. `signature`: the last one, once all who sign for it have."""

    party: object
    signers: tuple
    signature: object
    has_refused: bool = False

    @property
    def signatory(self):
        """Who signs first for it, among those the reader may see."""
        return self.signers[0].signatory if self.signers else None

    @property
    def state(self):
        """A state of the look."""
        if self.signature:
            return "done"
        if self.has_refused:
            return "late"
        begun = any(signer.signature or signer.signatory.opened_at for signer in self.signers)
        return "in_progress" if begun else "not_started"

    @property
    def is_partly_signed(self):
        return self.signature is None and any(signer.signature for signer in self.signers)

    @property
    def words(self):
        if self.signature:
            return "A signé sur papier" if self.signature.medium == Medium.PAPER else "A signé"
        if self.has_refused:
            return "A refusé de signer"
        if self.is_partly_signed:
            return "Signée en partie"
        return "Lien ouvert" if self.state == "in_progress" else "En attente"


def party_rows(parties, signatories, signatures, awaited=None, refusals=()):
    """One row per party, in the order of the convention.

    `awaited`: the ids of the parties for whom somebody has still to sign; without it, one signature is enough.
    `refusals`: those that the reader may know of.
    """
    by_signatory = {signature.signatory_id: signature for signature in signatures}
    by_party, given = {}, {}
    for signature in signatures:
        given[signature.party_id] = signature
    refused = {refusal.signatory.party_id for refusal in refusals}
    waiting = [signatory.rank for signatory in signatories if signatory.pk not in by_signatory]
    for signatory in sorted(signatories, key=lambda row: (row.rank, row.pk)):
        signature = by_signatory.get(signatory.pk)
        later = signature is None and bool(waiting) and signatory.rank > min(waiting)
        by_party.setdefault(signatory.party_id, []).append(Signer(signatory, signature, later))
    return [
        PartyRow(
            party,
            tuple(by_party.get(party.pk, ())),
            given.get(party.pk) if awaited is None or party.pk not in awaited else None,
            party.pk in refused,
        )
        for party in in_order(parties)
    ]


@dataclass(frozen=True)
class Standing:
    """What a cohort's convention means for its rounds, in a sentence; `convention` is None before one may read it.

    `state` is one of the look; `awaited` are the names of the parties that have not signed.
    """

    convention: object
    state: str
    sentence: str
    awaited: tuple = ()

    @property
    def has_ended(self):
        """Whether nothing of the calendar is to come: the convention lasts as long as the project (its article 4)."""
        return self.convention is not None and self.convention.state == ConventionState.ENDED

    @property
    def waits_to_be_sent(self):
        """Whether whoever organises still has a convention to prepare or to send."""
        taken_back = self.convention is not None and self.convention.state == ConventionState.CANCELLED
        return self.state == "not_started" or taken_back


NOT_SENT = "La convention d’engagements n’est pas encore envoyée aux signataires."
SENTENCES = {
    ConventionState.SIGNED: ("done", "La convention d’engagements est signée par toutes les parties."),
    ConventionState.IN_FORCE: ("done", "La convention d’engagements est signée par toutes les parties."),
    ConventionState.ENDED: (
        "closed",
        "La convention d’engagements a pris fin : les chapitres sont fermés. Les réponses, le plan d’actions et les "
        "outils restent ouverts.",
    ),
    ConventionState.CANCELLED: ("closed", "La convention d’engagements a été retirée ; une autre sera proposée."),
    ConventionState.REFUSED: (
        "to_review",
        "Une partie a refusé de signer la convention d’engagements : la délégation décide de la suite.",
    ),
    ConventionState.EXPIRED: (
        "to_review",
        "Le délai pour signer la convention d’engagements est passé ; une nouvelle version sera proposée.",
    ),
    ConventionState.SUPERSEDED: ("closed", "La convention d’engagements est remplacée par une nouvelle version."),
}


def standing(convention, awaited):
    """Where the convention of a cohort stands, for whoever looks at the cohort."""
    awaited = tuple(awaited)
    if convention is None:
        return Standing(None, "not_started", NOT_SENT)
    if convention.state == ConventionState.OPEN:
        count = len(awaited)
        noun = plural(count, "une signature est encore attendue", f"{count} signatures sont encore attendues")
        sentence = f"La convention d’engagements est en cours de signature : {noun}."
        return Standing(convention, "in_progress", sentence, awaited)
    return Standing(convention, *SENTENCES.get(convention.state, ("not_started", NOT_SENT)))


@dataclass(frozen=True)
class CharterRow:
    """A convention or a charter in the list of its region. `identity`: until when its visual identity may be used."""

    convention: object
    awaited: int
    identity: object = None

    @property
    def mark(self):
        """A state of the look."""
        return {
            ConventionState.IN_FORCE: "done",
            ConventionState.SIGNED: "in_progress",
            ConventionState.OPEN: "in_progress",
        }.get(self.convention.state, "not_started")

    @property
    def words(self):
        if self.convention.state == ConventionState.OPEN:
            return plural(self.awaited, "Une signature attendue", f"{self.awaited} signatures attendues")
        return self.convention.get_state_display().capitalize()

    @property
    def parties(self):
        """The names of the parties, in order; a convention of a cohort has too many to be named here."""
        names = [party.name for party in in_order(self.convention.parties.all())]
        return names if len(names) <= FEW else []

    @property
    def party_count(self):
        return len(self.convention.parties.all())


FEW = 4


def charter_rows(conventions, awaited, identities):
    """One row each; `awaited`: the convention of each party that has not signed; `identities`: {id: last day}."""
    counts = {}
    for pk in awaited:
        counts[pk] = counts.get(pk, 0) + 1
    return [CharterRow(one, counts.get(one.pk, 0), identities.get(one.pk)) for one in conventions]
