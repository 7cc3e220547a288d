"""A charter begun, and a committee's validation noted."""

from django import forms

from caprse.base.text import LineField
from caprse.base.uploads import ACCEPT, ACCEPTED, taken_in
from cohorts.enums import OrganisationKind
from cohorts.forms.calendars import DayField, not_to_come
from conventions.services.charters import KINDS

COMMITTEE = 160


class CharterForm(forms.Form):
    """Which charter, with whom. `templates`: (key, title, kind); `organisations`: those of the region."""

    template = forms.ChoiceField(label="Quelle charte ?", widget=forms.RadioSelect)
    organisation = forms.ChoiceField(
        label="Avec qui ?",
        help_text="Une charte de partenariat se signe avec un partenaire, une charte d’engagement avec une structure.",
    )
    use_required_attribute = False

    def __init__(self, *args, templates, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = {key: kind for key, _, kind in templates}
        self.organisations = {organisation.public_id: organisation for organisation in organisations}
        groups = {}
        for organisation in organisations:
            groups.setdefault(organisation.get_kind_display().capitalize(), []).append(
                (organisation.public_id, organisation.legal_name)
            )
        self.fields["template"].choices = [(key, title) for key, title, _ in templates]
        self.fields["organisation"].choices = [("", "Choisissez"), *groups.items()]

    def clean(self):
        data = super().clean()
        key, chosen = data.get("template"), self.organisations.get(data.get("organisation"))
        if key and chosen and KINDS.get(self.kinds[key]) != chosen.kind:
            wanted = "un partenaire" if KINDS[self.kinds[key]] == OrganisationKind.PARTNER else "une structure"
            self.add_error("organisation", f"Cette charte se signe avec {wanted} : choisissez dans l’autre groupe.")
        return data

    @property
    def chosen(self):
        return self.organisations[self.cleaned_data["organisation"]]


class ValidationForm(forms.Form):
    """The day a committee validated a charter, and its minutes if there are."""

    committee = LineField(label="Comité", max_length=COMMITTEE, help_text="Son nom, tel qu’il signe ses décisions.")
    decided_on = DayField(label="Validée le", validators=[not_to_come])
    decision = forms.FileField(
        label="Sa décision",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=f"Le relevé de décisions, si vous l’avez. {ACCEPTED}.",
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )
    use_required_attribute = False
    upload = None

    def clean_decision(self):
        if self.cleaned_data["decision"]:
            self.upload = taken_in(self.cleaned_data["decision"])
        return self.cleaned_data["decision"]

    def said(self):
        """Keyword arguments of `note_validation`."""
        return {
            "committee": self.cleaned_data["committee"],
            "decided_on": self.cleaned_data["decided_on"],
            "decision": self.upload,
        }
