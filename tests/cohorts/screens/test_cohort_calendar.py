"""Changing the dates of a cohort: its rounds follow, and nothing is lost."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.services.answers import start
from caprse.base.models import AuditEvent
from cohorts.enums import MeetingKind, Role
from cohorts.models import Meeting, Round
from cohorts.services.cohorts import add_structure
from tests.worlds import World
from tests.worlds_organising import organised, page, posted


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


def url(cohort):
    return reverse("cohort_calendar", args=[cohort.region.slug, cohort.slug])


def days(cohort, number):
    found = Round.objects.get(cohort=cohort, chapter__number=number)
    return found.opens_on, found.closes_on


def at_work(ours, cohort):
    """Our structure has begun chapter 2."""
    path = add_structure(cohort=cohort, organisation=ours.organisation, joined_on=date(2025, 2, 4))
    round_ = Round.objects.get(cohort=cohort, chapter__number=2)
    return start(participation=path, round=round_, by=ours.actor(Role.REFERENT))


def test_it_shows_every_step_in_words(cohort, admin):
    shown = page(admin.get(url(cohort)))
    assert "Mardi 23 septembre 2025, 10 h" in shown
    assert shown.count("data-date-row") == 7


def test_rounds_follow_the_dates(cohort, admin):
    changes = {"etape_5_day": "2025-10-01", "etape_6_precision": "unknown", "etape_7_as_written": "Avant Noël"}
    response = admin.post(url(cohort), posted(cohort, **changes), follow=True)
    assert "3 dates changées" in page(response)
    assert days(cohort, 1) == (date(2025, 6, 24), date(2025, 8, 26))
    assert days(cohort, 2) == (date(2025, 10, 1), None)
    verbs = list(AuditEvent.objects.filter(cohort_id=cohort.pk).order_by("-pk").values_list("verb", flat=True)[:4])
    assert sorted(verbs) == ["meeting.moved", "meeting.moved", "meeting.moved", "round.moved"]


def test_the_cohort_starts_with_its_first_step(cohort, admin):
    admin.post(url(cohort), posted(cohort, etape_1_day="2025-02-11"))
    cohort.refresh_from_db()
    assert cohort.starts_on == date(2025, 2, 11)


def test_saving_without_change_writes_nothing(cohort, admin):
    before = AuditEvent.objects.count()
    assert "Aucune date n’a changé" in page(admin.post(url(cohort), posted(cohort), follow=True))
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"etape_5_day": "2025-11-30"},
            "« Regroupement du chapitre 2 » (mardi 25 novembre 2025) ne peut pas venir avant",
        ),
        ({"etape_6_day": ""}, "Donnez le jour"),
        ({"etape_6_precision": ""}, ""),
    ],
)
def test_bad_dates_say_why_and_change_nothing(cohort, admin, changes, words):
    response = admin.post(url(cohort), posted(cohort, etape_7_as_written="Gardé", **changes))
    assert response.status_code == 422
    assert words in page(response)
    assert 'value="Gardé"' in page(response)
    assert days(cohort, 2) == (date(2025, 9, 23), date(2025, 11, 25))


LATER = {"etape_5_day": "2025-11-12"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (LATER, "il se referme jusqu’au mercredi 12 novembre 2025"),
        ({"etape_5_precision": "unknown"}, "il se referme jusqu’à ce que sa visio lecture ait un jour"),
        ({"etape_6_day": "2025-10-28"}, "il est fermé depuis le mardi 28 octobre 2025"),
    ],
)
def test_closing_a_chapter_under_way_is_said_and_asked_again(ours, cohort, admin, changes, words):
    at_work(ours, cohort)
    response = admin.post(url(cohort), posted(cohort, **changes))
    assert response.status_code == 422
    assert "Le chapitre 2 est ouvert aujourd’hui et 1 structure y travaille" in page(response)
    assert words in page(response)
    assert "réponses sont gardées" in page(response)
    assert days(cohort, 2) == (date(2025, 9, 23), date(2025, 11, 25))


def test_once_confirmed_the_chapter_closes_and_its_answers_are_kept(ours, cohort, admin):
    autodiag = at_work(ours, cohort)
    confirm = admin.post(url(cohort), posted(cohort, **LATER)).context["dates"].signature
    response = admin.post(url(cohort), {**posted(cohort, **LATER), "confirm": confirm}, follow=True)
    assert "Refermé pour l’instant : chapitre 2. Les réponses sont gardées" in page(response)
    assert days(cohort, 2)[0] == date(2025, 11, 12)
    assert autodiag.answers.count() == 4


def test_a_confirmation_holds_for_the_dates_it_was_given_on(ours, cohort, admin):
    at_work(ours, cohort)
    confirm = admin.post(url(cohort), posted(cohort, **LATER)).context["dates"].signature
    other = posted(cohort, etape_5_day="2025-11-19")
    assert admin.post(url(cohort), {**other, "confirm": confirm}).status_code == 422
    assert days(cohort, 2)[0] == date(2025, 9, 23)


def test_a_date_changed_meanwhile_is_shown_and_not_written_over(cohort, admin):
    mine = posted(cohort, etape_6_day="2025-12-02", etape_1_day="2025-02-05")
    admin.post(url(cohort), posted(cohort, etape_6_day="2025-11-27", etape_7_as_written="Noël"))
    response = admin.post(url(cohort), mine)
    assert response.status_code == 409
    assert "c’est maintenant jeudi 27 novembre 2025" in page(response)
    assert 'value="2025-12-02"' in page(response)
    assert days(cohort, 2)[1] == date(2025, 11, 27)
    shown = {bound.html_name: bound.value() or "" for row in response.context["dates"].rows for bound in row.form}
    assert shown["etape-7-as_written"] == "Noël"
    again = admin.post(url(cohort), shown)
    assert again.status_code == 302
    assert days(cohort, 2)[1] == date(2025, 12, 2)
    assert Meeting.objects.get(cohort=cohort, position=1).day == date(2025, 2, 5)


def test_a_round_without_regroupement_never_ends_before_it_opens(ours, admin):
    """The days of the worlds' rounds were set apart from any regroupement."""
    response = admin.post(url(ours.cohort), posted(ours.cohort, etape_2_day="2025-12-20"))
    assert response.status_code == 422
    assert "Le chapitre 2 ouvrirait le samedi 20 décembre 2025, après sa fermeture, le mardi 9 décembre" in page(
        response
    )


