"""The life of a convention: may it be renewed, amended, joined, left, given more time; and if not, why. Pure: no query."""

from caprse.base.text import date_in_words
from cohorts.enums import OrganisationKind
from cohorts.rules import YES, Verdict
from conventions.enums import ConventionState as State
from conventions.enums import EntryIntoForce

# Who signs, and until when, may still change.
BEFORE_SIGNED = (State.DRAFT, State.FROZEN, State.OPEN)
# What was signed of a text that not all have signed binds nobody.
LAPSED = (State.CANCELLED, State.REFUSED, State.EXPIRED, State.SUPERSEDED)
KEPT_AFTER = 5  # years: code civil, 2224


def can_renew(convention, *, stands):
    """Whether a version n+1 may be begun. `stands`: another text has taken this one's place already."""
    if convention.state == State.DRAFT:
        return Verdict(False, "Ce texte est encore un brouillon : corrigez-le, rien n’est à recommencer.")
    if convention.state == State.FREEZING:
        return Verdict(False, "Le texte se fabrique : attendez quelques secondes.")
    if convention.state == State.SUPERSEDED:
        return Verdict(False, "Une autre version a déjà remplacé celle-ci.")
    if convention.state not in (State.FROZEN, State.OPEN, *LAPSED):
        return Verdict(
            False, "Toutes les parties ont signé : le texte ne change plus que par un avenant, signé par toutes."
        )
    if convention.parent_id and convention.parent.state != State.IN_FORCE:
        return Verdict(False, "La convention que ce texte complète n’est plus en vigueur.")
    if stands:
        return Verdict(False, "Un autre texte est déjà en préparation ou en cours de signature à la place de celui-ci.")
    return YES


def can_begin_each(collective):
    """Whether each structure of a cohort may be given its own. `collective`: the one that stands for all, or None."""
    if collective is None:
        return YES
    return Verdict(
        False,
        f"La convention n° {collective.reference} engage déjà toute la cohorte, ou s’y prépare : une structure ne signe "
        "pas deux fois. Pour en faire une par structure, retirez d’abord celle-ci.",
    )


def can_begin_for_all(own):
    """Whether one may be written for a whole cohort. `own`: one of those its structures have each, or None."""
    if own is None:
        return YES
    return Verdict(
        False,
        f"Les structures de cette cohorte ont chacune la leur, dont la convention n° {own.reference} : une structure ne "
        "signe pas deux fois. Pour en faire une seule pour toutes, retirez d’abord celles-ci.",
    )


def can_set_deadline(convention, day, today):
    """The last day to sign: set before sending, put off while it has not passed, never brought forward once sent."""
    if convention.state not in BEFORE_SIGNED:
        return Verdict(False, "La signature n’est plus ouverte : aucun délai ne peut être changé.")
    if convention.state == State.OPEN and convention.expires_on and convention.expires_on < today:
        return Verdict(
            False,
            f"Le délai est passé depuis le {date_in_words(convention.expires_on)} : il ne peut plus être prolongé. "
            "Préparez une nouvelle version.",
        )
    if day < today:
        return Verdict(False, "Ce jour est passé : choisissez un jour à venir.")
    if convention.state == State.OPEN and convention.expires_on and day < convention.expires_on:
        return Verdict(
            False,
            f"Les signataires ont reçu un lien valable jusqu’au {date_in_words(convention.expires_on)} : ce délai "
            "se prolonge, il ne se raccourcit pas.",
        )
    return YES


def can_send(convention, today):
    """Whether a frozen text may leave: its links would be dead at once after the last day to sign."""
    if convention.state == State.FROZEN and convention.expires_on and convention.expires_on < today:
        return Verdict(
            False,
            f"Le dernier jour pour signer, le {date_in_words(convention.expires_on)}, est passé : rien n’est envoyé. "
            "Changez ce délai, puis envoyez.",
        )
    return YES


def has_expired(convention, today):
    """Whether the last day to sign has passed; that day is included."""
    return convention.state == State.OPEN and convention.expires_on is not None and convention.expires_on < today


