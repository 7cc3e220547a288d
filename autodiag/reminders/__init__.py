"""What this floor puts in the mail of the day, by subject; each module registers its source."""

from autodiag.reminders import plan_reviews, threads

__all__ = ["plan_reviews", "threads"]
