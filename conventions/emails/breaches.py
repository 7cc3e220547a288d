"""Mails about a breach, rendered when they leave; each goes to the party it concerns, or to who notified it, no other."""

from django.urls import reverse

from caprse.base import links
from caprse.base.outbox import renderer
from caprse.base.text import date_in_words, day_in_words
from conventions.emails.letters import site, to_person, to_recipient
from conventions.enums import TerminationDecision
from conventions.models import Breach, Signatory
from conventions.models.life import BREACH_LINK
from conventions.services import breaches


def breach_of(message):
    return Breach.objects.with_context().get(pk=message.payload["breach"])


def cited(breach):
    """« la clause 3.2 »."""
    clause = breaches.clause_of(breach)
    return f"la clause {clause.number}" if clause else "une clause"


def address_for(breach, user_id):
    """Where a person reads a notice: by a personal link who signed for the party, with their account anybody else."""
    signatory = Signatory.objects.current().filter(party=breach.party_id, user=user_id).order_by("pk").first()
    if signatory:
        return site(reverse("breach_link", args=[breach.public_id, links.make(BREACH_LINK, signatory.pk)]))
    return site(breach.convention.url("breach", breach.public_id))


@renderer(breaches.NOTICE_MAIL)
def breach_notice(message):
    """The notice itself: the clause, until when to reply, and where. The facts are read on the page."""
    breach = breach_of(message)
    convention = breach.convention
    return to_recipient(
        convention,
        message,
        f"un manquement à la {convention.word} n° {convention.reference} vous est notifié",
        f"La délégation {convention.region.name} notifie à {breach.party.name} un manquement à {cited(breach)} de la "
        f"{convention.named} (n° {convention.reference}).\n\nVous pouvez répondre jusqu’au "
        f"{date_in_words(breach.reply_by)} inclus. Rien n’est décidé avant votre réponse, ou avant ce jour.\n\n"
        f"Ce qui est reproché se lit ici, et vous y répondez :\n{address_for(breach, message.recipient_id)}\n\n"
        "Les autres parties n’en sont pas informées.",
    )


@renderer(breaches.REPLY_MAIL)
def breach_reply(message):
    """To who notified: the party replied, the decision may be taken."""
    breach = breach_of(message)
    return to_person(
        message,
        f"{breach.party.name} a répondu au manquement notifié",
        f"{breach.party.name} a répondu le {day_in_words(breach.replied_at)}. "
        f"Lisez sa réponse, puis décidez :\n{site(breach.convention.url('breach', breach.public_id))}",
    )


@renderer(breaches.DECISION_MAIL)
def breach_decision(message):
    """The decision, its reason, and until when the party is bound."""
    breach = breach_of(message)
    convention = breach.convention
    if breach.decision == TerminationDecision.ENDED:
        decided = (
            f"{breach.party.name} reste engagée jusqu’au {date_in_words(breach.effect_on)} inclus ; ensuite, elle n’est "
            "plus partie. Ses réponses, son plan d’actions et ses autres données restent à elle."
        )
    else:
        decided = f"Le manquement est classé sans suite : {breach.party.name} reste partie, rien ne change."
    return to_recipient(
        convention,
        message,
        f"décision sur le manquement à la {convention.word} n° {convention.reference}",
        f"La délégation {convention.region.name} a décidé, à propos de {cited(breach)} de la {convention.named} "
        f"(n° {convention.reference}).\n\n{decided}\n\nMotif : {breach.reason}\n\n"
        f"{address_for(breach, message.recipient_id)}",
    )
