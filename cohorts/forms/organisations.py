"""Forms on organisations and the clause."""

from django import forms

from caprse.base import clock
from caprse.base.text import LineField, TextField
from cohorts.enums import ApproachKind, SiaeKind
from cohorts.forms.calendars import day_input, plausible_year
from cohorts.models import Approach, Organisation


class ClauseForm(forms.Form):
    """Acceptance is given, never pre-ticked."""

    accept = forms.BooleanField(
        label="J’ai lu cette clause et je m’engage à la respecter.",
        error_messages={"required": "Cochez la case pour dire que vous vous engagez, ou fermez la page."},
    )


class CardForm(forms.ModelForm):
    """An organisation's card."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    legal_name = LineField(label="Nom légal", max_length=160)
    siret = forms.CharField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text="14 chiffres. Les espaces sont permis.",
    )
    siae_kinds = forms.MultipleChoiceField(
        label="Type de structure",
        choices=SiaeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    activities = TextField(label="Activités", max_length=3_000, required=False)
    territory = LineField(label="Territoire", max_length=200, required=False)

    class Meta:
        model = Organisation
        fields = ["legal_name", "siret", "activities", "territory", "headcount", "permanents"]

    def clean_siret(self):
        """14 digits whose Luhn sum is right, or nothing; unique in the network."""
        siret = "".join(self.cleaned_data["siret"].split())
        if siret and not (siret.isascii() and siret.isdigit() and len(siret) == 14 and luhn(siret)):
            raise forms.ValidationError("Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.")
        return siret

    def clean(self):
        data = super().clean()
        total, permanents = data.get("headcount"), data.get("permanents")
        if total is not None and permanents is not None and permanents > total:
            self.add_error("permanents", "Il ne peut pas y avoir plus de permanent·e·s que de salarié·e·s.")
        return data

    def card(self):
        """Keyword arguments of `update_card`."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "siae_kinds", "revision")}


class AdhesionForm(forms.Form):
    """An adhesion to the network, its last day included."""

    since = forms.DateField(label="Depuis le", widget=day_input(), validators=[plausible_year])
    until = forms.DateField(
        label="Jusqu’au",
        widget=day_input(),
        validators=[plausible_year],
        help_text="Ce jour compris. Les outils se ferment le lendemain.",
    )

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "La fin ne peut pas précéder le début.")
        elif until and until < clock.today():
            self.add_error("until", "Cette adhésion serait déjà finie. Donnez un jour à venir.")
        return data


class ApproachForm(forms.ModelForm):
    """An approach the organisation already has."""

    kind = forms.ChoiceField(label="Démarche", choices=ApproachKind.choices)
    label = LineField(label="Nom, si c’est une autre démarche", max_length=120, required=False)
    since = forms.DateField(label="Depuis le", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Jusqu’au", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Approach
        fields = ["kind", "label", "since", "until"]

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "La fin ne peut pas précéder le début.")
        if data.get("kind") == ApproachKind.OTHER and not data.get("label"):
            self.add_error("label", "Donnez le nom de cette démarche.")
        return data


def luhn(digits):
    """Whether the key of a SIREN or SIRET is right."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + rank % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
