from django.db.models import IntegerChoices, TextChoices


class VersionState(TextChoices):
    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"
    RETIRED = "retired", "retirée"


class Framework(TextChoices):
    """Outside frames a criterion answers to, by number only."""

    ISO_26000 = "iso26000", "domaine d’action de l’ISO 26000"
    ODD = "odd", "objectif de développement durable"


class Degree(IntegerChoices):
    """How much of something, when three words are enough: effort, effect, importance, influence."""

    LOW = 1, "petit"
    MEDIUM = 2, "moyen"
    HIGH = 3, "grand"
