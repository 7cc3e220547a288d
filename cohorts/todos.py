"""What membership itself expects of people: the clause, an adhesion to renew, an invitation, a need, a pair."""

from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.text import date_in_words, day_in_words
from caprse.base.todo import Todo, register
from cohorts.enums import CohortKind, MeetingMode, PairSeat, Role
from cohorts.models import (
    Adhesion,
    ClauseVersion,
    Invitation,
    Meeting,
    Need,
    PairMember,
    Participation,
    Share,
    not_over,
)
from cohorts.roles import Permission
from referentiel.models import Version

CLAUSE, INVITATION, ADHESION, NEED, PAIR, DRAFT = 0, 5, 10, 20, 25, 30


@register
def clause_to_accept(actor, participations):
    """Tools open after the clause: it comes first. A partner has none, and reads it for a resource given to them."""
    if not actor.held or actor.clause_accepted:
        return
    if any(m.role != Role.PARTNER for m in actor.held):
        yield Todo(
            rank=CLAUSE,
            title="Lire et accepter la clause de non-diffusion",
            why="Les outils sont réservés aux adhérents du réseau : une lecture de deux minutes, une seule fois.",
            url=reverse("clause"),
            action="Lire la clause",
            moment=clause_since(),
            icon="lock",
        )
    elif Share.objects.visible_to(actor).exists():
        yield Todo(
            rank=CLAUSE,
            title="Lire et accepter la clause de non-diffusion",
            why="Une ressource vous est confiée : elle s’ouvre après cette lecture de deux minutes, une seule fois.",
            url=f"{reverse('clause')}?{urlencode({'suite': reverse('relays')})}",
            action="Lire la clause",
            moment=clause_since(),
            icon="lock",
        )


def clause_since():
    """Since when the clause of today is in force, in words."""
    since = ClauseVersion.objects.in_force(clock.today()).values_list("since", flat=True).first()
    return f"En vigueur depuis le {date_in_words(since)}" if since else ""


@register
def needs_to_answer(actor, participations):
    """The needs relayed to a partner or to the national head, while nobody answered them.

    Source: convention, article 2.2.
    """
    if not actor.relayed_organisation_ids:
        return
    waiting = Need.objects.waiting().filter(organisation_id__in=actor.relayed_organisation_ids)
    for need in waiting.with_context().order_by("relayed_at", "pk"):
        yield Todo(
            rank=NEED,
            title="Répondre à un besoin relayé",
            why=f"{need.relayed_by.full_name}, pour « {need.cohort.name} » : {need.title}",
            url=reverse("need_answer", args=[need.public_id]),
            action="Lire et répondre",
            moment=f"Relayé le {day_in_words(need.relayed_at)}",
            icon="handshake",
        )


@register
def drafts_to_finish(actor, participations):
    """For national staff: the next version of a référentiel that was entrusted to them, until it is published."""
    if not actor.edited_referentiel_ids:
        return
    drafts = Version.objects.drafts().filter(referentiel__in=actor.edited_referentiel_ids)
    drafts = list(drafts.select_related("referentiel").order_by("pk"))
    begun = AuditEvent.objects.filter(
        verb="version.drafted", target_type=Version._meta.label_lower, target_id__in=[draft.pk for draft in drafts]
    )
    begun_at = dict(begun.values_list("target_id", "at")) if drafts else {}
    for draft in drafts:
        at = begun_at.get(draft.pk)
        yield Todo(
            rank=DRAFT,
            title=f"Poursuivre la version {draft.number} du référentiel",
            why=f"« {draft.referentiel.title} » : le brouillon ne se voit nulle part tant qu’il n’est pas publié.",
            url=reverse("referentiel_draft", args=[draft.referentiel.code]),
            action="Ouvrir le brouillon",
            moment=f"Commencée le {day_in_words(at)}" if at else "Publication : date à confirmer",
            icon="pencil",
        )


@register
def adhesion_to_renew(actor, participations):
    """Says why the tools are closed, and who can reopen them."""
    lapsed = [path for path in participations if actor.adhesion_lapsed(path)]
    if not lapsed:
        return
    structures = {path.organisation_id for path in lapsed}
    ended = Adhesion.objects.filter(organisation__in=structures, until__lt=clock.today()).order_by("until")
    ended_on = dict(ended.values_list("organisation_id", "until"))
    for path in lapsed:
        last_day = ended_on.get(path.organisation_id)
        yield Todo(
            rank=ADHESION,
            title="Vos outils sont fermés : l’adhésion n’est plus à jour",
            why=f"{path.organisation.legal_name} garde ses réponses et son plan. "
            f"La délégation {path.cohort.region.name} rouvre les outils dès le renouvellement.",
            url=path.get_absolute_url(),
            action="Voir ce qui reste lisible",
            moment=f"Adhésion valable jusqu’au {date_in_words(last_day)}"
            if last_day
            else "Adhésion : date à confirmer",
            about=path.pk,
            icon="alert",
        )


@register
def invitations_to_answer(actor, participations):
    """What the person is asked to join, while it can still be accepted."""
    waiting = Invitation.objects.pending().filter(user=actor.user_id, expires_at__gte=clock.now())
    for invitation in waiting.with_context().order_by("expires_at", "pk"):
        yield Todo(
            rank=INVITATION,
            title=f"Rejoindre {invitation.scope_name}",
            why=f"Vous y êtes invité·e comme {Role(invitation.role).label}.",
            url=reverse("invitation_mine", args=[invitation.public_id]),
            action="Voir l’invitation",
            due=invitation.expires_at.astimezone(clock.PARIS).date(),
            icon="mail",
        )


@register
def pair_to_name(actor, participations):
    """Two people come to the days in person: as long as a seat is empty, somebody is to be chosen.

    Source: convention, article 2.1.
    """
    paths = {p.pk: p for p in participations if actor.can(Permission.NAME_PAIR, p) and wants_a_pair(actor, p)}
    if not paths:
        return
    for path_id, count, next_day in _pairs(paths):
        if count < len(PairSeat):
            path = paths[path_id]
            yield Todo(
                rank=PAIR,
                title="Nommer votre binôme" if not count else "Compléter votre binôme",
                why=f"Une personne de l’équipe et une du conseil d’administration viennent aux journées "
                f"de « {path.cohort.name} », pour {path.organisation.legal_name}.",
                url=reverse("pair", args=[path.cohort.region.slug, path.public_id]),
                action="Choisir les deux personnes" if not count else "Choisir la seconde personne",
                moment=f"Prochaine journée : {date_in_words(next_day) if next_day else 'date à confirmer'}",
                icon="users",
            )


def _pairs(paths):
    """For each path that is not over: its id, how many seats of its pair are held, the next certain day in person."""
    days = Meeting.objects.certain_from(clock.today()).filter(mode=MeetingMode.ON_SITE, cohort=OuterRef("cohort"))
    seats = PairMember.objects.current().filter(participation=OuterRef("pk")).order_by().values("participation")
    rows = Participation.objects.filter(not_over(clock.today()), pk__in=paths).annotate(
        seats=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0),
        next_day=Subquery(days.values("day")[:1]),
    )
    return rows.order_by("pk").values_list("pk", "seats", "next_day")


def wants_a_pair(actor, path):
    """Whether days in person are ahead for this structure."""
    over = path.cohort.ends_on is not None and path.cohort.ends_on < clock.today()
    return path.cohort.kind == CohortKind.DATED and not over and not actor.adhesion_lapsed(path)
