"""What people type of a figure: a number as it is written in French, or that they do not know."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from autodiag.forms import MANY
from autodiag.forms.answers import SHORT_TEXT
from autodiag.rules.indicators import can_hold_a_value
from caprse.base.text import MINUS, LineField, TextField

WHOLE, DECIMALS = 14, 4  # digits that a value holds
BOTH = "Donnez un chiffre, ou cochez « Nous ne savons pas » : pas les deux."
LABELS = {
    "value": "Chiffre",
    "unknown": "Nous ne savons pas",
    "source": "D’où vient ce chiffre",
    "comment": "À savoir pour le lire",
}
NUMBER = re.compile(r"(-?)(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?", re.ASCII)
SYMBOLS = ("%", "€")


class FrenchNumberField(LineField):
    """A number as people write it: « 1 234,5 », « −3 », « 45 % ». None when nothing is written.

    `unit`, or a sign such as « % », may follow the number.
    """

    def __init__(self, *, unit="", **kwargs):
        super().__init__(max_length=60, **kwargs)
        self.unit = unit

    def to_python(self, value):
        """Return a Decimal or None; raises ValidationError with a French sentence."""
        text = super().to_python(value)
        if not text:
            return None
        found = NUMBER.fullmatch(self._bare(text))
        if not found:
            raise ValidationError("Écrivez un nombre en chiffres, par exemple 12 ou 1 234,5.", code="number")
        sign, whole, decimals = found[1], found[2].replace(" ", "").lstrip("0") or "0", (found[3] or "").rstrip("0")
        if len(whole) > WHOLE or len(decimals) > DECIMALS:
            raise ValidationError(
                f"Ce nombre est trop long : {WHOLE} chiffres avant la virgule et {DECIMALS} après, au plus.",
                code="too_long",
            )
        return Decimal(f"{sign}{whole}.{decimals or 0}") + 0  # no minus zero

    def _bare(self, text):
        """The number alone: ordinary spaces and minus, no unit behind."""
        text = re.sub(r"\s+", " ", text.replace(MINUS, "-")).strip()
        for unit in filter(None, (self.unit.casefold(), *SYMBOLS)):
            if text.casefold().endswith(unit):
                return text[: -len(unit)].strip()
        return text


class IndicatorForm(forms.Form):
    """The figure of one year."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)
    value = FrenchNumberField(label=LABELS["value"], required=False)
    unknown = forms.BooleanField(label=LABELS["unknown"], required=False)
    source = LineField(label=LABELS["source"], max_length=200, required=False)
    comment = TextField(label=LABELS["comment"], max_length=SHORT_TEXT, required=False)

    def __init__(self, data, *, unit, year, today):
        super().__init__(data)
        self.fields["value"].unit = unit
        self.year_allowed = can_hold_a_value(year, today)

    def clean(self):
        data = super().clean()
        if not self.year_allowed:
            raise ValidationError(self.year_allowed.reason, code="year")
        if data.get("unknown") and data.get("value") is not None:
            self.add_error("value", BOTH)
        return data

    def values(self):
        """Keyword arguments of `save_indicator_value`."""
        return {name: self.cleaned_data[name] for name in LABELS}


class YearForm(forms.Form):
    """Another year to show, asked in the address of the page."""

    year = forms.IntegerField(
        label="Ajouter une autre année", error_messages={"invalid": "Écrivez une année en quatre chiffres."}
    )

    def __init__(self, data, *, today):
        super().__init__(data)
        self.today = today

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not (verdict := can_hold_a_value(year, self.today)):
            raise ValidationError(verdict.reason, code="year")
        return year
