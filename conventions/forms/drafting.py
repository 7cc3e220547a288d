"""Forms of a draft: the blanks of its text."""

from django import forms

from conventions.enums import VariableKind
from conventions.forms.fields import NO_SUCH_DAY, DrawnLineField, DrawnTextField, date_input, revision_field
from conventions.texts import ROLE_ORDER
from conventions.texts.workshop import lines_of

LINE, TEXT = 160, 2_000
COMMITMENTS, COMMITMENT = 20, 400


class Later:
    """A field to fill before freezing; a draft is saved without it."""

    def validate(self, value):
        """Being empty is no mistake yet."""


class LaterDay(Later, forms.DateField):
    pass


class LaterNumber(Later, forms.IntegerField):
    pass


class LaterText(Later, DrawnTextField):
    pass


class LaterLine(Later, DrawnLineField):
    pass


class LaterChoice(forms.ChoiceField):
    """One of the answers of a blank, or none yet."""

    default_error_messages = {"invalid_choice": "Choisissez une des réponses proposées."}

    def validate(self, value):
        if value and not self.valid_value(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


def later_field(variable):
    """The form field of one blank; what is missing may come later."""
    shared = {"label": variable.label, "help_text": variable.help, "required": variable.required}
    match variable.kind:
        case VariableKind.DATE:
            return LaterDay(widget=date_input(), error_messages=NO_SUCH_DAY, **shared)
        case VariableKind.INTEGER:
            return LaterNumber(min_value=1, max_value=999, **shared)
        case VariableKind.TEXT:
            return LaterText(max_length=TEXT, **shared)
        case VariableKind.CHOICE:
            answers = [(answer, answer) for answer in variable.choices]
            return LaterChoice(choices=[("", "À choisir"), *answers], **shared)
    return LaterLine(max_length=LINE, **shared)


class WorkshopForm(forms.Form):
    """What a workshop wrote down, one commitment a line, for each kind of party."""

    use_required_attribute = False
    revision = revision_field()

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.roles = [role for role in ROLE_ORDER if role in roles]
        for role in self.roles:
            label = role.label[:1].upper() + role.label[1:]
            self.fields[role.value] = CommitmentsField(label=label, required=False, max_length=8_000)
            self.fields[role.value].depends = True  # the page says that one of them may stay empty

    @property
    def texts(self):
        """The fields of the commitments, in the order of the text."""
        return [self[role.value] for role in self.roles]

    def commitments(self):
        return {role.value: lines_of(self.cleaned_data[role.value]) for role in self.roles}


class CommitmentsField(DrawnTextField):
    """A list: one commitment a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def validate(self, value):
        super().validate(value)
        lines = lines_of(value)
        if len(lines) > COMMITMENTS:
            raise forms.ValidationError(f"{len(lines)} engagements : gardez-en {COMMITMENTS} au plus, les plus forts.")
        if any(len(line) > COMMITMENT for line in lines):
            raise forms.ValidationError(
                f"Un engagement tient en {COMMITMENT} caractères au plus : coupez le plus long."
            )


class VariablesForm(forms.Form):
    """One field per blank of the whole text. Nothing is required here: a draft is saved as it is."""

    use_required_attribute = False
    revision = revision_field()

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        common = [variable for variable in template.variables if not variable.roles]
        self.keys = [variable.key for variable in common]
        for variable in common:
            self.fields[variable.key] = later_field(variable)

    @property
    def blanks(self):
        """The fields of the blanks, in the order of the template."""
        return [self[key] for key in self.keys]

    def values(self):
        return {key: self.cleaned_data[key] for key in self.keys}
