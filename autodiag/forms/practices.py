"""What a structure tells of a practice, what its region answers, what somebody asks it."""

from django import forms

from autodiag.enums import PracticeAnswer, PracticeScope
from autodiag.forms import MANY
from autodiag.services.practices import TEXT_FIELDS
from caprse.base.text import LineField, TextField

TEXT = 4_000
SCOPES = {
    PracticeScope.COHORT: "Les structures de notre cohorte, et l’équipe qui l’accompagne",
    PracticeScope.REGION: "Les structures de notre région",
    PracticeScope.NETWORK: "Tout le réseau",
}
ANONYMOUS, SIGNED = "no", "yes"
NAMES = {
    ANONYMOUS: "Anonyme : seuls le type de structure et la région se lisent",
    SIGNED: "Signée du nom de notre structure, avec son territoire",
}


def _area(label, rows, **options):
    return TextField(label=label, max_length=TEXT, widget=forms.Textarea(attrs={"rows": rows}), **options)


class PracticeForm(forms.Form):
    """A practice card; with `consent`, it is to be put forward. Guarded by its version where it is edited."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    title = LineField(
        label="Titre",
        max_length=120,
        help_text="Ce que l’on retient, en une ligne.",
        error_messages={"required": "Donnez un titre à cette fiche."},
    )
    what = _area(
        "Ce que nous faisons",
        6,
        help_text="Avec vos mots, sans nommer personne.",
        error_messages={"required": "Dites ce que vous faites : c’est le cœur de la fiche."},
    )
    how = _area("Comment nous nous y sommes pris", 4, required=False)
    result = _area("Ce que cela a changé", 4, required=False)
    scope = forms.ChoiceField(
        label="Qui pourra la lire ?",
        choices=list(SCOPES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez qui pourra la lire.",
            "invalid_choice": "Choisissez l’une des portées.",
        },
    )
    signed = forms.ChoiceField(
        label="Sous quel nom ?",
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez si la fiche dit votre nom.",
            "invalid_choice": "Choisissez l’une des deux façons de la présenter.",
        },
    )
    contact = forms.BooleanField(
        label="On peut nous contacter à propos de cette fiche.",
        required=False,
        help_text="Le message vous parvient par courriel, avec le nom de qui l’écrit. Anonymes, vous le restez : c’est "
        "vous qui choisissez de répondre.",
    )
    consent = forms.BooleanField(
        label="Notre structure est d’accord pour que ce texte soit relu par la région, puis lu par d’autres.",
        help_text="Vous pourrez retirer la fiche à tout moment : elle disparaît partout, tout de suite.",
        error_messages={"required": "Cochez la case pour proposer la fiche à la région. Rien n’a été proposé."},
    )

    use_required_attribute = False

    def __init__(self, *args, proposing=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consent"].required = proposing

    def clean_signed(self):
        return self.cleaned_data["signed"] == SIGNED

    def fields_of_practice(self):
        """Keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in TEXT_FIELDS}


class PracticeReviewForm(forms.Form):
    """Publish, or return with a message. `number`: the proposal that was read."""

    number = forms.IntegerField(min_value=1, max_value=MANY, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            (PracticeAnswer.PUBLISHED, "Publier la fiche telle qu’elle est"),
            (PracticeAnswer.RETURNED, "La renvoyer à la structure, avec un message"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez votre réponse.",
            "invalid_choice": "Choisissez l’une des deux réponses.",
        },
    )
    message = TextField(
        label="Votre message à la structure",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatoire pour renvoyer : dites ce qui est à reprendre, et ce qui est déjà bien.",
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].depends = True

    def clean(self):
        data = super().clean()
        returned = data.get("answer") == PracticeAnswer.RETURNED
        if returned and "message" not in self.errors and not data.get("message"):
            self.add_error("message", "Dites à la structure ce qui est à reprendre.")
        return data


class ContactForm(forms.Form):
    """What somebody writes to the structure of a practice."""

    text = TextField(
        label="Votre message à la structure",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Elle le reçoit avec votre nom, votre organisation et votre courriel, et vous répond si elle le "
        "souhaite.",
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )


class SearchForm(forms.Form):
    """What is looked for among the cards, by the names in the address; whatever makes no sense looks for everything."""

    def __init__(self, data, *, criteria, kinds, regions):
        super().__init__(data)
        for name, label, whole, choices in (
            ("critere", "Critère", "Tous les critères", criteria),
            ("type", "Type de structure", "Tous les types", kinds),
            ("region", "Région", "Toutes les régions", regions),
        ):
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", whole), *choices], required=False)
        self.fields["q"] = LineField(label="Mots, ou territoire", max_length=100, required=False)
        for field in self.fields.values():
            field.depends = True

    def asked(self):
        """{name: value} of what is well asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self):
        """What is looked for, as it is shown: « Type de structure : … »."""
        for name, value in self.asked().items():
            labels = dict(getattr(self.fields[name], "choices", ()))
            yield self.fields[name].label, labels.get(value, value)
