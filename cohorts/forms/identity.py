"""What a structure says of itself beyond its card: its letterhead, its purpose, its stakeholders."""

from django import forms

from caprse.base.logos import ACCEPT_LOGO, WHAT_TO_SEND, accept_logo, check_logo_size
from caprse.base.text import NBSP, LineField, TextField, normalised, number
from caprse.base.uploads import taken_in

MENTIONS, PURPOSE, EXPECTATIONS = 600, 1_500, 1_000
NAME, NAMES = 120, 60
REVISION = {"min_value": 0, "max_value": 2**31 - 1, "widget": forms.HiddenInput}
CHOOSE_AGAIN = "Choisissez de nouveau votre image : un navigateur ne la renvoie pas de lui-même."
TELL = (
    "Dites en quelques mots ce que le logo montre, pour les personnes qui ne le voient pas. "
    f"Par exemple «{NBSP}Logo de la Passerelle{NBSP}»."
)
DEGREES = [("3", "Grande"), ("2", "Moyenne"), ("1", "Petite"), ("", "Pas encore placée")]
BOTH = "Donnez les deux, importance et influence, ou aucune : sans l’une, elle ne se place pas sur la carte."


def area(rows):
    return forms.Textarea(attrs={"rows": rows})


class LetterheadForm(forms.Form):
    """A logo and the mandatory mentions. `has_logo`: whether one is in place already."""

    revision = forms.IntegerField(**REVISION)
    logo = forms.FileField(
        label="Votre logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT_LOGO}),
        help_text="Image PNG ou JPEG, 2 Mo au plus. Sur fond blanc ou transparent, il s’imprimera mieux.",
        error_messages={"empty": f"Ce fichier est vide. {WHAT_TO_SEND}", "invalid": WHAT_TO_SEND},
    )
    logo_text = LineField(label="Ce que le logo montre", max_length=160, required=False, help_text=TELL)
    remove_logo = forms.BooleanField(label="Retirer le logo", required=False)
    mentions = TextField(
        label="Mentions obligatoires",
        max_length=MENTIONS,
        required=False,
        widget=area(4),
        help_text="Statut, adresse, SIRET, agréments, financeurs à citer : ce que vos documents doivent porter. "
        f"{MENTIONS} caractères au plus.",
    )

    use_required_attribute = False

    def __init__(self, *args, has_logo, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_logo, self.picture = has_logo, None
        self.fields["logo_text"].depends = True
        if has_logo:
            self.fields["logo"].label = "Changer le logo"
        else:
            del self.fields["remove_logo"]

    def clean_logo(self):
        """The picture, drawn again; what is wrong with it is said with what to send instead."""
        file = self.cleaned_data["logo"]
        if not file:
            return None
        self.picture = taken_in(file, accept_logo, check_logo_size)
        return file

    def clean(self):
        data = super().clean()
        shown = self.picture or (self.has_logo and not data.get("remove_logo"))
        if shown and "logo_text" not in self.errors and not data.get("logo_text"):
            self.add_error("logo_text", TELL)
        if self.errors and self.picture:
            self.add_error("logo", CHOOSE_AGAIN)
        return data

    def head(self):
        """Keyword arguments of `set_letterhead`."""
        return {
            "revision": self.cleaned_data["revision"],
            "mentions": self.cleaned_data["mentions"],
            "logo": self.picture,
            "logo_text": self.cleaned_data["logo_text"],
            "remove_logo": self.cleaned_data.get("remove_logo", False),
        }


class PurposeForm(forms.Form):
    """The few lines of « notre pourquoi »."""

    revision = forms.IntegerField(**REVISION)
    text = TextField(
        label="Notre pourquoi",
        max_length=PURPOSE,
        required=False,
        widget=area(8),
        help_text=f"Quelques lignes suffisent. {number(PURPOSE)} caractères au plus.",
    )

    use_required_attribute = False


def _degree(label, help_text):
    return forms.TypedChoiceField(
        label=label, choices=DEGREES, coerce=int, empty_value=None, required=False, help_text=help_text
    )


class StakeholderForm(forms.Form):
    """One stakeholder: who, where it stands on the map, what it expects, how one talks."""

    revision = forms.IntegerField(**REVISION, required=False)
    name = LineField(
        label="Qui",
        max_length=NAME,
        error_messages={"required": "Donnez un nom : une personne, un groupe, une organisation."},
        help_text="Un groupe plutôt qu’une personne : pas de nom propre si vous pouvez l’éviter.",
    )
    importance = _degree("Son importance pour nous", "Compte-t-elle beaucoup pour notre projet ?")
    influence = _degree("Son influence sur nous", "Peut-elle changer ce que nous faisons ?")
    expectations = TextField(label="Ce qu’elle attend de nous", max_length=EXPECTATIONS, required=False, widget=area(3))
    dialogue = TextField(
        label="Comment nous échangeons",
        max_length=EXPECTATIONS,
        required=False,
        widget=area(3),
        help_text="Réunion, téléphone, questionnaire, fête annuelle… et à quel rythme.",
    )

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("importance", "influence"):
            self.fields[name].depends = True

    def clean(self):
        data = super().clean()
        if not self.errors and (data["importance"] is None) != (data["influence"] is None):
            self.add_error("influence" if data["influence"] is None else "importance", BOTH)
        return data

    def made_on(self):
        """The revision the page was read at; one that no row has when the page did not say."""
        revision = self.cleaned_data["revision"]
        return -1 if revision is None else revision

    def said(self):
        """Keyword arguments of the services."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def differences(self, theirs):
        """What is saved and differs from what was typed: (label of the field, what is saved)."""
        words = {int(value): label for value, label in DEGREES if value} | {None: "Pas encore placée"}
        return [
            (self.fields[name].label, words[saved] if name in ("importance", "influence") else saved)
            for name, typed in self.said().items()
            if (saved := getattr(theirs, name)) != typed
        ]


class SeedForm(forms.Form):
    """Names to start a list from. `names`: those that may be taken up."""

    names = forms.MultipleChoiceField(
        label="À ajouter à votre liste",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un nom.",
            "invalid_choice": "Un de ces noms n’est plus proposé. Relisez la liste, puis recommencez.",
        },
    )

    use_required_attribute = False

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["names"].choices = [(name, name) for name in names]


class KickoffForm(forms.Form):
    """The names of the launch workshop, one a line."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    names = TextField(
        label="Les parties prenantes nommées",
        max_length=NAMES * (NAME + 1),
        required=False,
        widget=area(12),
        help_text=f"Une par ligne, dans l’ordre. {NAMES} au plus, {NAME} caractères chacune.",
    )

    use_required_attribute = False

    def clean_names(self):
        """The names in order, each once whatever its capitals and accents."""
        kept = {}
        for line in self.cleaned_data["names"].split("\n"):
            name = " ".join(line.split()).lstrip("-•*").strip()
            if len(name) > NAME:
                raise forms.ValidationError(
                    f"«{NBSP}{name[:40]}…{NBSP}» compte {len(name)} caractères, {NAME} au plus. Raccourcissez cette ligne."
                )
            if name:
                kept.setdefault(normalised(name), name)
        if len(kept) > NAMES:
            raise forms.ValidationError(
                f"La liste compte {len(kept)} noms, {NAMES} au plus. Réunissez-en quelques-uns."
            )
        return list(kept.values())
