"""What people say of a presentation, and the files they bring: the document shown, the minutes."""

from django import forms
from django.conf import settings

from autodiag.enums import PresentedTo
from autodiag.forms import LONG_TEXT, MANY
from autodiag.forms.evidence import CHOOSE_AGAIN
from caprse.base.text import TextField, size_in_words
from caprse.base.uploads import ACCEPT, ACCEPTED, taken_in
from cohorts.forms.calendars import DayField, not_to_come

TWO_DOCUMENTS = "Choisissez un document fait ici ou déposez un fichier, pas les deux."
UPLOADS = ("document", "minutes")


def _file(label, help_text):
    return forms.FileField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )


class PresentationForm(forms.Form):
    """To whom, when, what was said, with which document, and the minutes.

    `made`: the documents made here that may be chosen; `known`: the presentation that is edited, or None.
    """

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    audience = forms.ChoiceField(
        label="À qui",
        choices=[(value, label[0].upper() + label[1:]) for value, label in PresentedTo.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites à qui le travail a été présenté."},
    )
    held_on = DayField(
        label="Le", validators=[not_to_come], error_messages={"required": "Donnez le jour de la présentation."}
    )
    note = TextField(
        label="Ce qui s’est dit",
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Les questions posées, ce qui a été décidé, ce qui reste à reprendre.",
    )
    made_here = forms.ChoiceField(
        label="Le document présenté, fait ici",
        required=False,
        error_messages={"invalid_choice": "Ce document n’est plus dans la liste : choisissez-en un autre."},
    )
    document = _file("ou un fichier à vous", "")
    minutes = _file("Le compte rendu", "Ou la délibération, la feuille de présence : ce que vous gardez de ce jour.")
    take_off = forms.MultipleChoiceField(
        label="Fichiers à retirer", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    use_required_attribute = False

    def __init__(self, *args, made=(), known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.made = {one.public_id: one for one in made}
        self.uploads = {}
        weight = size_in_words(settings.UPLOAD_FILE_BYTES)
        self.fields["document"].help_text = f"{ACCEPTED}. {weight} au plus."
        if self.made or self.data.get("made_here"):
            self.fields["made_here"].choices = [("", "Aucun"), *((key, one.name) for key, one in self.made.items())]
        else:
            del self.fields["made_here"]
            self.fields["document"].label = "Le document présenté"
        kept = [(name, getattr(known, name).name) for name in UPLOADS if known and getattr(known, name)]
        if kept:
            self.fields["take_off"].choices = kept
        else:
            del self.fields["take_off"]

    def clean_document(self):
        return self._read("document")

    def clean_minutes(self):
        return self._read("minutes")

    def _read(self, name):
        """Open the file and have the antivirus read it."""
        file = self.cleaned_data[name]
        if file is None:
            return None
        self.uploads[name] = taken_in(file)
        return file

    def clean(self):
        data = super().clean()
        if data.get("made_here") and "document" in self.uploads:
            self.add_error("made_here", TWO_DOCUMENTS)
        if self.errors:
            self.choose_again()
        return data

    def choose_again(self):
        """A browser sends no file twice: whoever must send the form again is told to choose it again."""
        for name in self.uploads:
            if name not in self.errors:
                self.add_error(name, CHOOSE_AGAIN)

    def fields_to_save(self):
        """Keyword arguments of both services."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("audience", "held_on", "note")}
        brought = {name: self.uploads.get(name) for name in UPLOADS}
        return said | brought | {"made_here": self.made.get(data.get("made_here", ""))}

    def taken_off(self):
        """Names of the files taken off, those that a new one replaces apart."""
        names = self.cleaned_data.get("take_off", [])
        replaced = set(self.uploads) | ({"document"} if self.cleaned_data.get("made_here") else set())
        return tuple(name for name in names if name not in replaced)
