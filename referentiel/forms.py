"""Forms of whoever writes a draft. A draft may be saved unfinished: publication asks for what is missing."""

from django import forms

from caprse.base.text import NBSP, LineField, TextField, normalised
from referentiel.documents import groups_stamp
from referentiel.enums import Degree
from referentiel.rules import LEAST_GROUPS, MOST_GROUPS

WEIGHTS = range(1, 6)
LONG = 5_000
MORE_GROUPS = 2


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


class NewQuestionForm(DraftForm):
    """A question to be asked without an account, in its two versions."""

    labels = {"text": "question", "easy_text": "question facile à lire"}
    revision = None

    text = LineField(
        label="La question",
        max_length=200,
        widget=area(2),
        help_text="Avec vos mots, jamais ceux du critère. 200 caractères au plus.",
    )
    easy_text = LineField(
        label="La même, facile à lire",
        max_length=160,
        widget=area(2),
        help_text="Une idée, une phrase courte, des mots de tous les jours. 160 caractères au plus.",
    )

    def texts(self):
        """Keyword arguments of `write_question`."""
        return {name: self.cleaned_data[name] for name in self.labels}


class QuestionForm(NewQuestionForm):
    """The same, changed on the revision it was read at."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, initial={"revision": question.revision, **_of(question, self.labels)}, **kwargs)

    def texts(self):
        """Keyword arguments of `edit_question`."""
        return {"revision": self.cleaned_data["revision"], **super().texts()}


class ReleaseForm(forms.Form):
    """That the text one confirms is the one that was shown."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class VoiceGroupsForm(DraftForm):
    """All the groups of voices of a draft, a row each, and two empty rows to add some."""

    revision = None

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data=None, *, version):
        super().__init__(data)
        groups = list(version.voice_groups.all())
        self.stamp = groups_stamp(version)
        sent = [rank for rank in range(MOST_GROUPS) if data is not None and f"name_{rank}" in data]
        self.ranks = sent or list(range(min(len(groups) + MORE_GROUPS, MOST_GROUPS)))
        for rank in self.ranks:
            self._add_row(rank, groups[rank] if rank < len(groups) else None)

    def _add_row(self, rank, group):
        self.fields[f"stable_id_{rank}"] = forms.CharField(
            required=False, max_length=12, widget=forms.HiddenInput, initial=group.stable_id if group else ""
        )
        self.fields[f"name_{rank}"] = LineField(
            label="Nom du groupe", max_length=60, initial=group.name if group else ""
        )
        self.fields[f"order_{rank}"] = forms.IntegerField(label="Rang", min_value=1, max_value=99, initial=rank + 1)
        self.unfinished = (*self.unfinished, f"name_{rank}", f"order_{rank}")
        self.fields[f"surveyed_{rank}"] = forms.BooleanField(
            label="Peut répondre à un questionnaire sans compte",
            required=False,
            initial=group.surveyed if group else False,
        )
        self.fields[f"removed_{rank}"] = forms.BooleanField(label="Retirer ce groupe", required=False)

    @property
    def shown(self):
        """The fingerprint of the list shown: what was posted while it is to be corrected, else the one saved now."""
        return self["seen"].value() if self.errors and "seen" not in self.errors else self.stamp

    @property
    def rows(self):
        """Each row: its number as one counts, its fields, whether it is one to add."""
        names = ("stable_id", "name", "order", "surveyed", "removed")
        for number, rank in enumerate(self.ranks, start=1):
            fields = {name: self[f"{name}_{rank}"] for name in names}
            yield {"number": number, "is_new": not fields["stable_id"].value(), **fields}

    def clean(self):
        data = super().clean()
        seen = set()
        for rank in self._kept(data):
            name = data.get(f"name_{rank}", "")
            if not name and f"name_{rank}" not in self.errors:
                self.add_error(f"name_{rank}", "Donnez un nom à ce groupe, ou cochez « Retirer ce groupe ».")
            elif name and normalised(name) in seen:
                self.add_error(f"name_{rank}", f"Deux groupes s’appellent « {name} ». Changez l’un des deux noms.")
            seen.add(normalised(name))
        if not self.errors and len(self._kept(data)) < LEAST_GROUPS:
            raise forms.ValidationError(f"Gardez au moins {LEAST_GROUPS} groupes : on compare leurs points de vue.")
        return data

    def _kept(self, data):
        """The rows that make a group, in the order asked for: neither removed, nor left empty to begin with."""
        kept = [
            rank
            for rank in self.ranks
            if not data.get(f"removed_{rank}")
            and (data.get(f"name_{rank}") or data.get(f"stable_id_{rank}") or f"name_{rank}" in self.errors)
        ]
        return sorted(kept, key=lambda rank: (data.get(f"order_{rank}") or rank + 1, rank))

    def groups(self):
        """The list to be saved, in order: (stable identifier or "", name, surveyed)."""
        data = self.cleaned_data
        return [(data[f"stable_id_{r}"], data[f"name_{r}"], data[f"surveyed_{r}"]) for r in self._kept(data)]


