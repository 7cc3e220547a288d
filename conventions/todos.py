"""What conventions expect of people: to sign, and for who organises, to finish and to send."""

from caprse.base import clock
from caprse.base.text import day_in_words, plural
from caprse.base.todo import Todo, register
from conventions.enums import ConventionState
from conventions.models import Convention, Party, Signatory

SIGN, PREPARE = 5, 8
TO_PREPARE = {
    ConventionState.DRAFT: ("Finir la convention d’engagements", "Reprendre le brouillon", "convention_edit"),
    ConventionState.FROZEN: ("Envoyer la convention d’engagements", "Relire et envoyer", "convention"),
}


@register
def conventions_to_sign(actor, participations):
    """One per signature expected from this very person."""
    mine = (
        Signatory.objects.current()
        .with_context()
        .filter(user_id=actor.user_id, signature=None, party__convention__state=ConventionState.OPEN)
    )
    for signatory in mine.order_by("pk"):
        convention = signatory.party.convention
        yield Todo(
            rank=SIGN,
            title="Lire et signer la convention d’engagements",
            why=f"Vous signez pour {signatory.party.name}, dans « {convention.cohort.name} ». "
            "Les chapitres s’ouvrent quand les parties ont signé.",
            url=convention.get_absolute_url(),
            action="Lire et signer",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="pencil",
        )


@register
def conventions_to_prepare(actor, participations):
    """For who organises the cohorts of a region: a draft to finish, a text to send, signatures to wait for."""
    if not actor.coordinated_region_ids:
        return
    standing = Convention.objects.filter(region_id__in=actor.coordinated_region_ids)
    conventions = list(standing.filter(state__in=[*TO_PREPARE, ConventionState.OPEN]).with_context().order_by("pk"))
    awaited = {}
    for convention_id in (
        Party.objects.awaited().filter(convention__in=conventions).values_list("convention_id", flat=True)
    ):
        awaited[convention_id] = awaited.get(convention_id, 0) + 1
    for convention in conventions:
        yield _prepare(convention, awaited.get(convention.pk, 0))


def _prepare(convention, awaited):
    if convention.state == ConventionState.OPEN:
        noun = plural(awaited, "une signature est encore attendue", f"{awaited} signatures sont encore attendues")
        return Todo(
            rank=PREPARE + 50,
            title="Suivre les signatures de la convention",
            why=f"« {convention.cohort.name} » : {noun}.",
            url=convention.get_absolute_url(),
            action="Voir qui est attendu",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="clock",
        )
    title, action, page = TO_PREPARE[convention.state]
    return Todo(
        rank=PREPARE,
        title=title,
        why=f"« {convention.cohort.name} » : les chapitres ne s’ouvrent qu’une fois la convention signée.",
        url=convention.url(page),
        action=action,
        **_before_the_cohort(convention),
        icon="pencil",
    )


def _before_the_cohort(convention):
    """A convention is sent before its cohort begins; afterwards, it has been in preparation for too long."""
    starts_on = convention.cohort.starts_on
    if clock.today() <= starts_on:
        return {"due": starts_on}
    return {"moment": f"En préparation depuis le {day_in_words(convention.created_at)}"}
