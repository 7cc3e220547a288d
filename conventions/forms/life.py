"""Forms of the life of a convention: a new version, a deadline, an article changed, a party that comes or leaves, the end."""

import re

from django import forms

from caprse.base.text import LineField, TextField
from cohorts.forms.calendars import plausible_year
from conventions.forms.fields import NO_SUCH_DAY, REASON, date_input, revision_field


class CancelForm(forms.Form):
    reason = LineField(
        label="Pourquoi ce texte est retiré",
        max_length=REASON,
        help_text="Les signataires qui ont reçu leur lien liront ce motif.",
    )


class EndForm(forms.Form):
    """When and why a convention ends."""

    last_day = forms.DateField(label="Dernier jour", widget=date_input(), error_messages=NO_SUCH_DAY)
    reason = LineField(label="Motif", max_length=REASON, help_text="Toutes les parties liront ce motif.")


TITLE, PARAGRAPHS = 160, 8_000
BLANK_LINE = re.compile(r"\n\s*\n")
WHAT_CHANGES = (
    ("text", "Le texte, ou un de ses blancs"),
    ("parties", "Les parties : une arrive, une autre s’en va ou refuse"),
    ("same", "Rien : les mêmes parties signent le même texte, dans un nouveau délai"),
    ("person", "Le nom ou l’adresse d’une seule personne qui signe"),
)


class RenewForm(forms.Form):
    """What the version n+1 is for. A mistake about one person asks for none: the others’ signatures stay."""

    what = forms.ChoiceField(
        label="Qu’est-ce qui change ?",
        choices=WHAT_CHANGES,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui change : cela décide de qui doit signer de nouveau."},
    )
    reason = LineField(
        label="Pourquoi une nouvelle version",
        max_length=REASON,
        help_text="Les signataires qui avaient reçu la version précédente liront ce motif.",
    )

    def clean_what(self):
        """A person is replaced, or their address put right, in the version that stands."""
        what = self.cleaned_data["what"]
        if what == "person":
            raise forms.ValidationError(
                "Une nouvelle version n’est pas nécessaire : changez la personne ou son adresse dans cette version. "
                "Elle seule recevra un nouveau lien, et les signatures des autres restent valables."
            )
        return what


class DeadlineForm(forms.Form):
    day = forms.DateField(
        label="Dernier jour pour signer",
        widget=date_input(),
        validators=[plausible_year],
        error_messages=NO_SUCH_DAY,
        help_text="Ce jour compris.",
    )


class LeaveForm(forms.Form):
    """A party leaves after a day, with its reason."""

    last_day = forms.DateField(
        label="Dernier jour où elle est liée",
        widget=date_input(),
        validators=[plausible_year],
        error_messages=NO_SUCH_DAY,
        help_text="Selon le texte signé : souvent trente jours après avoir reçu la demande écrite.",
    )
    reason = LineField(label="Motif", max_length=REASON, help_text="Toutes les parties liront ce motif.")


class WithdrawForm(forms.Form):
    reason = LineField(
        label="Pourquoi votre organisation se retire",
        max_length=REASON,
        help_text="La délégation régionale lira ce motif.",
    )


class JoinForm(forms.Form):
    """Which structure joins, among those of the cohort that the convention does not bind."""

    structure = forms.ChoiceField(label="La structure qui adhère")

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.structures = {one.public_id: one for one in structures}
        self.fields["structure"].choices = [("", "Choisissez")] + [
            (one.public_id, one.legal_name) for one in structures
        ]

    def chosen(self):
        return self.structures[self.cleaned_data["structure"]]


class DayForm(forms.Form):
    le = forms.DateField(label="Un autre jour", widget=date_input(), required=False, error_messages=NO_SUCH_DAY)
    le.depends = True  # left empty, it is today


def as_typed(paragraphs):
    """Paragraphs as somebody reads and types them: a blank line between two."""
    return "\n\n".join(paragraphs)


def as_paragraphs(text):
    """The paragraphs of a text, a blank line between two."""
    return [part.strip() for part in BLANK_LINE.split(text) if part.strip()]


class ArticleForm(forms.Form):
    """An article in new words: one field for each run of clauses that bind the same parties; emptied, they go."""

    use_required_attribute = False
    revision = revision_field()
    title = LineField(label="Titre de l’article", max_length=TITLE)

    def __init__(self, *args, runs, **kwargs):
        """`runs`: (words that name who is bound, roles, heading, paragraphs)."""
        super().__init__(*args, **kwargs)
        self.runs = runs
        for rank, (label, _, _, paragraphs) in enumerate(runs):
            self.fields[f"text_{rank}"] = TextField(
                label=label,
                max_length=PARAGRAPHS,
                required=False,
                initial=as_typed(paragraphs),
                help_text="Une ligne vide sépare deux paragraphes.",
                widget=forms.Textarea(attrs={"rows": min(16, 3 + 2 * len(paragraphs))}),
            )
            self.fields[f"text_{rank}"].depends = True  # emptied, these words go

    @property
    def texts(self):
        return [self[f"text_{rank}"] for rank in range(len(self.runs))]

    def clauses(self):
        """The clauses as `Convention.changes` keeps them."""
        found = []
        for rank, (_, roles, heading, _) in enumerate(self.runs):
            for place, text in enumerate(as_paragraphs(self.cleaned_data[f"text_{rank}"] or "")):
                found.append({"text": text, "roles": list(roles), "heading": heading if place == 0 else ""})
        return found

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.clauses():
            raise forms.ValidationError("L’article est vide. Pour le retirer, revenez à la liste et supprimez-le.")
        return cleaned


class NewArticleForm(forms.Form):
    """An article to add: its words, whom they bind, its place."""

    use_required_attribute = False
    revision = revision_field()
    title = LineField(label="Titre de l’article", max_length=TITLE)
    text = TextField(label="Son texte", max_length=PARAGRAPHS, help_text="Une ligne vide sépare deux paragraphes.")
    role = forms.ChoiceField(label="Qui cela engage", required=False)
    after = forms.ChoiceField(label="Sa place", required=False)

    def __init__(self, *args, places, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].depends = self.fields["after"].depends = True  # something is always chosen
        self.fields["role"].choices = [("", "Toutes les parties"), *roles]
        self.fields["after"].choices = [("", "Au début"), *places]

    def change(self):
        data = self.cleaned_data
        roles = [data["role"]] if data["role"] else []
        clauses = [{"text": text, "roles": roles, "heading": ""} for text in as_paragraphs(data["text"])]
        return {"act": "added", "key": "", "title": data["title"], "clauses": clauses, "after": data["after"]}


class MoveForm(forms.Form):
    """What is done to an article beside its words."""

    revision = revision_field()
    act = forms.ChoiceField(choices=[(act, act) for act in ("removed", "restored", "up", "down")])
