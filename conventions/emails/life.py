"""Mails about the life of a convention, rendered when they leave."""

from caprse.base.outbox import renderer
from caprse.base.text import date_in_words
from conventions.emails.letters import convention_of, letter, signing_url, site, to_recipient
from conventions.enums import ConventionState
from conventions.models import Convention, Party, Signatory
from conventions.services import leaving, life, versions


@renderer(life.EXPIRED_MAIL)
def convention_expired(message):
    """Tells whoever prepares a convention that its deadline has passed."""
    convention = convention_of(message)
    if convention.state != ConventionState.EXPIRED:
        return None
    return to_recipient(
        convention,
        message,
        f"le délai de signature de la {convention.word} n° {convention.reference} est passé",
        f"La {convention.named} pouvait se signer jusqu’au {date_in_words(convention.expires_on)}. Toutes les parties "
        "n’ont pas signé : les liens ne servent plus, et les signatures déjà données sont caduques.\n\n"
        f"Vous pouvez préparer une nouvelle version, qui reprend ce qui était rempli :\n{site(convention.url())}",
    )


@renderer(life.DEADLINE_MAIL)
def convention_deadline(message):
    """Tells who is awaited until when they may sign, with a fresh link."""
    convention = convention_of(message)
    signatory = (
        Signatory.objects.awaited()
        .with_context()
        .filter(party__convention=convention, user=message.recipient_id)
        .order_by("pk")
        .first()
    )
    if signatory is None:
        return None
    return letter(
        signatory.email,  # a link leaves for the address it was made for, whatever else this person signs
        signatory.first_name,
        f"vous pouvez signer jusqu’au {date_in_words(convention.expires_on)}",
        f"La {convention.named} attend votre signature pour {signatory.party.name}. Vous avez jusqu’au "
        f"{date_in_words(convention.expires_on)}, ce jour compris.\n\n{signing_url(signatory)}",
    )


@renderer(life.JOINED_MAIL)
def convention_party_joined(message):
    """Tells the other parties that a structure has joined, as the accession clause promises."""
    bulletin = Convention.objects.select_related("structure", "parent").get(pk=message.payload["convention"])
    parent = Convention.objects.with_context().get(pk=bulletin.parent_id)
    return to_recipient(
        parent,
        message,
        f"{bulletin.structure.legal_name} adhère à la {parent.word} n° {parent.reference}",
        f"{bulletin.structure.legal_name} a signé avec la délégation régionale un bulletin d’adhésion à la "
        f"{parent.named}, comme le texte le permet. Elle prend les mêmes engagements que les autres structures. "
        "Vous n’avez rien à faire.",
    )


@renderer(leaving.LEAVE_ASKED_MAIL)
def convention_leave_asked(message):
    """Tells whoever prepares a convention that a party asks to withdraw, and why."""
    convention = convention_of(message)
    party = Party.objects.get(pk=message.payload["party"])
    if convention.completed_at is None:
        return to_recipient(
            convention,
            message,
            f"{party.name} se retire avant que toutes aient signé la {convention.word} n° {convention.reference}",
            f"{party.name} se retire de la {convention.named}, que toutes les parties n’ont pas encore signée : "
            f"{party.left_reason}\n\nLa signature est suspendue pour toutes : plus personne ne peut signer ce texte. "
            f"Parlez-en avec cette partie, puis décidez de la suite ici :\n{site(convention.url())}",
        )
    return to_recipient(
        convention,
        message,
        f"{party.name} demande à se retirer de la {convention.word} n° {convention.reference}",
        f"{party.name} demande à se retirer de la {convention.named} : {party.left_reason}\n\n"
        f"Notez le jour où ce retrait prend effet, comme le dit le texte signé :\n{site(convention.url('convention_life'))}",
    )


@renderer(leaving.PARTY_LEFT_MAIL)
def convention_party_left(message):
    """Tells every party that one of them leaves."""
    convention = convention_of(message)
    party = Party.objects.get(pk=message.payload["party"])
    if party.left_on is None:
        return None
    return to_recipient(
        convention,
        message,
        f"{party.name} sort de la {convention.word} n° {convention.reference}",
        f"{party.name} sort de la {convention.named}. Son dernier jour est le {date_in_words(party.left_on)} : "
        f"{party.left_reason}\n\nLa {convention.word} continue entre les autres parties.",
    )


@renderer(versions.SUPERSEDED_MAIL)
def convention_superseded(message):
    """Tells who had received a version that another one takes its place, why, and that all sign again."""
    convention = convention_of(message)
    return to_recipient(
        convention,
        message,
        f"la {convention.word} n° {convention.reference} est remplacée par une nouvelle version",
        f"La délégation {convention.region.name} prépare une nouvelle version de la {convention.named} : "
        f"{convention.end_reason}\n\nVous n’avez rien à faire pour l’instant. Votre lien ne sert plus ; si vous aviez "
        "signé, votre signature est caduque, car elle valait pour l’ancien texte : toutes les parties signeront le "
        "nouveau, et vous recevrez un lien.",
    )
