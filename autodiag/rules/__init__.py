"""May this be done now, and if not, why. Pure: no query; the same sentence is shown on the page. By subject."""

from autodiag.rules.answering import TRANSMITTED, can_answer, can_work_in_round

__all__ = ["TRANSMITTED", "can_answer", "can_work_in_round"]
