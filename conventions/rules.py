"""May this be done to a convention now, and if not, why. Pure: no query."""

import re
from datetime import timedelta

from caprse.base import clock, glyphs
from caprse.base.text import date_in_words, time_in_words
from cohorts.enums import OrganisationKind
from cohorts.rules import YES, Verdict
from conventions.enums import AddressBasis, AnnexKind, EntryIntoForce, TemplateKind
from conventions.enums import ConventionState as State
from conventions.lifecycle import has_expired, is_kept

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODES_PER_HOUR = 5
GRACE_AT_MOST = timedelta(days=366)

# The only ways from a state to another; `services.states.move` refuses any other.
TRANSITIONS = {
    State.DRAFT: {State.FREEZING, State.CANCELLED},
    State.FREEZING: {State.FROZEN, State.CANCELLED},
    State.FROZEN: {State.OPEN, State.CANCELLED, State.SUPERSEDED},
    State.OPEN: {State.SIGNED, State.CANCELLED, State.REFUSED, State.EXPIRED, State.SUPERSEDED},
    State.SIGNED: {State.IN_FORCE, State.CANCELLED},
    State.IN_FORCE: {State.ENDED},
    State.ENDED: set(),
    State.CANCELLED: set(),
    State.REFUSED: set(),
    State.EXPIRED: set(),
    State.SUPERSEDED: set(),
}


def missing_before_freezing(template, variables, parties, signatories):
    """What keeps a convention from being frozen, as (where, sentence): `where` is a variable or party id.

    `signatories`: those of each party, by its id.
    """
    gaps = [
        (variable.key, f"« {variable.label} » reste à remplir.")
        for variable in template.variables
        if variable.required and not variable.roles and variables.get(variable.key) in (None, "")
    ]
    roles = {party.role for party in parties}
    if OrganisationKind.PARTNER in template.parties and len(parties) < 2:
        gaps.append(("parties", "Une charte de partenariat lie la délégation et un partenaire."))
    if OrganisationKind.STRUCTURE in template.parties and OrganisationKind.STRUCTURE not in roles:
        gaps.append(("parties", "Aucune structure n’est partie : ajoutez d’abord les structures à la cohorte."))
    if OrganisationKind.REGION not in roles:
        gaps.append(("parties", "La délégation régionale n’est pas partie à la convention."))
    for party in parties:
        gaps += [(party.pk, f"{party.name} : {words}") for words in _missing_of_party(template, party, signatories)]
    return [*gaps, *_undrawable(template, variables, parties, signatories)]


def _undrawable(template, variables, parties, signatories):
    """What was typed and the fonts of the document do not draw."""
    typed = [(variable.key, variables.get(variable.key)) for variable in template.variables if not variable.roles]
    for party in parties:
        typed += [(party.pk, value) for value in (party.name, *party.values.values())]
        for one in signatories.get(party.pk, ()):
            typed += [(party.pk, value) for value in (one.full_name, one.quality, one.power)]
    for where, value in typed:
        if char := glyphs.missing(str(value or "")):
            yield where, f"« {str(value)[:60]} » : {glyphs.refusal(char)}"


def _missing_of_party(template, party, signatories):
    for variable in template.variables:
        if variable.required and party.role in variable.roles and party.values.get(variable.key) in (None, ""):
            yield f"« {variable.label} » reste à remplir."
    signs = signatories.get(party.pk, ())
    if not signs:
        yield "la personne qui signe reste à désigner."
    for signatory in signs:
        if not (signatory.quality and signatory.power):
            who = f" de {signatory.full_name}" if len(signs) > 1 else ""
            yield f"la qualité ou le pouvoir de signer{who} reste à préciser."
        if not can_receive_alone(signatory.email, signatory.address_basis):
            yield f"{signatory.email} a l’air d’une boîte partagée, et qui la lit pourrait signer : vérifiez cette adresse."


# Words by which people name a box that several of them read.
SHARED = frozenset(
    (
        *("accueil", "administration", "asso", "association", "bienvenue", "bonjour", "bureau", "compta"),
        *("comptabilite", "contact", "courrier", "equipe", "hello", "info", "infos", "informations", "mail"),
        *("postmaster", "rh", "secretariat", "standard", "webmaster"),
    )
)
SHARED_ALONE = frozenset(
    (
        *("admin", "ca", "codir", "dg", "direction", "gerance", "presidence", "president", "presidente", "siege"),
        "tresorerie",
    )
)


