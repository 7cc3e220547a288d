"""The first block of home for people the table does not have, what it never shows, what it costs."""

import re
from datetime import date

import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import CohortKind, OrganisationKind, Role
from cohorts.models import ClauseVersion
from cohorts.services import cohorts, organisations, people
from referentiel.models import Version
from referentiel.services import start_draft
from tests.caprse.home_page import home_of, main_block, plain
from tests.worlds import World, person
from tests.worlds_situations import Eve

pytestmark = pytest.mark.django_db

TODAY, BEFORE, CLOSED = date(2025, 11, 4), date(2025, 11, 5), date(2026, 3, 11)
REFERENT, FACILITATOR = Role.REFERENT, Role.FACILITATOR


def test_somebody_without_any_role_learns_whom_to_ask(client):
    user = people.create_person(email="seul@example.org", first_name="Noa", last_name="Seul", password="x")
    page = home_of(client, user, TODAY)
    expected = (
        "Votre compte est prêt, il reste à vous rattacher",
        reverse("rights"),
        "Compte ouvert le mardi 4 novembre 2025",
    )
    assert main_block(page) == expected
    assert "délégation de votre région" in page


def test_a_structure_in_no_cohort_waits_for_its_region(client):
    user = World("ours").user(Role.REFERENT)
    World("ours").organisation.participations.update(left_on=TODAY)
    page = home_of(client, user, TODAY)
    title = "Votre organisation n’est encore dans aucune cohorte"
    assert main_block(page) == (title, reverse("rights"), "Entrée : date à confirmer")


def test_a_region_without_cohort_creates_its_first(client):
    region = organisations.create_region(slug="vierge", name="Vierge")
    team = organisations.create_organisation(kind=OrganisationKind.REGION, legal_name="Délégation", region=region)
    user = person("admin@vierge.example.org", "Vierge", Role.REGION_ADMIN, organisation=team)
    people.accept_clause(user=user, clause=ClauseVersion.objects.in_force(TODAY).first())
    title = "Créer la première cohorte de votre région"
    expected = (title, reverse("cohort_new", args=["vierge"]), "Première date : date à confirmer")
    assert main_block(home_of(client, user, TODAY)) == expected


def test_a_lapsed_structure_reads_since_when(client):
    lapsed = World("lapsed")
    expected = (
        "Vos outils sont fermés : l’adhésion n’est plus à jour",
        lapsed.participation.get_absolute_url(),
        "Adhésion valable jusqu’au dimanche 31 août 2025",
    )
    assert main_block(home_of(client, lapsed.user(Role.REFERENT), TODAY)) == expected


def test_national_staff_go_to_the_network_with_its_next_date(client):
    user = World("ours").user(Role.NATIONAL_STAFF)
    Eve()
    expected = ("Voir où en est le réseau", reverse("network"), "Prochaine date : mardi 2 décembre 2025")
    assert main_block(home_of(client, user, TODAY)) == expected


def test_an_editor_goes_on_with_the_draft(client):
    with clock.stopped(clock.at(date(2025, 10, 30), 10)):
        referentiel = Eve().cohort.version.referentiel
        if not Version.objects.drafts().filter(referentiel=referentiel).exists():
            start_draft(referentiel=referentiel)
    page = home_of(client, World("ours").user("editor"), TODAY)
    title, link, when = main_block(page)
    draft = Version.objects.drafts().get(referentiel=referentiel)
    assert (title, link) == (
        f"Poursuivre la version {draft.number} du référentiel",
        reverse("referentiel_draft", args=[referentiel.code]),
    )
    assert f'href="{reverse("network")}"' in page
    assert re.fullmatch(r"Commencée le \w+ \d+\w* \w+ 2025", when)


def test_two_structures_the_nearer_day_first_and_the_other_named(client):
    """A référente of both: the chapter to work on is told first, the cohort that waits is told below."""
    eve, ours = Eve(convention="none"), World("ours")
    user = ours.user(Role.REFERENT)
    people.give_role(user=user, role=Role.REFERENT, organisation=eve.path.organisation, since=TODAY)
    page = home_of(client, user, TODAY)
    assert main_block(page) == (
        "Continuer le chapitre 2",
        ours.draft.get_absolute_url(),
        "Avant la fin du mardi 9 décembre 2025",
    )
    below = plain(page.split("</section>", 1)[1])
    assert "Le parcours de Les Prés La convention d’engagements se prépare" in below
    assert "Chapitre 1 : ouverture le mardi 13 janvier 2026" in below


