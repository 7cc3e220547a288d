"""What several forms of a convention share."""

from django import forms

from caprse.base.glyphs import validate_drawable
from caprse.base.text import LineField, TextField

REASON = 300
NO_SUCH_DAY = {"invalid": "Cette date n’existe pas. Exemple : 30/06/2026."}


def date_input():
    """The browser's own way to choose a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def revision_field():
    """What a page was made on: a save made on another is refused, with both texts shown."""
    return forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class DrawnTextField(TextField):
    """A text that goes into the document: our fonts draw all of it."""

    default_validators = [validate_drawable]


class DrawnLineField(LineField):
    """A line that goes into the document: our fonts draw all of it."""

    default_validators = [validate_drawable]
