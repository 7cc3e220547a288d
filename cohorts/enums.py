from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    STRUCTURE = "structure", "structure"
    REGION = "region", "délégation régionale"
    NATIONAL = "national", "tête de réseau nationale"
    PARTNER = "partner", "partenaire"


class SiaeKind(TextChoices):
    AI = "ai", "association intermédiaire (AI)"
    ACI = "aci", "atelier et chantier d’insertion (ACI)"
    EI = "ei", "entreprise d’insertion (EI)"
    ETTI = "etti", "entreprise de travail temporaire d’insertion (ETTI)"
    GES = "ges", "groupe économique solidaire (GES)"
    EBE = "ebe", "entreprise à but d’emploi (EBE)"


class ApproachKind(TextChoices):
    CEDRE = "cedre", "Cèdre"
    ISO_9001 = "iso9001", "ISO 9001"
    LE_CAP = "le_cap", "Le Cap"
    OTHER = "other", "autre démarche ou label"


class Role(TextChoices):
    REFERENT = "referent", "référent·e CAP RSE"
    CONTRIBUTOR = "contributor", "contributeur·rice"
    BOARD_MEMBER = "board_member", "membre du conseil d’administration"
    LEGAL_REPRESENTATIVE = "legal_representative", "représentant·e légal·e"
    FACILITATOR = "facilitator", "accompagnateur·rice"
    REGION_ADMIN = "region_admin", "coordinateur·rice régional·e"
    NATIONAL_STAFF = "national_staff", "équipe nationale"
    PARTNER = "partner", "partenaire"


class CohortKind(TextChoices):
    DATED = "dated", "parcours daté"
    PERMANENT = "permanent", "ouvert en permanence"


class OpeningCondition(TextChoices):
    """What the convention must be for the rounds of a cohort to open."""

    ALL_SIGNED = "all_signed", "toutes les parties ont signé"
    NETWORK_SIGNED = "network", "toutes les parties du réseau ont signé"
    OWN_SIGNED = "own_signed", "la structure a signé"
    NONE = "none", "aucune convention n’est demandée"


class InvitationState(TextChoices):
    PENDING = "pending", "en attente"
    ACCEPTED = "accepted", "acceptée"
    CANCELLED = "cancelled", "annulée"


class PairSeat(TextChoices):
    STAFF = "staff", "direction ou salarié·e permanent·e"
    BOARD = "board", "membre du conseil d’administration"


class MeetingKind(TextChoices):
    WEBINAR = "webinar", "webinaire d’information"
    KICKOFF = "kickoff", "journée de lancement"
    READING = "reading", "visio lecture"
    REGROUPEMENT = "regroupement", "regroupement"
    CAPSULE = "capsule", "capsule trimestrielle"
    CLOSING = "closing", "clôture et évaluation finale"


class MeetingMode(TextChoices):
    ONLINE = "online", "en visio"
    ON_SITE = "on_site", "en présentiel"
    UNKNOWN = "", ""


class DatePrecision(TextChoices):
    DATETIME = "datetime", "jour et heure"
    DATE = "date", "jour"
    MONTH = "month", "mois"
    UNKNOWN = "unknown", "à confirmer"


class Step(TextChoices):
    """Facts that the floors above report about a participation."""

    AUTODIAG_STARTED = "autodiag_started", "autodiagnostic commencé"
    AUTODIAG_SUBMITTED = "autodiag_submitted", "autodiagnostic transmis"


class ClearanceKind(TextChoices):
    CONVENTION = "convention", "convention d’engagements signée"
    EXCEPTION = "exception", "ouverture accordée par la région"


class Visibility(TextChoices):
    STRUCTURE = "structure", "notre structure seulement"
    FACILITATOR = "facilitator", "notre structure et notre accompagnateur·rice"


class NoteVisibility(TextChoices):
    """Who reads a note of follow-up."""

    INTERNAL = "internal", "l’équipe qui accompagne seulement"
    SHARED = "shared", "la structure et l’équipe qui l’accompagne"
