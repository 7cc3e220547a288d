"""An organisation's card."""

import pytest
from django.urls import reverse

from caprse.base.models import AuditEvent
from cohorts.enums import Role
from tests.worlds import World

GOOD = {
    "revision": "1",
    "legal_name": "Notre structure",
    "siret": "732 829 320 00074",
    "siae_kinds": ["ai", "aci"],
    "activities": "Ménage, jardin",
    "territory": "Thouars",
    "headcount": "41",
    "permanents": "4",
}


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="organisation_edit", **more):
    region = world.participation.cohort.region.slug
    return reverse(name, kwargs={"region": region, "public_id": world.organisation.public_id, **more})


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def test_it_saves_the_card(ours, client):
    response = sign_in(client, ours).post(url_of(ours), GOOD)
    assert response.url == url_of(ours, "organisation")
    ours.organisation.refresh_from_db()
    assert (ours.organisation.siret, ours.organisation.headcount) == ("73282932000074", 41)
    assert {status.kind for status in ours.organisation.siae_statuses.all()} == {"ai", "aci"}
    assert AuditEvent.objects.filter(verb="organisation.updated", organisation_id=ours.organisation.pk).exists()


BAD = [
    ({"siret": "12345678901234"}, "SIRET n’est pas valable"),
    ({"siret": "abc"}, "SIRET n’est pas valable"),
    ({"siret": "７３２８２９３２０００７４"}, "SIRET n’est pas valable"),
    ({"permanents": "50"}, "plus de permanent"),
    ({"headcount": "-1"}, ""),
    ({"headcount": "99999999999999999999"}, ""),
    ({"legal_name": ""}, ""),
    ({"legal_name": "a\nb"}, ""),
    ({"siae_kinds": ["autre"]}, ""),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_bad_card_says_why_keeps_the_rest_and_changes_nothing(ours, client, change, words):
    response = sign_in(client, ours).post(url_of(ours), {**GOOD, "activities": "Texte tapé", **change})
    assert response.status_code == 422
    page = response.content.decode()
    assert "À corriger" in page
    assert words in page.replace("&#x27;", "’")
    assert "Texte tapé" in page
    ours.organisation.refresh_from_db()
    assert ours.organisation.activities != "Texte tapé"


def test_stale_card_is_refused_and_shows_both(ours, client):
    sign_in(client, ours).post(url_of(ours), {**GOOD, "territory": "Texte de l’autre"})
    response = client.post(url_of(ours), {**GOOD, "territory": "Mon texte"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Texte de l’autre" in page
    assert "Mon texte" in page
    ours.organisation.refresh_from_db()
    assert ours.organisation.territory == "Texte de l’autre"


def test_approach_is_added_then_removed(ours, client):
    sign_in(client, ours, Role.LEGAL_REPRESENTATIVE)
    client.post(url_of(ours, "approach_add"), {"kind": "cedre", "since": "2014-05-01", "until": "2020-05-01"})
    approach = ours.organisation.approaches.get(kind="cedre")
    assert "Cèdre" in client.get(url_of(ours, "organisation")).content.decode()
    client.post(url_of(ours, "approach_remove", approach_pk=approach.pk))
    assert not ours.organisation.approaches.filter(kind="cedre").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"until": "2010-01-01"}, "ne peut pas précéder"),
        ({"kind": "other"}, "nom de cette démarche"),
        ({"since": "31/02"}, ""),
    ],
)
def test_bad_approach_says_why(ours, client, change, words):
    before = ours.organisation.approaches.count()
    response = sign_in(client, ours).post(
        url_of(ours, "approach_add"), {"kind": "cedre", "since": "2014-05-01", **change}
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert ours.organisation.approaches.count() == before


def test_approach_of_another_structure_cannot_be_removed(ours, client):
    theirs = World("neighbour").organisation.approaches.get()
    assert sign_in(client, ours).post(url_of(ours, "approach_remove", approach_pk=theirs.pk)).status_code == 404
    assert World("neighbour").organisation.approaches.get() == theirs


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER])
def test_reader_is_refused_and_nothing_changes(ours, client, role):
    assert sign_in(client, ours, role).post(url_of(ours), GOOD).status_code == 403
    ours.organisation.refresh_from_db()
    assert ours.organisation.territory != "Thouars"


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.FACILITATOR])
def test_the_card_leads_to_the_path(ours, client, role):
    page = sign_in(client, ours, role).get(url_of(ours, "organisation")).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert f'href="{ours.participation.get_absolute_url()}"' in main
    assert World("neighbour").participation.get_absolute_url() not in page
