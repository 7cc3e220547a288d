"""Référentiels, version by version; what surveys ask and what plans are proposed."""

from referentiel.models.proposals import ProposedAction
from referentiel.models.questions import SurveyQuestion
from referentiel.models.versions import (
    READERS,
    Chapter,
    Correspondence,
    Criterion,
    Indicator,
    MaturityLevel,
    Referentiel,
    ScaleStep,
    Section,
    Version,
    VoiceGroup,
)

__all__ = [
    "Chapter",
    "Correspondence",
    "Criterion",
    "Indicator",
    "MaturityLevel",
    "ProposedAction",
    "READERS",
    "Referentiel",
    "ScaleStep",
    "Section",
    "SurveyQuestion",
    "Version",
    "VoiceGroup",
]
