"""What this floor expects of people, by subject; each module registers its providers."""

from autodiag.todos import (
    answering,
    assignments,
    evidence,
    plan_reviews,
    practices,
    reviews,
    surveys,
    threads,
    viewpoints,
)

__all__ = [
    "answering",
    "assignments",
    "evidence",
    "plan_reviews",
    "practices",
    "reviews",
    "surveys",
    "threads",
    "viewpoints",
]
