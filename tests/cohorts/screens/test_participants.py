"""Who takes part in a cohort, and bringing structures, people and partners in."""

from datetime import date

import pytest
from django.urls import reverse

from caprse.base.models import AuditEvent
from cohorts.enums import OrganisationKind, Role
from cohorts.models import CohortPartner, Invitation, Membership, Organisation, Participation
from cohorts.services import cohorts, organisations, people
from cohorts.services.invitations import invite
from tests.worlds import STRANGER, World
from tests.worlds_organising import organised, page

# A well-formed address that no column holds.
LONG = f"lise@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example.org"
REFERENT = {"first_name": "Lise", "last_name": "Bordes", "email": "lise@nouvelle.example.org"}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def cohort(ours):
    return organised(ours)


@pytest.fixture
def admin(ours, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    return client


def url(cohort, name="cohort_participants"):
    return reverse(name, args=[cohort.region.slug, cohort.slug])


def post(client, cohort, name, prefix, **data):
    return client.post(url(cohort, name), {f"{prefix}-{key}": value for key, value in data.items()})


def add_structure(client, cohort, **data):
    return post(client, cohort, "structure_add", "structure", **data)


def add_facilitator(client, cohort, **data):
    return post(client, cohort, "facilitator_add", "accompagnement", **data)


def add_partner(client, cohort, **data):
    return post(client, cohort, "partner_add", "partenaire", **data)


def refused(response, words):
    """The same page again, saying why; what follows says that nothing was added."""
    assert response.status_code == 422
    assert "À corriger" in page(response)
    assert words in page(response)
    assert not Participation.objects.filter(cohort__name="Organisée").exists()
    assert not Invitation.objects.filter(email=REFERENT["email"]).exists()


# --- Structures ---------------------------------------------------------------------------------------------------


def test_a_structure_of_the_list_comes_in(ours, cohort, admin):
    response = add_structure(admin, cohort, organisation=ours.organisation.public_id)
    assert response.url == url(cohort)
    path = Participation.objects.get(cohort=cohort)
    assert (path.organisation, path.joined_on) == (ours.organisation, date(2025, 11, 4))
    assert AuditEvent.objects.filter(verb="participation.added", participation_id=path.pk).exists()
    shown = page(admin.get(url(cohort)))
    assert "Notre structure participe à la cohorte" in shown
    assert f'value="{ours.organisation.public_id}"' not in shown


def test_a_new_structure_comes_in_with_its_adhesion_and_its_referent_is_invited(cohort, admin):
    add_structure(admin, cohort, legal_name="Atelier neuf", adhesion_until="2026-12-31", **REFERENT)
    organisation = Participation.objects.get(cohort=cohort).organisation
    adhesion = organisation.adhesions.get()
    assert (organisation.legal_name, organisation.kind) == ("Atelier neuf", OrganisationKind.STRUCTURE)
    assert (adhesion.since, adhesion.until) == (date(2025, 11, 4), date(2026, 12, 31))
    assert Invitation.objects.get(organisation=organisation).role == Role.REFERENT
    assert "Lise Bordes, invitation en attente" in page(admin.get(url(cohort)))


def test_without_adhesion_the_page_says_that_the_tools_stay_closed(cohort, admin):
    add_structure(admin, cohort, legal_name="Atelier neuf")
    assert not Organisation.objects.get(legal_name="Atelier neuf").adhesions.exists()
    assert "outils fermés" in page(admin.get(url(cohort)))


def test_a_structure_without_referent_leads_to_inviting_one_whoever_else_is_invited(ours, cohort, admin):
    cohorts.add_structure(cohort=cohort, organisation=ours.organisation)
    ours.organisation.memberships.filter(role=Role.REFERENT).update(until=date(2025, 11, 3))
    assert Invitation.objects.pending().get(organisation=ours.organisation).role == Role.CONTRIBUTOR
    link = reverse("organisation_invite", args=["ici", ours.organisation.public_id])
    assert f'href="{link}"' in page(admin.get(url(cohort)))
    invite(**REFERENT, role=Role.REFERENT, organisation=ours.organisation, by=None)
    assert f'href="{link}"' not in page(admin.get(url(cohort)))


BAD_STRUCTURES = [
    ({}, "Choisissez une structure dans la liste, ou écrivez le nom"),
    ({"legal_name": " nôtre  STRUCTURE "}, "« Notre structure » existe déjà dans votre région : choisissez-la"),
    ({"legal_name": "Atelier", "adhesion_until": "2025-11-03"}, "Cette adhésion serait déjà finie"),
    ({"legal_name": "Atelier", "email": REFERENT["email"]}, "il manque ceci"),
    ({"legal_name": "Atelier", **REFERENT, "email": "lise"}, ""),
    ({"legal_name": "Atelier", **REFERENT, "email": LONG}, "254"),
    ({"organisation": "inconnu"}, ""),
]


@pytest.mark.parametrize(("data", "words"), BAD_STRUCTURES)
def test_a_structure_refused_says_why_and_adds_nothing(cohort, admin, data, words):
    before = Organisation.objects.count()
    response = add_structure(admin, cohort, **data)
    refused(response, words)
    assert Organisation.objects.count() == before
    if "legal_name" in data:
        assert data["legal_name"].strip() in page(response)


def test_both_a_choice_and_a_name_are_refused(ours, cohort, admin):
    response = add_structure(admin, cohort, organisation=ours.organisation.public_id, legal_name="Atelier")
    refused(response, "pas les deux à la fois")


def test_the_same_structure_twice_is_refused_with_its_day(ours, cohort, admin):
    cohorts.add_structure(cohort=cohort, organisation=ours.organisation, joined_on=date(2025, 3, 4))
    response = add_structure(admin, cohort, organisation=ours.organisation.public_id)
    assert response.status_code == 422
    assert "Notre structure participe déjà à cette cohorte, depuis le mardi 4 mars 2025" in page(response)
    assert Participation.objects.filter(cohort=cohort).count() == 1


def test_a_referent_already_there_is_said_and_the_structure_waits(ours, cohort, admin):
    user = ours.user(Role.REFERENT)
    known = {"first_name": "Autre", "last_name": "Nom", "email": user.email}
    response = add_structure(admin, cohort, organisation=ours.organisation.public_id, **known)
    refused(response, "Cette personne a déjà ce rôle")
    assert "La structure n’est pas encore ajoutée" in page(response)


def test_a_structure_of_another_region_is_not_known(cohort, admin):
    theirs = World("stranger").organisation
    refused(add_structure(admin, cohort, organisation=theirs.public_id), "")
    assert STRANGER not in page(admin.get(url(cohort)))


# --- Who accompanies ----------------------------------------------------------------------------------------------


def test_a_colleague_accompanies_at_once(ours, cohort, admin):
    user = ours.user(Role.FACILITATOR)
    add_facilitator(admin, cohort, known=user.public_id)
    held = Membership.objects.get(cohort=cohort)
    assert (held.user, held.role, held.since) == (user, Role.FACILITATOR, date(2025, 11, 4))
    assert AuditEvent.objects.filter(verb="membership.given", cohort_id=cohort.pk).exists()
    assert not Invitation.objects.filter(cohort=cohort).exists()


def test_somebody_else_is_invited(cohort, admin):
    add_facilitator(admin, cohort, **REFERENT)
    invitation = Invitation.objects.get(cohort=cohort)
    assert (invitation.role, invitation.email) == (Role.FACILITATOR, REFERENT["email"])
    assert "Invitations en attente" in page(admin.get(url(cohort)))


def test_who_is_already_invited_is_said(ours, cohort, admin):
    add_facilitator(admin, cohort, **REFERENT)
    response = add_facilitator(admin, cohort, **REFERENT)
    assert response.status_code == 422
    assert "déjà une invitation en attente" in page(response)
    assert Invitation.objects.filter(cohort=cohort).count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "il manque ceci"),
        ({"first_name": "Lise"}, "il manque ceci"),
        ({**REFERENT, "email": LONG}, "254"),
        ({"known": "inconnu"}, "n’est plus dans la liste"),
    ],
)
def test_a_person_refused_says_why_and_gives_nothing(cohort, admin, data, words):
    refused(add_facilitator(admin, cohort, **data), words)
    assert not Membership.objects.filter(cohort=cohort).exists()


