"""What people type into an action."""

from django import forms

from autodiag.enums import ActionStatus
from autodiag.forms import LONG_TEXT, MANY
from autodiag.models import Action
from caprse.base.text import LineField, TextField
from cohorts.enums import Visibility


class ActionForm(forms.ModelForm):
    """What, why, who, by when, with what, how we will know."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    what = LineField(label="Quoi", max_length=300, help_text="Ce que vous allez faire, en une phrase.")
    why = TextField(label="Pourquoi", max_length=LONG_TEXT, required=False)
    who = LineField(
        label="Qui",
        max_length=160,
        required=False,
        help_text="La personne qui s’en occupe ; plusieurs si besoin.",
    )
    due_on = forms.DateField(
        label="Pour quand",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Cette date n’existe pas. Exemple : 30/06/2026."},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    means = TextField(label="Avec quels moyens", max_length=LONG_TEXT, required=False)
    indicator = LineField(label="À quoi verrons-nous que c’est fait", max_length=300, required=False)
    status = forms.ChoiceField(label="Où en est-on", choices=ActionStatus.choices, initial=ActionStatus.TO_DO)
    visibility = forms.ChoiceField(
        label="Qui peut lire cette action ?", choices=Visibility.choices, initial=Visibility.STRUCTURE
    )

    class Meta:
        model = Action
        fields = ["what", "why", "who", "due_on", "means", "indicator", "status", "visibility"]

    def fields_to_save(self):
        """Keyword arguments of the plan's services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
