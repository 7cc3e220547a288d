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
