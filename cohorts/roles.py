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
    READ_CONVENTION = "Lire la convention d’engagements et voir qui l’a signée"
    INVITE = "Inviter des collègues dans la structure"
    NAME_PAIR = "Nommer le binôme qui vient aux journées"
    ORGANISE = "Créer une cohorte, fixer son calendrier, y faire entrer structures et personnes"
    MANAGE_CONVENTION = "Préparer la convention, l’envoyer et suivre les signatures"
    WRITE_TEMPLATES = "Écrire les modèles de convention du réseau, et les publier"
    RECORD_ADHESION = "Noter l’adhésion d’une structure au réseau, qui ouvre ses outils"
    ATTEST = "Attester qu’un engagement de la convention a été tenu"
    GRANT_EXCEPTION = "Ouvrir les chapitres d’une structure par exception, avec un motif"
    WRITE_NOTES = "Écrire des notes de suivi, internes à l’équipe ou partagées avec la structure"
    ADJUST_ROUND = "Accorder à une structure un délai pour un chapitre, avec un motif"
    REMARK = "Écrire une remarque sur un critère, lue par toute la structure"
    GIVE_VIEWPOINT = "Donner son point de vue sur un critère, que personne d’autre ne lit"
    SEE_GAPS = "Voir les écarts entre les points de vue, une fois la comparaison ouverte"
    OPEN_COMPARISON = "Ouvrir la comparaison des points de vue, et fixer la règle de la structure"
    ASSIGN = "Confier des critères à des collègues"
    DISCUSS = "Échanger sur un critère, entre la structure et qui l’accompagne"
    RUN_SURVEY = "Ouvrir un questionnaire sans compte, saisir les feuilles de papier, le clore"
    READ_EVIDENCE = "Lire et télécharger les justificatifs de la structure"
    READ_SHARED_EVIDENCE = "Lire et télécharger les justificatifs que la structure partage"
    EDIT_EVIDENCE = "Déposer des justificatifs, les remplacer, les relier à des critères"
    REVIEW = "Renvoyer un chapitre transmis avec des raisons, ou en prendre acte"
    RELEASE_QUESTIONS = "Écrire les questions des questionnaires sans compte, et les diffuser"
    ADOPT_PLAN = "Noter que les instances ont adopté le plan d’actions"
    READ_MAP = "Voir les parties prenantes de la structure"
    EDIT_MAP = "Tenir la carte des parties prenantes et « notre pourquoi »"
    SET_LETTERHEAD = "Déposer le logo et les mentions de son organisation, mis sur ses documents"
    NAME_STAKEHOLDERS = "Noter les parties prenantes nommées à la journée de lancement"
    SHARE = "Montrer à la cohorte une synthèse, une avancée ou une difficulté, proposer une fiche pratique, les retirer"
    READ_SHARINGS = "Lire ce que des structures partagent avec la cohorte"
    READ_PRACTICES = "Lire les fiches pratiques du réseau"
    MODERATE_PRACTICES = "Relire les fiches pratiques proposées, les publier ou les renvoyer"
    PROPOSE_ACTIONS = "Écrire les actions proposées aux structures, critère par critère"
    RELAY = "Relayer des besoins à un partenaire et lui confier des ressources"
    READ_RELAYED = "Lire les besoins relayés et les ressources confiées à son organisation, et répondre aux besoins"
    READ_REFERENTIEL = "Lire le référentiel"
    READ_DRAFT = "Lire un référentiel avant sa publication"
    EDIT_DRAFT = "Rédiger et publier un référentiel qui lui a été confié"
    SEE_NETWORK = "Voir les résultats du réseau, jamais ceux d’une structure"


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
    Permission.READ_CONVENTION,
    Permission.READ_REFERENTIEL,
    Permission.EXPORT,
    Permission.REMARK,
    Permission.GIVE_VIEWPOINT,
    Permission.SEE_GAPS,
    Permission.DISCUSS,
    Permission.READ_EVIDENCE,
    Permission.READ_MAP,
    Permission.READ_SHARINGS,
    Permission.READ_PRACTICES,
}
_ORGANISING = {
    Permission.INVITE,
    Permission.NAME_PAIR,
    Permission.ORGANISE,
    Permission.MANAGE_CONVENTION,
    Permission.GRANT_EXCEPTION,
    Permission.RECORD_ADHESION,
    Permission.RELAY,
    Permission.SET_LETTERHEAD,
}
_ACCOMPANYING = {
    Permission.SEE_PATH,
    Permission.READ_SUBMISSION,
    Permission.READ_SHARED_PLAN,
    Permission.EXPORT,
    Permission.READ_CARD,
    Permission.READ_CONVENTION,
    Permission.READ_REFERENTIEL,
    Permission.SEE_COHORT_PROGRESS,
    Permission.WRITE_NOTES,
    Permission.ADJUST_ROUND,
    Permission.DISCUSS,
    Permission.READ_SHARED_EVIDENCE,
    Permission.REVIEW,
    Permission.NAME_STAKEHOLDERS,
    Permission.READ_SHARINGS,
    Permission.READ_PRACTICES,
    Permission.MODERATE_PRACTICES,
    Permission.ATTEST,
}

