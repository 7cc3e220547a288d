"""Keyword-only, atomic; each returns the object it worked on."""
