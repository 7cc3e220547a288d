"""What who accompanies a structure writes about it: a note, a delay."""

from django import forms

from caprse.base import clock
from caprse.base.text import NBSP, TextField, date_in_words
from cohorts.enums import NoteVisibility
from cohorts.forms.calendars import day_input, plausible_year

MANY = 2**31 - 1
VISIBILITIES = {
    NoteVisibility.INTERNAL: (
        "Interne à l’équipe",
        "Lue par les personnes qui accompagnent la cohorte et par la coordination régionale. La structure ne la voit pas.",
    ),
    NoteVisibility.SHARED: (
        "Partagée avec la structure",
        "Lue aussi par toute l’équipe de la structure ; ses référent·e·s reçoivent un courriel. Elle ne redevient pas "
        "interne.",
    ),
}


class NoteForm(forms.Form):
    """A note after a talk with a structure. A note already shared stays so: the choice is not offered again."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    held_on = forms.DateField(label="Jour de l’échange", widget=day_input(), validators=[plausible_year])
    visibility = forms.ChoiceField(
        label="Qui peut lire cette note ?",
        choices=[(value, label) for value, (label, _) in VISIBILITIES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui peut lire cette note avant de l’enregistrer."},
    )
    text = TextField(
        label="Note",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez la note."},
    )

    def __init__(self, *args, shared=False, **kwargs):
        super().__init__(*args, **kwargs)
        if shared:
            del self.fields["visibility"]

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(
                f"Ce jour n’est pas encore venu ({date_in_words(day)}){NBSP}: une note se date du jour de l’échange."
            )
        return day

    @property
    def described_choices(self):
        """The visibilities with what each means, for the page."""
        chosen = self["visibility"].value()
        return [
            {"value": value, "label": label, "text": text, "checked": value == chosen}
            for value, (label, text) in VISIBILITIES.items()
        ]

    def note(self):
        """Keyword arguments of the services, the revision apart."""
        data = self.cleaned_data
        return {
            "held_on": data["held_on"],
            "text": data["text"],
            "visibility": data.get("visibility", NoteVisibility.SHARED),
        }


class DelayForm(forms.Form):
    """A structure's own last day for a chapter. `seen` is the one that was shown, for a move in between to be noticed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    closes_on = forms.DateField(
        label="Nouveau dernier jour",
        widget=day_input(),
        validators=[plausible_year],
        help_text="Ce jour compris.",
    )
    reason = TextField(
        label="Pourquoi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une phrase. Toute la structure la lit sur la page de son parcours, et ses référent·e·s la reçoivent "
        "par courriel.",
        error_messages={"required": "Écrivez pourquoi cette date change : la structure lit ce motif."},
    )
