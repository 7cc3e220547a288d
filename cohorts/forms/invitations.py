"""Forms to invite somebody, and to open an account when one accepts."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from caprse.base.text import NBSP, LineField
from cohorts.enums import Role
from cohorts.models import User

FIRST_NAME, LAST_NAME = {"autocomplete": "given-name"}, {"autocomplete": "family-name"}
NEW_PASSWORD = {"autocomplete": "new-password"}


class InviteForm(forms.Form):
    """Whom, where they can be written to, and for which role among those one may give."""

    first_name = LineField(label="Prénom", max_length=80)
    last_name = LineField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        help_text="L’invitation part à cette adresse. Préférez une adresse que cette personne est seule à lire.",
        error_messages={"invalid": f"Cette adresse n’est pas complète. Exemple{NBSP}: prenom.nom@structure.fr"},
    )
    job = LineField(label="Fonction", max_length=120, required=False)
    role = forms.ChoiceField(
        label="Rôle",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un rôle.",
            "invalid_choice": "Vous ne pouvez pas inviter à ce rôle. Choisissez-en un dans la liste.",
        },
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (role.value, role.label[0].upper() + role.label[1:]) for role in map(Role, roles)
        ]
        if len(roles) == 1:
            self.initial["role"] = roles[0]


class AccountForm(forms.Form):
    """Names, and a password chosen twice; the rules are said before one types."""

    first_name = LineField(label="Prénom", max_length=80, widget=forms.TextInput(attrs=FIRST_NAME))
    last_name = LineField(label="Nom", max_length=80, widget=forms.TextInput(attrs=LAST_NAME))
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text="12 caractères au moins, et pas seulement des chiffres. "
        f"Le plus simple{NBSP}: une petite phrase que vous retenez, sans votre nom ni votre adresse.",
    )
    confirmation = forms.CharField(
        label="Le même mot de passe, encore une fois",
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        data = super().clean()
        password = data.get("password")
        if password:
            names = {name: data.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(password, User(email=self.email, **names))
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
            else:
                self._compare(password, data.get("confirmation"))
        return data

    def _compare(self, password, confirmation):
        if confirmation and confirmation != password:
            self.add_error("confirmation", "Les deux mots de passe ne sont pas les mêmes. Tapez-les de nouveau.")

    def account(self):
        """Keyword arguments of the service that accepts."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "password")}
