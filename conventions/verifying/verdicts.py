"""What a verification answers: a verdict, its reason in words, and every check that was made."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum

from caprse.base.sealing.checks import Finding


class Verdict(StrEnum):
    """What a file is, judged on its bytes alone."""

    SEALED = "sealed"  # the signed document, whole, under its seal
    INCOMPLETE = "incomplete"  # under our seal, without the signatures of all
    ALTERED = "altered"
    UNSEALED = "unsealed"
    FOREIGN = "foreign"  # the seal of somebody else
    UNREADABLE = "unreadable"


NOT_A_PDF = "Ce fichier n’est pas un PDF, ou bien il est abîmé ou incomplet : rien ne peut y être vérifié."
TOO_HEAVY = "Ce fichier demande plus de mémoire ou de temps qu’aucune convention : il n’a pas été lu jusqu’au bout."
BROKEN_SEAL = "Le cachet ne correspond plus au contenu : ce fichier a été modifié après avoir été scellé."
OUTSIDE = "Ce fichier contient des données que le cachet ne couvre pas : il a été modifié après avoir été scellé."
PROOFS = "Les preuves jointes ne se lisent pas : ce n’est pas un document que ce site a scellé en entier."
# What the first check that does not hold means, and how it is said.
MEANINGS = {
    "readable": (Verdict.UNREADABLE, NOT_A_PDF),
    "nothing_after": (Verdict.ALTERED, "Quelque chose a été ajouté après la fin du document scellé."),
    "one_seal": (Verdict.ALTERED, "Ce fichier porte plusieurs cachets ; un document de ce site n’en porte qu’un."),
    "our_seal": (Verdict.FOREIGN, "Le cachet de ce fichier n’est pas un de ceux de ce site."),
    "no_change_allowed": (
        Verdict.ALTERED,
        "Le cachet de ce fichier permet des changements, ce que nos cachets refusent.",
    ),
    "lasting": (Verdict.ALTERED, BROKEN_SEAL),
    "intact": (Verdict.ALTERED, BROKEN_SEAL),
    "unchanged": (Verdict.ALTERED, "Une modification a été ajoutée au document après son cachet."),
    "exact": (Verdict.ALTERED, OUTSIDE),
    "attachments": (
        Verdict.INCOMPLETE,
        "Le cachet est bon, mais les signatures n’y sont pas : ce n’est pas le document signé par toutes les parties.",
    ),
    "evidence": (Verdict.INCOMPLETE, PROOFS),
    "original": (Verdict.ALTERED, "Le texte joint n’est pas celui que les signataires ont signé."),
    "original_sealed": (
        Verdict.ALTERED,
        "Le texte à signer, joint au document, ne porte pas son propre cachet intact.",
    ),
    "chain": (Verdict.ALTERED, "La suite des événements jointe est rompue : une étape a été changée ou retirée."),
    "complete": (Verdict.INCOMPLETE, "Les preuves jointes ne disent pas que toutes les parties ont signé."),
    "signatures": (Verdict.ALTERED, "Une des signatures jointes ne désigne pas ce texte, ou sa preuve a été changée."),
    "stamps": (Verdict.ALTERED, "Un des horodatages joints ne tient pas."),
    "same_pages": (Verdict.ALTERED, "Les premières pages ne sont pas, à l’identique, celles du texte signé."),
}
NO_SEAL = (
    Verdict.UNSEALED,
    "Ce fichier ne porte pas de cachet : ce n’est pas un document définitif, ou bien son cachet lui a été ôté.",
)
UNTRUSTED = (
    Verdict.FOREIGN,
    "Le cachet de ce fichier a été posé sous une autorité que ce site ne reconnaît pas.",
)
LOCKED = (
    Verdict.UNREADABLE,
    "Ce fichier est protégé par un mot de passe : aucun document de ce site ne l’est, rien ne peut y être vérifié.",
)
# What each check establishes, for who reads the whole list.
CHECKS = {
    "readable": "Le fichier est un PDF, entier et sans mot de passe",
    "nothing_after": "Rien n’a été ajouté après sa fin",
    "one_seal": "Il porte un cachet, et un seul",
    "our_seal": "Ce cachet est un de ceux de ce site",
    "no_change_allowed": "Ce cachet interdit tout changement",
    "lasting": "Le cachet et ses horodatages sont valables, et le resteront une fois les certificats périmés",
    "intact": "Le contenu est celui qui a été scellé",
    "unchanged": "Rien n’a été modifié depuis",
    "exact": "Chaque octet du fichier est couvert",
    "attachments": "Le texte signé et les preuves y sont joints",
    "evidence": "Les preuves se lisent",
    "original_sealed": "Le texte signé porte lui-même un cachet intact",
    "original": "Son empreinte est celle que les signataires ont signée",
    "chain": "La suite des événements n’a pas été rompue",
    "complete": "Toutes les parties ont signé",
    "signatures": "Chaque signature désigne ce texte, et sa preuve est intacte",
    "stamps": "Les horodatages joints tiennent",
    "same_pages": "Les premières pages sont, à l’identique, celles du texte signé",
}
HEAVY = (Verdict.UNREADABLE, TOO_HEAVY)
BROKEN = (
    Verdict.ALTERED,
    "Ce fichier porte un cachet, mais il est abîmé ou a été modifié : le cachet ne peut plus y être lu.",
)
WHOLE = "Le cachet est intact, toutes les parties ont signé, et le texte gardé est celui qui a été signé."


@dataclass(frozen=True)
class Verification:
    """What was found of some bytes. `parties`: how many of each kind; nobody is named."""

    verdict: str
    reason: str
    sha256: str
    findings: tuple = ()
    reference: str = ""
    convention: str = ""
    completed_at: str = ""
    chain_head: str = ""
    level: str = ""
    is_test: bool = False
    parties: dict = field(default_factory=dict)
    signatures: int = 0
    events: int = 0

    @property
    def holds(self):
        return self.verdict == Verdict.SEALED

    @property
    def checks(self):
        """(what was checked, whether it holds), in order."""
        return [(CHECKS[one.code], one.holds) for one in self.findings]

    def as_data(self):
        """Plain data, for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data):
        findings = tuple(Finding(**one) for one in data.pop("findings"))
        return cls(**data, findings=findings)


def meaning_of(finding, *, bears_a_seal):
    """The verdict and the words of a check that does not hold, in a file that bears a seal or not."""
    if finding.code == "one_seal" and finding.said.startswith("0 "):
        return NO_SEAL
    if finding.code == "readable":
        special = {"encrypted": LOCKED, "MemoryError": HEAVY}
        return special.get(finding.said) or (BROKEN if bears_a_seal else MEANINGS["readable"])
    if finding.code == "lasting" and "NO_CERTIFICATE_CHAIN_FOUND" in finding.said:
        return UNTRUSTED
    return MEANINGS[finding.code]
