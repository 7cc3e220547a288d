"""Inviting from the page of an organisation; sending again, taking back."""

import pytest
from django.core import mail
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import OutboxMessage
from cohorts.enums import InvitationState, OrganisationKind, Role
from cohorts.models import Invitation, Organisation
from cohorts.services import people
from cohorts.services.invitations import invite
from tests.worlds import World

GOOD = {
    "first_name": "Nadia",
    "last_name": "Benali",
    "email": "nadia@nouvelle.example.org",
    "job": "Présidente",
    "role": "board_member",
}


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(organisation, name="organisation_invite"):
    return reverse(name, args=[organisation.region.slug, organisation.public_id])


def act(name, invitation):
    return reverse(f"invitation_{name}", args=[invitation.public_id])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").replace("&#x27;", "’")


def nothing_sent():
    return not OutboxMessage.objects.exists() and not Invitation.objects.filter(email=GOOD["email"]).exists()


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LEGAL_REPRESENTATIVE, Role.REGION_ADMIN])
def test_it_invites_and_the_page_lists_it(ours, client, run_queue, role):
    client.force_login(ours.user(role))
    response = client.post(url_of(ours.organisation), GOOD, follow=True)
    assert response.redirect_chain == [(url_of(ours.organisation, "organisation"), 302)]
    text = text_of(response)
    assert "L’invitation part à nadia@nouvelle.example.org" in text
    assert "Valable jusqu’au mardi 25 novembre 2025" in text
    invitation = Invitation.objects.get(email=GOOD["email"])
    assert (invitation.role, invitation.job, invitation.invited_by) == ("board_member", "Présidente", ours.user(role))
    run_queue()
    assert mail.outbox[0].to == ["nadia@nouvelle.example.org"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "nadia@"}, "n’est pas complète"),
        ({"email": ""}, "obligatoire"),
        ({"last_name": "a\nb"}, "une seule ligne"),
        ({"role": ""}, "Choisissez un rôle"),
        ({"role": "region_admin"}, "ne pouvez pas inviter à ce rôle"),
        ({"role": "national_staff"}, "ne pouvez pas inviter à ce rôle"),
        ({"role": "facilitator"}, "ne pouvez pas inviter à ce rôle"),
        ({"role": "partner"}, "ne pouvez pas inviter à ce rôle"),
        ({"email": "board_member@ours.example.org"}, "a déjà ce rôle"),
        ({"email": "INVITE-ours@ours.example.org", "role": "contributor"}, "déjà une invitation en attente"),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(ours, client, change, words):
    client.force_login(ours.user(Role.REFERENT))
    response = client.post(url_of(ours.organisation), {**GOOD, "job": "Fonction tapée", **change})
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Fonction tapée" in text_of(response)
    assert nothing_sent()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR])
def test_a_colleague_without_the_right_is_refused(ours, client, role):
    client.force_login(ours.user(role))
    assert client.get(url_of(ours.organisation)).status_code == 403
    assert client.post(url_of(ours.organisation), GOOD).status_code == 403
    assert "Inviter une personne" not in text_of(client.get(url_of(ours.organisation, "organisation")))
    assert nothing_sent()


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_a_referent_cannot_invite_into_another_structure(ours, client, key):
    client.force_login(ours.user(Role.REFERENT))
    theirs = World(key).organisation
    assert client.get(url_of(theirs)).status_code == 404
    assert client.post(url_of(theirs), GOOD).status_code == 404
    assert nothing_sent()


def test_a_referent_here_who_contributes_there_invites_here_alone(ours, client):
    """Rights do not travel from one structure of a person to another."""
    neighbour = World("neighbour")
    invitation = invite(
        email="referent@ours.example.org",
        first_name="R",
        last_name="O",
        role=Role.CONTRIBUTOR,
        organisation=neighbour.organisation,
        by=None,
    )
    client.force_login(ours.user(Role.REFERENT))
    for name in ("resend", "cancel"):
        assert client.post(act(name, invitation)).status_code == 403
    client.post(reverse("invitation_mine", args=[invitation.public_id]))
    assert client.get(url_of(neighbour.organisation, "organisation")).status_code == 200
    assert client.post(url_of(neighbour.organisation), GOOD).status_code == 403
    assert not Invitation.objects.filter(email=GOOD["email"]).exists()


