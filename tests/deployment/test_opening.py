"""The commands that open an empty installation: what they make, the way in they give, what they refuse."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from guardian.models import GroupObjectPermission, UserObjectPermission

from caprse.base import clock
from caprse.base.models import AuditEvent, OutboxMessage
from cohorts.enums import OrganisationKind, Role
from cohorts.models import ClauseVersion, EditorGrant, Membership, Organisation, Region, User
from tests.caprse.test_referentiel_commands import SMALL

CLAUSE = "Vous vous engagez à ne rien diffuser hors du réseau."
ADA = {"email": "ada@reseau.example.org", "first_name": "Ada", "last_name": "Inventée"}
LOU = {"email": "lou@region.example.org", "first_name": "Lou", "last_name": "Inventé"}
PASSWORD = "une petite phrase facile"

pytestmark = pytest.mark.usefixtures("empty_db")


@pytest.fixture
def clause(tmp_path):
    path = tmp_path / "clause.txt"
    path.write_text(f"\ufeff{CLAUSE}\n")
    return str(path)


def open_network(**changes):
    output = io.StringIO()
    call_command("open_network", **{"name": "Réseau inventé", **ADA, **changes}, stdout=output)
    return output.getvalue()


def open_region(slug="haute-plaine", name="Haute-Plaine", **changes):
    output = io.StringIO()
    call_command("open_region", slug, name, **{"team": "Réseau Haute-Plaine", **LOU, **changes}, stdout=output)
    return output.getvalue()


def rows():
    """How many rows of each kind a refusal must leave alone."""
    models = (Organisation, Region, User, Membership, ClauseVersion, OutboxMessage, AuditEvent)
    return {model.__name__: model.objects.count() for model in models}


def refused(act, match):
    before = rows()
    with pytest.raises(CommandError, match=match):
        act()
    assert rows() == before


def roles():
    held = Membership.objects.order_by("pk").values_list("user__email", "role", "organisation__legal_name")
    return list(held)


def comes_in(email):
    """Open the link of the last mail, choose a password, sign in. Returns a client on its home page."""
    [sent] = [message for message in mail.outbox if message.to == [email]]
    assert sent.subject == "Votre accès à CAP RSE"
    link = re.search(r"https?://[^/]+(/mot-de-passe/nouveau/\S+)", sent.body)[1]
    assert link.split("/")[-2] not in repr(list(OutboxMessage.objects.values()))
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client = Client()
    assert client.post("/connexion/", {"login": email, "password": PASSWORD}).url == "/"
    return client


def test_an_empty_site_is_opened_and_its_first_people_come_in(clause, run_queue):
    said = open_network(clause=clause)
    assert said == (
        "Réseau inventé\u00a0: ouvert.\n"
        "Un courriel part vers ada@reseau.example.org, avec la page où choisir un mot de passe.\n"
    )
    open_region()
    run_queue()
    assert roles() == [
        (ADA["email"], Role.NATIONAL_STAFF, "Réseau inventé"),
        (LOU["email"], Role.REGION_ADMIN, "Réseau Haute-Plaine"),
    ]
    assert Organisation.objects.get(kind=OrganisationKind.REGION).region == Region.objects.get(slug="haute-plaine")
    assert ClauseVersion.objects.in_force(clock.today()).get().text == CLAUSE
    for person in (ADA, LOU):
        client = comes_in(person["email"])
        assert person["first_name"] in client.get("/").content.decode()
        assert CLAUSE in client.get(reverse("clause")).content.decode()
        client.post(reverse("clause"), {"accept": "on"})
        assert "Vous avez accepté cette clause" in client.get(reverse("clause")).content.decode()


def test_a_first_link_that_is_over_is_asked_for_again(clause, run_queue):
    open_network(clause=clause)
    OutboxMessage.objects.all().delete()
    Client().post(reverse("account_reset_password"), {"email": ADA["email"]})
    run_queue()
    [sent] = mail.outbox
    assert sent.to == [ADA["email"]]
    assert "/mot-de-passe/nouveau/" in sent.body


def test_the_journal_holds_what_was_opened_and_no_name(clause):
    open_network(clause=clause)
    open_region()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"organisation.created", "region.created", "clause.published", "person.created", "membership.given"}
    lines = repr(list(AuditEvent.objects.values()))
    assert not any(value in lines for value in (*ADA.values(), *LOU.values()))


def test_played_again_it_changes_nothing_and_writes_to_nobody(clause):
    open_network(clause=clause)
    open_region()
    before = rows()
    assert "y a déjà ce rôle\u00a0: aucun courriel ne part." in open_network(clause=clause)
    assert "aucun courriel" in open_region(email=LOU["email"].upper())
    assert rows() == before


def test_with_another_address_it_adds_a_person(clause, run_queue):
    open_network(clause=clause)
    open_region()
    open_network(**LOU)
    open_region(**ADA)
    assert roles()[2:] == [
        (LOU["email"], Role.NATIONAL_STAFF, "Réseau inventé"),
        (ADA["email"], Role.REGION_ADMIN, "Réseau Haute-Plaine"),
    ]
    assert (Organisation.objects.count(), Region.objects.count(), ClauseVersion.objects.count()) == (2, 1, 1)


def test_somebody_who_has_an_account_is_told_to_sign_in_as_usual(clause, run_queue):
    open_network(clause=clause)
    run_queue()
    comes_in(ADA["email"])
    mail.outbox.clear()
    open_region(**ADA)
    run_queue()
    [sent] = mail.outbox
    assert "comme d’habitude" in sent.body
    assert "/mot-de-passe/" not in sent.body
    assert User.objects.get(email=ADA["email"]).check_password(PASSWORD)


def test_what_contradicts_what_is_there_is_refused(clause, tmp_path):
    refused(open_network, "Aucune clause de non-diffusion n’est en vigueur.* Rien n’a été changé")
    open_network(clause=clause)
    open_region()
    other = tmp_path / "autre.txt"
    other.write_text("Autre clause.")
    refused(lambda: open_network(name="Autre réseau", **LOU), "déjà ouvert sous le nom «\u00a0Réseau inventé")
    refused(lambda: open_network(clause=str(other), **LOU), "Une autre clause .*version 1")
    refused(lambda: open_region(name="Basse-Plaine", **ADA), "existe déjà sous le nom «\u00a0Haute-Plaine")
    refused(lambda: open_region(team="Autre équipe", **ADA), "s’appelle «\u00a0Réseau Haute-Plaine")
    User.objects.filter(email=ADA["email"]).update(is_active=False)
    refused(lambda: open_region(**ADA), "est fermé. Rien n’a été changé")


def test_what_is_badly_typed_is_refused_in_french(clause, tmp_path):
    empty, latin = tmp_path / "vide.txt", tmp_path / "latin.txt"
    empty.write_text(" \n")
    latin.write_bytes("clé".encode("latin-1"))
    refused(lambda: open_network(clause=clause, email="ada"), "^--email 'ada'.*adresse")
    refused(lambda: open_network(clause=clause, first_name="  "), "^--first-name\u00a0: ce texte est vide")
    refused(lambda: open_network(clause=clause, name="x" * 161), "^--name .*160")
    refused(lambda: open_network(clause=str(tmp_path / "absent.txt")), "ne peut pas être lu")
    refused(lambda: open_network(clause=str(empty)), "ce fichier est vide")
    refused(lambda: open_network(clause=str(latin)), "UTF-8")
    refused(lambda: open_region(slug="Haute Plaine"), "^SLUG 'Haute Plaine'")


def test_the_clause_can_come_from_the_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{CLAUSE}\n"))
    open_network(clause="-")
    assert ClauseVersion.objects.get().text == CLAUSE


def test_a_first_editor_is_named_right_after_the_first_migration(clause, tmp_path):
    """The permission that guardian's grant points to is made by the migration itself."""
    file = tmp_path / "referentiel.toml"
    file.write_text(SMALL)
    open_network(clause=clause)
    call_command("import_referentiel", str(file), stdout=io.StringIO())
    call_command("entrust_referentiel", ADA["email"], "PETIT", stdout=io.StringIO())
    grant = EditorGrant.objects.get()
    assert (grant.user.email, grant.content_object.code, grant.permission.codename) == (
        ADA["email"],
        "PETIT",
        "change_referentiel",
    )
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()
