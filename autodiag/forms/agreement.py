"""What a meeting writes: the level it agrees on, and why."""

from django import forms

from autodiag.enums import AnswerKind
from autodiag.forms import MANY
from autodiag.forms.answers import posted_value
from caprse.base.text import TextField

REASON = 2_000


class AgreementForm(forms.Form):
    """One criterion. `choice` is a level's value, "unknown" or "not_applicable": an agreement always says one."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)
    choice = forms.RegexField(
        r"^(\d{1,3}|unknown|not_applicable)$",
        label="Le niveau retenu",
        error_messages={
            "required": "Choisissez le niveau sur lequel vous vous accordez.",
            "invalid": "Ce niveau n’existe pas pour ce critère : choisissez-en un de la liste.",
        },
    )
    reason = TextField(
        label="Pourquoi ce niveau",
        max_length=REASON,
        help_text="Une phrase suffit : ce qui vous a mis d’accord.",
        error_messages={"required": "Écrivez pourquoi : c’est ce qui restera de votre échange."},
    )

    @property
    def level_value(self):
        """The value of the level posted, before validation: a number or None."""
        return posted_value(self.data)

    def values(self, level_id):
        """Keyword arguments of `agree`, or None (with an error) when the level is not this criterion's."""
        choice, reason = self.cleaned_data["choice"], self.cleaned_data["reason"]
        if choice.isdecimal() and level_id is None:
            self.add_error("choice", self.fields["choice"].error_messages["invalid"])
            return None
        kind = AnswerKind.LEVEL if choice.isdecimal() else AnswerKind(choice)
        return {
            "revision": self.cleaned_data["revision"],
            "kind": kind,
            "level_id": level_id if kind == AnswerKind.LEVEL else None,
            "na_reason": reason if kind == AnswerKind.NOT_APPLICABLE else "",
            "reason": reason,
        }
