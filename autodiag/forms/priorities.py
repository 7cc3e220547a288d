"""What people choose for many criteria at once: how much it would change, how much it asks, put forward or not."""

import re
from dataclasses import replace

from django import forms

from autodiag.services.priorities import Chosen
from referentiel.enums import Degree

SEEN = re.compile(r"(\d{1,9})\.([0-3])([0-3])([01])")
LABELS = {"impact": "Effet attendu", "effort": "Effort", "forward": "Mettre en avant"}


def _degree(name):
    return forms.TypedChoiceField(
        label=LABELS[name],
        choices=[("", "–"), *Degree.choices],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": f"{LABELS[name]} : choisissez petit, moyen ou grand."},
    )


class PriorityForm(forms.Form):
    """One criterion. `seen`: the version it was made on and what was shown, so that what nobody touched is left alone."""

    impact = _degree("impact")
    effort = _degree("effort")
    forward = forms.BooleanField(label=LABELS["forward"], required=False)
    seen = forms.CharField(required=False, max_length=20)

    def clean_seen(self):
        """(revision, what was shown); nothing kept yet when it says nothing we can read."""
        found = SEEN.fullmatch(self.cleaned_data["seen"])
        if not found:
            return 0, (None, None, False)
        revision, impact, effort, forward = map(int, found.groups())
        return revision, (impact or None, effort or None, bool(forward))

    @property
    def said(self):
        return tuple(self.cleaned_data[name] for name in LABELS)


class PrioritiesForm:
    """The same of every line of the page, those that are not in it left as they are."""

    def __init__(self, data, lines):
        self.pairs = [(line, PriorityForm(data, prefix=line.prefix)) for line in lines if f"{line.prefix}-seen" in data]

    def is_valid(self):
        return all(form.is_valid() for _, form in self.pairs)

    def chosen(self):
        """What was changed on the page, ready for the service."""
        touched = []
        for line, form in self.pairs:
            revision, shown = form.cleaned_data["seen"]
            if form.said != shown:
                touched.append(Chosen(line.criterion_id, *form.said, revision))
        return touched

    def shown_again(self, lines, stale=None):
        """The lines with what was typed: nothing is lost. `stale`: {criterion: what somebody else kept meanwhile}."""
        stale, typed = stale or {}, {line.criterion_id: form for line, form in self.pairs}
        return [_typed(line, typed.get(line.criterion_id), stale.get(line.criterion_id)) for line in lines]


def _typed(line, form, stale):
    if form is None:
        return line
    problems = [text for errors in form.errors.values() for text in errors]
    cleaned = form.cleaned_data
    # What nobody touched follows what is kept now.
    if not problems and not stale and form.said == cleaned["seen"][1]:
        return line
    return replace(
        line,
        impact=cleaned.get("impact"),
        effort=cleaned.get("effort"),
        forward=cleaned.get("forward", False),
        errors=problems,
        stale=stale,
    )
