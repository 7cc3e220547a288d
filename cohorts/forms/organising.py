"""Forms of whoever organises a cohort: its choices, who takes part, an exception."""

from datetime import timedelta

from django import forms
from django.db.models import Count, Q

from caprse.base import clock
from caprse.base.text import NBSP, LineField, TextField, date_in_words, normalised, plural
from cohorts.calendars import TEMPLATES, plan
from cohorts.enums import OpeningCondition, OrganisationKind
from cohorts.forms.calendars import day_input, plausible_year
from cohorts.models import Cohort, Organisation
from cohorts.services.organising import name_taken
from referentiel.enums import VersionState
from referentiel.models import Version

# A calendar typed with the wrong year is noticed; a cohort already under way can still be entered.
OLDEST_START, FARTHEST_START = timedelta(days=2 * 365), timedelta(days=5 * 365)
PERSON = ("first_name", "last_name", "email")
CONDITIONS = {
    OpeningCondition.ALL_SIGNED: "C’est le choix habituel. Les chapitres s’ouvrent à leur date, une fois la convention "
    "signée par toutes les parties : structures, région, national et partenaires.",
    OpeningCondition.NETWORK_SIGNED: "Les chapitres s’ouvrent quand les structures, la région et le national ont signé, "
    "sans attendre les partenaires.",
    OpeningCondition.OWN_SIGNED: "Chaque structure commence dès qu’elle a signé, sans attendre les autres.",
    OpeningCondition.NONE: "Les chapitres s’ouvrent à leur date, sans convention.",
}


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version):
        count = version.chapter_count
        return f"{version}, {count} {plural(count, 'chapitre', 'chapitres')}"


