from django.db.models import TextChoices


class ConventionState(TextChoices):
    DRAFT = "draft", "en préparation"
    FREEZING = "freezing", "document en cours de fabrication"
    FROZEN = "frozen", "prête à envoyer"
    OPEN = "open", "en cours de signature"
    SIGNED = "signed", "signée par toutes les parties"
    IN_FORCE = "in_force", "en vigueur"
    ENDED = "ended", "terminée"
    CANCELLED = "cancelled", "retirée"
    REFUSED = "refused", "refusée par une partie"
    EXPIRED = "expired", "délai de signature passé"
    SUPERSEDED = "superseded", "remplacée par une autre version"


class TemplateKind(TextChoices):
    """What a template is for. Charters bind two organisations, or one structure, outside any cohort."""

    CONVENTION = "convention", "convention d’engagements"
    PARTNERSHIP = "partnership", "charte de partenariat"
    ENGAGEMENT = "engagement", "charte d’engagement"
    AMENDMENT = "amendment", "avenant"
    ACCESSION = "accession", "bulletin d’adhésion"


class Nature(TextChoices):
    """What a convention is to another one: nothing, a change to it, the entry of one more party."""

    CONVENTION = "convention", "convention"
    AMENDMENT = "amendment", "avenant"
    ACCESSION = "accession", "bulletin d’adhésion"


class EntryIntoForce(TextChoices):
    """From when a text binds. Source: Code civil, 1103; to be said by the text, since its signatures have many dates."""

    LAST_SIGNATURE = "last_signature", "à la dernière signature"
    DAY = "day", "à la date que dit le texte"
    COMMITTEE = "committee", "à la validation d’un comité"


class VariableKind(TextChoices):
    LINE = "line", "quelques mots"
    TEXT = "text", "texte"
    DATE = "date", "date"
    INTEGER = "integer", "nombre"
    CHOICE = "choice", "choix dans une liste"


class PowerBasis(TextChoices):
    """What lets somebody bind an organisation. Source: Civ. 1, 19 Nov. 2002, 00-18.946."""

    STATUTES = "statutes", "les statuts"
    DECISION = "decision", "une délibération"
    DELEGATION = "delegation", "une délégation écrite"
    LAW = "law", "la loi (gérant·e, président·e de société)"


class AddressBasis(TextChoices):
    """How it is known that an address is read by who signs. Source: CA Toulouse, 14 Feb. 2023: else it proves nothing."""

    ACCOUNT = "account", "celle de son compte dans l’application"
    KNOWN = "known", "nous échangeons déjà à cette adresse"
    WRITTEN = "written", "la structure l’a donnée par écrit"
    DOMAIN = "domain", "elle est au nom de domaine de la structure"
    SPOKEN = "spoken", "vérifiée de vive voix avec la personne"


class Medium(TextChoices):
    """How a signature was given."""

    ONLINE = "online", "en ligne"
    PAPER = "paper", "sur papier"


class AnnexKind(TextChoices):
    TEXT = "text", "texte"
    FILE = "file", "fichier"
    FORM = "form", "fiche à remplir"


class TerminationDecision(TextChoices):
    DROPPED = "dropped", "sans suite"
    ENDED = "ended", "résiliation"


class CommitmentProof(TextChoices):
    """What may show that a commitment was kept: a fact the product knows, or somebody's word."""

    ATTENDANCE = "attendance", "présence aux journées"
    DIAGNOSTICS = "diagnostics", "autodiagnostics transmis"
    ACTIONS = "actions", "actions menées"
    PRACTICES = "practices", "pratiques partagées"
    FOLLOWUPS = "followups", "suivis tenus"
    DAYS = "days", "journées animées"
    NEEDS = "needs", "besoins relayés et leur réponse"
    RESOURCES = "resources", "ressources données"
    ATTESTED = "attested", "attestation d’une personne"


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
    SEALED = "sealed", "document scellé"
    REMINDED = "reminded", "rappel envoyé"
    RETURNED = "returned", "courriel revenu"
    REFUSED = "refused", "refus de signer"
    WRONG_PERSON = "wrong_person", "n’est pas la bonne personne"
    EXPIRED = "expired", "délai de signature passé"
    SUPERSEDED = "superseded", "remplacée par une autre version"
    DEADLINE_SET = "deadline_set", "délai de signature fixé"
    LEAVE_ASKED = "leave_asked", "demande de retrait"
    PARTY_LEFT = "party_left", "sortie d’une partie"
    PARTY_JOINED = "party_joined", "entrée d’une partie"
    AMENDED = "amended", "modifiée par un avenant"
    ANNEX_REVISED = "annex_revised", "annexe révisée"
    VALIDATED = "validated", "validée par le comité"
    BREACH_NOTICED = "breach_noticed", "manquement notifié"
    BREACH_ANSWERED = "breach_answered", "réponse au manquement"
    BREACH_DECIDED = "breach_decided", "décision sur le manquement"
    CANCELLED = "cancelled", "retirée"
    ENDED = "ended", "terminée"
