"""What is typed to transmit a chapter, to answer to a transmission, to correct one."""

from django import forms

from autodiag.enums import Decision
from autodiag.forms import MANY
from caprse.base.text import TextField
from cohorts.forms.calendars import day_input, plausible_year

DECISIONS = {
    Decision.NOTED: (
        "Prendre acte",
        "Vous avez lu ce chapitre, il est complet. Un mot à la structure si vous le souhaitez.",
    ),
    Decision.RETURNED: (
        "Renvoyer avec des raisons",
        "Quelque chose manque ou mérite d’être repris. La structure lit vos raisons, complète et transmet de nouveau.",
    ),
}


class SubmitForm(forms.Form):
    """The confirmation; from the second transmission on, what was corrected and why. `seen`: what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = TextField(
        label="Ce que vous avez corrigé, et pourquoi",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Quelques mots. Votre accompagnateur·rice les lit en tête de la nouvelle version.",
        error_messages={"required": "Dites ce que vous avez corrigé, et pourquoi, avant de transmettre de nouveau."},
    )
    confirm = forms.BooleanField(
        label="Nous avons relu nos réponses et nous sommes d’accord pour les transmettre.",
        widget=forms.CheckboxInput(attrs={"value": "yes"}),
        error_messages={"required": "Cochez la case pour transmettre. Rien n’a été transmis."},
    )

    def __init__(self, *args, correction=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not correction:
            del self.fields["reason"]

    @property
    def sent(self):
        """Keyword arguments of the service."""
        data = self.cleaned_data
        return {"reason": data.get("reason", ""), "seen": data["seen"] or None}


class ReviewForm(forms.Form):
    """Take note, or return with reasons; with a new last day when the structure could no longer answer."""

    number = forms.IntegerField(min_value=1, max_value=MANY, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="Votre retour",
        choices=[(value, label) for value, (label, _) in DECISIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez votre retour.", "invalid_choice": "Choisissez l’un des deux retours."},
    )
    text = TextField(
        label="Votre message à la structure",
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Obligatoire pour renvoyer : dites ce qui manque, critère par critère, et ce qui est déjà solide.",
    )
    closes_on = forms.DateField(
        label="Nouveau dernier jour pour la structure",
        required=False,
        widget=day_input(),
        validators=[plausible_year],
        help_text="Seulement pour renvoyer : le chapitre est fermé, la structure a besoin d’un jour pour répondre. "
        "Ce jour compris.",
    )

    def __init__(self, *args, needs_a_day=False, may_return=True, **kwargs):
        super().__init__(*args, **kwargs)
        if may_return:
            self.fields["text"].depends = self.fields["closes_on"].depends = True
        if not (needs_a_day and may_return):
            del self.fields["closes_on"]
        if not may_return:
            self.fields["decision"].choices = self.fields["decision"].choices[:1]

    def clean(self):
        data = super().clean()
        if data.get("decision") == Decision.RETURNED:
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", "Écrivez vos raisons : sans elles, la structure ne saurait pas quoi reprendre.")
            if "closes_on" in self.fields and not data.get("closes_on") and "closes_on" not in self.errors:
                self.add_error(
                    "closes_on", "Donnez un nouveau dernier jour : sans lui, la structure ne pourrait pas répondre."
                )
        return data

    @property
    def described_choices(self):
        """The decisions that may be taken with what each does, for the page."""
        chosen = self["decision"].value()
        return [
            {"value": value, "label": label, "text": DECISIONS[value][1], "checked": value == chosen}
            for value, label in self.fields["decision"].choices
        ]

    @property
    def said(self):
        """Keyword arguments of the service."""
        data = self.cleaned_data
        return {"decision": data["decision"], "text": data["text"], "closes_on": data.get("closes_on")}


class CorrectionForm(forms.Form):
    """Why a structure takes up again what it transmitted."""

    reason = TextField(
        label="Pourquoi reprendre ce chapitre",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une ou deux phrases. Votre équipe et votre accompagnateur·rice les lisent.",
        error_messages={"required": "Dites pourquoi vous reprenez ce chapitre."},
    )
