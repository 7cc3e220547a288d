"""Forms of whoever writes a draft. A draft may be saved unfinished: publication asks for what is missing."""

from django import forms

from caprse.base.text import NBSP, LineField, TextField

WEIGHTS = range(1, 6)
LONG = 5_000


def area(rows):
    return forms.Textarea(attrs={"rows": rows})


class DraftForm(forms.Form):
    """Texts saved on the revision they were read at. `unfinished` fields may be left empty, yet none is optional."""

    unfinished = ()
    labels = {}
    use_required_attribute = False

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def full_clean(self):
        for name in self.unfinished:
            self.fields[name].required = False
        super().full_clean()
        for name in self.unfinished:
            self.fields[name].required = True

    def differences(self, theirs):
        """What is saved and differs from what was typed: (label of the field, saved text)."""
        return [
            (self.fields[name].label, theirs[what])
            for name, what in self.labels.items()
            if theirs[what] != str(self.cleaned_data[name])
        ]


class ChapterForm(DraftForm):
    unfinished = ("title", "short_title")
    labels = {"title": "titre", "short_title": "titre court", "summary": "présentation"}

    title = LineField(label="Titre", max_length=120)
    short_title = LineField(
        label="Titre court", max_length=30, help_text="Pour les dessins et les tableaux. 30 caractères au plus."
    )
    summary = TextField(
        label="Présentation", max_length=LONG, required=False, widget=area(4), help_text="Une ou deux phrases."
    )

    def __init__(self, *args, chapter, **kwargs):
        super().__init__(*args, initial={"revision": chapter.revision, **_of(chapter, self.labels)}, **kwargs)

    def texts(self):
        """Keyword arguments of `edit_chapter`."""
        return {name: self.cleaned_data[name] for name in ("revision", *self.labels)}


class CriterionForm(DraftForm):
    """A criterion with a field per level of the scale, `level_0`, `level_1`…"""

    unfinished = ("title", "question")
    labels = {
        "title": "titre",
        "question": "question",
        "help": "pour comprendre",
        "examples": "exemples",
        "evidence_hint": "ce qui peut l’appuyer",
        "weight": "poids",
    }

    title = LineField(label="Titre", max_length=120)
    question = LineField(label="Question", max_length=300, widget=area(2), help_text="300 caractères au plus.")
    help = TextField(label="Pour comprendre", max_length=LONG, required=False, widget=area(4))
    examples = TextField(label="Exemples", max_length=LONG, required=False, widget=area(4))
    evidence_hint = TextField(label="Ce qui peut l’appuyer", max_length=LONG, required=False, widget=area(2))
    weight = forms.TypedChoiceField(
        label="Poids dans le calcul",
        coerce=int,
        choices=[(value, str(value)) for value in WEIGHTS],
        help_text=f"1 pour la plupart des critères{NBSP}; 2 compte double.",
    )

    def __init__(self, *args, criterion, scale, **kwargs):
        initial = {"revision": criterion.revision, **_of(criterion, self.labels)}
        initial |= {f"level_{level.value}": level.description for level in criterion.levels.all()}
        super().__init__(*args, initial=initial, **kwargs)
        if criterion.weight not in WEIGHTS:
            self.fields["weight"].choices += [(criterion.weight, str(criterion.weight))]
        names = {step.value: step.label for step in scale}
        self.values = [level.value for level in criterion.levels.all()]
        self.labels = {**self.labels, **{f"level_{value}": f"niveau {value}" for value in self.values}}
        self.unfinished = (*self.unfinished, *(f"level_{value}" for value in self.values))
        for value in self.values:
            label = f"Niveau {value} – {names.get(value, '')}".rstrip(" –")
            self.fields[f"level_{value}"] = TextField(label=label, max_length=LONG, widget=area(3))

    @property
    def levels(self):
        return [self[f"level_{value}"] for value in self.values]

    def texts(self):
        """Keyword arguments of `edit_criterion`."""
        data = self.cleaned_data
        return {
            "levels": {value: data[f"level_{value}"] for value in self.values},
            **{name: data[name] for name in ("revision", *CriterionForm.labels)},
        }


def _of(row, names):
    return {name: getattr(row, name) for name in names}
