"""Templates, conventions, signing. Imports go from right to left only."""

from conventions.models.annexes import Annex, AnnexRevision
from conventions.models.conventions import Convention, Party, Signatory
from conventions.models.life import Breach, CommitteeValidation, GracePeriod, Refusal, WrongPerson
from conventions.models.register import Attestation, Commitment
from conventions.models.sealing import SealedArtefact, SealRenewal, TrailStamp
from conventions.models.signing import (
    FrozenDocument,
    SensitiveValue,
    Signature,
    SigningCode,
    TrailEntry,
)
from conventions.models.templates import ConventionTemplate, TemplateDraft, TemplateVersion

__all__ = [
    "Annex",
    "AnnexRevision",
    "Attestation",
    "Breach",
    "Commitment",
    "CommitteeValidation",
    "Convention",
    "ConventionTemplate",
    "FrozenDocument",
    "GracePeriod",
    "Party",
    "Refusal",
    "SealRenewal",
    "SealedArtefact",
    "SensitiveValue",
    "Signatory",
    "Signature",
    "SigningCode",
    "TemplateDraft",
    "TemplateVersion",
    "TrailEntry",
    "TrailStamp",
    "WrongPerson",
]
