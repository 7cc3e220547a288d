"""Writes on autodiagnostics and plans: keyword-only, atomic, they return the object."""