def is_shared_box(address):
    """Whether an address looks like one that several people read."""
    name = address.partition("@")[0].casefold().translate({ord("é"): "e"})
    words = {word.strip("0123456789") for word in re.split(r"[\W_]+", name)}
    return name in SHARED_ALONE or bool(SHARED & words)


def can_receive_alone(address, basis):
    """Whether a link and a code may go to this address: one person reads it, or somebody asked them.

    Whoever reads the box may sign: it is the weakest point of a signature by a link and a code.
    """
    if basis == AddressBasis.SPOKEN or not is_shared_box(address):
        return YES
    return Verdict(
        False,
        "Cette adresse a l’air d’une boîte que plusieurs personnes lisent, et qui la lit pourrait signer. Demandez une "
        "adresse personnelle. À défaut, appelez la personne : si elle est seule à lire cette boîte, choisissez "
        "« Vérifiée de vive voix » ci-dessous.",
    )


SUSPENDED = {
    State.REFUSED: "Une partie a refusé de signer, ou s’est ravisée : la signature est suspendue pour toutes. Vous n’avez rien à "
    "faire : la délégation décide de la suite et vous écrira. Une nouvelle version vous est déjà parvenue ? Ouvrez "
    "le lien de ce courriel-là.",
    State.EXPIRED: "Le délai pour signer est passé. La délégation peut vous proposer une nouvelle version.",
    State.SUPERSEDED: "Cette version est remplacée par une autre : si votre signature est attendue, un nouveau lien "
    "vous est envoyé.",
}


def can_sign(convention, signatory, voided=False):
    """Whether this link or session still leads to a signature."""
    if convention.state == State.CANCELLED:
        return Verdict(
            False,
            f"Cette convention a été retirée, pour ce motif : « {convention.end_reason} ». "
            "Il n’y a plus rien à signer ; une signature déjà donnée n’engage plus.",
        )
    if convention.state in SUSPENDED:
        return Verdict(False, SUSPENDED[convention.state])
    if has_expired(convention, clock.today()):  # whether or not its state says so yet
        return Verdict(False, SUSPENDED[State.EXPIRED])
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
    """Whether this link or session still shows the text: until a signature, and then, as long as it is kept, to who signed."""
    over = convention.state in (State.SIGNED, State.IN_FORCE, State.ENDED)
    if signed and over and not (signatory.replaced_at or voided):
        return is_kept(convention, clock.today())
    return can_sign(convention, signatory, voided)


def has_turn(before):
    """Whether those who sign first have all signed; `before` are the names of the parties still awaited."""
    if not before:
        return YES
    return Verdict(
        False,
        f"Ce n’est pas encore votre tour : {' et '.join(before)} signe{'nt' if len(before) > 1 else ''} d’abord. "
        "Un courriel vous préviendra. Rien n’est perdu.",
    )


def can_cancel(convention, entry, *, validated=False):
    """Whether a text may be taken back: before all have signed; afterwards, only where a committee did not validate it."""
    if convention.state == State.SIGNED and entry == EntryIntoForce.COMMITTEE and not validated:
        return YES
    if convention.state != State.SIGNED and State.CANCELLED in TRANSITIONS[convention.state]:
        return YES
    return Verdict(
        False,
        "Cette convention ne peut plus être retirée : elle est déjà signée par toutes les parties, terminée ou retirée.",
    )


def can_note_paper(day, frozen_on, today):
    """Whether a page signed by hand may bear this date: the text was there, the day is not to come."""
    if day < frozen_on:
        return Verdict(False, f"Le texte n’existait pas encore : il a été figé le {date_in_words(frozen_on)}.")
    if day > today:
        return Verdict(False, "Ce jour est à venir : notez la date écrite sur la page.")
    return YES


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
    signed_on = clock.day_of(convention.completed_at)
    if last_day < signed_on:
        return Verdict(False, f"La fin ne peut pas précéder la signature ({date_in_words(signed_on)}).")
    if last_day > today:
        return Verdict(False, "Choisissez aujourd’hui ou un jour passé : la fin prend effet dès qu’elle est notée.")
    return YES


def can_give_grace(structures, latest, until, today):
    """Rounds that nothing holds open any more may go on until a day. `latest`: the time given already, or None."""
    if not structures:
        return Verdict(
            False,
            "Rien n’est à prolonger : la convention lie encore toutes ses structures, ou n’a ouvert aucun chapitre.",
        )
    if until < today:
        return Verdict(False, "Choisissez aujourd’hui ou un jour à venir.")
    if until > today + GRACE_AT_MOST:
        return Verdict(False, "Un délai dure un an au plus. Au-delà, faites signer une autre convention.")
    if latest and until <= latest.until:
        return Verdict(
            False,
            f"Un délai court déjà jusqu’au {date_in_words(latest.until)} : il s’allonge, il ne se raccourcit pas.",
        )
    return YES


