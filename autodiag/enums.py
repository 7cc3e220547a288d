from django.db.models import TextChoices


class AutodiagState(TextChoices):
    DRAFT = "draft", "en cours"
    SUBMITTED = "submitted", "transmis"


class AnswerKind(TextChoices):
    """Four different things everywhere: not answered, unknown, not applicable, and a level (0 included)."""

    NONE = "", "pas encore répondu"
    LEVEL = "level", "niveau choisi"
    UNKNOWN = "unknown", "ne sait pas"
    NOT_APPLICABLE = "not_applicable", "non applicable"


class ActionStatus(TextChoices):
    TO_DO = "to_do", "à faire"
    IN_PROGRESS = "in_progress", "en cours"
    BLOCKED = "blocked", "bloquée"
    DONE = "done", "faite"
    ABANDONED = "abandoned", "abandonnée"


# Nothing more is expected of these.
OVER = (ActionStatus.DONE, ActionStatus.ABANDONED)
# These say why.
EXPLAINED = (ActionStatus.BLOCKED, ActionStatus.ABANDONED)


class AdoptedBy(TextChoices):
    """Who adopts a plan."""

    BOARD = "board", "le conseil d’administration"
    ASSEMBLY = "assembly", "l’assemblée générale"
    BUREAU = "bureau", "le bureau"
    DIRECTION = "direction", "la direction"


class PresentedTo(TextChoices):
    """To whom the work was presented. Source: OSE charter (yearly general assembly, board, staff, CSE)."""

    ASSEMBLY = "assembly", "l’assemblée générale"
    BOARD = "board", "le conseil d’administration"
    STAFF = "staff", "les salarié·e·s"
    CSE = "cse", "le comité social et économique"
    OTHER = "other", "d’autres personnes"


class ImportState(TextChoices):
    READING = "reading", "en cours de lecture"
    REFUSED = "refused", "à corriger"
    READY = "ready", "à confirmer"
    DONE = "done", "ajouté au plan"


class ProposalChoice(TextChoices):
    ACCEPTED = "accepted", "dans notre plan"
    REFUSED = "refused", "pas pour nous"


class SharingKind(TextChoices):
    """What a structure shows, on its own will, to the structures of its cohort."""

    SYNTHESIS = "synthesis", "la synthèse d’un chapitre"
    STEP_FORWARD = "step_forward", "une avancée"
    DIFFICULTY = "difficulty", "une difficulté"
    AUTODIAG = "autodiag", "un autodiagnostic entier"


class PracticeScope(TextChoices):
    COHORT = "cohort", "notre cohorte"
    REGION = "region", "notre région"
    NETWORK = "network", "tout le réseau"


class PracticeState(TextChoices):
    DRAFT = "draft", "en préparation"
    PROPOSED = "proposed", "proposée à la région"
    PUBLISHED = "published", "publiée"
    RETURNED = "returned", "à reprendre"
    WITHDRAWN = "withdrawn", "retirée"


class PracticeAnswer(TextChoices):
    """What a region answers to a practice put forward to it; the last, by the structure itself."""

    PUBLISHED = "published", "publiée"
    RETURNED = "returned", "renvoyée avec un message"
    TAKEN_BACK = "taken_back", "reprise par la structure"


class Decision(TextChoices):
    """What who accompanies a structure answers to a transmission."""

    NOTED = "noted", "pris acte"
    RETURNED = "returned", "renvoyé avec des raisons"


class ReopeningCause(TextChoices):
    RETURN = "return", "l’accompagnateur·rice"
    CORRECTION = "correction", "la structure"


class SurveyState(TextChoices):
    OPEN = "open", "ouvert"
    CLOSED = "closed", "clos"


class SurveyChoice(TextChoices):
    """The answers offered to every question of a survey, in order."""

    YES = "yes", "oui, tout à fait"
    RATHER_YES = "rather_yes", "plutôt oui"
    RATHER_NO = "rather_no", "plutôt non"
    NO = "no", "non, pas du tout"
    UNKNOWN = "unknown", "je ne sais pas"
