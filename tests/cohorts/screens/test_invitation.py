"""The pages of an invitation: who opens it, accepts it, and what a link that no longer works says."""

import re
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.models import AuditEvent, PersonalLink
from cohorts.enums import InvitationState, Role
from cohorts.models import Invitation, Membership, User
from cohorts.models.invitations import LINK
from cohorts.services.invitations import accept, cancel, invite
from tests.worlds import World

PASSWORD = "une petite phrase facile"
ACCOUNT = {"first_name": "Ariane", "last_name": "Conviée", "password": PASSWORD, "confirmation": PASSWORD}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def page(ours):
    return reverse("invitation", args=[ours.invitation_token])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").replace("&#x27;", "’")


def waiting(ours):
    return Invitation.objects.get(pk=ours.invitation.pk).state == InvitationState.PENDING


def asked(ours, user, **changes):
    """An invitation for somebody who has an account."""
    role, by = Role.CONTRIBUTOR, ours.user(Role.REFERENT)
    scope = {"organisation": ours.organisation, **changes}
    return invite(email=user.email, first_name="Prénom", last_name="Tapé", role=role, by=by, **scope)


def test_it_says_who_invites_to_what_and_until_when(ours, page, client):
    text = text_of(client.get(page))
    for words in (
        ours.user(Role.REFERENT).full_name,
        "Notre structure",
        "Contributeur·rice",
        "répond aux critères",
        "@ours.example.org",
        "mardi 25 novembre 2025",
        "12 caractères au moins",
    ):
        assert words in text
    assert ours.invitation.email not in text


def test_the_page_is_kept_nowhere_and_its_address_told_to_nobody(page, client):
    for response in (client.get(page), client.post(page, {})):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "strict-origin"


def test_opened_ten_times_by_machines_it_still_waits(ours, page, client):
    before = PersonalLink.objects.count(), AuditEvent.objects.count()
    for _ in range(5):
        assert client.get(page).status_code == 200
        assert client.head(page).status_code == 200
    assert waiting(ours)
    assert (PersonalLink.objects.count(), AuditEvent.objects.count()) == before
    assert client.post(page, ACCOUNT).status_code == 302


def test_a_newcomer_creates_an_account_and_is_signed_in(ours, page, client):
    client.get(page)
    response = client.post(page, ACCOUNT, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "Vous avez rejoint Notre structure" in text_of(response)
    user = User.objects.get(email__startswith="invite-ours@")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.memberships.get().role == Role.CONTRIBUTOR
    assert client.login(email=user.email, password=PASSWORD)


def test_the_session_of_a_newcomer_is_a_new_one(page, client):
    client.session.save()
    client.cookies["sessionid"] = client.session.session_key
    before = client.session.session_key
    client.post(page, ACCOUNT)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "court", "confirmation": "court"}, "12 caractères"),
        ({"password": "739104628157", "confirmation": "739104628157"}, "numérique"),
        ({"password": "Nom corrigé 1", "confirmation": "Nom corrigé 1"}, "semblable"),
        ({"confirmation": "une autre phrase ici"}, "ne sont pas les mêmes"),
        ({"password": ""}, "obligatoire"),
        ({"first_name": ""}, "obligatoire"),
    ],
)
def test_a_refused_account_says_why_and_keeps_what_was_typed(ours, page, client, change, words):
    response = client.post(page, {**ACCOUNT, "last_name": "Nom corrigé", **change})
    assert response.status_code == 422
    text = text_of(response)
    assert words in text
    assert "Nom corrigé" in text
    assert waiting(ours)
    assert not User.objects.get(email__startswith="invite-ours@").has_usable_password()


def test_once_used_the_link_sends_to_sign_in(ours, page, client):
    client.post(page, ACCOUNT)
    client.logout()
    response = client.get(page)
    assert response.status_code == 410
    assert "déjà acceptée" in text_of(response)
    assert reverse("account_login") in text_of(response)
    assert client.post(page, {**ACCOUNT, "password": "x" * 14, "confirmation": "x" * 14}).status_code == 410
    assert Membership.objects.filter(user__email__startswith="invite-ours@").count() == 1