# --- Library of proposed actions ----------------------------------------------------------------------------------

DEGREES = [(str(degree.value), degree.label.capitalize()) for degree in Degree]
SHOWN_OUTSIDE = (
    "Cochez si ces mots peuvent quitter le réseau : une structure pourra alors les mettre tels quels dans un document "
    "présenté à son assemblée générale ou à un financeur. Sinon, elle les lira et les adaptera, entre adhérents."
)


def chosen(what):
    """What to do when a list was left without an answer, or answered with what it does not hold."""
    return dict.fromkeys(("required", "invalid_choice"), f"Choisissez {what} dans la liste.")


def degree(label, what):
    """Small, medium or great, medium when nobody says."""
    return forms.TypedChoiceField(
        label=label, coerce=int, choices=DEGREES, initial=Degree.MEDIUM, error_messages=chosen(what)
    )


class NewProposalForm(DraftForm):
    """An action proposed to who chose a level of a criterion. `scale`: the steps of the version in force."""

    labels = {
        "level": "à qui la proposer",
        "what": "quoi",
        "why": "pourquoi",
        "means": "avec quels moyens",
        "indicator": "à quoi on verra que c’est fait",
        "effort": "effort",
        "effect": "effet attendu",
        "publishable": "document à diffuser",
    }
    revision = None

    level = forms.TypedChoiceField(
        label="À qui la proposer",
        coerce=int,
        help_text="Aux structures qui ont choisi ce niveau pour ce critère.",
        error_messages=chosen("le niveau auquel proposer cette action"),
    )
    what = LineField(
        label="Quoi",
        max_length=300,
        widget=area(2),
        help_text="Un verbe, une chose à faire. 300 caractères au plus.",
        error_messages={"required": "Dites en une phrase ce que vous proposez de faire."},
    )
    why = TextField(label="Pourquoi", max_length=2_000, required=False, widget=area(2))
    means = TextField(
        label="Avec quels moyens", max_length=2_000, required=False, widget=area(2), help_text="Temps, personnes, aide."
    )
    indicator = LineField(label="À quoi on verra que c’est fait", max_length=300, required=False, widget=area(2))
    effort = degree("Effort demandé", "l’effort demandé")
    effect = degree("Effet attendu", "l’effet attendu")
    publishable = forms.BooleanField(
        label="Peut figurer dans un document à diffuser", required=False, help_text=SHOWN_OUTSIDE
    )

    def __init__(self, *args, scale, kept=None, **kwargs):
        super().__init__(*args, **kwargs)
        steps = [(str(step.value), f"Niveau {step.value} – {step.label}") for step in scale]
        if kept is not None and str(kept) not in dict(steps):
            steps.append((str(kept), f"Niveau {kept}, qui n’est plus dans l’échelle"))
        self.fields["level"].choices = steps

    def texts(self):
        """Keyword arguments of `propose_action`."""
        return {name: self.cleaned_data[name] for name in self.labels}


class ProposalForm(NewProposalForm):
    """The same, changed on the revision it was read at."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, proposal, **kwargs):
        initial = {"revision": proposal.revision, **_of(proposal, self.labels)}
        super().__init__(*args, initial=initial, kept=proposal.level, **kwargs)

    def texts(self):
        """Keyword arguments of `edit_proposal`."""
        return {"revision": self.cleaned_data["revision"], **super().texts()}

    def differences(self, theirs):
        """What is saved and differs from what was typed, in words: (label of the field, what is saved)."""
        return [
            (self.fields[name].label, self._in_words(name, getattr(theirs, name)))
            for name in self.labels
            if getattr(theirs, name) != self.cleaned_data[name]
        ]

    def _in_words(self, name, value):
        if isinstance(value, bool):
            return "Oui" if value else "Non"
        return dict(getattr(self.fields[name], "choices", ())).get(str(value), value)
