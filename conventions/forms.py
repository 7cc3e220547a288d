"""Forms of a convention: its blanks, its signatories, the act of signing, its end."""

import re

from django import forms

from caprse.base.text import LineField, TextField
from conventions.enums import VariableKind
from conventions.services.codes import DIGITS

LINE, TEXT, REASON = 160, 2_000, 300
NO_SUCH_DAY = {"invalid": "Cette date n’existe pas. Exemple : 30/06/2026."}


class Later:
    """A field to fill before freezing; a draft is saved without it."""

    def validate(self, value):
        """Being empty is no mistake yet."""


class LaterDay(Later, forms.DateField):
    pass


class LaterNumber(Later, forms.IntegerField):
    pass


class LaterText(Later, TextField):
    pass


class LaterLine(Later, LineField):
    pass


def _date_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _field(variable):
    """The form field of one blank; what is missing may come later."""
    shared = {"label": variable.label, "help_text": variable.help, "required": variable.required}
    match variable.kind:
        case VariableKind.DATE:
            return LaterDay(widget=_date_input(), error_messages=NO_SUCH_DAY, **shared)
        case VariableKind.INTEGER:
            return LaterNumber(min_value=1, max_value=999, **shared)
        case VariableKind.TEXT:
            return LaterText(max_length=TEXT, **shared)
    return LaterLine(max_length=LINE, **shared)


class VariablesForm(forms.Form):
    """One field per blank of the template. Nothing is required here: a draft is saved as it is."""

    use_required_attribute = False
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [variable.key for variable in template.variables]
        for variable in template.variables:
            self.fields[variable.key] = _field(variable)

    @property
    def blanks(self):
        """The fields of the blanks, in the order of the template."""
        return [self[key] for key in self.keys]

    def values(self):
        return {key: self.cleaned_data[key] for key in self.keys}


class SignatoryForm(forms.Form):
    """Who signs for a party, in what quality, by what power."""

    first_name = LineField(label="Prénom", max_length=80)
    last_name = LineField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Courriel",
        help_text="Une adresse personnelle, que cette personne est seule à lire : le lien et le code y arrivent.",
    )
    quality = LineField(
        label="Qualité", max_length=120, help_text="Par exemple : présidente, gérant, délégué régional."
    )
    power = LineField(
        label="Ce qui lui donne pouvoir de signer",
        max_length=200,
        help_text="Par exemple : statuts, article 12 ; délibération du CA du 3 février 2025 ; délégation écrite.",
    )


class SignForm(forms.Form):
    """The act itself: the words accepted and the code. Nothing is ticked beforehand."""

    consent = forms.BooleanField(
        label="J’ai lu ces termes et je les accepte.",
        error_messages={"required": "Cochez la case pour accepter ces termes. Rien n’est encore signé."},
    )
    code = forms.CharField(
        label="Code reçu par courriel",
        max_length=20,
        help_text="Six chiffres, valables dix minutes.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}),
        error_messages={"required": "Tapez le code reçu par courriel. Rien n’est encore signé."},
    )
    document_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def clean_code(self):
        """Six digits, however they were spaced."""
        digits = re.sub(r"\D", "", self.cleaned_data["code"])
        if len(digits) != DIGITS:
            raise forms.ValidationError("Le code compte six chiffres. Rien n’est encore signé.")
        return digits


class CancelForm(forms.Form):
    reason = LineField(
        label="Pourquoi cette convention est retirée",
        max_length=REASON,
        help_text="Les signataires qui l’ont reçue liront ce motif.",
    )


class EndForm(forms.Form):
    """When and why a convention ends."""

    last_day = forms.DateField(label="Dernier jour de la convention", widget=_date_input(), error_messages=NO_SUCH_DAY)
    reason = LineField(label="Motif", max_length=REASON, help_text="Toutes les parties liront ce motif.")
