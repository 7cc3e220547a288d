"""What people type into an answer."""

from django import forms

from autodiag.enums import AnswerKind
from autodiag.forms import LONG_TEXT, MANY
from caprse.base.text import TextField
from cohorts.enums import Visibility

SHORT_TEXT = 2_000
UNKNOWN, NOT_APPLICABLE = AnswerKind.UNKNOWN.value, AnswerKind.NOT_APPLICABLE.value
LABELS = {
    "practice": "Ce que nous faisons déjà",
    "choice": "Notre niveau",
    "na_reason": "Pourquoi ce critère ne s’applique pas",
    "strength": "Ce qui est une force",
    "difficulty": "Ce qui est difficile",
    "comment": "Commentaire",
    "comment_visibility": "Qui peut lire ce commentaire ?",
    "to_review": "À revoir",
}


def posted_value(data):
    """The value of the level posted, before validation: a number or None."""
    posted = data.get("choice", "")
    return int(posted) if posted.isdecimal() and len(posted) <= 3 else None


class RestoreForm(forms.Form):
    """Putting a past answer back: on which version it was asked."""

    in_words = "La page ne disait plus sur quelle réponse vous étiez. Rien n’a changé : choisissez de nouveau."

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)


class SharedFields(dict):
    """Fields that nobody changes: a form copies its own at each request, which a save made at each pause feels."""

    def __deepcopy__(self, memo):
        return self


class AnswerForm(forms.Form):
    """One criterion. `choice` is a level's value, "unknown", "not_applicable", or empty for not answered."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)
    practice = TextField(label=LABELS["practice"], max_length=LONG_TEXT, required=False)
    choice = forms.RegexField(
        r"^(\d{1,3}|unknown|not_applicable)$",
        label=LABELS["choice"],
        required=False,
        error_messages={"invalid": "Ce niveau n’existe pas pour ce critère : choisissez-en un de la liste."},
    )
    na_reason = TextField(label=LABELS["na_reason"], max_length=SHORT_TEXT, required=False)
    strength = TextField(label=LABELS["strength"], max_length=SHORT_TEXT, required=False)
    difficulty = TextField(label=LABELS["difficulty"], max_length=SHORT_TEXT, required=False)
    comment = TextField(label=LABELS["comment"], max_length=LONG_TEXT, required=False)
    comment_visibility = forms.ChoiceField(
        label=LABELS["comment_visibility"], choices=Visibility.choices, initial=Visibility.STRUCTURE
    )
    to_review = forms.BooleanField(label=LABELS["to_review"], required=False)

    def clean(self):
        data = super().clean()
        if data.get("choice") == NOT_APPLICABLE and not data.get("na_reason") and "na_reason" not in self.errors:
            self.add_error("na_reason", "Dites en quelques mots pourquoi ce critère ne s’applique pas à vous.")
        return data

    @property
    def level_value(self):
        """The value of the level posted, before validation: a number or None."""
        return posted_value(self.data)

    def values(self, level_id):
        """Keyword arguments of `save_answer`, or None (with an error) when the level is not this criterion's."""
        data = self.cleaned_data
        choice = data["choice"]
        if choice.isdecimal() and level_id is None:
            self.add_error("choice", self.fields["choice"].error_messages["invalid"])
            return None
        return {
            "kind": AnswerKind.LEVEL if choice.isdecimal() else AnswerKind(choice),
            "level_id": level_id,
            "na_reason": data["na_reason"],
            "practice": data["practice"],
            "strength": data["strength"],
            "difficulty": data["difficulty"],
            "to_review": data["to_review"],
            "comment": data["comment"],
            "comment_visibility": data["comment_visibility"],
        }


AnswerForm.base_fields = SharedFields(AnswerForm.base_fields)