def test_a_coordinator_invites_a_partner_and_nobody_into_a_delegation(ours, client):
    region = ours.organisation.region
    partner = Organisation.objects.get(legal_name="Partenaire ours")
    team = Organisation.objects.get(kind=OrganisationKind.REGION, region=region)
    client.force_login(ours.user(Role.REGION_ADMIN))
    for organisation in (partner, team):
        text = text_of(client.get(url_of(organisation, "organisation")))
        assert "Adhésion au réseau" not in text
        assert organisation.legal_name in text
    assert client.post(url_of(partner), {**GOOD, "role": "referent"}).status_code == 422
    assert client.post(url_of(partner), {**GOOD, "role": "partner"}).status_code == 302
    assert Invitation.objects.get(email=GOOD["email"]).role == Role.PARTNER
    assert client.get(url_of(team)).status_code == 403
    assert "Inviter une personne" not in text_of(client.get(url_of(team, "organisation")))


def test_pending_addresses_show_to_those_who_invite_alone(ours, client):
    page = url_of(ours.organisation, "organisation")
    shown = {Role.REFERENT: True, Role.REGION_ADMIN: True, Role.CONTRIBUTOR: False, Role.FACILITATOR: False}
    for role, sees in shown.items():
        client.force_login(ours.user(role))
        text = text_of(client.get(page))
        assert (ours.invitation.email in text) is sees
        assert ("Renvoyer" in text) is sees


def test_sent_again_from_the_page(ours, client, clock_at, run_queue):
    client.force_login(ours.user(Role.REFERENT))
    clock_at(clock.at(ours.invitation.expires_at.date().replace(month=12), 9))
    assert "Expirée" in text_of(client.get(url_of(ours.organisation, "organisation")))
    text = text_of(client.post(act("resend", ours.invitation), follow=True))
    assert f"L’invitation repart à {ours.invitation.email}" in text
    assert "Expirée" not in text
    run_queue()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("suite", "back"),
    [
        ("/regions/ici/cohortes/cohorte/participants/#invitations", True),
        ("//ailleurs.example/", False),
        ("https://ailleurs.example/", False),
        ("ailleurs", False),
        ("home", False),
    ],
)
def test_sent_again_it_leads_back_within_this_site_alone(ours, client, suite, back):
    client.force_login(ours.user(Role.REGION_ADMIN))
    response = client.post(act("resend", ours.invitation), {"suite": suite})
    assert response.url == (suite if back else url_of(ours.organisation, "organisation"))


def test_taken_back_from_the_page(ours, client):
    client.force_login(ours.user(Role.LEGAL_REPRESENTATIVE))
    text = text_of(client.post(act("cancel", ours.invitation), follow=True))
    assert "est annulée" in text
    assert ours.invitation.email not in text
    assert Invitation.objects.get(pk=ours.invitation.pk).state == InvitationState.CANCELLED
    again = text_of(client.post(act("resend", ours.invitation), follow=True))
    assert "a été annulée" in again
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("key", "role", "status"),
    [
        ("ours", Role.CONTRIBUTOR, 403),
        ("neighbour", Role.REFERENT, 404),
        ("stranger", Role.REGION_ADMIN, 404),
    ],
)
def test_others_neither_send_again_nor_take_back(ours, client, key, role, status):
    client.force_login(World(key).user(role))
    for name in ("resend", "cancel"):
        assert client.post(act(name, ours.invitation)).status_code == status
        assert client.get(act(name, ours.invitation)).status_code in (403, 405)
    assert Invitation.objects.get(pk=ours.invitation.pk).state == InvitationState.PENDING
    assert not OutboxMessage.objects.exists()


def test_an_invitation_to_a_cohort_is_followed_by_its_coordinator(ours, client):
    to_cohort = {"role": Role.FACILITATOR, "cohort": ours.cohort, "by": ours.user(Role.REGION_ADMIN)}
    invitation = invite(email="nouvelle@region.example.org", first_name="N", last_name="R", **to_cohort)
    client.force_login(ours.user(Role.REFERENT))
    assert client.post(act("cancel", invitation)).status_code == 404
    client.force_login(ours.user(Role.REGION_ADMIN))
    assert client.post(act("cancel", invitation)).url == ours.cohort.get_absolute_url()
    assert Invitation.objects.get(pk=invitation.pk).state == InvitationState.CANCELLED


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_or_three_people_and_invitations(ours, client, queries, count):
    by = ours.user(Role.REFERENT)
    for rank in range(count - 1):
        names = {"first_name": f"Prénom{rank}", "last_name": "Ajouté"}
        joined = people.create_person(email=f"ajout{rank}@ours.example.org", **names)
        people.give_role(user=joined, role=Role.CONTRIBUTOR, organisation=ours.organisation)
        asked = {**names, "email": f"invite{rank}@ours.example.org", "role": Role.CONTRIBUTOR}
        invite(**asked, organisation=ours.organisation, by=by)
    client.force_login(by)
    with queries(12):
        text = text_of(client.get(url_of(ours.organisation, "organisation")))
    assert text.count("Renvoyer") == count
    assert text.count("Ajouté") >= count - 1
