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
    DONE = "done", "faite"


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
