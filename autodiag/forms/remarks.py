"""What people of a structure write to each other."""

from django import forms

from caprse.base.text import TextField


class RemarkForm(forms.Form):
    """A few words to one's colleagues about a criterion."""

    text = TextField(
        label="Écrire une remarque à votre équipe",
        max_length=2_000,
        error_messages={"required": "Écrivez votre remarque avant de l’enregistrer."},
    )
