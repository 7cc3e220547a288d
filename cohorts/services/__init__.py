"""Writes on cohorts, by subject: keyword-only, atomic, they return the object."""
