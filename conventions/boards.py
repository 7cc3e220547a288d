"""Where a convention stands: rows for its pages. Pure: the rows come from the doors."""

from dataclasses import dataclass

from caprse.base.text import plural
from conventions.documents import in_order
from conventions.enums import ConventionState


@dataclass(frozen=True)
class PartyRow:
    """One party, who signs for it, and its signature once given."""

    party: object
    signatory: object
    signature: object

    @property
    def state(self):
        """A state of the look."""
        if self.signature:
            return "done"
        return "in_progress" if self.signatory and self.signatory.opened_at else "not_started"

    @property
    def words(self):
        if self.signature:
            return "A signé"
        return "Lien ouvert" if self.signatory and self.signatory.opened_at else "En attente"


def party_rows(parties, signatories, signatures):
    """One row per party, in the order of the convention."""
    by_party = {signatory.party_id: signatory for signatory in signatories}
    signed = {signature.party_id: signature for signature in signatures}
    return [PartyRow(party, by_party.get(party.pk), signed.get(party.pk)) for party in in_order(parties)]


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
