"""A breach notified, answered, decided."""

from django import forms

from caprse.base import clock
from caprse.base.text import TextField
from cohorts.forms.calendars import DayField
from conventions import rules
from conventions.enums import TerminationDecision
from conventions.forms.fields import revision_field

LONG, CITED = 6_000, 110
CHOICES = [
    (TerminationDecision.DROPPED.value, "Sans suite : la partie reste engagée"),
    (TerminationDecision.ENDED.value, "Résiliation à l’égard de cette partie"),
]


def judged(verdict):
    """Raise ValidationError with the reason of a verdict that says no."""
    if not verdict:
        raise forms.ValidationError(verdict.reason)


class NoticeForm(forms.Form):
    """Which clause, what happened, until when the party may reply."""

    clause = forms.ChoiceField(label="La clause qui n’a pas été tenue")
    facts = TextField(
        label="Ce qui est reproché",
        max_length=LONG,
        help_text="Des faits, des dates. La partie lira ce texte en entier ; les autres parties ne le verront pas.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reply_by = DayField(label="Réponse attendue jusqu’au")
    use_required_attribute = False

    def __init__(self, *args, clauses, at_least, **kwargs):
        super().__init__(*args, **kwargs)
        self.at_least = at_least
        self.fields["reply_by"].help_text = f"Ce jour compris : {at_least.days} jours au moins, comme le dit le texte."
        said = [(one.key, f"{one.number} – {shortened(one.text)}") for one in clauses]
        self.fields["clause"].choices = [("", "Choisissez"), *said]

    def clean_reply_by(self):
        judged(rules.reply_day(self.cleaned_data["reply_by"], clock.today(), self.at_least))
        return self.cleaned_data["reply_by"]


def shortened(text):
    """The beginning of a clause, for a list to choose in."""
    line = " ".join(text.split())
    return line if len(line) <= CITED else f"{line[: CITED - 1].rstrip()}…"


class ReplyForm(forms.Form):
    """What the party answers."""

    text = TextField(
        label="Votre réponse",
        max_length=LONG,
        help_text="Elle part une fois, et ne change plus ensuite.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre réponse. Rien n’est parti."},
    )


class DecisionForm(forms.Form):
    """What comes of it. A resiliation says until when the party is bound."""

    revision = revision_field()
    decision = forms.ChoiceField(label="Votre décision", choices=CHOICES, widget=forms.RadioSelect)
    effect_on = DayField(
        label="En cas de résiliation, dernier jour où la partie est engagée",
        required=False,
        help_text="Ce jour compris. Si c’est une structure, ses chapitres se ferment ensuite.",
    )
    effect_on.depends = True  # on the decision
    reason = TextField(
        label="Motif",
        max_length=LONG,
        help_text="La partie lira ce motif.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    use_required_attribute = False

    def clean(self):
        data = super().clean()
        if data.get("decision") == TerminationDecision.ENDED and "effect_on" not in self.errors:
            verdict = rules.effect_day(data.get("effect_on"), clock.today())
            if not verdict:
                self.add_error("effect_on", verdict.reason)
        return data

    def said(self):
        """Keyword arguments of `decide_breach`."""
        return dict(self.cleaned_data)
