"""What several forms of a convention share."""

from django import forms

REASON = 300
NO_SUCH_DAY = {"invalid": "Cette date n’existe pas. Exemple : 30/06/2026."}


def date_input():
    """The browser's own way to choose a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