def test_a_colleague_or_somebody_else_not_both(ours, cohort, admin):
    response = add_facilitator(admin, cohort, known=ours.user(Role.FACILITATOR).public_id, **REFERENT)
    refused(response, "pas les deux à la fois")
    assert not Membership.objects.filter(cohort=cohort).exists()


def test_who_accompanies_already_is_not_offered(ours, cohort, admin):
    user = ours.user(Role.FACILITATOR)
    people.give_role(user=user, role=Role.FACILITATOR, cohort=cohort)
    refused(add_facilitator(admin, cohort, known=user.public_id), "n’est plus dans la liste")
    far = World("stranger").user(Role.FACILITATOR)
    refused(add_facilitator(admin, cohort, known=far.public_id), "n’est plus dans la liste")
    assert Membership.objects.filter(cohort=cohort).count() == 1


# --- The national head and the partners ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Tête de réseau", "Partenaire ours"])
def test_the_national_head_or_a_partner_of_the_list_is_associated(cohort, admin, name):
    organisation = Organisation.objects.get(legal_name=name)
    add_partner(admin, cohort, organisation=organisation.public_id)
    assert CohortPartner.objects.get(cohort=cohort).organisation == organisation
    assert f"{name} est associée à la cohorte" in page(admin.get(url(cohort)))