def test_a_closed_chapter_names_who_may_grant_a_delay(client):
    eve = Eve().begin()
    page = plain(home_of(client, eve.user(REFERENT), CLOSED))
    assert "Demandez un délai : Facilitator Accompagne peut vous l’accorder" in page


def test_awaited_structures_are_counted_never_named(client):
    """The region and the partners are named: the other structures of the cohort are not shown on home."""
    eve = Eve(convention="none")
    eve.structure("voisine", "Structure MARQUEVOISIN")
    eve.bring_convention("own")
    page = plain(home_of(client, eve.user(REFERENT), BEFORE))
    assert "On attend Délégation neuve, Partenaire neuf, Tête de réseau et une autre structure." in page
    assert "MARQUEVOISIN" not in page


def test_the_signature_its_structure_owes_comes_before_the_pair(client):
    eve = Eve(convention="sent", pair=False)
    page = home_of(client, eve.user(REFERENT), BEFORE)
    title, link, when = main_block(page)
    assert (title, link) == ("La convention attend encore 4 signatures", eve.convention.get_absolute_url())
    assert page.index("On attend votre structure") < page.index("Nommer votre binôme")
    assert page.count("La convention attend encore") == 1


def test_once_its_structure_has_signed_the_pair_comes_first_again(client):
    page = home_of(client, Eve(convention="own", pair=False).user(REFERENT), BEFORE)
    assert main_block(page)[0] == "Nommer votre binôme"


def test_after_the_convention_nobody_is_told_of_a_next_step(client):
    """The dates after its end stay in the calendar; no page calls one of them the next."""
    ours, eve = World("ours"), Eve(convention="signed").end()
    after = date(2026, 3, 2)
    partner = home_of(client, eve.user(Role.PARTNER), after)
    assert main_block(partner)[::2] == ("La cohorte est arrivée au bout", "Depuis le vendredi 27 février 2026")
    assert "Regroupement 1" in partner
    assert "Prochaine étape" not in partner
    with clock.stopped(clock.at(after, 10)):
        assert "Prochaine étape" not in client.get(eve.cohort.get_absolute_url()).content.decode()
    assert "Cohorte neuve, Neuve" not in plain(home_of(client, ours.user(Role.NATIONAL_STAFF), after))


def test_what_is_told_in_big_is_not_told_twice(client):
    page = home_of(client, Eve().user(REFERENT), BEFORE)
    assert page.count("La cohorte n’a pas encore commencé") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_home_of_a_facilitator_costs_the_same_for_one_or_three_cohorts(client, queries, count):
    eve = Eve(convention="none")
    user = eve.user(FACILITATOR)
    for rank in range(count - 1):
        cohort = cohorts.create_cohort(
            region=eve.region,
            slug=f"autre-{rank}",
            name=f"Autre {rank}",
            kind=CohortKind.DATED,
            version=eve.cohort.version,
            starts_on=TODAY,
        )
        cohorts.add_structure(cohort=cohort, organisation=eve.path.organisation)
        people.give_role(user=user, role=Role.FACILITATOR, cohort=cohort, since=TODAY)
    client.force_login(user)
    with queries(14):
        page = client.get("/").content.decode()
    assert page.count("La cohorte se prépare") == count


def test_home_of_a_referente_who_waits_costs_two_queries_more(client, queries):
    eve = Eve(convention="own")
    client.force_login(eve.user(REFERENT))
    with queries(max=23):
        page = client.get("/").content.decode()
    assert "La convention attend encore" in page


@pytest.mark.parametrize("role", [*Role, "editor"])
def test_home_costs_anybody_few_queries(client, queries, role):
    client.force_login(World("ours").user(role))
    with queries(max=22):
        page = client.get("/").content.decode()
    title, link, when = main_block(page)
    assert title
    assert link
    assert when
