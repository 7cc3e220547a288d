"""Mails about annexes, charters and breaches, rendered when they leave; each goes to the parties it concerns, no other."""

from django.conf import settings
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.outbox import Mail, renderer
from caprse.base.text import date_in_words, day_in_words
from cohorts.models import User
from conventions.emails import recipient_of, signing_url
from conventions.enums import TerminationDecision
from conventions.models import AnnexRevision, Breach, CommitteeValidation, Convention, Signatory
from conventions.models.life import BREACH_LINK
from conventions.services import annexes, breaches, charters


def address(name, *args):
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def page_of(convention, name="convention", *args):
    return address(name, convention.region.slug, convention.public_id, *args)


def to_recipient(convention, message, subject, sentences):
    """A mail to somebody of a party, or None when they cannot be written to any more."""
    to, first_name = recipient_of(convention, message)
    return to and Mail(to=to, subject=f"CAP RSE : {subject}", text=f"Bonjour {first_name},\n\n{sentences}\n")


def reading_address(convention, user_id, page, then=""):
    """Where a person reads a page of a convention: by a personal link who signed it without having an account.

    `then`: what to press once there.
    """
    rows = Signatory.objects.current().filter(party__convention=convention, user=user_id).select_related("user")
    signatory = rows.order_by("pk").first()
    if signatory is None or signatory.user.has_usable_password():
        return page
    return f"{signing_url(signatory)}{then}"


@renderer(annexes.ANNEX_MAIL)
def annex_revised(message):
    """Says which annex changed, what, by whom, and whether that asked for an amendment."""
    revision = AnnexRevision.objects.select_related("annex", "made_by").get(pk=message.payload["revision"])
    annex = revision.annex
    convention = Convention.objects.with_context().get(pk=annex.convention_id)
    by = f" par {revision.made_by.full_name}" if revision.made_by else ""
    asked = (
        "Cette annexe engage les parties : la changer a demandé un avenant, que toutes ont signé."
        if annex.binding
        else "Ce changement ne demande pas d’avenant : vous n’avez rien à signer."
    )
    where = reading_address(
        convention,
        message.recipient_id,
        page_of(convention, "annex", annex.number),
        "\n(ouvrez ce lien, puis « Les annexes »)",
    )
    return to_recipient(
        convention,
        message,
        f"l’annexe {annex.number} de la {convention.word} n° {convention.reference} a changé",
        f"L’annexe {annex.number}, « {annex.title} », de la {convention.named} (n° {convention.reference}) en est à la "
        f"révision {revision.number:02d}, du {day_in_words(revision.made_at)}{by} : {revision.note}\n\n{asked}\n\n"
        f"Elle se lit ici :\n{where}\n\n"
        f"Son empreinte (SHA-256) :\n{revision.sha256}",
    )


@renderer(charters.VALIDATED_MAIL)
def charter_validated(message):
    """Says from when to when the visual identity may be used."""
    validation = CommitteeValidation.objects.get(pk=message.payload["validation"])
    convention = Convention.objects.with_context().get(pk=validation.convention_id)
    if charters.identity_until(convention, clock.today()) is None:
        return None
    return to_recipient(
        convention,
        message,
        f"la charte n° {convention.reference} est validée",
        f"« {validation.committee} » a validé la {convention.named} (n° {convention.reference}) le "
        f"{date_in_words(validation.decided_on)}.\n\nL’identité visuelle peut être employée depuis ce jour et jusqu’au "
        f"{date_in_words(validation.until)} inclus, tant que la charte est en vigueur.\n\n"
        f"{reading_address(convention, message.recipient_id, page_of(convention))}",
    )


@renderer(charters.ENDING_MAIL)
def charter_identity_ending(message):
    """Says until when the visual identity may still be used, and what to do."""
    validation = CommitteeValidation.objects.get(pk=message.payload["validation"])
    convention = Convention.objects.with_context().get(pk=validation.convention_id)
    if charters.identity_until(convention, clock.today()) != validation.until:
        return None
    return to_recipient(
        convention,
        message,
        f"l’identité visuelle de la charte n° {convention.reference} prend fin bientôt",
        f"La {convention.named} (n° {convention.reference}) permet d’employer l’identité visuelle jusqu’au "
        f"{date_in_words(validation.until)} inclus. « {validation.committee} » l’a validée le {date_in_words(validation.decided_on)}.\n\n"
        "Pour continuer ensuite, demandez une nouvelle validation à la délégation. Sinon, retirez-la de vos supports ce "
        f"jour-là.\n\n{reading_address(convention, message.recipient_id, page_of(convention, 'charter_identity'))}",
    )


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
        return address("breach_link", breach.public_id, links.make(BREACH_LINK, signatory.pk))
    return page_of(breach.convention, "breach", breach.public_id)


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
    user = User.objects.reachable(message.recipient_id)
    return user and Mail(
        to=user.email,
        subject=f"CAP RSE : {breach.party.name} a répondu au manquement notifié",
        text=(
            f"Bonjour {user.first_name},\n\n{breach.party.name} a répondu le {day_in_words(breach.replied_at)}. "
            f"Lisez sa réponse, puis décidez :\n{page_of(breach.convention, 'breach', breach.public_id)}\n"
        ),
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
