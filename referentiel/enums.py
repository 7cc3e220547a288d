from django.db.models import TextChoices


class VersionState(TextChoices):
    DRAFT = "draft", "brouillon"
    PUBLISHED = "published", "publiée"
    RETIRED = "retired", "retirée"


class Framework(TextChoices):
    """Outside frames a criterion answers to, by number only."""

    ISO_26000 = "iso26000", "domaine d’action de l’ISO 26000"
    ODD = "odd", "objectif de développement durable"