# --- Annexes ------------------------------------------------------------------------------------------------------

AMENDMENT_NEEDED = (
    "Cette annexe engage les parties comme le texte : en changer demande un avenant, que toutes les parties signent."
)


def can_add_annex(convention):
    """Whether annexes may still come and go: until the text is frozen."""
    if convention.state == State.DRAFT:
        return YES
    return Verdict(False, "Le texte est figé : aucune annexe ne s’y ajoute plus, ni ne s’en retire.")


def can_revise_annex(convention, annex):
    """Whether an annex may have a new revision, outside any amendment."""
    if convention.state == State.DRAFT:
        return YES
    if convention.state in (State.FREEZING, State.FROZEN, State.OPEN, State.SIGNED):
        return Verdict(
            False,
            "Le texte figé porte l’empreinte de cette annexe : elle ne change pas avant que toutes les parties aient "
            "signé et que le document final soit fait.",
        )
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Ce texte n’engage plus personne : ses annexes ne changent plus.")
    return Verdict(False, AMENDMENT_NEEDED) if annex.binding else YES


def can_fill_annex(convention, annex):
    """Whether the people of a party may fill this form: as long as the text binds them."""
    if annex.kind != AnnexKind.FORM:
        return Verdict(False, "Seules les fiches se remplissent : cette annexe est révisée par la délégation.")
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Cette fiche se remplit une fois le texte signé par toutes les parties, tant qu’il vaut.")
    return can_revise_annex(convention, annex)


# --- Validation by a committee ------------------------------------------------------------------------------------


def can_note_validation(convention, kind):
    """Whether a committee's validation may be noted on it: an engagement charter that all have signed."""
    if kind != TemplateKind.ENGAGEMENT:
        return Verdict(False, "Seule une charte d’engagement est validée par un comité.")
    if convention.state not in (State.SIGNED, State.IN_FORCE):
        return Verdict(False, "Le comité valide une charte signée par toutes les parties, tant qu’elle vaut.")
    return YES


def validation_day(convention, day, today):
    """Whether a committee may have validated on that day: not before the signatures, not in the future."""
    signed_on = clock.day_of(convention.completed_at)
    if day < signed_on:
        return Verdict(
            False, f"Le comité ne peut pas valider avant la dernière signature ({date_in_words(signed_on)})."
        )
    if day > today:
        return Verdict(False, "Ce jour n’est pas encore venu : vous noterez la validation une fois donnée.")
    return YES


# --- Breaches -----------------------------------------------------------------------------------------------------

REPLY_AT_LEAST = timedelta(days=30)  # as the shipped texts promise


def can_notify_breach(convention, party=None):
    """Whether a breach may be notified: to a party still bound by a text in force."""
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Un manquement se notifie tant que le texte est en vigueur.")
    if party is not None and party.left_on:
        return Verdict(False, f"{party.name} n’est plus partie à ce texte.")
    return YES


def can_reply(breach, today):
    """Whether the party may still reply: once, until somebody decides; late is said, not refused."""
    if breach.replied_at:
        return Verdict(False, "Une réponse a déjà été envoyée.")
    if breach.decision:
        return Verdict(False, "La décision est prise : il n’y a plus à répondre.")
    return YES


def can_decide(breach, today):
    """Whether the decision may be taken: after the reply, or once the time to reply is over."""
    if breach.decision:
        return Verdict(False, "La décision est déjà prise.")
    if not breach.replied_at and today <= breach.reply_by:
        return Verdict(
            False,
            f"La partie peut répondre jusqu’au {date_in_words(breach.reply_by)} : la décision vient après sa réponse, "
            "ou après ce jour.",
        )
    return YES


def reply_day(day, today, at_least=REPLY_AT_LEAST):
    """Whether a party is given as long to reply as the text it signed promises."""
    if day < today + at_least:
        return Verdict(
            False,
            f"Laissez au moins {at_least.days} jours pour répondre : pas avant le {date_in_words(today + at_least)}.",
        )
    return YES


def effect_day(day, today):
    """Whether a party may stop being bound after that day: a decision does not reach back."""
    if day is None:
        return Verdict(False, "Dites jusqu’à quel jour la partie reste engagée.")
    if day < today:
        return Verdict(False, "Une décision ne vaut pas pour le passé : choisissez aujourd’hui ou un jour à venir.")
    return YES
