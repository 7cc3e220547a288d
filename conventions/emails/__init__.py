"""Mails about conventions, by subject; each registers itself where it is rendered."""

from conventions.emails import annexes, breaches, charters, life, signing  # noqa: F401  importing one registers it
