"""Autodiagnostics: answers, voices and agreement, evidence, what is transmitted; and the plan drawn from them."""

from autodiag.models.actions import ActionCriterion, ActionEvidence, ActionNote, ActionStep
from autodiag.models.diagnostics import Answer, AnswerChange, Autodiag, Comment
from autodiag.models.evidence import Evidence, EvidenceRevision, EvidenceUse
from autodiag.models.indicators import IndicatorChange, IndicatorValue
from autodiag.models.picture import Presentation, Priority
from autodiag.models.plan import Action, shared_actions
from autodiag.models.planning import PlanAdoption, PlanImport, PlanReview, PlanRhythm, ProposalDecision
from autodiag.models.practices import Practice, PracticeCard, PracticeContact, PracticeProposal
from autodiag.models.remarks import Remark
from autodiag.models.sharings import Sharing
from autodiag.models.submissions import Reopening, Review, Submission
from autodiag.models.surveys import Respondent, Survey, SurveyResponse
from autodiag.models.threads import Message, Thread
from autodiag.models.voices import Assignment, Comparison, Consensus, Viewpoint, Voice, VoiceRule

__all__ = [
    "Action",
    "ActionCriterion",
    "ActionEvidence",
    "ActionNote",
    "ActionStep",
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
    "PlanAdoption",
    "PlanImport",
    "PlanReview",
    "PlanRhythm",
    "Practice",
    "PracticeCard",
    "PracticeContact",
    "PracticeProposal",
    "Presentation",
    "Priority",
    "ProposalDecision",
    "Remark",
    "Reopening",
    "Respondent",
    "Review",
    "Sharing",
    "Submission",
    "Survey",
    "SurveyResponse",
    "Thread",
    "Viewpoint",
    "Voice",
    "VoiceRule",
    "shared_actions",
]
