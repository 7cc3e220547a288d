"""What this floor expects of people, by subject; each module registers its providers."""

from autodiag.todos import answering

__all__ = ["answering"]
