"""Small things said of an action or of a proposal: a step ticked, some news, why not."""

from django import forms

from caprse.base.text import LineField, TextField


class StepForm(forms.Form):
    """The state that is wished of a step, whatever it is now."""

    done = forms.TypedChoiceField(
        choices=[("1", "faite"), ("0", "à faire")],
        coerce=lambda value: value == "1",
        error_messages={
            "required": "Cette case n’est pas arrivée : cochez-la à nouveau.",
            "invalid_choice": "Cette case n’est pas arrivée : cochez-la à nouveau.",
        },
    )


class NewsForm(forms.Form):
    """What moved, in a sentence or two."""

    text = TextField(
        label="Donner des nouvelles",
        max_length=2_000,
        widget=forms.Textarea(attrs={"class": "is-short"}),
        help_text="Ce qui a avancé, ce qui coince : une phrase suffit.",
        error_messages={"required": "Écrivez ce qui a avancé avant d’enregistrer."},
    )


class RefusalForm(forms.Form):
    """Why a proposal is not for this structure, if they wish to say it."""

    reason = LineField(label="Pourquoi", max_length=300, required=False)
