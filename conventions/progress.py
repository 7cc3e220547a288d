"""A convention being signed, person by person: where each one stands, what was sent, what comes next. Pure: no query."""

from dataclasses import dataclass
from datetime import date

from caprse.base.clock import day_of
from caprse.base.text import date_in_words, day_in_words, plural
from conventions.enums import ConventionState
from conventions.reminders import AT_MOST, EVERY
from conventions.texts import in_order


@dataclass(frozen=True)
class Follow:
    """One person who signs, or who was to. `turn`: the rank being signed, None when nobody is awaited."""

    signatory: object
    signed_at: object = None
    refusal: object = None
    passed_on: object = None
    is_open: bool = True
    turn: int | None = None

    @property
    def state(self):
        """A mark of the look."""
        if self.signed_at:
            return "done"
        if self.refusal or (self.signatory.bounced_at and not self.signatory.replaced_at):
            return "late"
        return "in_progress" if self.signatory.opened_at and not self.signatory.replaced_at else "not_started"

    @property
    def words(self):
        """Where they stand, in a few words."""
        one = self.signatory
        if self.signed_at:
            return "A signé"
        if one.replaced_at:
            return "Remplacé·e"
        if self.refusal:
            return "A refusé"
        if self.passed_on:
            return "Dit ne pas être la bonne personne"
        if one.bounced_at:
            return "Courriel revenu"
        if one.opened_at:
            return "Lien ouvert"
        if one.sent_at:
            return "Lien envoyé"
        return "Signera après les autres" if self.is_open else "Pas encore envoyé"

    @property
    def events(self):
        """What happened to them, dated, oldest first."""
        one, refusal = self.signatory, self.refusal
        dated = [
            (one.sent_at, "lien envoyé"),
            (one.bounced_at, "courriel revenu"),
            (one.opened_at, "lien ouvert"),
            (self.passed_on and self.passed_on.told_at, "dit ne pas être la bonne personne"),
            (refusal and refusal.refused_at, f"refus : {refusal.reason}" if refusal else ""),
            (one.replaced_at, f"remplacement : {one.replaced_why}" if one.replaced_why else "remplacement"),
            (self.signed_at, "signature"),
        ]
        return [f"{day_in_words(at)}, {words}" for at, words in sorted((e for e in dated if e[0]), key=lambda e: e[0])]

    @property
    def is_awaited(self):
        """Whether something is still expected from them."""
        return self.is_open and not (self.signed_at or self.signatory.replaced_at or self.refusal)

    @property
    def can_resend(self):
        """Whether a link may leave for them now: it is their turn, and nothing says that they are not the ones."""
        mine = self.turn is None or self.signatory.rank <= self.turn
        return self.is_awaited and mine and not self.passed_on

    @property
    def reminding(self):
        """How many reminders left, and when the next one does, in a sentence."""
        one = self.signatory
        if not self.is_awaited or not one.sent_at:
            return ""
        count = one.reminders
        sent = f"{count} {plural(count, 'rappel parti', 'rappels partis')}" if count else "Aucun rappel encore"
        if one.bounced_at:
            return f"{sent} ; arrêtés : ses courriels reviennent."
        if self.passed_on or not self.can_resend:
            return f"{sent}."
        if count >= AT_MOST:
            return f"{sent} : il n’en partira plus."
        last = one.reminded_on or day_of(one.sent_at)
        return f"{sent} ; le prochain à partir du {date_in_words(last + EVERY)}."


@dataclass(frozen=True)
class PartyFollow:
    """One party with all who sign for it, or were to: those of now first."""

    party: object
    people: tuple


def party_follows(convention, parties, signatories, *, signed, refusals, passed_on):
    """One per party, in the order of the convention.

    `signed`: {signatory: moment}; `refusals` and `passed_on`: rows about signatories, passed on as long as unanswered.
    """
    refused = {refusal.signatory_id: refusal for refusal in refusals}
    others = {told.signatory_id: told for told in passed_on}
    is_open = convention.state == ConventionState.OPEN
    turn = min((s.rank for s in signatories if not s.replaced_at and s.pk not in signed), default=None)
    by_party = {}
    for one in sorted(signatories, key=lambda s: (s.replaced_at is not None, s.rank, s.pk)):
        follow = Follow(one, signed.get(one.pk), refused.get(one.pk), others.get(one.pk), is_open, turn)
        by_party.setdefault(one.party_id, []).append(follow)
    return [PartyFollow(party, tuple(by_party.get(party.pk, ()))) for party in in_order(parties)]


def deadline_in_words(expires_on, days_left):
    """How long is left to sign, in a sentence; nothing without a deadline."""
    if expires_on is None:
        return ""
    day = date_in_words(expires_on)
    if days_left < 0:
        return f"Le délai est passé depuis le {day}."
    if days_left == 0:
        return f"C’est le dernier jour pour signer : {day}."
    return f"Il reste {days_left} {plural(days_left, 'jour', 'jours')} pour signer, jusqu’au {day}."


def rounds_in_words(last_day: date | None, today):
    """Until when the rounds of a structure are open, in a sentence."""
    if last_day is None:
        return "Ouverts tant que personne n’a dit jusqu’à quand"
    if last_day < today:
        return f"Fermés depuis le {date_in_words(last_day)} au soir"
    return f"Ouverts jusqu’au {date_in_words(last_day)}, ce jour compris"
