from django.db.models import TextChoices


class ConventionState(TextChoices):
    DRAFT = "draft", "en préparation"
    FREEZING = "freezing", "document en cours de fabrication"
    FROZEN = "frozen", "prête à envoyer"
    OPEN = "open", "en cours de signature"
    SIGNED = "signed", "signée par toutes les parties"
    IN_FORCE = "in_force", "en vigueur"
    ENDED = "ended", "terminée"
    CANCELLED = "cancelled", "annulée"


class VariableKind(TextChoices):
    LINE = "line", "quelques mots"
    TEXT = "text", "texte"
    DATE = "date", "date"
    INTEGER = "integer", "nombre"


class DocumentKind(TextChoices):
    ORIGINAL = "original", "texte à signer"
    FINAL = "final", "convention signée"


class Opening(TextChoices):
    """How a signatory reached the signing pages."""

    LINK = "link", "lien personnel"
    ACCOUNT = "account", "compte"


class TrailKind(TextChoices):
    """What the chain of a convention keeps."""

    FROZEN = "frozen", "texte figé"
    SENT = "sent", "envoyée aux signataires"
    LINK_SENT = "link_sent", "lien envoyé"
    LINK_OPENED = "link_opened", "lien ouvert"
    CODE_SENT = "code_sent", "code envoyé"
    CODE_REFUSED = "code_refused", "code refusé"
    SIGNED = "signed", "signature"
    SIGNATORY_REPLACED = "signatory_replaced", "signataire remplacé·e"
    COMPLETED = "completed", "signée par toutes les parties"
    FINAL_MADE = "final_made", "document final fabriqué"
    CANCELLED = "cancelled", "annulée"
    ENDED = "ended", "terminée"
