"""Forms of what passes between a region and the partners of a cohort."""

from django import forms

from caprse.base import clock
from caprse.base.text import NBSP, LineField, TextField, size_in_words
from cohorts.documents import MAX_SIZE, NotAccepted, check_size
from cohorts.forms.calendars import day_input, plausible_year

NOBODY = "Choisissez à qui."
GONE = "Cette organisation n’est pas, ou plus, dans la liste. Choisissez-en une autre."
CHOOSE_AGAIN = f"Choisissez de nouveau le fichier{NBSP}: il n’est pas gardé tant que le reste est à corriger."


class NeedForm(forms.Form):
    """A need to relay. `organisations`: the partners of the cohort."""

    organisation = forms.ChoiceField(
        label="À qui relayer ce besoin",
        widget=forms.RadioSelect,
        error_messages={"required": NOBODY, "invalid_choice": GONE},
    )
    title = LineField(
        label="Le besoin, en une phrase",
        max_length=160,
        help_text=f"Par exemple «{NBSP}Trouver une formation à l’achat responsable{NBSP}».",
    )
    text = TextField(
        label="Précisions",
        required=False,
        max_length=3_000,
        help_text="Combien de structures sont concernées, pour quand, ce qui a déjà été tenté. "
        "Ne nommez aucune structure sans son accord.",
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = _by_public_id(organisations)
        field = self.fields["organisation"]
        field.choices = _choices(organisations)
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]

    def need(self):
        """Keyword arguments of `relay_need`."""
        data = self.cleaned_data
        return {**data, "organisation": self.organisations[data["organisation"]]}


class AnswerForm(forms.Form):
    """The answer to a need, given once."""

    answer = TextField(
        label="Votre réponse",
        max_length=3_000,
        help_text="Ce que vous proposez, à qui s’adresser, à partir de quand. Une réponse envoyée ne se modifie plus.",
        error_messages={"required": "Écrivez votre réponse avant de l’envoyer."},
    )


class ShareForm(forms.Form):
    """To whom a resource is given, and until when. `organisations`: the partners who may receive it."""

    organisations = forms.MultipleChoiceField(
        label="À qui la confier",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une organisation.", "invalid_choice": GONE},
    )
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=day_input(),
        validators=[plausible_year],
        help_text=f"Ce jour compris. Laissez vide pour ne pas fixer de fin{NBSP}: vous pouvez la reprendre à tout moment.",
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = _by_public_id(organisations)
        self.fields["organisations"].choices = _choices(organisations)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < clock.today():
            raise forms.ValidationError("Ce jour est déjà passé. Donnez un jour à venir, ou laissez vide.")
        return until

    def given(self):
        """Keyword arguments of `share_resource`."""
        chosen = [self.known[public_id] for public_id in self.cleaned_data["organisations"]]
        return {"organisations": chosen, "until": self.cleaned_data["until"]}


class ResourceForm(ShareForm):
    """A PDF of the region, what it is for, and to whom it is given."""

    title = LineField(label="Titre", max_length=160, help_text="C’est aussi le nom que portera le fichier.")
    summary = TextField(label="À quoi elle sert", required=False, max_length=1_000)
    file = forms.FileField(
        label="Le document",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        help_text=f"Un PDF de {size_in_words(MAX_SIZE)} au plus, sans mot de passe ni signature électronique{NBSP}: "
        "chaque copie est marquée au nom de qui la reçoit.",
        error_messages={
            "required": "Choisissez un document.",
            "invalid": "Choisissez un document.",
            "missing": "Choisissez un document.",
            "empty": "Ce fichier est vide. Choisissez-en un autre.",
        },
    )

    field_order = ("file", "title", "summary", "organisations", "until")

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except NotAccepted as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file

    def resource(self):
        """Keyword arguments of `give_resource`."""
        data = self.cleaned_data
        content = data["file"].read()
        return {"title": data["title"], "summary": data["summary"], "content": content, **self.given()}

    def ask_again(self):
        """Say that a browser sends no file twice, when something else is to be put right."""
        if self.errors and "file" not in self.errors:
            self.add_error("file", CHOOSE_AGAIN)


def _by_public_id(organisations):
    return {organisation.public_id: organisation for organisation in organisations}


def _choices(organisations):
    return [(organisation.public_id, organisation.legal_name) for organisation in organisations]
