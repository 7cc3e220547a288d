"""What membership itself expects of people: the clause, an adhesion to renew, a cohort to follow."""

from django.urls import reverse

from caprse.base import clock
from caprse.base.todo import Todo, register
from cohorts.enums import CohortKind, PairSeat, Role
from cohorts.models import Invitation, PairMember
from cohorts.roles import Permission

CLAUSE, INVITATION, ADHESION, PAIR, FOLLOW = 0, 5, 10, 25, 30


@register
def clause_to_accept(actor, participations):
    """Tools open after the clause: it comes first."""
    tool_holders = [m for m in actor.held if m.role != Role.PARTNER]
    if tool_holders and not actor.clause_accepted:
        yield Todo(
            rank=CLAUSE,
            title="Lire et accepter la clause de non-diffusion",
            why="Les outils sont réservés aux adhérents du réseau : une lecture de deux minutes, une seule fois.",
            url=reverse("clause"),
            action="Lire la clause",
            icon="lock",
        )


@register
def adhesion_to_renew(actor, participations):
    """Says why the tools are closed, and who can reopen them."""
    for path in participations:
        if actor.adhesion_lapsed(path):
            yield Todo(
                rank=ADHESION,
                title="Vos outils sont fermés : l’adhésion n’est plus à jour",
                why=f"{path.organisation.legal_name} garde ses réponses et son plan. "
                f"La délégation {path.cohort.region.name} rouvre les outils dès le renouvellement.",
                url=path.get_absolute_url(),
                action="Voir ce qui reste lisible",
                late=True,
                icon="alert",
            )


@register
def cohorts_to_follow(actor, participations):
    """Where facilitators look first."""
    for membership in actor.held:
        if membership.role == Role.FACILITATOR:
            yield Todo(
                rank=FOLLOW,
                title="Voir où en sont les structures",
                why=f"L’avancement de « {membership.name} », structure par structure.",
                url=reverse("cohort", args=[membership.region_slug, membership.cohort_slug]),
                action="Ouvrir la cohorte",
                icon="chart",
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
    named = dict.fromkeys(paths, 0)
    for path_id in PairMember.objects.current().filter(participation__in=paths).values_list("participation", flat=True):
        named[path_id] += 1
    for path_id, count in named.items():
        if count < len(PairSeat):
            path = paths[path_id]
            yield Todo(
                rank=PAIR,
                title="Nommer votre binôme" if not count else "Compléter votre binôme",
                why=f"Une personne de l’équipe et une du conseil d’administration viennent aux journées "
                f"de « {path.cohort.name} », pour {path.organisation.legal_name}.",
                url=reverse("pair", args=[path.cohort.region.slug, path.public_id]),
                action="Choisir les deux personnes" if not count else "Choisir la seconde personne",
                icon="users",
            )


def wants_a_pair(actor, path):
    """Whether days in person are ahead for this structure."""
    over = path.cohort.ends_on is not None and path.cohort.ends_on < clock.today()
    return path.cohort.kind == CohortKind.DATED and not over and not actor.adhesion_lapsed(path)
