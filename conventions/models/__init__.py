"""Templates, conventions, signing. Imports go from right to left only."""

from conventions.models.conventions import Convention, Party, Signatory
from conventions.models.signing import (
    FrozenDocument,
    SensitiveValue,
    Signature,
    SigningCode,
    TrailEntry,
)
from conventions.models.templates import ConventionTemplate, TemplateVersion

__all__ = [
    "Convention",
    "ConventionTemplate",
    "FrozenDocument",
    "Party",
    "SensitiveValue",
    "Signatory",
    "Signature",
    "SigningCode",
    "TemplateVersion",
    "TrailEntry",
]
