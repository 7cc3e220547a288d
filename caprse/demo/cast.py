"""Brings the invented organisations and people in, through the services of `cohorts`."""

import tomllib
from datetime import date
from pathlib import Path

from cohorts.enums import OrganisationKind, Role
from cohorts.services.organisations import (
    add_approach,
    create_organisation,
    create_region,
    record_adhesion,
)
from cohorts.services.people import create_person, give_role

CONTENT = Path(__file__).parent / "content"
# Shown on the sign-in page, in demonstration mode only.
PASSWORD = "cap-rse-demonstration"
SINCE = date(2024, 9, 2)
REGIONS = {"nouvelle-aquitaine": "Nouvelle-Aquitaine", "occitanie": "Occitanie"}
CARD = ("siret", "activities", "territory", "headcount", "permanents")


def read(name):
    """One file of the content folder as plain data."""
    with (CONTENT / name).open("rb") as handle:
        return tomllib.load(handle)


class Cast:
    """Who is who, by the keys of the content files."""

    def __init__(self):
        self.data = read("cast.toml")
        self.regions, self.organisations, self.people, self.facilitators = {}, {}, {}, {}
        self.cohorts = {}

    def enter(self):
        """Create regions, organisations, people, roles and adhesions. Facilitators wait for their cohort."""
        for slug, name in REGIONS.items():
            self.regions[slug] = create_region(slug=slug, name=name)
        for entry in self.data["organisations"]:
            self._organisation(entry)

    def _organisation(self, entry):
        organisation = create_organisation(
            kind=OrganisationKind(entry["kind"]),
            legal_name=entry["legal_name"],
            region=self.regions.get(entry.get("region")),
            siae_kinds=entry["siae_kinds"],
            **{name: entry[name] for name in CARD},
        )
        self.organisations[entry["key"]] = organisation
        if "cohort" in entry:
            self.cohorts[entry["key"]] = entry["cohort"]
        if "adhesion_since" in entry:
            record_adhesion(organisation=organisation, since=entry["adhesion_since"], until=entry["adhesion_until"])
        for approach in entry.get("approaches", ()):
            add_approach(organisation=organisation, **approach)
        for person in entry["people"]:
            self._person(entry, organisation, person)

    def _person(self, entry, organisation, person):
        known = {user.email: user for user in self.people.values()}
        user = known.get(person["email"]) or create_person(
            email=person["email"],
            first_name=person["first_name"],
            last_name=person["last_name"],
            job=person["job"],
            password=PASSWORD,
        )
        self.people[f"{entry['key']}/{person['key']}"] = user
        for role in person["roles"]:
            if role == Role.FACILITATOR:
                self.facilitators.setdefault(entry["region"], []).append(user)
            else:
                give_role(user=user, role=role, organisation=organisation, since=SINCE)

    def of(self, key):
        """The people of an organisation, in the order of the file."""
        return [user for name, user in self.people.items() if name.startswith(f"{key}/")]
