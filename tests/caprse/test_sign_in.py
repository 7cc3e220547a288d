"""Signing in, out, and choosing a new password."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from caprse.base import outbox
from caprse.base.models import OutboxMessage
from cohorts.enums import Role
from cohorts.models import User
from cohorts.services.people import create_person
from tests.worlds import World

PASSWORD = "mot-de-passe-test"


@pytest.fixture
def user(db):
    return World("ours").user(Role.REFERENT)


def sign_in(client, email, password=PASSWORD):
    return client.post("/connexion/", {"login": email, "password": password})


def test_form_has_the_two_promised_fields(client, db):
    page = client.get("/connexion/").content.decode()
    assert 'name="login"' in page
    assert 'name="password"' in page


def test_right_password_leads_home(client, user):
    assert sign_in(client, user.email.upper()).url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_password_and_unknown_address_read_the_same(client, user):
    pages = [
        sign_in(client, email, "faux mot de passe").content.decode().replace(email, "X")
        for email in (user.email, "personne@example.org")
    ]
    pages = [re.sub(r'value="[^"]{64}"', "", page) for page in pages]
    assert pages[0] == pages[1]
    assert "_auth_user_id" not in client.session


def test_too_many_wrong_passwords_say_so_and_how_to_go_on(client, user):
    for _ in range(12):
        response = sign_in(client, user.email, "faux")
    assert response.status_code in (200, 429)
    page = response.content.decode()
    assert "Trop de" in page or "trop de" in page


def test_person_without_account_cannot_sign_in(client, db):
    person = create_person(email="sans@compte.example.org", first_name="Sans", last_name="Compte")
    assert sign_in(client, person.email, "").status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client, db):
    before = User.objects.count()
    form = {"email": "nouveau@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert "invitation" in client.post(reverse("account_signup"), form).content.decode()
    assert User.objects.count() == before


def test_new_password_by_mail_whose_token_is_stored_nowhere(client, user, run_queue):
    client.post(reverse("account_reset_password"), {"email": user.email})
    message = OutboxMessage.objects.get(kind="password_reset")
    assert (message.recipient_id, message.payload, message.shown_body) == (user.pk, {}, "")
    outbox.send_waiting()
    link = re.search(r"https?://[^/]+(/mot-de-passe/nouveau/\S+)", mail.outbox[-1].body)[1]
    form = client.get(link, follow=True)
    url = form.redirect_chain[-1][0]
    chosen = {"password1": "un nouveau mot de passe", "password2": "un nouveau mot de passe"}
    client.post(url, chosen)
    user.refresh_from_db()
    assert user.check_password("un nouveau mot de passe")
    again = client.get(link, follow=True).content.decode()
    assert "password1" not in again


def test_unknown_address_gets_no_mail_and_the_same_page(client, user):
    known = client.post(reverse("account_reset_password"), {"email": user.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "personne@example.org"})
    assert known.url == unknown.url == reverse("account_reset_password_done")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("password", ["court", "motdepasse", "123456789012345"])
def test_weak_password_is_refused(client, user, password):
    client.force_login(user)
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    page = client.post(reverse("account_change_password"), form).content.decode()
    assert "À corriger" in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_signing_out_asks_then_closes_the_session(client, user):
    client.force_login(user)
    client.get("/deconnexion/")
    assert "_auth_user_id" in client.session
    client.post("/deconnexion/")
    assert "_auth_user_id" not in client.session


def test_demonstration_accounts_show_in_demonstration_alone(client, user):
    page = client.get("/connexion/").content.decode()
    assert "Comptes de démonstration" not in page
    assert "cap-rse-demonstration" not in page
