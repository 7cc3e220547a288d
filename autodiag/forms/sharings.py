"""What a structure chooses to show, to whom, until when."""

from django import forms

from autodiag.enums import SharingKind
from autodiag.rules import sharings as rules
from caprse.base import clock
from caprse.base.text import LineField, TextField
from cohorts.forms.calendars import DayField

EVERYBODY = "cohort"
WORDS = 4_000
FREE = {
    SharingKind.STEP_FORWARD: "Une avancée, racontée en quelques lignes",
    SharingKind.DIFFICULTY: "Une difficulté, pour demander conseil",
}
OF_CHAPTER = {
    SharingKind.SYNTHESIS: "La synthèse du chapitre {number} – {title}",
    SharingKind.AUTODIAG: "Tout l’autodiagnostic du chapitre {number}, à une seule structure",
}


class SharingForm(forms.Form):
    """`autodiags`: those transmitted; `peers`: the other structures of the cohort; `seen`: the stamp of the preview."""

    what = forms.ChoiceField(
        label="Que voulez-vous montrer ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez ce que vous voulez montrer.",
            "invalid_choice": "Ce choix n’est plus proposé : choisissez-en un autre.",
        },
    )
    title = LineField(
        label="Titre",
        max_length=160,
        required=False,
        help_text="Pour une avancée ou une difficulté. Une synthèse porte le titre de son chapitre.",
    )
    text = TextField(
        label="En quelques mots",
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que vous voulez en dire. Ne nommez personne.",
    )
    to = forms.ChoiceField(
        label="À qui ?",
        error_messages={
            "required": "Choisissez à qui le montrer.",
            "invalid_choice": "Cette structure n’est pas, ou plus, dans votre cohorte : choisissez-en une autre.",
        },
    )
    until = DayField(
        label="Jusqu’au",
        help_text="Ce jour compris, un an au plus. Vous pourrez le retirer à tout moment avant.",
        error_messages={"required": "Donnez le dernier jour du partage."},
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args, autodiags, peers, **kwargs):
        super().__init__(*args, **kwargs)
        self.autodiags = {row.public_id: row for row in autodiags}
        for name in ("title", "text"):
            self.fields[name].depends = True
        self.peers = {peer.public_id: peer for peer in peers}
        self.fields["what"].choices = list(self._choices())
        everybody = "Toute la cohorte, et l’équipe qui l’accompagne"
        self.fields["to"].choices = [(EVERYBODY, everybody)] + [
            (key, f"{peer.legal_name}, et personne d’autre") for key, peer in self.peers.items()
        ]

    def _choices(self):
        for kind, label in OF_CHAPTER.items():
            if kind == SharingKind.AUTODIAG:
                yield from FREE.items()
            for key, row in self.autodiags.items():
                chapter = row.round.chapter
                yield f"{kind}:{key}", label.format(number=chapter.number, title=chapter.title)

    def clean_until(self):
        verdict = rules.can_last_until(self.cleaned_data["until"], clock.today())
        if not verdict:
            raise forms.ValidationError(verdict.reason)
        return self.cleaned_data["until"]

    def clean(self):
        data = super().clean()
        kind = data.get("what", "").partition(":")[0]
        if kind == SharingKind.AUTODIAG and data.get("to") == EVERYBODY:
            self.add_error("to", "Un autodiagnostic entier se partage avec une seule structure : choisissez laquelle.")
        if kind in FREE:
            if "title" not in self.errors and not data.get("title"):
                self.add_error("title", "Donnez un titre à ce que vous partagez.")
            if "text" not in self.errors and not data.get("text"):
                self.add_error("text", "Écrivez quelques mots : c’est ce que les autres liront.")
        return data

    def chosen(self):
        """The arguments of a preview."""
        data = self.cleaned_data
        kind, _, autodiag = data["what"].partition(":")
        return {
            "kind": SharingKind(kind),
            "autodiag": self.autodiags.get(autodiag),
            "to_organisation": self.peers.get(data["to"]),
            "title": "" if autodiag else data["title"],
            "text": data["text"],
            "until": data["until"],
        }
