"""Autodiagnostics and the plan drawn from them."""

from autodiag.models.diagnostics import Answer, AnswerChange, Autodiag, Comment, Submission
from autodiag.models.plan import Action, shared_actions
from autodiag.models.remarks import Remark

__all__ = ["Action", "Answer", "AnswerChange", "Autodiag", "Comment", "Remark", "Submission", "shared_actions"]
