"""May a round open for a structure, may an invitation be accepted; and if not, why. Pure: no query."""

from dataclasses import dataclass
from datetime import timedelta

from caprse.base.text import date_in_words, day_in_words
from cohorts.enums import InvitationState, OrganisationKind, Role

# The roles one may be invited to hold, by kind of organisation. Coordination and national roles are never among them.
INVITED = {
    OrganisationKind.STRUCTURE: (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE),
    OrganisationKind.PARTNER: (Role.PARTNER,),
}
INVITERS = {
    OrganisationKind.STRUCTURE: frozenset({Role.REFERENT, Role.LEGAL_REPRESENTATIVE, Role.REGION_ADMIN}),
    OrganisationKind.PARTNER: frozenset({Role.REGION_ADMIN}),
}


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with the reason in French. True when it is yes."""

    allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.allowed


YES = Verdict(True)


def can_open_round(round_, cohort, is_cleared, today):
    """A round opens with its day, for a structure that holds a clearance when its cohort asks for one.

    Source: framing day of 4 March 2025: the project goes on once the convention is validated by all.
    """
    if round_.opens_on is None:
        return Verdict(False, "Ce chapitre ouvrira avec sa visio lecture, dont la date reste à confirmer.")
    if today < round_.opens_on:
        return Verdict(False, f"Ce chapitre ouvre le {date_in_words(round_.opens_on)}.")
    if cohort.needs_clearance and not is_cleared:
        return Verdict(
            False, "Ce chapitre demande une convention d’engagements en vigueur : elle ne l’est pas, ou pas encore."
        )
    return YES


def invitable_roles(kind, held):
    """The roles somebody may invite to, in an organisation of this kind, from the roles they hold towards it."""
    return INVITED.get(kind, ()) if INVITERS.get(kind, frozenset()) & frozenset(held) else ()


def is_over(invitation, now):
    """Whether an invitation nobody answered has passed its last day."""
    return invitation.state == InvitationState.PENDING and now > invitation.expires_at


def can_accept(invitation, voided, now):
    """An invitation waits for an answer until its last day, through a link nobody replaced."""
    who = invitation.invited_by.full_name if invitation.invited_by else "la délégation de votre région"
    if invitation.state == InvitationState.CANCELLED:
        return Verdict(
            False, f"Cette invitation a été annulée. Si vous pensez que c’est une erreur, parlez-en à {who}."
        )
    if invitation.state == InvitationState.ACCEPTED:
        day = day_in_words(invitation.closed_at)
        return Verdict(False, f"Cette invitation a été acceptée le {day} : le lien ne sert qu’une fois.")
    if voided:
        return Verdict(
            False, f"Ce lien a été remplacé. Ouvrez le courriel le plus récent, ou demandez-en un autre à {who}."
        )
    if is_over(invitation, now):
        day = day_in_words(invitation.expires_at)
        return Verdict(False, f"Cette invitation était valable jusqu’au {day}. Demandez à {who} de vous la renvoyer.")
    return YES


def was_over_on_joining(round_, participation):
    """Whether a round had closed before the structure joined: it is then not among its chapters."""
    return round_.closes_on is not None and round_.closes_on < participation.joined_on


def is_between(today, opens_on, closes_on):
    """Whether a day falls in a round of these days; without opening day it has not begun."""
    return opens_on is not None and opens_on <= today and (closes_on is None or today <= closes_on)


# --- A structure's own closing day ------------------------------------------------------------------------------

LONGEST_DELAY = timedelta(days=366)


def closing_day(round_, extended_to):
    """The last day for one structure: the later of the round's own and its extension; None: never closes."""
    if round_.closes_on is None:
        return None
    return max(round_.closes_on, extended_to) if extended_to else round_.closes_on


def can_adjust_round(round_, participation, *, begun, transmitted):
    """Whether a structure's last day may move in a round."""
    if transmitted:
        return Verdict(False, "Ce chapitre est déjà transmis : un délai n’y changerait rien.")
    if round_.closes_on is None:
        return Verdict(False, "Ce chapitre n’a pas de date de fin : il reste ouvert, un délai n’est pas nécessaire.")
    if was_over_on_joining(round_, participation) and not begun:
        return Verdict(
            False,
            f"Ce chapitre avait fermé {date_in_words(round_.closes_on)}, avant l’entrée de la structure dans la "
            "cohorte : il ne fait pas partie de son parcours.",
        )
    return YES


def can_close_on(round_, closes_on, today, *, unchanged=False):
    """Whether a day may become a structure's last one. `unchanged`: it is already, for the same reason."""
    own = date_in_words(round_.closes_on)
    if closes_on < round_.closes_on:
        return Verdict(
            False,
            f"Choisissez le {own}, dernier jour du chapitre dans la cohorte, ou un jour plus tardif : une structure "
            "n’a jamais moins de temps que les autres.",
        )
    if closes_on < today:
        return Verdict(
            False,
            f"Ce jour est passé ({date_in_words(closes_on)}). Choisissez aujourd’hui ou un jour à venir.",
        )
    if closes_on > today + LONGEST_DELAY:
        return Verdict(False, f"Vérifiez l’année : le {date_in_words(closes_on)} est dans plus d’un an.")
    if unchanged:
        return Verdict(
            False, f"Le chapitre ferme déjà le {date_in_words(closes_on)} pour cette structure : rien n’a changé."
        )
    return YES


# --- Notes of follow-up -----------------------------------------------------------------------------------------

ALREADY_SHARED = (
    "Cette note est déjà partagée : la structure l’a peut-être lue, elle ne redevient pas interne. "
    "Vous pouvez en corriger le texte."
)


def can_change_note(note, user_id):
    """A note is changed by whoever wrote it, and by nobody else."""
    if note.written_by_id == user_id:
        return YES
    return Verdict(
        False,
        f"Cette note a été écrite par {note.written_by.full_name}, qui peut seul·e la modifier. "
        "Vous pouvez en écrire une autre.",
    )