def can_amend(convention, pending):
    """Whether an amendment may be begun. Source: code civil, 1193. `pending`: the one not finished yet, or None."""
    if convention.parent_id:
        return Verdict(False, "Un avenant modifie la convention elle-même : ouvrez-la pour en préparer un autre.")
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Seule une convention en vigueur se modifie par un avenant.")
    if pending:
        return Verdict(
            False,
            f"L’avenant n° {pending.reference} est en cours : terminez-le avant d’en commencer un autre, "
            "pour que toutes les parties sachent quel texte elles modifient.",
        )
    return YES


JOINS_MEANWHILE = (
    "Une structure adhère en ce moment, par le bulletin n° {} : attendez qu’il soit signé, ou retirez-le, pour que "
    "l’avenant soit signé par toutes les parties."
)
CHANGES_MEANWHILE = (
    "L’avenant n° {} change le texte en ce moment : attendez qu’il soit en vigueur, ou retirez-le, pour que la structure "
    "signe le texte qui l’engagera."
)


def can_adhere(convention, accession):
    """Whether a structure may join by a bulletin: only if the frozen text says so. Else an amendment that all sign."""
    if convention.parent_id:
        return Verdict(False, "Une structure adhère à la convention elle-même, non à ce qui la complète.")
    if convention.state != State.IN_FORCE:
        return Verdict(False, "Seule une convention en vigueur reçoit une adhésion.")
    if not accession:
        return Verdict(
            False,
            "Le texte que les parties ont signé ne prévoit pas l’adhésion d’une structure : une nouvelle partie ne "
            "peut entrer que par un avenant, signé par toutes les parties.",
        )
    return YES


CARRIES = (
    "La délégation régionale porte le projet : elle ne se retire pas, elle retire la convention avant que toutes aient "
    "signé, ou elle y met fin."
)


def can_ask_to_leave(convention, party):
    """Whether a party may ask to withdraw: from the moment it may sign, for as long as the text binds it."""
    if convention.state not in (State.OPEN, State.SIGNED, State.IN_FORCE):
        return Verdict(False, "Cette convention n’engage plus personne : il n’y a rien à quitter.")
    if party.role == OrganisationKind.REGION:
        return Verdict(False, CARRIES)
    return YES


def can_take_back(convention, party):
    """Whether who has signed may still go back on it: nobody is bound before all have signed."""
    return convention.state == State.OPEN and party.role != OrganisationKind.REGION


def can_leave(convention, party, last_day):
    """Whether a party may leave on a day, which is the last it is bound."""
    if convention.parent_id:
        return Verdict(False, "Une partie sort de la convention elle-même, avec ce qui la complète.")
    if convention.state != State.IN_FORCE:
        return Verdict(
            False,
            "Seule une convention en vigueur se quitte. Tant que toutes n’ont pas signé, elle n’engage personne : "
            "préparez une version sans cette partie.",
        )
    if party.role == OrganisationKind.REGION:
        return Verdict(False, CARRIES)
    if party.left_on:
        return Verdict(False, f"Cette partie est déjà sortie, le {date_in_words(party.left_on)}.")
    if convention.in_force_on and last_day < convention.in_force_on:
        return Verdict(
            False, f"La sortie ne peut pas précéder l’entrée en vigueur ({date_in_words(convention.in_force_on)})."
        )
    return YES


def entry_day(entry, *, completed_on, day=None, validated_on=None):
    """From which day a text signed by all binds; None while a day or a committee is waited for."""
    if entry == EntryIntoForce.COMMITTEE:
        return max(completed_on, validated_on) if validated_on else None
    if entry == EntryIntoForce.DAY:
        return max(completed_on, day) if day else completed_on
    return completed_on


def kept_until(convention):
    """The last day on which a personal link still shows one’s own copy; None while the text holds."""
    return convention.ended_on and years_after(convention.ended_on, KEPT_AFTER)


def years_after(day, years):
    """The same day so many years later; 28 February for a 29th that does not come. Source: CPC, 641."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


NOT_KEPT = Verdict(
    False,
    "Ce texte a pris fin il y a plus de cinq ans : son exemplaire n’est plus gardé ici. Votre délégation peut vous dire "
    "s’il est archivé.",
)


def is_kept(convention, today):
    """Whether who signed still reads it by a personal link."""
    last_day = kept_until(convention)
    return NOT_KEPT if last_day and today > last_day else YES
