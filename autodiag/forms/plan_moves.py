"""An action moved, several changed at once."""

from django import forms

from autodiag.boards.plan import SHARED, one_word
from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.forms import MANY
from caprse.base.requests import whole_number
from caprse.base.text import NBSP, LineField, short_date
from cohorts.enums import Visibility
from cohorts.forms.calendars import DayField

ONE_STATUS = [(status.value, one_word(status)) for status in ActionStatus]
WHY = {
    ActionStatus.BLOCKED: "Dites en une phrase ce qui la bloque.",
    ActionStatus.ABANDONED: "Dites en une phrase pourquoi vous y renoncez.",
}
AT_LEAST_ONE = "Cochez au moins une action."
GONE = "Une des actions cochées n’est plus dans ce plan. Rechargez la page, puis recommencez."


class MoveForm(forms.Form):
    """Another state for an action, and why when it no longer moves."""

    status = forms.ChoiceField(label="Où en est-on", choices=ONE_STATUS)
    status_reason = LineField(label="Pourquoi", max_length=300, required=False)
    revision = forms.IntegerField(min_value=0, max_value=MANY, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status_reason"].depends = True

    def clean(self):
        """A state that is explained asks why."""
        data = super().clean()
        return explained(self, data)

    @property
    def made_on(self):
        """The revision the move was made on; none ever matches when it was not said."""
        revision = self.cleaned_data["revision"]
        return -1 if revision is None else revision


def explained(form, data):
    """Ask why where the state wants a reason; drop the reason where it does not."""
    status = data.get("status")
    if status not in EXPLAINED:
        data["status_reason"] = ""
    elif not data.get("status_reason") and "status_reason" not in form.errors:
        form.add_error("status_reason", WHY[status])
    return data


class BulkForm(forms.Form):
    """One change to several actions of a plan.

    `lines`: the actions, by public id; `people`: the people of the structure, as pairs (public id, user).
    Each `action` posted is a public id and the revision it was shown at: « abc:3 ».
    """

    CHANGES = (
        ("status", "Où en est-on"),
        ("due_on", "Pour quand"),
        ("who", "Qui"),
        ("pilot", "Pilote"),
        ("visibility", "Qui peut lire"),
    )
    change = forms.ChoiceField(
        label="Que voulez-vous changer" + NBSP + "?",
        choices=CHANGES,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous voulez changer."},
    )
    status = forms.ChoiceField(label="Où en est-on", choices=ONE_STATUS, required=False)
    status_reason = LineField(
        label="Pourquoi", max_length=300, required=False, help_text="Demandé pour « Bloquée » et « Abandonnée »."
    )
    due_on = DayField(label="Pour quand", required=False, help_text="Laissez vide pour retirer la date.")
    who = LineField(label="Qui", max_length=160, required=False, help_text="Laissez vide pour « à confier ».")
    pilot = forms.ChoiceField(label="Pilote", required=False)
    visibility = forms.ChoiceField(label="Qui peut lire ces actions", choices=Visibility.choices, required=False)

    def __init__(self, data=None, *, lines, people, **kwargs):
        super().__init__(data, **kwargs)
        self.lines = {line.action.public_id: line for line in lines}
        self.people = dict(people)
        for name in ("status", "status_reason", "due_on", "who", "pilot", "visibility"):
            self.fields[name].depends = True  # on the change chosen
        names = [(public_id, user.full_name) for public_id, user in people]
        self.fields["pilot"].choices = [("", "Personne pour l’instant"), *names]
        self.ticked = dict(_split(text) for text in data.getlist("action")) if data is not None else {}

    def clean(self):
        """Refuse the whole when an action is unknown, or when one begins after the day it would be due."""
        data = super().clean()
        if not self.ticked:
            raise forms.ValidationError(AT_LEAST_ONE)
        if any(public_id not in self.lines or revision is None for public_id, revision in self.ticked.items()):
            raise forms.ValidationError(GONE)
        change = data.get("change")
        for name in {*self.errors} & {*self.fields} - {"change", change, f"{change}_reason"}:
            del self.errors[name]  # not what is being changed
        if change == "status":
            explained(self, data)
        if change in ("status", "visibility") and not data.get(change) and change not in self.errors:
            self.add_error(change, "Choisissez une réponse.")
        if change == "due_on" and data.get("due_on"):
            self._begin_before(data["due_on"])
        return data

    def _begin_before(self, day):
        late = [line.action for line in self.chosen if line.action.starts_on and line.action.starts_on > day]
        if late:
            names = ", ".join(f"«{NBSP}{action.what}{NBSP}»" for action in late[:3])
            more = f" et {len(late) - 3} autres" if len(late) > 3 else ""
            self.add_error("due_on", f"Ces actions commencent après ce jour{NBSP}: {names}{more}.")

    @property
    def chosen(self):
        """The lines ticked, in the order of the plan; what the plan does not hold is left out."""
        return [line for public_id, line in self.lines.items() if public_id in self.ticked]

    @property
    def revisions(self):
        """{id of an action: the revision it was shown at}, once the form is valid."""
        return {line.action.pk: self.ticked[line.action.public_id] for line in self.chosen}

    @property
    def values(self):
        """The columns to write, once the form is valid."""
        data, change = self.cleaned_data, self.cleaned_data["change"]
        if change == "status":
            return {name: data[name] for name in ("status", "status_reason")}
        if change == "pilot":
            user = self.people.get(data["pilot"])
            return {"pilot_id": user.pk if user else None}
        return {change: data[change]}

    @property
    def label(self):
        """The name of what changes."""
        return dict(self.CHANGES)[self.cleaned_data["change"]]

    def before(self, action):
        """What an action has now, in words."""
        return self._told(
            status=action.status,
            status_reason=action.status_reason,
            due_on=action.due_on,
            who=action.who,
            pilot=action.pilot,
            visibility=action.visibility,
        )

    @property
    def after(self):
        """What they will all have, in words."""
        data = self.cleaned_data
        return self._told(**{**data, "pilot": self.people.get(data.get("pilot"))})

    def _told(self, *, change=None, status="", status_reason="", due_on=None, who="", pilot=None, visibility=""):
        told = {
            "status": lambda: one_word(status) + (f" ({status_reason})" if status_reason else ""),
            "due_on": lambda: short_date(due_on) if due_on else "sans date",
            "who": lambda: who or "à confier",
            "pilot": lambda: pilot.full_name if pilot else "personne",
            "visibility": lambda: SHARED[visibility],
        }
        return told[self.cleaned_data["change"]]()

    def changes(self, action):
        """Whether this change would change this action."""
        return any(getattr(action, name) != value for name, value in self.values.items())


def _split(text):
    """« abc:3 » as ("abc", 3); a revision nobody can have is None."""
    public_id, _, number = text.partition(":")
    return public_id, whole_number(number)
