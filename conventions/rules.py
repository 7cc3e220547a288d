"""May this be done to a convention now, and if not, why. Pure: no query."""

from datetime import timedelta

from caprse.base.clock import PARIS
from caprse.base.text import date_in_words, time_in_words
from cohorts.enums import OrganisationKind
from cohorts.rules import YES, Verdict
from conventions.enums import ConventionState as State

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODES_PER_HOUR = 5

# The only ways from a state to another; `services.states.move` refuses any other.
TRANSITIONS = {
    State.DRAFT: {State.FREEZING, State.CANCELLED},
    State.FREEZING: {State.FROZEN, State.CANCELLED},
    State.FROZEN: {State.OPEN, State.CANCELLED},
    State.OPEN: {State.SIGNED, State.CANCELLED},
    State.SIGNED: {State.IN_FORCE},
    State.IN_FORCE: {State.ENDED},
    State.ENDED: set(),
    State.CANCELLED: set(),
}


def missing_before_freezing(template, variables, parties, signatories):
    """What keeps a convention from being frozen, as (where, sentence): `where` is a variable or party id."""
    gaps = [
        (variable.key, f"« {variable.label} » reste à remplir.")
        for variable in template.variables
        if variable.required and variables.get(variable.key) in (None, "")
    ]
    roles = {party.role for party in parties}
    if OrganisationKind.STRUCTURE not in roles:
        gaps.append(("parties", "Aucune structure n’est partie : ajoutez d’abord les structures à la cohorte."))
    if OrganisationKind.REGION not in roles:
        gaps.append(("parties", "La délégation régionale n’est pas partie à la convention."))
    for party in parties:
        signatory = signatories.get(party.pk)
        if signatory is None:
            gaps.append((party.pk, f"{party.name} : la personne qui signe reste à désigner."))
        elif not (signatory.quality and signatory.power):
            gaps.append((party.pk, f"{party.name} : la qualité ou le pouvoir de signer reste à préciser."))
    return gaps


def can_sign(convention, signatory, voided=False):
    """Whether this link or session still leads to a signature."""
    if convention.state == State.CANCELLED:
        return Verdict(
            False,
            f"Cette convention a été retirée, pour ce motif : « {convention.end_reason} ». "
            "Il n’y a plus rien à signer ; une signature déjà donnée n’engage plus.",
        )
    if signatory.replaced_at or voided:
        return Verdict(
            False,
            "Une autre personne ou une autre adresse a été désignée pour signer : ce lien ne sert plus. "
            "Rien n’a été signé par ce lien.",
        )
    if convention.state in (State.SIGNED, State.IN_FORCE, State.ENDED):
        return Verdict(False, "Toutes les parties ont signé : il n’y a plus rien à signer.")
    if convention.state != State.OPEN:
        return Verdict(False, "Cette convention n’est pas encore ouverte à la signature.")
    return YES


def can_read(convention, signatory, *, signed, voided=False):
    """Whether this link or session still shows the text: until a signature, and afterwards to who has signed."""
    over = convention.state in (State.SIGNED, State.IN_FORCE, State.ENDED)
    if signed and over and not (signatory.replaced_at or voided):
        return YES
    return can_sign(convention, signatory, voided)


def can_ask_code(asked, now):
    """Whether another code may be sent: `asked` are the moments of those of the last hour, oldest first."""
    if len(asked) < CODES_PER_HOUR:
        return YES
    return Verdict(
        False,
        f"{CODES_PER_HOUR} codes ont été demandés en une heure : le prochain pourra l’être à "
        f"{time_in_words(asked[-CODES_PER_HOUR] + timedelta(hours=1))}. Votre lecture n’est pas perdue.",
    )


def code_usable(code, now):
    """Whether a code may still be tried."""
    if code is None or not code.digest:
        return Verdict(False, "Le code n’est pas encore parti. Attendez un instant, ou demandez-en un autre.")
    if code.consumed_at:
        return Verdict(False, "Ce code a déjà servi.")
    if code.attempts >= CODE_TRIES:
        return Verdict(
            False,
            f"Le code a été essayé {CODE_TRIES} fois : il ne sert plus. Demandez-en un autre, rien d’autre n’est perdu.",
        )
    if code.expires_at <= now:
        return Verdict(False, "Ce code n’est plus valable : il l’était dix minutes. Demandez-en un autre.")
    return YES


def can_end(convention, last_day, today):
    """A convention in force ends on a day that is not before it was signed, nor yet to come."""
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Seule une convention en vigueur prend fin.")
    signed_on = convention.completed_at.astimezone(PARIS).date()
    if last_day < signed_on:
        return Verdict(False, f"La fin ne peut pas précéder la signature ({date_in_words(signed_on)}).")
    if last_day > today:
        return Verdict(False, "Choisissez aujourd’hui ou un jour passé : la fin prend effet dès qu’elle est notée.")
    return YES
