"""What conventions expect of people: to sign, and for who organises, to finish and to send."""

from django.db.models import Exists, Max, OuterRef

from caprse.base import clock
from caprse.base.text import day_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.enums import ClearanceKind
from cohorts.models import Clearance
from conventions.enums import ConventionState
from conventions.holding import BINDING, SIGNED_BY_ALL, STOPPED
from conventions.models import Convention, Party, Signatory

SIGN, PREPARE, FINISH, DECIDE = 5, 8, 25, 9
OPENING = " Les chapitres s’ouvrent quand les parties ont signé."
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
            title="Lire et signer la convention d’engagements" if convention.cohort_id else "Lire et signer une charte",
            why=f"Vous signez pour {signatory.party.name}, dans « {convention.about} ».{OPENING * bool(convention.cohort_id)}",
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
            title=f"Suivre les signatures de la {convention.word}",
            why=f"« {convention.about} » : {noun}.",
            url=convention.get_absolute_url(),
            action="Voir qui est attendu",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="clock",
        )
    title, action, page = TO_PREPARE[convention.state]
    needed = f"« {convention.about} » : les chapitres ne s’ouvrent qu’une fois la convention signée."
    return Todo(
        rank=PREPARE if convention.cohort_id else PREPARE + 1,
        title=title if convention.cohort_id else title.replace("convention d’engagements", "charte"),
        why=needed if convention.cohort_id else f"« {convention.about} » : elle ne lie personne avant les signatures.",
        url=convention.url(page),
        action=action,
        **_before_the_cohort(convention),
        icon="pencil",
    )


def _before_the_cohort(convention):
    """A convention is sent before its cohort begins; afterwards, it has been in preparation for too long."""
    starts_on = convention.cohort.starts_on if convention.cohort_id else None
    if starts_on and clock.today() <= starts_on:
        return {"due": starts_on}
    return {"moment": f"En préparation depuis le {day_in_words(convention.created_at)}"}


@register
def chapters_to_finish(actor, participations):
    """For the people of a structure that nothing binds any more: the time they were left before their chapters close."""
    own = {path.pk: path for path in participations if actor.is_insider(path)}
    if not own:
        return
    today = clock.today()
    rows = Clearance.objects.filter(participation__in=own, kind=ClearanceKind.CONVENTION)
    closing = rows.in_force(today).filter(until__isnull=False).values("participation").annotate(last=Max("until"))
    lasting = set(rows.filter(until=None).values_list("participation", flat=True))
    for row in closing:
        path = own[row["participation"]]
        if path.pk not in lasting:
            yield Todo(
                rank=FINISH,
                title="Finir vos chapitres avant qu’ils ne se ferment",
                why=f"La convention de « {path.cohort.name} » ne vous lie plus, mais vous avez le temps de finir. "
                "Vos réponses, votre plan et vos outils restent à vous.",
                url=path.get_absolute_url(),
                action="Voir le parcours",
                due=row["last"],
                icon="clock",
            )


@register
def rounds_to_decide(actor, participations):
    """For who organises: a text refused, expired or replaced, whose chapters nobody has said until when they stay open."""
    if not actor.coordinated_region_ids:
        return
    still_open = Clearance.objects.filter(
        kind=ClearanceKind.CONVENTION,
        until=None,
        participation__cohort=OuterRef("cohort"),
        participation__organisation__parties__convention=OuterRef("pk"),
    )
    newer = Convention.objects.filter(
        cohort=OuterRef("cohort"), nature__in=BINDING, state__in=(ConventionState.OPEN, *SIGNED_BY_ALL)
    )
    stopped = Convention.objects.filter(
        Exists(still_open),
        ~Exists(newer),
        region_id__in=actor.coordinated_region_ids,
        nature__in=BINDING,
        state__in=STOPPED,
    )
    for convention in stopped.with_context().order_by("pk"):
        yield Todo(
            rank=DECIDE,
            title="Dire jusqu’à quand les chapitres restent ouverts",
            why=f"« {convention.about} » : la convention ne tient plus, {convention.get_state_display()}. "
            "Les chapitres restent ouverts tant que vous n’avez rien décidé.",
            url=convention.url("convention_grace"),
            action="Décider",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}" if convention.sent_at else "À décider",
            icon="clock",
        )