def test_links_that_no_longer_open_say_why(ours, page, client, clock_at):
    clock_at(clock.at(date(2025, 11, 25), 23, 50))
    assert client.get(page).status_code == 200
    clock_at(clock.at(date(2025, 11, 26), 0, 10))
    over = client.get(page)
    assert over.status_code == 410
    assert f"Demandez à {ours.user(Role.REFERENT).full_name}" in text_of(over)
    assert client.post(page, ACCOUNT).status_code == 410
    cancel(invitation=ours.invitation, by=None)
    cancelled = client.get(page)
    assert cancelled.status_code == 410
    assert "a été annulée" in text_of(cancelled)
    assert not Membership.objects.filter(user=ours.invitation.user).exists()


def test_a_replaced_link_sends_to_the_latest_mail(ours, page, client):
    links.void(LINK, ours.invitation.pk)
    response = client.get(page)
    assert response.status_code == 410
    assert "le plus récent" in text_of(response)


def test_an_unknown_link_is_a_404(db, client):
    for method in (client.get, client.head, client.post):
        assert method(reverse("invitation", args=["jeton-inconnu"])).status_code == 404


def test_forwarded_to_somebody_signed_in_it_gives_them_nothing(ours, page, client):
    other = World("neighbour").user(Role.REFERENT)
    client.force_login(other)
    assert "n’est pas pour le compte ouvert ici" in text_of(client.get(page))
    assert client.post(page, ACCOUNT).status_code == 403
    assert waiting(ours)
    assert other.memberships.count() == 1


def test_signing_out_comes_back_to_the_invitation(page, client):
    client.force_login(World("neighbour").user(Role.REFERENT))
    response = client.post(reverse("account_logout"), {"next": page}, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert "Créer votre compte" in text_of(response)


def test_the_owner_of_an_account_signs_in_then_accepts_in_one_click(ours, client, run_queue):
    user = World("neighbour").user(Role.CONTRIBUTOR)
    asked(ours, user)
    run_queue()
    page = re.search(r"/invitations/[\w-]+/", mail.outbox[0].body)[0]
    text = text_of(client.get(page))
    assert "Vous avez déjà un compte" in text
    assert user.full_name not in text
    assert client.post(page, ACCOUNT).status_code == 403
    sign_in = f"{reverse('account_login')}?next={page}"
    assert sign_in in text
    back = client.post(sign_in, {"login": user.email, "password": "mot-de-passe-test", "next": page})
    assert back.url == page
    assert "Accepter et rejoindre Notre structure" in text_of(client.get(page))
    client.post(page)
    assert user.memberships.filter(organisation=ours.organisation).count() == 1


def test_home_lists_what_one_is_invited_to_and_mine_accepts_it(ours, client):
    user = World("neighbour").user(Role.CONTRIBUTOR)
    mine = reverse("invitation_mine", args=[asked(ours, user).public_id])
    client.force_login(user)
    assert f'href="{mine}"' in text_of(client.get("/"))
    assert client.get(mine).status_code == 200
    assert client.post(mine).url == "/"
    assert user.memberships.filter(organisation=ours.organisation).count() == 1
    assert client.get(mine).status_code == 410
    assert mine not in text_of(client.get("/"))


def test_a_person_without_any_role_sees_their_invitation_at_home(ours, client):
    user = User.objects.create_user(email="sans@role.example.org", first_name="Sans", last_name="Rôle", password="x")
    client.force_login(user)
    assert "il reste à vous rattacher" in text_of(client.get("/"))
    asked(ours, user)
    assert "Rejoindre Notre structure" in text_of(client.get("/"))


def test_over_it_leaves_the_home_page(ours, client, clock_at):
    user = World("neighbour").user(Role.CONTRIBUTOR)
    mine = reverse("invitation_mine", args=[asked(ours, user).public_id])
    clock_at(clock.at(date(2025, 11, 26), 9))
    client.force_login(user)
    assert mine not in text_of(client.get("/"))
    assert client.get(mine).status_code == 410
    assert client.post(mine).status_code == 410


@pytest.mark.parametrize("role", [Role.REFERENT, Role.CONTRIBUTOR, Role.REGION_ADMIN])
def test_the_invitation_of_somebody_else_is_a_404(ours, client, role):
    client.force_login(ours.user(role))
    mine = reverse("invitation_mine", args=[ours.invitation.public_id])
    assert client.get(mine).status_code == 404
    assert client.post(mine).status_code == 404
    assert waiting(ours)


def test_accepted_in_another_tab_the_form_leads_to_the_explanation(ours, page, client):
    """The second tab's form arrives after the first was accepted."""
    accept(invitation=ours.invitation, password=PASSWORD)
    assert client.post(page, ACCOUNT).status_code == 410
    assert ours.invitation.user.memberships.count() == 1
