"""Mails about charters and their visual identity, rendered when they leave."""

from caprse.base import clock
from caprse.base.outbox import renderer
from caprse.base.text import date_in_words
from conventions.emails.letters import reading_address, site, to_recipient
from conventions.models import CommitteeValidation, Convention
from conventions.services import charters


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
        f"{reading_address(convention, message.recipient_id, site(convention.url()))}",
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
        f"jour-là.\n\n{reading_address(convention, message.recipient_id, site(convention.url('charter_identity')))}",
    )
