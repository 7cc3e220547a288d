"""Mails about annexes, rendered when they leave."""

from caprse.base.outbox import renderer
from caprse.base.text import day_in_words
from conventions.emails.letters import reading_address, site, to_recipient
from conventions.models import AnnexRevision, Convention
from conventions.services import annexes


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
        site(convention.url("annex", annex.number)),
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
