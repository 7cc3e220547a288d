"""Forms of the templates of conventions: what they say of themselves, their blanks, their articles."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from caprse.base.text import LineField, TextField
from cohorts.enums import OrganisationKind
from conventions.enums import CommitmentProof, EntryIntoForce, TemplateKind, VariableKind
from conventions.forms.breaches import shortened
from conventions.texts import CONSENT_NAMES, PLACEHOLDER, Clause, Variable, clauses_of
from conventions.texts.blanks import key_of
from conventions.texts.reading import stray_brace

MOST_CLAUSES, MOST_BLANKS, MOST_RANK = 60, 80, 999
ROLES = [(role.value, role.label.capitalize()) for role in OrganisationKind]
SEEN = {"regex": r"^[0-9a-f]{64}$", "widget": forms.HiddenInput}


def roles_field(label, help_text=""):
    return forms.MultipleChoiceField(
        label=label, choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def never_called_optional(form, *names):
    """These may stay empty, or depend on the rest of the form: the page does not say « facultatif » beside them."""
    for name in names:
        form.fields[name].depends = True


def in_capitals(choices):
    return [(value, f"{label[:1].upper()}{label[1:]}") for value, label in choices]


class NewTemplateForm(forms.Form):
    """A template to begin: its title, its kind, whose it is."""

    title = LineField(label="Titre", max_length=160, help_text="Il se lit en tête du document, sur la page et le PDF.")
    kind = forms.ChoiceField(label="De quoi s’agit-il ?", choices=in_capitals(TemplateKind.choices))
    owner = forms.ChoiceField(label="Pour qui ?", widget=forms.RadioSelect)

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = owners


class SettingsForm(forms.Form):
    """What a template says of itself beside its clauses."""

    use_required_attribute = False
    seen = forms.RegexField(**SEEN)
    title = LineField(label="Titre", max_length=160)
    consent = TextField(
        label="Ce que chaque signataire accepte",
        max_length=2_000,
        help_text="Entre accolades, l’application écrit : {signatory} le nom, {quality} la qualité, {party} la partie, "
        "{power} le pouvoir, {reference} le numéro, {title} le titre.",
    )
    parties = roles_field(
        "Parties dont ce texte ne peut pas se passer", "Le texte ne se fige pas tant que l’une d’elles manque."
    )
    entry = forms.ChoiceField(label="Entrée en vigueur", choices=in_capitals(EntryIntoForce.choices))
    entry_clause = forms.ChoiceField(label="La clause qui le dit", required=False)
    entry_variable = forms.ChoiceField(
        label="Le blanc qui porte la date", required=False, help_text="Seulement si le texte dit une date."
    )
    identity_years = forms.IntegerField(
        label="Identité visuelle : durée, en années",
        min_value=0,
        max_value=20,
        help_text="Comptée de la validation par un comité, jamais de la signature. 0 : pas d’identité visuelle.",
    )
    accession_clause = forms.ChoiceField(
        label="La clause d’adhésion",
        required=False,
        help_text="Celle qui laisse une structure rejoindre le texte par un bulletin. Sans elle, il faudra un avenant "
        "signé par toutes les parties.",
    )
    proof_clause = forms.ChoiceField(
        label="La convention de preuve",
        required=False,
        help_text="La clause par laquelle les parties s’accordent sur la preuve (article 1356 du code civil).",
    )
    expires_days = forms.IntegerField(
        label="Délai pour signer, en jours", min_value=0, max_value=365, help_text="0 : sans limite."
    )
    place = forms.ChoiceField(label="« Fait à »", required=False)

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        clauses = [(item.key, f"{item.number} – {shortened(item.text)}") for item in clauses_of(template, {})]
        for name in ("entry_clause", "accession_clause", "proof_clause"):
            self.fields[name].choices = [("", "Aucune"), *clauses]
        dates = [(one.key, one.label) for one in template.variables if one.kind == VariableKind.DATE and not one.roles]
        self.fields["entry_variable"].choices = [("", "Aucun"), *dates]
        lines = [(one.key, f"Fixé par « {one.label} »") for one in template.variables if not one.roles]
        self.fields["place"].choices = [("", "Non demandé"), ("?", "Demandé à chaque signataire"), *lines]
        never_called_optional(
            self, "parties", "entry_clause", "entry_variable", "accession_clause", "proof_clause", "place"
        )

    @classmethod
    def initial_of(cls, template):
        names = [name for name in cls.base_fields if name not in ("seen", "place")]
        place = "?" if template.asks_place else template.place_variable
        return {**{name: getattr(template, name) for name in names}, "parties": list(template.parties), "place": place}

    def clean_consent(self):
        consent = self.cleaned_data["consent"]
        if unknown := sorted(set(PLACEHOLDER.findall(consent)) - CONSENT_NAMES):
            raise ValidationError(f"L’application ne connaît pas {{{unknown[0]}}} : seulement les six mots ci-dessus.")
        if stray_brace(consent):
            raise ValidationError("Une accolade n’entoure aucun mot connu.")
        return consent

    def values(self):
        """The settings, under their names in a template."""
        place = self.cleaned_data["place"]
        rest = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "place")}
        rest["parties"] = tuple(self.cleaned_data["parties"])
        return {**rest, "asks_place": place == "?", "place_variable": "" if place == "?" else place}


class RowForm(forms.Form):
    """A row of a list: its rank, and whether it is taken out."""

    use_required_attribute = False
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    rank = forms.IntegerField(label="Place dans la liste", required=False, min_value=0, max_value=MOST_RANK)
    remove = forms.BooleanField(label="Retirer", required=False)

    @property
    def is_new(self):
        """Whether nothing was written yet in it."""
        return not self["key"].value()


class ClauseForm(RowForm):
    """One clause of an article."""

    heading = LineField(label="Intertitre, s’il en ouvre un", max_length=160, required=False)
    text = TextField(label="Texte", max_length=2_000, required=False)
    roles = roles_field("Qui est engagé", "Rien de coché : toutes les parties.")
    proof = forms.ChoiceField(
        label="Ce qui montre que c’est tenu",
        required=False,
        choices=[("", "Ce n’est pas un engagement"), *in_capitals(CommitmentProof.choices)],
    )

    def __init__(self, *args, names, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.names, self.known = names, known
        never_called_optional(self, "heading", "text", "roles", "proof", "rank")
        self.fields["remove"].label = "Retirer cette clause"

    def clean_key(self):
        """That of a clause of this article, or none."""
        key = self.cleaned_data["key"]
        return key if key in self.known else ""

    def clean_text(self):
        """Its blanks are those of the template."""
        text = self.cleaned_data["text"]
        for name in PLACEHOLDER.findall(text):
            if name not in self.names:
                raise ValidationError(f"Le blanc {{{name}}} n’existe pas : ajoutez-le d’abord à la page des blancs.")
        if stray_brace(text):
            raise ValidationError("Une accolade n’entoure aucun blanc : écrivez {nom_du_blanc}, sans espace.")
        return text

    def clean(self):
        data = super().clean()
        if not data.get("text") and not self.errors and not data.get("remove") and not self.is_new:
            self.add_error("text", "Écrivez le texte, ou cochez « Retirer cette clause ».")
        return data

    def row(self):
        """The clause, None when there is none."""
        data = self.cleaned_data
        if data.get("remove") or not data.get("text"):
            return None
        return Clause(
            text=data["text"],
            roles=tuple(data["roles"]),
            heading=data["heading"],
            key=data["key"],
            proof=data["proof"],
        )


class ArticleForm(forms.Form):
    """The title of an article; its clauses are a list of forms beside it."""

    use_required_attribute = False
    seen = forms.RegexField(**SEEN)
    title = LineField(label="Titre de l’article", max_length=160)

    def clean_title(self):
        title = self.cleaned_data["title"]
        if "{" in title or "}" in title:
            raise ValidationError("Un titre ne porte pas de blanc : mettez-le dans une clause.")
        return title


class SeenForm(forms.Form):
    """What a part was when it was opened."""

    seen = forms.RegexField(**SEEN)


class BlankForm(RowForm):
    """One blank of a template."""

    label = LineField(label="Nom du blanc", max_length=120, required=False)
    kind = forms.ChoiceField(label="Ce qu’on y écrit", choices=in_capitals(VariableKind.choices), required=False)
    help = LineField(label="Aide", max_length=300, required=False)
    choices = TextField(
        label="Réponses possibles, une par ligne",
        max_length=2_000,
        required=False,
        help_text="Pour un choix dans une liste seulement.",
    )
    default = LineField(label="Valeur proposée", max_length=160, required=False)
    required = forms.BooleanField(label="À remplir avant de figer le texte", required=False)
    roles = roles_field("Rempli par chaque partie", "Rien de coché : une seule fois, pour tout le texte.")

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        never_called_optional(self, "label", "kind", "choices", "roles", "rank")
        self.fields["remove"].label = "Retirer ce blanc"

    def clean_key(self):
        """That of a blank of this template, or none."""
        key = self.cleaned_data["key"]
        return key if key in self.known else ""

    def clean(self):
        data = super().clean()
        if not data.get("label") and not self.errors and not data.get("remove") and not self.is_new:
            self.add_error("label", "Donnez un nom à ce blanc, ou cochez « Retirer ce blanc ».")
        choices = self.choices_of(data)
        if data.get("kind") == VariableKind.CHOICE and not data.get("remove") and data.get("label"):
            if len(choices) < 2:
                self.add_error("choices", "Un choix propose au moins deux réponses, une par ligne.")
            elif data.get("default") and data["default"] not in choices:
                self.add_error("default", "La valeur proposée est l’une des réponses.")
        if data.get("kind") == VariableKind.INTEGER and data.get("default") and not data["default"].isdecimal():
            self.add_error("default", "La valeur proposée est un nombre.")
        if data.get("kind") == VariableKind.DATE and data.get("default"):
            self.add_error("default", "Une date se remplit à chaque fois : laissez la valeur proposée vide.")
        if data.get("label") and not data.get("key") and not key_of(data["label"]):
            self.add_error("label", "Ce nom n’a ni lettre ni chiffre. Donnez un nom qui se lit.")
        return data

    @staticmethod
    def choices_of(data):
        return tuple(dict.fromkeys(filter(None, (line.strip() for line in data.get("choices", "").split("\n")))))

    def row(self):
        data = self.cleaned_data
        if data.get("remove") or not data.get("label"):
            return None
        return Variable(
            key=data["key"] or key_of(data["label"]),
            label=data["label"],
            kind=data["kind"] or VariableKind.LINE.value,
            help=data["help"],
            required=data["required"],
            default=data["default"],
            roles=tuple(data["roles"]),
            choices=self.choices_of(data) if data["kind"] == VariableKind.CHOICE else (),
        )


class InOrder(forms.BaseFormSet):
    """Rows put in the order of their ranks; a row of the same rank stays where it was."""

    def rows(self):
        kept = []
        for place, form in enumerate(self.forms):
            row = form.row() if form.has_changed() or not form.is_new else None
            if row:
                rank = form.cleaned_data.get("rank")
                kept.append((rank if rank is not None else MOST_RANK + 1, place, row))
        return [row for _, _, row in sorted(kept, key=lambda entry: entry[:2])]


class ClausesSet(InOrder):
    def clean(self):
        if not any(self.errors) and not self.rows():
            raise ValidationError(
                "Un article a au moins une clause ; pour le retirer, passez par la liste des articles."
            )


class BlanksSet(InOrder):
    """The blanks; `template` says which ones its clauses still use."""

    def __init__(self, *args, template, **kwargs):
        super().__init__(*args, **kwargs)
        self.template = template

    def clean(self):
        if any(self.errors):
            return
        keys = [row.key for row in self.rows()]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValidationError(f"Deux blancs s’écrivent {{{twice}}} : donnez-leur des noms différents.")
        labels = {variable.key: variable.label for variable in self.template.variables}
        for item in clauses_of(self.template, {}):
            text = next(clause.text for clause in self.template.clauses if clause.key == item.key)
            for name in PLACEHOLDER.findall(text):
                if name not in keys:
                    label = labels.get(name, name)
                    raise ValidationError(f"« {label} » sert dans la clause {item.number} : ôtez-le d’abord du texte.")


Clauses = formset_factory(
    ClauseForm, formset=ClausesSet, extra=2, max_num=MOST_CLAUSES, validate_max=True, absolute_max=MOST_CLAUSES + 5
)
Blanks = formset_factory(
    BlankForm, formset=BlanksSet, extra=1, max_num=MOST_BLANKS, validate_max=True, absolute_max=MOST_BLANKS + 5
)


class AddArticleForm(ArticleForm):
    title = LineField(label="Titre du nouvel article", max_length=160)


class BringForm(forms.Form):
    """A text in Markdown: a file, or words pasted in."""

    use_required_attribute = False
    file = forms.FileField(label="Un fichier .md ou .txt", required=False)
    text = forms.CharField(
        label="Ou le texte lui-même", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        never_called_optional(self, "file", "text")

    def clean(self):
        data = super().clean()
        if not data.get("file") and not (data.get("text") or "").strip() and not self.errors:
            raise ValidationError("Choisissez un fichier, ou collez le texte.")
        return data

    def content(self, most):
        """The bytes of the text, one more than `most` at most: a heavier file is not read whole."""
        file = self.cleaned_data.get("file")
        return file.read(most + 1) if file else self.cleaned_data["text"].encode("utf-8", "surrogatepass")


class ChooseForm(forms.Form):
    """From which version a draft is written."""

    version = forms.ChoiceField(label="Modèle", widget=forms.RadioSelect)

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [(str(row.pk), named(template, row)) for template, row in versions]


def named(template, version):
    """A template and its version, and whose it is."""
    owner = f"région {template.region.name}" if template.region_id else "réseau"
    return f"{template.title}, version {version.number} ({owner})"
