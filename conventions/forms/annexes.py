"""Annexes on the screen: a text, a file or a form, and what changes in each revision."""

from django import forms
from django.conf import settings

from caprse.base.text import LineField, TextField, size_in_words
from caprse.base.uploads import ACCEPT, ACCEPTED, taken_in
from conventions.enums import AnnexKind
from conventions.services.annexes import Content

TITLE, NOTE, LABEL, ANSWER, TEXT, FIELDS = 160, 300, 160, 2_000, 20_000, 30
BINDING_HELP = (
    "Cochez si elle engage les parties comme un article. Sinon, vous pourrez la réviser seule : toutes les parties en "
    "seront prévenues."
)
FILE_NEEDED = {"required": "Choisissez un fichier.", "empty": "Ce fichier est vide. Choisissez-en un autre."}


class WrittenForm(forms.Form):
    """The content of a text."""

    text = TextField(label="Texte de l’annexe", max_length=TEXT, widget=forms.Textarea(attrs={"rows": 14}))

    def content(self):
        return Content(text=self.cleaned_data["text"])


class FileForm(forms.Form):
    """The content of a file, opened and checked before anything is kept."""

    file = forms.FileField(
        label="Fichier", widget=forms.FileInput(attrs={"accept": ACCEPT}), error_messages=FILE_NEEDED
    )
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        size = size_in_words(settings.UPLOAD_FILE_BYTES)
        self.fields["file"].help_text = f"{ACCEPTED}. {size} au plus. Il sera remis tel quel, sans marque."

    def clean_file(self):
        self.upload = taken_in(self.cleaned_data["file"])
        return self.cleaned_data["file"]

    def content(self):
        return Content(upload=self.upload)


class QuestionsForm(forms.Form):
    """The questions of a form to fill, one a line."""

    labels = TextField(
        label="Ce que la fiche demande",
        max_length=FIELDS * LABEL,
        help_text="Une rubrique par ligne. Par exemple : Fréquence des réunions ; Points abordés ; Prochaine date.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_labels(self):
        labels = [line.strip() for line in self.cleaned_data["labels"].splitlines() if line.strip()]
        if len(labels) > FIELDS:
            raise forms.ValidationError(f"Une fiche compte {FIELDS} rubriques au plus ; celle-ci en a {len(labels)}.")
        if any(len(label) > LABEL for label in labels):
            raise forms.ValidationError(f"Une rubrique tient en {LABEL} caractères. Raccourcissez la plus longue.")
        if len(set(labels)) != len(labels):
            raise forms.ValidationError("Deux rubriques portent le même nom. Donnez un nom à chacune.")
        return labels

    def content(self):
        return Content()


class AboutForm(forms.Form):
    """What is said of a new annex."""

    title = LineField(label="Titre", max_length=TITLE, error_messages={"required": "Donnez un titre à cette annexe."})
    binding = forms.BooleanField(label="En changer demande un avenant", required=False, help_text=BINDING_HELP)

    def about(self):
        """Keyword arguments of `add_annex`."""
        return {
            "title": self.cleaned_data["title"],
            "binding": self.cleaned_data["binding"],
            "labels": self.cleaned_data.get("labels", ()),
            "content": self.content(),
        }


class NewTextForm(AboutForm, WrittenForm):
    field_order = ("title", "text", "binding")


class NewFileForm(AboutForm, FileForm):
    field_order = ("title", "file", "binding")


class NewFormForm(AboutForm, QuestionsForm):
    field_order = ("title", "labels", "binding")


NEW = {AnnexKind.TEXT: NewTextForm, AnnexKind.FILE: NewFileForm, AnnexKind.FORM: NewFormForm}


class RevisionForm(forms.Form):
    """What every revision says: the one it was made on, and what changes.

    `stale` is the revision that somebody wrote meanwhile, once the view knows of it.
    """

    stale = None
    number = forms.IntegerField(min_value=1, max_value=2**15 - 1, widget=forms.HiddenInput)
    note = LineField(
        label="Ce qui change",
        max_length=NOTE,
        help_text="En quelques mots : toutes les parties liront cette phrase.",
        error_messages={"required": "Dites ce qui change : toutes les parties liront cette phrase."},
    )


class RevisedTextForm(RevisionForm, WrittenForm):
    field_order = ("text", "note")


class RevisedFileForm(RevisionForm, FileForm):
    field_order = ("file", "note")


class FilledForm(RevisionForm):
    """A form being filled: one field for each of its questions."""

    note = LineField(
        label="De quoi il s’agit",
        max_length=NOTE,
        help_text="Par exemple : suivi du 12 mars, réunion à trois.",
        error_messages={"required": "Dites de quoi il s’agit, par exemple : suivi du 12 mars."},
    )

    def __init__(self, *args, annex, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [field["key"] for field in annex.fields]
        for field in annex.fields:
            self.fields[field["key"]] = TextField(
                label=field["label"],
                max_length=ANSWER,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "class": "is-short"}),
            )

    @property
    def answers(self):
        """The fields of the questions, in order."""
        return [self[key] for key in self.keys]

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(key) for key in self.keys):
            raise forms.ValidationError("Remplissez au moins une rubrique de la fiche.")
        return data

    def content(self):
        return Content(values=tuple((key, self.cleaned_data[key]) for key in self.keys))


def revision_form(annex, *args, **kwargs):
    """The form of the next revision of an annex."""
    if annex.kind == AnnexKind.FORM:
        return FilledForm(*args, annex=annex, **kwargs)
    return (RevisedTextForm if annex.kind == AnnexKind.TEXT else RevisedFileForm)(*args, **kwargs)
