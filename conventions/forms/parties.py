"""Forms of the parties: who signs, by what power, in what order; whom to write to; what a party says for itself."""

from django import forms

from caprse.base.text import LineField
from caprse.base.uploads import taken_in
from conventions import rules
from conventions.enums import AddressBasis, PowerBasis, VariableKind
from conventions.forms.drafting import later_field
from conventions.forms.fields import NO_SUCH_DAY, REASON, DrawnLineField, date_input

RANK_MAX = 9
PROOF = ".pdf,.jpg,.jpeg,.png,.webp"
PROOF_ENDINGS = ("pdf", "jpg", "jpeg", "png", "webp")
NOT_A_PROOF = "Choisissez un PDF ou une photo de la page (JPEG, PNG, WebP)."


def capitalised(label):
    return label[0].upper() + label[1:]


class ProofField(forms.FileField):
    """A page shown as it is: a PDF or a photograph, opened and checked. Its value is an `Upload`, or None."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.FileInput(attrs={"accept": PROOF}),
            error_messages={
                "empty": "Ce fichier est vide. Choisissez-en un autre.",
                "invalid": NOT_A_PROOF,
                "required": NOT_A_PROOF,
            },
            max_length=None,
            **kwargs,
        )

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not file:
            return None
        if file.name.rpartition(".")[2].lower() not in PROOF_ENDINGS:
            raise forms.ValidationError(NOT_A_PROOF)
        return taken_in(file)


class SignatoryForm(forms.Form):
    """Who signs for a party, in what quality, by what power, in what order. `sent`: a reason is then asked."""

    use_required_attribute = False
    first_name = DrawnLineField(label="Prénom", max_length=80)
    last_name = DrawnLineField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        help_text="Une adresse personnelle, que cette personne est seule à lire : le lien et le code y arrivent.",
    )
    address_basis = forms.ChoiceField(
        label="Comment vous savez que cette adresse est la sienne",
        help_text="C’est écrit dans les preuves : sans cela, une adresse ne prouve rien.",
        error_messages={
            "required": "Dites comment vous connaissez cette adresse.",
            "invalid_choice": "Choisissez dans la liste comment vous connaissez cette adresse.",
        },
    )
    quality = DrawnLineField(
        label="Qualité", max_length=120, help_text="Par exemple : présidente, gérant, délégué régional."
    )
    power_basis = forms.ChoiceField(
        label="Son pouvoir de signer vient de",
        choices=[("", "Choisir"), *((value, capitalised(label)) for value, label in PowerBasis.choices)],
        error_messages={
            "required": "Dites d’où vient ce pouvoir.",
            "invalid_choice": "Choisissez dans la liste d’où vient ce pouvoir.",
        },
    )
    power = DrawnLineField(
        label="En toutes lettres",
        max_length=200,
        help_text="Par exemple : statuts, article 12 ; délibération du CA du 3 février 2025 ; délégation écrite.",
    )
    power_file = ProofField(
        label="Le document qui le montre",
        required=False,
        help_text="L’extrait des statuts, la délibération, la délégation. Un PDF ou une photo.",
    )
    rank = forms.IntegerField(
        label="Rang de signature",
        min_value=1,
        max_value=RANK_MAX,
        initial=1,
        required=False,
        help_text="1 : signe dès l’envoi. 2 : signe quand toutes les personnes de rang 1 ont signé, et ainsi de suite.",
    )
    why = DrawnLineField(
        label="Pourquoi ce changement",
        max_length=REASON,
        help_text="Gardé dans l’historique. Par exemple : adresse corrigée ; délégation de la présidente.",
    )

    def __init__(self, *args, sent=False, **kwargs):
        super().__init__(*args, **kwargs)
        account = self.initial.get("address_basis") == AddressBasis.ACCOUNT  # the product knows it, nobody says it
        known = [(one.value, capitalised(one.label)) for one in AddressBasis if account or one != AddressBasis.ACCOUNT]
        self.fields["address_basis"].choices = [("", "Choisir"), *known]
        self.fields["rank"].depends = True  # left empty, it is the first
        if not sent:
            del self.fields["why"]

    def clean(self):
        data = super().clean()
        address, basis = data.get("email", ""), data.get("address_basis", "")
        if basis == AddressBasis.ACCOUNT and address.casefold() != self.initial.get("email", "").casefold():
            self.add_error("address_basis", "Ce n’est plus l’adresse du compte : dites comment vous la connaissez.")
        elif address and basis and not (verdict := rules.can_receive_alone(address, basis)):
            self.add_error("email", verdict.reason)
        return data

    def clean_rank(self):
        return self.cleaned_data["rank"] or 1

    def fields_of(self):
        """What the services write of somebody, apart from the file and the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("power_file", "why")}


class PartyForm(forms.Form):
    """Whom to write to about a party, and what it says for itself in the text."""

    use_required_attribute = False
    contact_name = LineField(label="Nom", max_length=160, required=False)
    contact_email = forms.EmailField(label="Courriel", max_length=254, required=False)
    contact_phone = LineField(label="Téléphone", max_length=30, required=False)
    was = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args, variables=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = [variable.key for variable in variables]
        for variable in variables:
            self.fields[f"own_{variable.key}"] = later_field(variable)
            if variable.kind == VariableKind.TEXT:
                self.fields[f"own_{variable.key}"].widget.attrs["rows"] = 5

    @property
    def own(self):
        """The fields of what the party says for itself."""
        return [self[f"own_{key}"] for key in self.keys]

    def values(self):
        return {key: self.cleaned_data[f"own_{key}"] for key in self.keys}

    def contact(self):
        return {name: self.cleaned_data[name] for name in ("contact_name", "contact_email", "contact_phone")}


class PaperForm(forms.Form):
    """A signature given by hand: the signed page, its date, its place."""

    use_required_attribute = False
    scan = ProofField(label="La page signée", help_text="Le texte signé en entier, ou sa dernière page : PDF ou photo.")
    signed_on = forms.DateField(label="Date écrite sur la page", widget=date_input(), error_messages=NO_SUCH_DAY)
    place = DrawnLineField(label="Fait à", max_length=120)
