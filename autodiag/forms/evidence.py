"""What people say of an item of evidence, and the file or the address they bring."""

from django import forms
from django.conf import settings

from autodiag.forms import LONG_TEXT, MANY
from caprse.base.text import NBSP, LineField, TextField, size_in_words
from caprse.base.uploads import ACCEPT, ACCEPTED, NotAccepted, accept_url, taken_in
from cohorts.enums import Visibility
from cohorts.forms.calendars import DayField

NO_SOURCE = "Choisissez un fichier, ou donnez l’adresse d’une page."
TWO_SOURCES = "Donnez un fichier ou une adresse, pas les deux : un second justificatif peut porter l’autre."
CHOOSE_AGAIN = "Choisissez de nouveau votre fichier : un navigateur ne le renvoie pas de lui-même."
READERS = [(value, label[0].upper() + label[1:]) for value, label in Visibility.choices]
SHARING = "Partagé, un justificatif se lit dans sa dernière version : les anciennes restent entre vous."
PAGE_HELP = f"Par exemple «{NBSP}p. 4{NBSP}» ou «{NBSP}2e paragraphe{NBSP}»."


class ValidityForm(forms.Form):
    """From when to when an item proves something."""

    valid_from = DayField(label="Valable depuis le", required=False)
    valid_until = DayField(
        label="Valable jusqu’au", required=False, help_text="Ce jour compris. Nous vous préviendrons un mois avant."
    )

    def clean(self):
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "Ce jour vient avant le premier. Vérifiez les deux dates.")
        return data

    def dates(self):
        """Keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in ("valid_from", "valid_until")}


class _OneOfTwo:
    """A field that is filled unless the other is: neither is shown as optional, the form judges both together."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class _File(_OneOfTwo, forms.FileField):
    pass


class _Address(_OneOfTwo, forms.CharField):
    pass


class SourceForm(ValidityForm):
    """A file or an address, and until when it is valid: a new version."""

    file = _File(
        label="Un fichier",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre.", "invalid": NO_SOURCE},
    )
    url = _Address(
        label="ou un lien",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
        help_text="L’adresse d’une page, en ligne ou sur votre espace partagé.",
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.upload = None
        self.fields[
            "file"
        ].help_text = (
            f"{ACCEPTED}. {size_in_words(settings.UPLOAD_FILE_BYTES)} au plus. Une photo prise au téléphone convient."
        )

    def clean_file(self):
        """Open the file and have the antivirus read it, once everything else of it is right."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        self.upload = taken_in(file)
        return file

    def clean_url(self):
        typed = self.cleaned_data["url"]
        try:
            return accept_url(typed) if typed else ""
        except NotAccepted as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self):
        data = super().clean()
        if "file" not in self.errors and "url" not in self.errors:
            if not data.get("file") and not data.get("url"):
                self.add_error("file", NO_SOURCE)
            elif data.get("file") and data.get("url"):
                self.add_error("url", TWO_SOURCES)
        if self.errors and self.upload and "file" not in self.errors:
            self.add_error("file", CHOOSE_AGAIN)
        return data

    def source(self):
        """Keyword arguments of the services: what is brought, and until when it is valid."""
        return {"upload": self.upload, "url": self.cleaned_data["url"], **self.dates()}


class AboutForm(ValidityForm):
    """What is said of an item; guarded by its version where it is edited."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    title = LineField(label="Titre", max_length=160, error_messages={"required": "Donnez un titre à ce justificatif."})
    note = TextField(
        label="Ce qu’il montre",
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "is-short"}),
    )
    visibility = forms.ChoiceField(
        label="Qui peut le lire ?", choices=READERS, initial=Visibility.STRUCTURE, help_text=SHARING
    )

    field_order = ("title", "note", "valid_from", "valid_until", "visibility")

    def about(self):
        """Keyword arguments of `edit_evidence`."""
        return {name: self.cleaned_data[name] for name in ("title", "note", "visibility")} | self.dates()


class DepositForm(SourceForm, AboutForm):
    """A new item: what it is, and what is said of it. Its title may be that of the file."""

    page = LineField(label="À quelle page", max_length=60, required=False, help_text=PAGE_HELP)

    def __init__(self, *args, of_answer=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = "Sans titre, ce sera le nom du fichier, ou l’adresse."
        if not of_answer:
            del self.fields["page"]

    def about(self):
        """Keyword arguments of `deposit`, a title found when none was typed."""
        fields = super().about()
        if not fields["title"]:
            name = self.upload.name.rpartition(".")[0] if self.upload else self.cleaned_data["url"]
            fields["title"] = name.partition("://")[2] or name
        return fields | {"title": fields["title"][:160]}


class PageForm(forms.Form):
    """At which page an item supports an answer."""

    page = LineField(label="À quelle page", max_length=60, required=False, help_text=PAGE_HELP)


class LinkForm(PageForm):
    """An item of the library, for one answer. `items`: those that may be chosen."""

    evidence = forms.ChoiceField(
        label="Un justificatif de votre bibliothèque",
        error_messages={
            "required": "Choisissez un justificatif.",
            "invalid_choice": "Ce justificatif n’est plus dans la liste : choisissez-en un autre.",
        },
    )

    field_order = ("evidence", "page")

    def __init__(self, *args, items, **kwargs):
        # It shares its page with another form that asks for a page too.
        super().__init__(*args, auto_id="choose_%s", **kwargs)
        self.items = {item.public_id: item for item in items}
        self.fields["evidence"].choices = [("", "Choisir…")] + [(key, item.title) for key, item in self.items.items()]

    def chosen(self):
        """The item that was chosen."""
        return self.items[self.cleaned_data["evidence"]]
