"""Autodiagnostics: answers, voices and agreement, evidence, what is transmitted; and the plan drawn from them."""

from autodiag.models.diagnostics import Answer, AnswerChange, Autodiag, Comment
from autodiag.models.evidence import Evidence, EvidenceRevision, EvidenceUse
from autodiag.models.indicators import IndicatorChange, IndicatorValue
from autodiag.models.plan import Action, shared_actions
from autodiag.models.remarks import Remark
from autodiag.models.submissions import Reopening, Review, Submission
from autodiag.models.surveys import Respondent, Survey, SurveyResponse
from autodiag.models.threads import Message, Thread
from autodiag.models.voices import Assignment, Comparison, Consensus, Viewpoint, Voice, VoiceRule

__all__ = [
    "Action",
    "Answer",
    "AnswerChange",
    "Assignment",
    "Autodiag",
    "Comment",
    "Comparison",
    "Consensus",
    "Evidence",
    "EvidenceRevision",
    "EvidenceUse",
    "IndicatorChange",
    "IndicatorValue",
    "Message",
    "Remark",
    "Reopening",
    "Respondent",
    "Review",
    "Submission",
    "Survey",
    "SurveyResponse",
    "Thread",
    "Viewpoint",
    "Voice",
    "VoiceRule",
    "shared_actions",
]
