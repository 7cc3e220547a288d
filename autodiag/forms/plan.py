"""What people type into an action."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms

from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.forms import LONG_TEXT, MANY
from caprse.base.text import NARROW_NBSP, NBSP, LineField, TextField, number
from cohorts.enums import Visibility
from cohorts.forms.calendars import DayField

MOST_STEPS = 30
STEP_LENGTH = 200
MOST_EUROS = Decimal("9999999999.99")
FIRST = ("what", "why", "who", "due_on", "means", "indicator", "status", "status_reason", "visibility")
MORE = ("starts_on", "pilot", "partners", "budget", "steps", "also", "evidence")
READERS = [(value, label[0].upper() + label[1:]) for value, label in Visibility.choices]
STATUSES = [(value, label[0].upper() + label[1:]) for value, label in ActionStatus.choices]


@dataclass(frozen=True)
class Choices:
    """Who and what one action may name, each by its key: people, criteria by chapter, items of the library."""

    people: dict = field(default_factory=dict)
    criteria: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)


class EurosField(forms.CharField):
    """An amount as people write it: « 1 500,50 », « 1500.5 », « 1 500 € ». Gives a Decimal, or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        typed = super().to_python(value)
        amount = re.sub(r"[\s\u00a0\u202f€]", "", typed).replace(",", ".")
        if not amount:
            return None
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", amount):
            raise forms.ValidationError(f"Écrivez un montant en euros. Exemple{NBSP}: 1{NARROW_NBSP}500,50.")
        if Decimal(amount) > MOST_EUROS:
            raise forms.ValidationError(f"Ce montant est trop grand{NBSP}: {number(MOST_EUROS, 2)} au plus.")
        return Decimal(amount)

    def prepare_value(self, value):
        return number(value, 2).removesuffix(",00") if isinstance(value, Decimal) else value


class StepsField(TextField):
    """One step a line; gives the list of those that say something."""

    def __init__(self, **kwargs):
        super().__init__(max_length=LONG_TEXT, **kwargs)

    def to_python(self, value):
        lines = (super().to_python(value) or "").split("\n")
        steps = [" ".join(line.split()) for line in lines if line.strip()]
        if len(steps) > MOST_STEPS:
            raise forms.ValidationError(f"{len(steps)} étapes, c’est beaucoup{NBSP}: {MOST_STEPS} au plus.")
        for rank, step in enumerate(steps, 1):
            if len(step) > STEP_LENGTH:
                raise forms.ValidationError(
                    f"L’étape {rank} compte {len(step)} caractères{NBSP}; le maximum est de {STEP_LENGTH}."
                )
        return steps

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


class ActionForm(forms.Form):
    """What, why, who, by when, with what, how we will know; then, on request, everything else."""

    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)
    what = LineField(
        label="Quoi",
        max_length=300,
        help_text="Ce que vous allez faire, en une phrase.",
        error_messages={"required": "Ce champ est obligatoire : dites en une phrase ce que vous allez faire."},
    )
    why = TextField(
        label="Pourquoi", max_length=LONG_TEXT, required=False, widget=forms.Textarea(attrs={"class": "is-short"})
    )
    who = LineField(
        label="Qui", max_length=160, required=False, help_text="La personne qui s’en occupe ; plusieurs si besoin."
    )
    due_on = DayField(label="Pour quand", required=False)
    means = TextField(
        label="Avec quels moyens",
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"class": "is-short"}),
    )
    indicator = LineField(label="À quoi verrons-nous que c’est fait", max_length=300, required=False)
    status = forms.ChoiceField(label="Où en est-on", choices=STATUSES, initial=ActionStatus.TO_DO)
    status_reason = LineField(
        label="Pourquoi est-elle bloquée ou abandonnée ?",
        max_length=300,
        required=False,
        help_text="À dire seulement dans ces deux cas, en quelques mots.",
    )
    visibility = forms.ChoiceField(
        label="Qui peut lire cette action ?",
        choices=READERS,
        initial=Visibility.STRUCTURE,
        help_text="Partagée, elle se lit en entier : ses étapes et ses nouvelles aussi.",
    )
    starts_on = DayField(label="À partir du", required=False)
    pilot = forms.ChoiceField(
        label="Pilote",
        required=False,
        help_text="Qui la suit, parmi les personnes de votre structure qui ont un compte.",
    )
    partners = LineField(label="Avec quels partenaires", max_length=300, required=False)
    budget = EurosField(label="Budget, en euros", required=False, help_text="Par exemple 1 500,50.")
    steps = StepsField(
        label="Étapes",
        required=False,
        widget=forms.Textarea(attrs={"class": "is-short"}),
        help_text="Une par ligne. Vous les cocherez sur la page de l’action ; celles qui sont cochées le restent.",
    )
    also = forms.MultipleChoiceField(
        label="Elle sert aussi d’autres critères", required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(
        label="Justificatifs qui montrent que c’est fait", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, choices, **kwargs):
        super().__init__(data, **kwargs)
        self.choices = choices
        self.fields["pilot"].choices = [("", "Personne pour l’instant"), *_names(choices.people, "full_name")]
        self.fields["also"].choices = [
            (chapter, [(key, f"{row.code} – {row.title}") for key, row in rows.items()])
            for chapter, rows in choices.criteria.items()
        ]
        self.fields["evidence"].choices = _names(choices.evidence, "title")
        self.fields["status_reason"].depends = True
        for name, words in (("pilot", "Cette personne"), ("also", "Ce critère"), ("evidence", "Ce justificatif")):
            gone = f"{words} n’est plus dans la liste : choisissez à nouveau."
            self.fields[name].error_messages["invalid_choice"] = gone

    def clean(self):
        data = super().clean()
        if data.get("status") in EXPLAINED and not data.get("status_reason") and "status_reason" not in self.errors:
            said = "ce qui la bloque" if data["status"] == ActionStatus.BLOCKED else "pourquoi vous l’abandonnez"
            self.add_error("status_reason", f"Dites en quelques mots {said}{NBSP}: cela aidera à décider de la suite.")
        first, last = data.get("starts_on"), data.get("due_on")
        if first and last and last < first:
            self.add_error("due_on", f"Ce jour vient avant «{NBSP}à partir du{NBSP}». Vérifiez les deux dates.")
        return data

    @property
    def more_open(self):
        """Whether « Plus de précisions » shows what it holds: something is there, or something is to be put right."""
        if any(name in self.errors for name in MORE):
            return True
        return any(self[name].value() for name in MORE)

    def fields_to_save(self):
        """Keyword arguments of the plan's services, parts included."""
        data, known = self.cleaned_data, self.choices
        criteria = {key: row for rows in known.criteria.values() for key, row in rows.items()}
        return {
            **{name: data[name] for name in (*FIRST, "starts_on", "partners", "budget", "steps")},
            "pilot": known.people.get(data["pilot"]),
            "also": [criteria[key] for key in data["also"]],
            "evidence": [known.evidence[key] for key in data["evidence"]],
        }


def _names(rows, name):
    return [(key, getattr(row, name)) for key, row in rows.items()]