def test_a_new_partner_is_registered_in_the_region(cohort, admin):
    add_partner(admin, cohort, legal_name="Fondation du coin")
    organisation = CohortPartner.objects.get(cohort=cohort).organisation
    assert (organisation.kind, organisation.region) == (OrganisationKind.PARTNER, cohort.region)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choisissez une organisation dans la liste"),
        ({"legal_name": "partenaire OURS"}, "« Partenaire ours » existe déjà"),
        ({"organisation": "inconnu"}, ""),
    ],
)
def test_a_partner_refused_says_why_and_adds_nothing(cohort, admin, data, words):
    before = Organisation.objects.count()
    refused(add_partner(admin, cohort, **data), words)
    assert not CohortPartner.objects.filter(cohort=cohort).exists()
    assert Organisation.objects.count() == before


def test_a_structure_or_a_partner_of_another_region_is_no_partner(ours, cohort, admin):
    far = Organisation.objects.get(kind=OrganisationKind.PARTNER, region__slug="ailleurs")
    for organisation in (ours.organisation, far):
        refused(add_partner(admin, cohort, organisation=organisation.public_id), "")
    assert not CohortPartner.objects.filter(cohort=cohort).exists()


def test_the_same_partner_twice_is_refused(cohort, admin):
    national = Organisation.objects.get(kind=OrganisationKind.NATIONAL)
    cohorts.add_partner(cohort=cohort, organisation=national)
    refused(add_partner(admin, cohort, organisation=national.public_id), "est déjà associée à cette cohorte")
    assert CohortPartner.objects.filter(cohort=cohort).count() == 1


# --- Who may, and what it costs -----------------------------------------------------------------------------------

ACTS = ("structure_add", "facilitator_add", "partner_add")


@pytest.mark.parametrize("name", ACTS)
def test_a_coordinator_of_another_region_finds_nothing(cohort, client, name):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    assert client.get(url(cohort)).status_code == 404
    assert (
        client.post(url(cohort, name), {"structure-legal_name": "X", "partenaire-legal_name": "X"}).status_code == 404
    )
    assert not Organisation.objects.filter(legal_name="X").exists()


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REFERENT, Role.PARTNER])
@pytest.mark.parametrize("name", ACTS)
def test_other_roles_are_refused(ours, client, name, role):
    client.force_login(ours.user(role))
    assert (
        client.post(url(ours.cohort, name), {"structure-legal_name": "X", "partenaire-legal_name": "X"}).status_code
        == 403
    )
    assert not Organisation.objects.filter(legal_name="X").exists()


def test_the_page_costs_the_same_with_one_or_three_structures(cohort, admin, queries):
    for count in (1, 3):
        while Participation.objects.filter(cohort=cohort).count() < count:
            fill(cohort, Participation.objects.filter(cohort=cohort).count())
        for name in ("cohort_participants", "cohort_setup"):
            with queries(13 if name == "cohort_participants" else 11):
                assert page(admin.get(url(cohort, name)))
    assert page(admin.get(url(cohort))).count("Structure numéro") >= 3


def fill(cohort, rank):
    """A structure with its adhesion and two invitations, a partner, somebody who accompanies."""
    organisation = organisations.create_organisation(
        kind=OrganisationKind.STRUCTURE, legal_name=f"Structure numéro {rank}", region=cohort.region
    )
    organisations.record_adhesion(organisation=organisation, since=date(2020, 1, 1))
    cohorts.add_structure(cohort=cohort, organisation=organisation)
    partner = organisations.create_organisation(
        kind=OrganisationKind.PARTNER, legal_name=f"Partenaire numéro {rank}", region=cohort.region
    )
    cohorts.add_partner(cohort=cohort, organisation=partner)
    for role, scope in (
        (Role.REFERENT, {"organisation": organisation}),
        (Role.BOARD_MEMBER, {"organisation": organisation}),
        (Role.FACILITATOR, {"cohort": cohort}),
    ):
        email = f"{role}{rank}@nouvelle.example.org"
        invite(email=email, first_name="Prénom", last_name=f"Nom {rank}", role=role, by=None, **scope)
    user = people.create_person(email=f"aide{rank}@nouvelle.example.org", first_name="Aide", last_name=str(rank))
    people.give_role(user=user, role=Role.FACILITATOR, cohort=cohort)
