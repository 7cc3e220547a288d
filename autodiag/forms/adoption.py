"""What people say of the adoption of their plan, and the decision itself if they bring it."""

from django import forms
from django.conf import settings

from autodiag.enums import AdoptedBy
from autodiag.forms import LONG_TEXT
from autodiag.forms.evidence import CHOOSE_AGAIN
from caprse.base.text import TextField, size_in_words
from caprse.base.uploads import ACCEPT, ACCEPTED, taken_in
from cohorts.forms.calendars import DayField, not_to_come

BODIES = [(value, label[0].upper() + label[1:]) for value, label in AdoptedBy.choices]
LONGEST_STAMP = 200_000


class AdoptionForm(forms.Form):
    """The day, who adopted, what was said, and the decision. `shown`: the stamp of the plan that was read."""

    shown = forms.CharField(required=False, max_length=LONGEST_STAMP, widget=forms.HiddenInput)
    adopted_on = DayField(
        label="Adopté le",
        validators=[not_to_come],
        error_messages={"required": "Donnez le jour où le plan a été adopté."},
    )
    body = forms.ChoiceField(
        label="Par",
        choices=BODIES,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui a adopté le plan.", "invalid_choice": "Dites qui a adopté le plan."},
    )
    note = TextField(
        label="Ce qui a été dit",
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "is-short"}),
        help_text="Une réserve, une demande, un mot du vote.",
    )
    decision = forms.FileField(
        label="La décision",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.upload = None
        size = size_in_words(settings.UPLOAD_FILE_BYTES)
        self.fields[
            "decision"
        ].help_text = f"Le procès-verbal ou l’extrait de délibération. {ACCEPTED}. {size} au plus."

    def clean_decision(self):
        """Open the file and have the antivirus read it."""
        file = self.cleaned_data["decision"]
        if not file:
            return None
        self.upload = taken_in(file)
        return file

    def clean(self):
        data = super().clean()
        if self.errors and self.upload:
            self.ask_again()
        return data

    def ask_again(self):
        """A browser does not send a file back: it has to be chosen again."""
        if self.upload and "decision" not in self.errors:
            self.add_error("decision", CHOOSE_AGAIN)

    def said(self):
        """Keyword arguments of `adopt_plan`."""
        names = ("shown", "adopted_on", "body", "note")
        return {name: self.cleaned_data[name] for name in names} | {"upload": self.upload}