ROLES = {
    rights.role: rights
    for rights in (
        RoleRights(
            Role.REFERENT,
            "Conduit la démarche dans sa structure : fait répondre, met d’accord, transmet, tient le plan d’actions.",
            frozenset(
                _ALL_IN_STRUCTURE
                | {Permission.ANSWER, Permission.SUBMIT, Permission.EDIT_PLAN, Permission.EDIT_CARD}
                | {Permission.INVITE, Permission.NAME_PAIR, Permission.OPEN_COMPARISON, Permission.ASSIGN}
                | {Permission.RUN_SURVEY, Permission.EDIT_EVIDENCE, Permission.EDIT_MAP, Permission.ADOPT_PLAN}
                | {Permission.SHARE, Permission.SET_LETTERHEAD, Permission.ATTEST}
            ),
        ),
        RoleRights(
            Role.CONTRIBUTOR,
            "Travaille avec le ou la référent·e : répond aux critères, propose et suit des actions.",
            frozenset(
                _ALL_IN_STRUCTURE
                | {Permission.ANSWER, Permission.EDIT_PLAN, Permission.RUN_SURVEY, Permission.EDIT_EVIDENCE}
                | {Permission.EDIT_MAP}
            ),
        ),
        RoleRights(
            Role.BOARD_MEMBER,
            "Suit la démarche au nom du conseil d’administration : lit tout ce que fait sa structure, écrit des remarques.",
            frozenset(_ALL_IN_STRUCTURE),
        ),
        RoleRights(
            Role.LEGAL_REPRESENTATIVE,
            "Engage la structure : lit tout, tient la fiche à jour et signe la convention.",
            frozenset(
                _ALL_IN_STRUCTURE
                | {Permission.EDIT_CARD, Permission.INVITE, Permission.NAME_PAIR, Permission.EDIT_MAP}
                | {Permission.ADOPT_PLAN, Permission.SHARE, Permission.SET_LETTERHEAD, Permission.ATTEST}
            ),
        ),
        RoleRights(
            Role.FACILITATOR,
            "Accompagne les structures d’une cohorte : voit leur avancement, lit ce qu’elles transmettent ou partagent, "
            "garde des notes de suivi, accorde un délai.",
            frozenset(_ACCOMPANYING),
        ),
        RoleRights(
            Role.REGION_ADMIN,
            "Organise les cohortes de sa région : calendrier, invitations, convention ; même lecture que "
            "l’accompagnateur·rice, dans toute la région.",
            frozenset(_ACCOMPANYING | _ORGANISING),
        ),
        RoleRights(
            Role.NATIONAL_STAFF,
            "Garantit le référentiel : le rédige et le publie quand il lui est confié ; voit les résultats du réseau, "
            "jamais les réponses d’une structure.",
            frozenset(
                {Permission.READ_REFERENTIEL, Permission.READ_DRAFT, Permission.READ_CONVENTION}
                | {Permission.EDIT_DRAFT, Permission.SEE_NETWORK, Permission.READ_RELAYED, Permission.RELEASE_QUESTIONS}
                | {Permission.READ_PRACTICES, Permission.PROPOSE_ACTIONS, Permission.SET_LETTERHEAD}
                | {Permission.WRITE_TEMPLATES}
                | {Permission.ATTEST}
            ),
        ),
        RoleRights(
            Role.PARTNER,
            "Partenaire de la région : voit le calendrier de la cohorte, la convention, ce qui lui est relayé ou confié ; "
            "aucun outil, aucune réponse.",
            frozenset({Permission.READ_CONVENTION, Permission.READ_RELAYED, Permission.ATTEST}),
        ),
    )
}


def roles_with(permission):
    """The roles that hold a permission."""
    return frozenset(role for role, rights in ROLES.items() if permission in rights.permissions)
