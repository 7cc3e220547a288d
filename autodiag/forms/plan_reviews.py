"""How often a structure reads its plan over, and what it keeps of a review."""

from django import forms

from autodiag.forms import LONG_TEXT, MANY
from autodiag.rules.plan_reviews import RHYTHMS
from autodiag.services.plan_reviews import NEVER_CHOSEN
from caprse.base.text import TextField
from cohorts.forms.calendars import DayField, not_to_come


class RhythmForm(forms.Form):
    """Every month, quarter, half-year or year."""

    revision = forms.IntegerField(min_value=NEVER_CHOSEN, max_value=MANY, widget=forms.HiddenInput, required=False)
    months = forms.TypedChoiceField(
        label="Nous relisons notre plan",
        choices=RHYTHMS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rythme.", "invalid_choice": "Choisissez un rythme de la liste."},
    )

    use_required_attribute = False

    def choice(self):
        """Keyword arguments of `set_rhythm`."""
        revision = self.cleaned_data["revision"]
        return {"months": self.cleaned_data["months"], "revision": NEVER_CHOSEN if revision is None else revision}


class ReviewForm(forms.Form):
    """The day the plan was read over, and what is kept of it."""

    held_on = DayField(
        label="Plan relu le",
        validators=[not_to_come],
        error_messages={"required": "Donnez le jour où vous avez relu le plan."},
    )
    note = TextField(
        label="Ce que nous en retenons",
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "is-short"}),
        help_text="Ce qui avance, ce qui coince, ce que vous décidez. Deux lignes suffisent.",
    )

    use_required_attribute = False
