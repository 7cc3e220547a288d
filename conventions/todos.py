"""What conventions expect of people: to sign, and for who organises, to finish and to send."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, Q

from caprse.base import clock
from caprse.base.text import date_in_words, day_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.enums import ClearanceKind
from cohorts.models import Clearance
from conventions.enums import ConventionState, Nature, TemplateKind
from conventions.holding import BINDING, SIGNED_BY_ALL, STOPPED
from conventions.models import Breach, Convention, Party, Signatory, WrongPerson
from conventions.services.breaches import ANSWER_FOR
from conventions.services.charters import NOTICE

SIGN, ANSWER, RENEW, PREPARE, FINISH, DECIDE = 5, 6, 7, 8, 25, 9
TO_SIGN = {
    Nature.CONVENTION: "la convention d’engagements",
    Nature.AMENDMENT: "un avenant à la convention d’engagements",
    Nature.ACCESSION: "un bulletin d’adhésion à la convention d’engagements",
}
OPENING = " Les chapitres s’ouvrent quand les parties ont signé."
TO_PREPARE = {
    ConventionState.DRAFT: ("Finir", "Reprendre le brouillon", "convention_edit"),
    ConventionState.FROZEN: ("Envoyer", "Relire et envoyer", "convention"),
}
# What is prepared, whose signatures are followed, why it waits.
PREPARED = {
    Nature.CONVENTION: (
        "la convention d’engagements",
        "de la convention",
        "les chapitres ne s’ouvrent qu’une fois la convention signée",
    ),
    Nature.AMENDMENT: ("l’avenant", "de l’avenant", "il ne change rien avant les signatures"),
    Nature.ACCESSION: (
        "le bulletin d’adhésion",
        "du bulletin d’adhésion",
        "la structure n’est pas liée avant de signer",
    ),
}
CHARTER = ("la charte", "de la charte", "elle ne lie personne avant les signatures")


@register
def conventions_to_sign(actor, participations):
    """One per signature expected from this very person."""
    mine = (
        Signatory.objects.current()
        .with_context()
        .filter(user_id=actor.user_id, signature=None, party__convention__state=ConventionState.OPEN)
        .filter(sent_at__isnull=False)  # nobody is sent their link before their turn
        .exclude(pk__in=WrongPerson.objects.filter(answered_at=None).values("signatory"))
    )
    for signatory in mine.order_by("pk"):
        convention = signatory.party.convention
        yield Todo(
            rank=SIGN,
            title=f"Lire et signer {TO_SIGN[convention.nature] if convention.cohort_id else 'une charte'}",
            why=f"Vous signez pour {signatory.party.name}, dans « {convention.about} ».{OPENING * bool(convention.cohort_id and convention.nature != Nature.AMENDMENT)}",
            url=convention.get_absolute_url(),
            action="Lire et signer",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="pencil",
        )


@register
def conventions_to_prepare(actor, participations):
    """For who organises: a draft to finish, a text to send, signatures to wait for, what a committee said to note."""
    if not actor.coordinated_region_ids:
        return
    standing = Convention.objects.filter(region_id__in=actor.coordinated_region_ids)
    under_way = Q(state__in=[*TO_PREPARE, ConventionState.OPEN])
    to_validate = Q(
        state=ConventionState.SIGNED, nature=Nature.CONVENTION, version__template__kind=TemplateKind.ENGAGEMENT
    )
    conventions = list(standing.filter(under_way | to_validate).with_context().order_by("pk"))
    awaited = {}
    for convention_id in (
        Party.objects.awaited().filter(convention__in=conventions).values_list("convention_id", flat=True)
    ):
        awaited[convention_id] = awaited.get(convention_id, 0) + 1
    for convention in conventions:
        yield _prepare(convention, awaited.get(convention.pk, 0))


def _prepare(convention, awaited):
    charter = convention.cohort_id is None and convention.nature == Nature.CONVENTION
    what, of_it, why = CHARTER if charter else PREPARED[convention.nature]
    if convention.state == ConventionState.OPEN:
        noun = plural(awaited, "une signature est encore attendue", f"{awaited} signatures sont encore attendues")
        return Todo(
            rank=PREPARE + 50,
            title=f"Suivre les signatures {of_it}",
            why=f"« {convention.about} » : {noun}.",
            url=convention.get_absolute_url(),
            action="Voir qui est attendu",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="clock",
        )
    if convention.state == ConventionState.SIGNED:
        return Todo(
            rank=DECIDE,
            title=f"Noter ce que le comité a décidé : charte n° {convention.reference}",
            why="Toutes les parties ont signé. L’identité visuelle ne court qu’à partir de la validation par le comité.",
            url=convention.url("charter_identity"),
            action="Noter la décision",
            moment=f"Signée le {day_in_words(convention.completed_at)}",
            icon="flag",
        )
    act, action, page = TO_PREPARE[convention.state]
    opens = convention.cohort_id and convention.nature == Nature.CONVENTION
    return Todo(
        rank=PREPARE if opens else DECIDE,
        title=f"{act} {what}",
        why=f"« {convention.about} » : {why}.",
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
    closing = rows.in_force(today).exclude(participation__in=rows.filter(until=None).values("participation"))
    for row in closing.values("participation").annotate(last=Max("until")):
        path = own[row["participation"]]
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
            why=f"« {convention.about} » : la convention ne lie plus les structures ({convention.get_state_display()}). "
            "Les chapitres restent ouverts tant que vous n’avez rien décidé.",
            url=convention.url("convention_grace"),
            action="Décider",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}" if convention.sent_at else "À décider",
            icon="clock",
        )


@register
def breaches_under_way(actor, participations):
    """A notice to answer, for who answers for its party; a reply to decide on, for who notified it."""
    answers_for = {held.organisation_id for held in actor.held if held.role in ANSWER_FOR}
    if not (answers_for or actor.coordinated_region_ids):
        return
    for breach in Breach.objects.visible_to(actor).filter(decision="").with_context().order_by("pk"):
        url = breach.convention.url("breaches")
        about = f"« {breach.convention.about} », {breach.convention.word} n° {breach.convention.reference}."
        if breach.party.organisation_id in answers_for and not breach.replied_at:
            yield Todo(
                rank=ANSWER,
                title=f"Répondre au manquement notifié à {breach.party.name}",
                why=f"{about} Rien n’est décidé avant votre réponse, ou avant la fin du délai.",
                url=url,
                action="Lire et répondre",
                due=breach.reply_by,
                icon="alert",
            )
        elif actor.coordinates(breach.region_id) and (breach.replied_at or breach.reply_by < clock.today()):
            said = "La partie a répondu" if breach.replied_at else "Le temps de répondre est passé"
            yield Todo(
                rank=DECIDE,
                title=f"Décider sur le manquement notifié à {breach.party.name}",
                why=f"{about} {said} : la suite vous revient.",
                url=url,
                action="Décider",
                moment=f"Notifié le {day_in_words(breach.notified_at)}",
                icon="alert",
            )


@register
def signatories_to_decide(actor, participations):
    """For who organises: somebody said that another person should sign, and nobody has decided."""
    if not actor.coordinated_region_ids:
        return
    waiting = WrongPerson.objects.filter(
        region_id__in=actor.coordinated_region_ids, answered_at=None, convention__state=ConventionState.OPEN
    )
    rows = waiting.select_related(
        "signatory__party", "convention__region", "convention__cohort", "convention__version__template"
    )
    for told in rows.order_by("pk"):
        convention, signatory = told.convention, told.signatory
        yield Todo(
            rank=DECIDE,
            title=f"Dire qui signe pour {signatory.party.name}",
            why=f"« {convention.about} » : {signatory.full_name} dit que ce n’est pas à lui ou à elle de signer.",
            url=convention.url("signatory_change", signatory.public_id),
            action="Décider",
            moment=f"Depuis le {day_in_words(told.told_at)}",
            icon="user",
        )


@register
def conventions_to_make_again(actor, participations):
    """For who organises: a text refused or not signed in time, that nothing has followed yet."""
    if not actor.coordinated_region_ids:
        return
    stands = Convention.objects.main().standing().filter(cohort=OuterRef("cohort"), structure=None)
    stopped = Convention.objects.filter(region_id__in=actor.coordinated_region_ids, superseded_by=None)
    stopped = stopped.filter(state__in=[ConventionState.REFUSED, ConventionState.EXPIRED]).with_context()
    for convention in stopped.exclude(Exists(stands), nature=Nature.CONVENTION, structure=None).order_by("pk"):
        why = (
            "une partie a refusé de signer, ou s’est ravisée"
            if convention.state == ConventionState.REFUSED
            else "le délai est passé"
        )
        yield Todo(
            rank=RENEW,
            title=f"Décider de la suite : {convention.word} n° {convention.reference}",
            why=f"« {convention.about} » : {why}. Une nouvelle version reprend ce qui était rempli.",
            url=convention.url("convention_renew"),
            action="Préparer la suite",
            moment=f"Envoyée le {day_in_words(convention.sent_at)}",
            icon="alert",
        )


@register
def parties_that_ask_to_leave(actor, participations):
    """For who organises: a party has asked to withdraw, the day is to be noted."""
    if not actor.coordinated_region_ids:
        return
    asked = Party.objects.filter(region_id__in=actor.coordinated_region_ids, left_on=None).exclude(left_reason="")
    bound = asked.filter(convention__state=ConventionState.IN_FORCE)
    for party in bound.select_related("convention__region").order_by("pk"):
        yield Todo(
            rank=DECIDE,
            title=f"Répondre à une demande de retrait : {party.name}",
            why=f"Convention n° {party.convention.reference} : notez le dernier jour où cette partie est liée.",
            url=party.convention.url("convention_life"),
            action="Noter sa sortie",
            moment=f"Motif : {party.left_reason[:80]}",
            icon="minus",
        )


@register
def charters_that_end(actor, participations):
    """For who organises: a charter whose text gives a last day, near or passed, that no amendment has touched."""
    if not actor.coordinated_region_ids:
        return
    soon = (clock.today() + NOTICE).isoformat()
    amended = Convention.objects.standing().filter(parent=OuterRef("pk"), nature=Nature.AMENDMENT)
    ending = Convention.objects.filter(
        ~Exists(amended),
        region_id__in=actor.coordinated_region_ids,
        cohort=None,
        state=ConventionState.IN_FORCE,
        variables__ends_on__lte=soon,
    )
    for charter in ending.with_context().order_by("pk"):
        last_day = day_or_none(charter.variables["ends_on"])
        if last_day is None:
            continue
        over = last_day < clock.today()
        yield Todo(
            rank=RENEW,
            title=f"{'Noter la fin de' if over else 'Prolonger ou non'} la charte n° {charter.reference}",
            why=f"« {charter.about} » : son texte dit qu’elle {'a couru' if over else 'court'} jusqu’au "
            f"{date_in_words(last_day)}. {'' if over else 'Seul un avenant la prolonge.'}".strip(),
            url=charter.url("convention_end" if over else "convention_life"),
            action="Noter sa fin" if over else "Décider",
            due=None if over else last_day,
            moment=f"Terminée le {date_in_words(last_day)}" if over else "",
            icon="clock",
        )


def day_or_none(said):
    """The day a blank says; None for one that a template of a region asks for in other words."""
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        return None
