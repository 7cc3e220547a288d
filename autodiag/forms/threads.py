"""What one side writes to the other about a criterion."""

from django import forms

from autodiag.rules.threads import STRUCTURE, TEAM
from caprse.base.text import TextField

SIDES = (
    (STRUCTURE, "Pour la structure"),
    (TEAM, "Pour l’équipe qui accompagne"),
)


class MessageForm(forms.Form):
    """A message. Who belongs to both sides says for which one they write; for others, theirs is known."""

    side = forms.ChoiceField(
        label="Pour qui écrivez-vous ?",
        choices=SIDES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez pour qui vous écrivez : vous êtes des deux côtés de cet échange.",
            "invalid_choice": "Choisissez pour qui vous écrivez parmi les réponses proposées.",
        },
    )
    text = TextField(
        label="Votre message",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )

    def __init__(self, *args, sides, **kwargs):
        super().__init__(*args, **kwargs)
        self.sides = sides
        if len(sides) < 2:
            del self.fields["side"]

    def message(self):
        """Keyword arguments of the services."""
        side = self.cleaned_data["side"] if "side" in self.fields else self.sides[0]
        return {"side": side, "text": self.cleaned_data["text"]}
