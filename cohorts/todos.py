"""What membership itself expects of people: the clause, an adhesion to renew, a cohort to follow."""

from django.urls import reverse

from caprse.base.todo import Todo, register
from cohorts.enums import Role

CLAUSE, ADHESION, FOLLOW = 0, 10, 30


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
