"""Rights as data: what can be done, and which role may do it. The page “qui peut quoi” is drawn from this."""

from dataclasses import dataclass
from enum import Enum

from cohorts.enums import Role


class Permission(Enum):
    """What a person may do on a structure's path. The value is the sentence shown on the page."""

    SEE_PATH = "Voir le calendrier et l’avancement du parcours"
    READ_DIAGNOSTIC = "Lire l’autodiagnostic de la structure, y compris en cours"
    ANSWER = "Répondre aux critères et écrire des commentaires"
    SUBMIT = "Transmettre un chapitre à l’accompagnateur·rice"
    READ_SUBMISSION = "Lire un chapitre une fois transmis, avec les commentaires partagés"
    READ_PLAN = "Lire le plan d’actions de la structure"
    EDIT_PLAN = "Créer et modifier des actions"
    READ_SHARED_PLAN = "Lire les actions que la structure partage"
    EXPORT = "Demander et télécharger un document PDF"
    READ_CARD = "Voir la fiche de la structure"
    EDIT_CARD = "Modifier la fiche de la structure"
    SEE_COHORT_PROGRESS = "Voir l’avancement de toutes les structures de la cohorte"
    READ_REFERENTIEL = "Lire le référentiel"
    READ_DRAFT = "Lire un référentiel avant sa publication"


@dataclass(frozen=True)
class RoleRights:
    """One role: what it is for, in a sentence, and what it may do."""

    role: Role
    description: str
    permissions: frozenset


_ALL_IN_STRUCTURE = {
    Permission.SEE_PATH,
    Permission.READ_DIAGNOSTIC,
    Permission.READ_SUBMISSION,
    Permission.READ_PLAN,
    Permission.READ_CARD,
    Permission.READ_REFERENTIEL,
    Permission.EXPORT,
}
_ACCOMPANYING = {
    Permission.SEE_PATH,
    Permission.READ_SUBMISSION,
    Permission.READ_SHARED_PLAN,
    Permission.EXPORT,
    Permission.READ_CARD,
    Permission.READ_REFERENTIEL,
    Permission.SEE_COHORT_PROGRESS,
}

ROLES = {
    rights.role: rights
    for rights in (
        RoleRights(
            Role.REFERENT,
            "Conduit la démarche dans sa structure : fait répondre, met d’accord, transmet, tient le plan d’actions.",
            frozenset(
                _ALL_IN_STRUCTURE | {Permission.ANSWER, Permission.SUBMIT, Permission.EDIT_PLAN, Permission.EDIT_CARD}
            ),
        ),
        RoleRights(
            Role.CONTRIBUTOR,
            "Travaille avec le ou la référent·e : répond aux critères, propose et suit des actions.",
            frozenset(_ALL_IN_STRUCTURE | {Permission.ANSWER, Permission.EDIT_PLAN}),
        ),
        RoleRights(
            Role.BOARD_MEMBER,
            "Suit la démarche au nom du conseil d’administration : lit tout ce que fait sa structure.",
            frozenset(_ALL_IN_STRUCTURE),
        ),
        RoleRights(
            Role.LEGAL_REPRESENTATIVE,
            "Engage la structure : lit tout, tient la fiche à jour et signera la convention.",
            frozenset(_ALL_IN_STRUCTURE | {Permission.EDIT_CARD}),
        ),
        RoleRights(
            Role.FACILITATOR,
            "Accompagne les structures d’une cohorte : voit leur avancement, lit ce qu’elles transmettent ou partagent.",
            frozenset(_ACCOMPANYING),
        ),
        RoleRights(
            Role.REGION_ADMIN,
            "Organise les cohortes de sa région : même lecture que l’accompagnateur·rice, dans toute la région.",
            frozenset(_ACCOMPANYING),
        ),
        RoleRights(
            Role.NATIONAL_STAFF,
            "Garantit le référentiel : le rédige et le publie ; ne voit les réponses d’aucune structure.",
            frozenset({Permission.READ_REFERENTIEL, Permission.READ_DRAFT}),
        ),
        RoleRights(
            Role.PARTNER,
            "Partenaire de la région : voit le calendrier de la cohorte, aucun outil ni réponse.",
            frozenset(),
        ),
    )
}


def roles_with(permission):
    """The roles that hold a permission."""
    return frozenset(role for role, rights in ROLES.items() if permission in rights.permissions)
