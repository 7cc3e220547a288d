"""Opening a structure's chapters by exception."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.models import Autodiag
from caprse.base import clock
from caprse.base.models import AuditEvent
from cohorts.enums import ClearanceKind, OpeningCondition, Role
from cohorts.models import Clearance
from cohorts.services.cohorts import add_structure, end_clearance, grant_clearance, withdraw_clearances
from tests.worlds import World
from tests.worlds_organising import organised, page

GOOD = {"since": "2025-11-04", "until": "2025-11-20", "reason": "Le CA signe le 12 novembre."}
TODAY = date(2025, 11, 4)


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def path(ours):
    """Ours in a cohort that asks for a convention nobody signed; chapter 2 is open by its dates."""
    cohort = organised(ours, condition=OpeningCondition.ALL_SIGNED)
    return add_structure(cohort=cohort, organisation=ours.organisation, joined_on=date(2025, 2, 4))


@pytest.fixture
def admin(ours, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    return client


def url(path, name="clearance_exception", *args):
    return reverse(name, args=["ici", path.public_id, *args])


def start(ours, client, path):
    client.force_login(ours.user(Role.REFERENT))
    return client.post(reverse("autodiag_start", args=["ici", path.public_id, 2]))


def granted(path, **days):
    return grant_clearance(participation=path, kind=ClearanceKind.EXCEPTION, reason="Motif écrit", **days)


def test_before_it_the_chapter_says_what_it_waits_for(ours, path, client):
    assert start(ours, client, path).status_code == 403
    assert "demande une convention d’engagements" in page(client.get(path.get_absolute_url()))
    assert not Autodiag.objects.filter(participation=path).exists()


def test_it_opens_the_chapter_is_dated_reasoned_and_journalled(ours, path, admin):
    assert admin.post(url(path), GOOD).url == path.get_absolute_url()
    clearance = Clearance.objects.get(participation=path)
    assert (clearance.kind, clearance.since, clearance.until) == (ClearanceKind.EXCEPTION, TODAY, date(2025, 11, 20))
    assert clearance.granted_by == ours.user(Role.REGION_ADMIN)
    assert (
        AuditEvent.objects.get(verb="clearance.granted", participation_id=path.pk).actor_id == clearance.granted_by_id
    )
    assert start(ours, admin, path).status_code == 302
    shown = page(admin.get(path.get_absolute_url()))
    assert "Ouvert par exception jusqu’au jeudi 20 novembre 2025 : Le CA signe le 12 novembre." in shown


def test_it_lasts_to_the_end_of_its_last_day(ours, path, client, clock_at):
    granted(path, since=TODAY, until=date(2025, 11, 20))
    clock_at(clock.at(date(2025, 11, 21), 0, 1))
    assert start(ours, client, path).status_code == 403
    assert "Ouvert par exception" not in page(client.get(path.get_absolute_url()))


def test_without_end_it_is_said_without_day(path, admin):
    admin.post(url(path), {**GOOD, "until": ""})
    assert "Ouvert par exception : Le CA signe" in page(admin.get(path.get_absolute_url()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"until": "2025-11-03"},
            "La fin (lundi 3 novembre 2025) ne peut pas venir avant le début (mardi 4 novembre 2025)",
        ),
        ({"since": "2025-10-01", "until": "2025-10-31"}, "Cette exception serait déjà finie"),
        ({"reason": "  "}, "Écrivez pourquoi"),
        ({"reason": "x" * 301}, "300"),
        ({"since": ""}, ""),
    ],
)
def test_a_bad_one_says_why_keeps_what_was_typed_and_grants_nothing(path, admin, change, words):
    response = admin.post(url(path), {**GOOD, **change})
    assert response.status_code == 422
    assert words in page(response)
    if "reason" not in change:
        assert GOOD["reason"] in page(response)
    assert not Clearance.objects.filter(participation=path).exists()


def test_one_without_end_is_ended_before_another_is_granted(path, admin):
    granted(path, since=date(2025, 10, 1))
    response = admin.post(url(path), GOOD)
    assert response.status_code == 422
    assert "sans date de fin est déjà accordée à partir du mercredi 1er octobre 2025" in page(response)
    assert "Mettez-y fin, plus haut" in page(response)
    assert page(response).index("Motif écrit") < page(response).index("Mettez-y fin, plus haut")
    assert Clearance.objects.filter(participation=path).count() == 1


def test_the_form_sent_twice_grants_one(path, admin):
    admin.post(url(path), GOOD)
    response = admin.post(url(path), GOOD)
    assert response.status_code == 422
    assert "déjà accordée du mardi 4 novembre 2025 au jeudi 20 novembre 2025 : rien n’a été ajouté" in page(response)
    assert Clearance.objects.filter(participation=path).count() == 1
    assert AuditEvent.objects.filter(verb="clearance.granted", participation_id=path.pk).count() == 1


def test_one_that_lasts_longer_is_granted_beside_the_first(path, admin):
    admin.post(url(path), GOOD)
    assert admin.post(url(path), {**GOOD, "until": "2025-11-21"}).status_code == 302
    assert Clearance.objects.filter(participation=path).count() == 2


def test_ended_today_is_its_last_day(ours, path, admin, clock_at):
    clearance = granted(path, since=date(2025, 10, 1))
    response = admin.post(url(path, "clearance_end", clearance.pk), follow=True)
    assert "restent ouverts jusqu’à ce soir" in page(response)
    clearance.refresh_from_db()
    assert clearance.until == TODAY
    assert AuditEvent.objects.filter(verb="clearance.ended", target_id=clearance.pk).exists()
    assert start(ours, admin, path).status_code == 302


def test_ended_before_it_began_it_is_taken_away(path, admin):
    clearance = granted(path, since=date(2025, 12, 1))
    assert "elle est annulée" in page(admin.post(url(path, "clearance_end", clearance.pk), follow=True))
    assert not Clearance.objects.filter(participation=path).exists()
    assert AuditEvent.objects.filter(verb="clearance.cancelled", target_id=clearance.pk).exists()


def test_ending_one_that_is_over_changes_nothing(path, admin):
    clearance = granted(path, since=date(2025, 10, 1), until=date(2025, 10, 31))
    assert "rien n’a changé" in page(admin.post(url(path, "clearance_end", clearance.pk), follow=True))
    clearance.refresh_from_db()
    assert clearance.until == date(2025, 10, 31)


@pytest.mark.parametrize("since", [date(2025, 10, 1), date(2025, 12, 1)])
def test_ended_from_two_tabs_it_is_journalled_once(ours, path, since):
    clearance = granted(path, since=since)
    tabs = [Clearance.objects.get(pk=clearance.pk) for _ in range(2)]
    for seen in tabs:
        end_clearance(clearance=seen, until=TODAY, by=ours.user(Role.REGION_ADMIN))
    assert AuditEvent.objects.filter(verb__startswith="clearance.", target_id=clearance.pk).count() == 2


def test_neither_a_convention_nor_the_exception_of_another_path_is_ended_here(ours, path, admin):
    convention = grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=date(2025, 10, 1))
    for clearance in (convention, ours.clearance, World("stranger").clearance):
        assert admin.post(url(path, "clearance_end", clearance.pk)).status_code == 404
        before = clearance.until
        clearance.refresh_from_db()
        assert clearance.until == before


def test_the_page_lists_those_given_and_says_when_none_is_needed(path, admin):
    granted(path, since=date(2025, 10, 1), until=date(2025, 10, 31))
    assert "Motif écrit" in page(admin.get(url(path)))
    grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=date(2025, 10, 1))
    assert "La convention de cette structure est en vigueur" in page(admin.get(url(path)))


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REFERENT])
def test_other_roles_are_refused(ours, client, role):
    client.force_login(ours.user(role))
    before = Clearance.objects.count()
    assert client.post(url(ours.participation), GOOD).status_code == 403
    assert client.post(url(ours.participation, "clearance_end", ours.clearance.pk)).status_code == 403
    assert Clearance.objects.count() == before
    assert "par exception" not in page(client.get(ours.participation.get_absolute_url()))


def test_a_coordinator_of_another_region_finds_nothing(ours, path, client):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    assert client.get(url(path)).status_code == 404
    assert client.post(url(path), GOOD).status_code == 404
    assert client.post(url(ours.participation, "clearance_end", ours.clearance.pk)).status_code == 404
    assert not Clearance.objects.filter(participation=path).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(path, admin, queries, count):
    for month in range(1, count + 1):
        granted(path, since=date(2025, month, 1), until=date(2025, month, 20))
    with queries(6):
        assert page(admin.get(url(path))).count("Motif écrit") >= count


@pytest.mark.parametrize("count", [1, 3])
def test_clearances_of_a_kind_are_withdrawn_together(ours, queries, count):
    paths = [World(key).participation for key in ("ours", "neighbour", "lapsed")[:count]]
    Clearance.objects.filter(participation__in=paths).delete()
    for path in paths:
        grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=date(2025, 2, 1))
        granted(path, since=date(2025, 2, 1))
    by = ours.user(Role.REGION_ADMIN)
    with queries(3):
        ended = withdraw_clearances(participations=paths, kind=ClearanceKind.CONVENTION, until=TODAY, by=by)
    assert ended == count
    found = Clearance.objects.filter(participation__in=paths)
    assert set(found.values_list("kind", "until")) == {("convention", TODAY), ("exception", None)}
    assert AuditEvent.objects.filter(verb="clearance.ended", actor_id=by.pk).count() == count
    assert withdraw_clearances(participations=paths, kind=ClearanceKind.CONVENTION, until=TODAY, by=by) == 0