def test_a_permanent_cohort_says_that_it_has_no_calendar(ours, admin):
    permanent = reverse("cohort_calendar", args=["ici", "permanente"])
    assert "n’a pas de calendrier" in page(admin.get(permanent))
    assert admin.post(permanent, {}).status_code == 422


def test_a_coordinator_of_another_region_finds_nothing(cohort, client):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    assert client.get(url(cohort)).status_code == 404
    assert client.post(url(cohort), posted(cohort, etape_6_day="2025-12-02")).status_code == 404
    assert days(cohort, 2)[1] == date(2025, 11, 25)


def test_who_accompanies_reads_the_dates_and_does_not_change_them(ours, client):
    client.force_login(ours.user(Role.FACILITATOR))
    before = list(Meeting.objects.filter(cohort=ours.cohort).values())
    response = client.post(url(ours.cohort), posted(ours.cohort, etape_1_day="2025-04-09"))
    assert response.status_code == 403
    assert list(Meeting.objects.filter(cohort=ours.cohort).values()) == before


def test_it_costs_the_same_for_seven_or_three_steps(cohort, admin, queries):
    for count in (7, 3):
        with queries(7):
            assert page(admin.get(url(cohort))).count("data-date-row") == count
        Meeting.objects.filter(cohort=cohort).exclude(kind__in=(MeetingKind.READING, MeetingKind.CLOSING)).delete()
