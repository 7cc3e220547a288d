"""What one person thinks of a criterion, from which group they speak, and the rule their structure follows."""

from django import forms

from autodiag.enums import AnswerKind
from autodiag.forms import MANY
from autodiag.forms.answers import posted_value
from caprse.base.text import TextField

UNKNOWN, NOT_APPLICABLE = AnswerKind.UNKNOWN.value, AnswerKind.NOT_APPLICABLE.value
LABELS = {"choice": "Votre point de vue", "note": "Pourquoi"}
BLIND, AS_THEY_COME = "blind", "as_they_come"
RULES = {
    BLIND: "À l’aveugle, jusqu’à l’ouverture de la comparaison",
    AS_THEY_COME: "Comparés au fur et à mesure",
}


class ViewpointForm(forms.Form):
    """One criterion. `choice` is a level's value, "unknown", "not_applicable", or empty; `rule`: the one shown."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        choices=RULES.items(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Rechargez la page : elle doit dire qui pourra voir votre point de vue.",
            "invalid_choice": "Rechargez la page : elle doit dire qui pourra voir votre point de vue.",
        },
    )
    choice = forms.RegexField(
        r"^(\d{1,3}|unknown|not_applicable)$",
        label=LABELS["choice"],
        required=False,
        error_messages={"invalid": "Ce niveau n’existe pas pour ce critère : choisissez-en un de la liste."},
    )
    note = TextField(label=LABELS["note"], max_length=2_000, required=False)

    def clean(self):
        data = super().clean()
        if data.get("choice") == NOT_APPLICABLE and not data.get("note") and "note" not in self.errors:
            self.add_error("note", "Dites en quelques mots pourquoi ce critère ne s’applique pas à votre structure.")
        return data

    @property
    def level_value(self):
        """The value of the level posted, before validation: a number or None."""
        return posted_value(self.data)

    def values(self, level_id):
        """Keyword arguments of `save_viewpoint`, or None (with an error) when the level is not this criterion's."""
        choice, note = self.cleaned_data["choice"], self.cleaned_data["note"]
        blind = self.cleaned_data["rule"] == BLIND
        if not choice.isdecimal():
            return {"blind": blind, "kind": AnswerKind(choice), "level_id": None, "note": note}
        if level_id is None:
            self.add_error("choice", self.fields["choice"].error_messages["invalid"])
            return None
        return {"blind": blind, "kind": AnswerKind.LEVEL, "level_id": level_id, "note": note}


class VoiceForm(forms.Form):
    """The group one speaks from, among those of the version."""

    group = forms.ChoiceField(
        label="Vous parlez depuis quel groupe ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le groupe depuis lequel vous parlez.",
            "invalid_choice": "Ce groupe n’existe pas ici : choisissez-en un de la liste.",
        },
    )

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        self.fields["group"].choices = [(key, group.name) for key, group in self.groups.items()]

    @property
    def chosen(self):
        return self.groups[self.cleaned_data["group"]]


class RuleForm(forms.Form):
    """Whether viewpoints stay blind until the comparison opens."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        label="Quand les points de vue se comparent-ils ?",
        choices=RULES.items(),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une règle avant d’enregistrer.",
            "invalid_choice": "Cette règle n’existe pas : choisissez-en une de la liste.",
        },
    )

    @property
    def blind(self):
        return self.cleaned_data["rule"] == BLIND
