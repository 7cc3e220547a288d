"""What people give to a survey: its organiser, whoever answers it, whoever types a sheet in."""

import secrets

from django import forms

from autodiag.enums import SurveyChoice
from autodiag.rules import surveys as rules
from caprse.base import clock
from cohorts.forms.calendars import day_input

PREFIX = "q-"
EMPTY = "Vous n’avez coché aucune réponse. Cochez au moins une réponse, puis envoyez."
EMPTY_SHEET = "Rien n’est coché. Cochez au moins une réponse ; une feuille blanche ne compte pas."
FOREIGN = "Ce formulaire n’est pas celui de ce questionnaire. Cochez vos réponses ci-dessous, puis envoyez."
UNKNOWN = "Cette réponse n’existe pas. Cochez une des cases."


class SurveyForm(forms.Form):
    """To whom, until when, how many people it concerns."""

    group = forms.ChoiceField(
        label="À qui s’adresse ce questionnaire ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un groupe.", "invalid_choice": "Choisissez un groupe de la liste."},
    )
    closes_on = forms.DateField(
        label="Dernier jour pour répondre",
        widget=day_input(),
        help_text="Ce jour est compris.",
        error_messages={"required": "Choisissez le dernier jour.", "invalid": "Cette date n’existe pas."},
    )
    expected = forms.IntegerField(
        label="Combien de personnes sont concernées ?",
        required=False,
        min_value=1,
        max_value=rules.MOST,
        help_text="Pour savoir combien de réponses attendre, et de cartes imprimer.",
        error_messages={
            "invalid": "Écrivez un nombre, en chiffres.",
            "min_value": "Écrivez au moins 1, ou laissez vide.",
            "max_value": "Écrivez un nombre plus petit, ou laissez vide.",
        },
    )

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = {group.stable_id: group for group in groups}
        self.fields["group"].choices = [(key, group.name) for key, group in self.groups.items()]
        self.fields["closes_on"].initial = rules.usual_day(clock.today())

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        verdict = rules.can_end_on(day, clock.today())
        if not verdict:
            raise forms.ValidationError(verdict.reason)
        return day

    def to_open(self):
        """Keyword arguments of the service."""
        kept = {name: self.cleaned_data[name] for name in ("closes_on", "expected")}
        return {**kept, "group": self.groups[self.cleaned_data["group"]]}


class ResponseForm(forms.Form):
    """What somebody ticks, on a screen or from a sheet. Any question may be left; not all of them."""

    number = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, error_messages={"required": "", "invalid": ""}
    )

    def __init__(self, questions, data=None, *, easy=False, empty=EMPTY):
        super().__init__(data)
        self.empty = empty
        self.questions = questions
        self.easy = easy
        for question in questions:
            self.fields[PREFIX + question["id"]] = forms.ChoiceField(
                choices=SurveyChoice.choices,
                required=False,
                label=question["easy_text"] if easy else question["text"],
                error_messages={"invalid_choice": UNKNOWN},
            )

    def clean(self):
        """One choice at least, and of this survey alone."""
        asked = {name for name in self.data if name.startswith(PREFIX)}
        if asked - set(self.fields) or "number" in self.errors:
            self.errors.pop("number", None)
            raise forms.ValidationError(FOREIGN)
        if not self.errors and not self.choices:
            raise forms.ValidationError(self.empty)
        return self.cleaned_data

    @property
    def choices(self):
        """{id of the question: choice}, those left apart."""
        given = {question["id"]: self.cleaned_data.get(PREFIX + question["id"]) for question in self.questions}
        return {key: value for key, value in given.items() if value}

    @property
    def form_number(self):
        """The number this form carries; a fresh one for a page just opened, or whose own was damaged."""
        if self.is_bound and "number" in self.cleaned_data:
            return self.cleaned_data["number"]
        return secrets.token_hex(16)

    @property
    def lines(self):
        """The questions as the page shows them, what was ticked with them."""
        for rank, question in enumerate(self.questions, start=1):
            name = PREFIX + question["id"]
            ticked = self.data.get(name, "") if self.is_bound else ""
            yield {
                "rank": rank,
                "name": name,
                "text": self.fields[name].label,
                "error": UNKNOWN if name in self.errors else "",
                "choices": [
                    {"value": value, "label": label, "key": key, "checked": value == ticked}
                    for key, (value, label) in enumerate(SurveyChoice.choices, start=1)
                ],
            }

    @property
    def problems(self):
        """What is wrong, for the top of the page: (where, sentence)."""
        if not self.is_bound:
            return []
        first = f"{PREFIX}{self.questions[0]['id']}-1" if self.questions else ""
        general = [(first, text) for text in self.non_field_errors()]
        return general + [(f"{line['name']}-1", line["error"]) for line in self.lines if line["error"]]
