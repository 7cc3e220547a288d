"""Which document: about what, for whom, opened with what."""

from django import forms

from autodiag.reports import Edition, Format
from autodiag.rules.reports import can_make

WHOLE = "parcours"
EDITIONS = {
    Edition.INTERNAL: "Pour votre structure et l’équipe qui l’accompagne : la rédaction du référentiel, vos réponses en "
    "entier, le calcul des scores. Chaque page porte le nom de qui la télécharge et « réservé aux adhérents ».",
    Edition.OUTWARD: "Pour votre assemblée générale, vos partenaires, vos financeurs : vos mots, vos forces, vos scores "
    "par chapitre, vos actions. Rien du référentiel, aucune difficulté, aucun commentaire.",
}
FORMATS = {
    Format.PDF: "Un fichier qui se lit partout et s’imprime tel quel.",
    Format.DOCX: "Un texte que vous pouvez reprendre et compléter.",
    Format.PPTX: "L’essentiel, une idée par page, avec des graphiques que vous pouvez modifier.",
    Format.XLSX: "Tout, ligne à ligne : à trier, à filtrer, à recopier.",
}


class DocumentForm(forms.Form):
    """`chapters`: those one may read, as autodiagnostics; `insider`: whether one belongs to the structure."""

    about = forms.ChoiceField(label="Sur quoi ?")
    edition = forms.ChoiceField(label="Pour qui ?", choices=[(e.value, e.label) for e in Edition])
    form = forms.ChoiceField(label="Pour quoi faire ?", choices=Format.choices, initial=Format.PDF)
    with_plan = forms.BooleanField(
        label="Avec le plan d’actions",
        required=False,
        initial=True,
        help_text="Toutes vos actions y figurent, aussi celles que vous gardez d’habitude pour votre structure. "
        "L’édition à diffuser laisse de côté celles qui sont abandonnées.",
    )

    def __init__(self, *args, chapters, insider, **kwargs):
        super().__init__(*args, **kwargs)
        self.chapters = {autodiag.public_id: autodiag for autodiag in chapters}
        self.insider = insider
        if not insider:
            self.fields["with_plan"].help_text = "Celles que la structure partage."
        whole = [(WHOLE, "Tout le parcours")] if chapters else []
        self.fields["about"].choices = whole + [(key, _title(one)) for key, one in self.chapters.items()]
        allowed = [edition for edition in Edition if can_make(outward=edition == Edition.OUTWARD, insider=insider)]
        self.fields["edition"].choices = [(edition.value, edition.label) for edition in allowed]
        self.fields["edition"].initial = allowed[0]
        self.fields["about"].initial = WHOLE

    @property
    def editions(self):
        """The editions offered, each explained."""
        offered = dict(self.fields["edition"].choices)
        told = {e: (f"Édition {e.label}", text) for e, text in EDITIONS.items() if e in offered}
        return self._described("edition", told)

    @property
    def formats(self):
        """The formats, each explained."""
        return self._described("form", {form: (form.label, text) for form, text in FORMATS.items()})

    def _described(self, name, choices):
        chosen = self[name].value()
        return [
            {"value": value.value, "label": label, "text": text, "checked": str(value) == str(chosen)}
            for value, (label, text) in choices.items()
        ]

    def asked(self):
        """What the service makes: the chapter (None: the whole path), the edition, the format, with the plan or not."""
        said = self.cleaned_data
        return {
            "autodiag": self.chapters.get(said["about"]),
            "edition": Edition(said["edition"]),
            "form": Format(said["form"]),
            "with_plan": said["with_plan"],
        }


def _title(autodiag):
    return f"Chapitre {autodiag.round.chapter.number} – {autodiag.round.chapter.title}"
