"""Forms of what follows the signatures: an attestation, time given before rounds close."""

from django import forms

from caprse.base.text import LineField, TextField
from conventions.forms.fields import NO_SUCH_DAY, REASON, date_input

WORDS = 2_000


class AttestForm(forms.Form):
    text = TextField(
        label="Ce qui a été fait",
        max_length=WORDS,
        help_text="Vous le dites en votre nom : votre nom et la date du jour y seront écrits.",
    )


class GraceForm(forms.Form):
    """Until when rounds go on, and why."""

    until = forms.DateField(
        label="Dernier jour où les chapitres restent ouverts", widget=date_input(), error_messages=NO_SUCH_DAY
    )
    reason = LineField(label="Motif", max_length=REASON, help_text="Les structures concernées liront ce motif.")
