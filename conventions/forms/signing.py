"""What a signatory does: sign, refuse, or say that somebody else should."""

import re

from django import forms

from caprse.base import drawings, passkeys
from caprse.base.text import LineField, TextField
from conventions.forms.fields import REASON, DrawnLineField
from conventions.services.codes import DIGITS
from conventions.services.signing import TICKED

REFUSAL = 2_000


class SignForm(forms.Form):
    """The act itself: the words accepted and the code. Nothing is ticked beforehand; a drawing is never asked for."""

    consent = forms.BooleanField(
        label=TICKED,
        error_messages={"required": "Cochez la case pour accepter ces termes. Rien n’est encore signé."},
    )
    code = forms.CharField(
        label="Code reçu par courriel",
        max_length=20,
        help_text="Six chiffres, valables dix minutes.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}),
        error_messages={"required": "Tapez le code reçu par courriel. Rien n’est encore signé."},
    )
    place = DrawnLineField(  # it is printed in the document of all
        label="Fait à",
        max_length=120,
        help_text="La ville où vous êtes au moment de signer.",
        error_messages={"required": "Dites où vous signez. Rien n’est encore signé."},
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    passkey = forms.CharField(required=False, max_length=passkeys.TYPED_MAX, widget=forms.HiddenInput)
    document_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def __init__(self, *args, asks_place=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_place:
            del self.fields["place"]

    def clean_drawn(self):
        """The drawing as it is kept, or None."""
        try:
            return drawings.accept(self.cleaned_data["drawn"])
        except drawings.NotADrawing as error:
            raise forms.ValidationError(str(error)) from error

    def clean_code(self):
        """Six digits, however they were spaced."""
        digits = re.sub(r"\D", "", self.cleaned_data["code"])
        if len(digits) != DIGITS:
            raise forms.ValidationError("Le code compte six chiffres. Rien n’est encore signé.")
        return digits


class RefuseForm(forms.Form):
    """Not signing, and why."""

    use_required_attribute = False
    reason = TextField(
        label="Pourquoi vous refusez",
        max_length=REFUSAL,
        help_text="La délégation lira ce motif. Les autres parties sauront qu’une partie a refusé, pas pourquoi.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites pourquoi vous refusez : la délégation doit pouvoir vous répondre."},
    )


class BackForm(forms.Form):
    """Going back on a signature before all have signed, and why."""

    use_required_attribute = False
    reason = TextField(
        label="Pourquoi vous retirez votre signature",
        max_length=REASON,
        help_text="La délégation lira ce motif. Les autres parties sauront qu’une partie s’est ravisée, pas pourquoi.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi : la délégation doit pouvoir vous répondre."},
    )


class WrongPersonForm(forms.Form):
    """Somebody else should sign: who, if one knows."""

    use_required_attribute = False
    first_name = LineField(label="Son prénom", max_length=80, required=False)
    last_name = LineField(label="Son nom", max_length=80, required=False)
    email = forms.EmailField(
        label="Son courriel",
        max_length=254,
        required=False,
        help_text="Rien ne part à cette adresse sans vérification.",
    )
    quality = LineField(
        label="Sa qualité", max_length=120, required=False, help_text="Par exemple : présidente, gérant."
    )
    message = LineField(
        label="Un mot pour la délégation",
        max_length=REASON,
        required=False,
        help_text="Par exemple : je délègue ma signature à notre directrice ; nous avons changé de présidente.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.depends = True  # the page asks for what one knows

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(
                "Nommez la bonne personne, ou écrivez un mot à la délégation. Rien n’est encore parti."
            )
        return data