class CohortForm(forms.Form):
    """What a cohort is made from. `region` is where; `actor` says which référentiels are offered."""

    name = LineField(
        label="Nom de la cohorte", max_length=120, help_text=f"Par exemple «{NBSP}CAP RSE 2026-2027{NBSP}»."
    )
    version = VersionField(label="Référentiel", queryset=Version.objects.none(), empty_label=None)
    calendar = forms.ChoiceField(
        label="Modèle de calendrier",
        choices=[(template.key, template.label) for template in TEMPLATES.values()],
        initial=next(iter(TEMPLATES)),
    )
    starts_on = forms.DateField(
        label="Jour de la première étape",
        widget=day_input(),
        help_text=f"Les autres étapes sont proposées le même jour de la semaine{NBSP}; vous pourrez changer chaque date.",
    )
    condition = forms.ChoiceField(
        label="Ce qu’il faut pour que les chapitres s’ouvrent",
        choices=OpeningCondition.choices,
        initial=OpeningCondition.ALL_SIGNED,
    )

    def __init__(self, *args, region, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.region, self.actor = region, actor
        versions = Version.objects.readable_by(actor.audiences).filter(state=VersionState.PUBLISHED)
        field = self.fields["version"]
        field.queryset = (
            versions.select_related("referentiel")
            .annotate(chapter_count=Count("chapters"))
            .order_by("referentiel__title", "-number")
        )
        field.empty_label = "Choisissez" if len(field.queryset) > 1 else None

    def clean_name(self):
        name = self.cleaned_data["name"]
        known = Cohort.objects.visible_to(self.actor).filter(region=self.region)
        if normalised(name) in {normalised(cohort.name) for cohort in known}:
            raise forms.ValidationError(name_taken(name))
        return name

    def clean_version(self):
        version = self.cleaned_data["version"]
        if not version.chapter_count:
            raise forms.ValidationError(
                f"Ce référentiel n’a encore aucun chapitre{NBSP}: il n’y a rien à mettre au calendrier. "
                "Choisissez-en un autre, ou demandez à l’équipe nationale de le compléter."
            )
        return version

    def clean_starts_on(self):
        day, today = self.cleaned_data["starts_on"], clock.today()
        if day < today - OLDEST_START:
            raise forms.ValidationError(
                f"Le {date_in_words(day)} est passé depuis plus de deux ans{NBSP}: vérifiez l’année. "
                "Une cohorte déjà commencée peut être créée jusqu’à deux ans après son départ."
            )
        if day > today + FARTHEST_START:
            raise forms.ValidationError(f"Le {date_in_words(day)} est dans plus de cinq ans{NBSP}: vérifiez l’année.")
        return day

    def planned(self):
        """The steps the chosen template proposes."""
        data = self.cleaned_data
        return plan(TEMPLATES[data["calendar"]], chapters=data["version"].chapter_count, start=data["starts_on"])

    def cohort(self):
        """Keyword arguments of `create_from_calendar`."""
        return {name: self.cleaned_data[name] for name in ("name", "version", "starts_on", "condition")}

    def sent(self):
        """What was chosen, as it travels in an address."""
        return {name: self[name].value() for name in self.fields}

    def choices_of(self, name, texts):
        """The choices of a field with what each means, for cards: value, label, text, whether it is chosen."""
        chosen = self[name].value()
        return [
            {"value": value, "label": label[0].upper() + label[1:], "text": texts[value], "checked": value == chosen}
            for value, label in self.fields[name].choices
        ]

    @property
    def calendars(self):
        return self.choices_of("calendar", {key: template.description for key, template in TEMPLATES.items()})

    @property
    def conditions(self):
        return self.choices_of("condition", CONDITIONS)


class AlternativeForm(forms.Form):
    """A form where one thing or another is to be filled in: the page calls neither optional, `clean` asks for one."""

    alternatives = ()
    use_required_attribute = False

    def full_clean(self):
        for name in self.alternatives:
            self.fields[name].required = False
        super().full_clean()
        for name in self.alternatives:
            self.fields[name].required = True


class OrganisationChoiceForm(AlternativeForm):
    """An organisation of the list, or a new one by its name. `cohort` is where it goes; `actor` sees the list."""

    alternatives = ("organisation", "legal_name")
    kinds = ()
    neither = ""
    both = f"Choisissez dans la liste, ou écrivez un nouveau nom{NBSP}: pas les deux à la fois."

    organisation = forms.ModelChoiceField(queryset=Organisation.objects.none(), to_field_name="public_id")
    legal_name = LineField(max_length=160)

    def __init__(self, *args, cohort, actor, taken, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        known = Organisation.objects.visible_to(actor).filter(kind__in=self.kinds)
        field.queryset = known.filter(Q(region=cohort.region_id) | Q(region=None))
        # Those already there are not offered, yet understood: the refusal then says since when.
        free = sorted(
            (row for row in field.queryset if row.pk not in taken), key=lambda row: normalised(row.legal_name)
        )
        field.choices = [("", "–"), *((row.public_id, row.legal_name) for row in free)]

    def clean(self):
        data = super().clean()
        chosen, new = data.get("organisation"), data.get("legal_name")
        if chosen and new:
            self.add_error("legal_name", self.both)
        elif not chosen and not new and not self.errors:
            self.add_error("organisation", self.neither)
        return data

    def chosen(self):
        """Keyword arguments of `bring_structure` and `bring_partner`."""
        return {name: self.cleaned_data[name] for name in ("organisation", "legal_name")}


class StructureForm(OrganisationChoiceForm):
    """A structure to bring in, and whether its référent·e is invited at once."""

    alternatives = ("organisation", "legal_name", *PERSON)
    kinds = (OrganisationKind.STRUCTURE,)
    neither = "Choisissez une structure dans la liste, ou écrivez le nom de la nouvelle."
    adhesion_until = forms.DateField(
        label="Adhésion au réseau valable jusqu’au",
        required=False,
        widget=day_input(),
        help_text="À compter d’aujourd’hui. Sans adhésion, la structure participe mais ses outils restent fermés.",
    )
    first_name = LineField(label="Prénom", max_length=80)
    last_name = LineField(label="Nom", max_length=80)
    email = forms.EmailField(label="Adresse électronique", max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = "Une structure de la région"
        self.fields["legal_name"].label = "Ou une nouvelle structure, par son nom légal"

    def clean_adhesion_until(self):
        until = self.cleaned_data["adhesion_until"]
        if until and until < clock.today():
            raise forms.ValidationError(
                f"Cette adhésion serait déjà finie, le {date_in_words(until)}. Donnez un jour à venir, ou laissez vide."
            )
        return until

    def clean(self):
        data = super().clean()
        missing = [name for name in PERSON if not data.get(name) and name not in self.errors]
        for name in missing if len(missing) < len(PERSON) else ():
            self.add_error(name, "Pour inviter cette personne, il manque ceci. Ou laissez les trois cases vides.")
        return data

    def structure(self):
        """Keyword arguments of `bring_structure`."""
        data = self.cleaned_data
        referent = {name: data[name] for name in PERSON} if data["email"] else None
        return {**self.chosen(), "adhesion_until": data["adhesion_until"], "referent": referent}


class PartnerForm(OrganisationChoiceForm):
    """The national head, a partner of the region, or a new one."""

    kinds = (OrganisationKind.NATIONAL, OrganisationKind.PARTNER)
    neither = "Choisissez une organisation dans la liste, ou écrivez le nom de la nouvelle."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].label = "Le national, ou un partenaire de la région"
        self.fields["legal_name"].label = "Ou un nouveau partenaire, par son nom légal"


class FacilitatorForm(AlternativeForm):
    """Somebody who accompanies another cohort of the region, or somebody to invite. `colleagues` are the first."""

    alternatives = ("known", *PERSON)
    known = forms.ChoiceField(
        label="Une personne qui accompagne déjà une cohorte de la région",
        help_text="Elle accompagne cette cohorte tout de suite, sans invitation.",
        error_messages={
            "invalid_choice": f"Cette personne n’est plus dans la liste{NBSP}: elle accompagne peut-être déjà la cohorte."
        },
    )
    first_name = LineField(label="Prénom", max_length=80)
    last_name = LineField(label="Nom", max_length=80)
    email = forms.EmailField(label="Adresse électronique", max_length=254)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.colleagues = {user.public_id: user for user in colleagues}
        self.fields["known"].choices = [("", "–"), *((key, user.full_name) for key, user in self.colleagues.items())]

    def clean(self):
        data = super().clean()
        typed = [name for name in PERSON if data.get(name)]
        if data.get("known") and typed:
            self.add_error(
                "known", f"Choisissez dans la liste, ou invitez quelqu’un d’autre{NBSP}: pas les deux à la fois."
            )
        elif not data.get("known") and not self.errors:
            for name in PERSON:
                if not data.get(name):
                    self.add_error(name, "Pour inviter cette personne, il manque ceci.")
        return data

    @property
    def person(self):
        """The colleague chosen, or None."""
        return self.colleagues.get(self.cleaned_data["known"])

    def invited(self):
        """Whom to invite: names and address."""
        return {name: self.cleaned_data[name] for name in PERSON}


class ExceptionForm(forms.Form):
    """Open a structure's chapters without the convention, between two days, for a reason."""

    since = forms.DateField(label="Depuis le", widget=day_input(), validators=[plausible_year])
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=day_input(),
        validators=[plausible_year],
        help_text="Ce jour compris. Sans date de fin, l’exception dure jusqu’à ce que vous y mettiez fin.",
    )
    reason = TextField(
        label="Pourquoi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une phrase. La structure et son accompagnateur·rice la lisent sur la page du parcours.",
        error_messages={"required": "Écrivez pourquoi cette structure peut commencer avant les autres."},
    )

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error(
                "until",
                f"La fin ({date_in_words(until)}) ne peut pas venir avant le début ({date_in_words(since)}).",
            )
        elif until and until < clock.today():
            self.add_error("until", f"Cette exception serait déjà finie, le {date_in_words(until)}.")
        return data
