"""Entrusting a référentiel to a colleague of the national staff."""

from django import forms

from caprse.base import clock
from caprse.base.text import date_in_words
from cohorts.forms.calendars import day_input, plausible_year


class EntrustForm(forms.Form):
    """Whom, until when. `people`: the national staff; `editors`: those who already edit this référentiel."""

    person = forms.ChoiceField(
        label="À qui",
        error_messages={
            "required": "Choisissez la personne à qui confier ce référentiel.",
            "invalid_choice": "Cette personne n’est plus dans l’équipe nationale : choisissez-en une autre.",
        },
    )
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=day_input(),
        validators=[plausible_year],
        help_text="Ce jour compris. Sans date, jusqu’à ce qu’on le retire.",
    )

    def __init__(self, *args, people, editors=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {user.public_id: user for user in people}
        known = [(key, self._named(user, editors)) for key, user in self.people.items()]
        self.fields["person"].choices = [("", "Choisissez"), *known]

    @staticmethod
    def _named(user, editors):
        return f"{user.full_name} – le rédige déjà, change la date" if user.pk in editors else user.full_name

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise forms.ValidationError(
                f"Le {date_in_words(until)} est passé : donnez un jour à venir, ou laissez vide."
            )
        return until

    def grant(self):
        """Keyword arguments of `entrust`."""
        until = self.cleaned_data["until"]
        return {
            "user": self.people[self.cleaned_data["person"]],
            "expires_at": clock.end_of(until) if until else None,
        }
