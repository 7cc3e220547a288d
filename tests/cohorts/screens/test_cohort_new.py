"""Creating a cohort: choose, read the dates over, create."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import AuditEvent
from cohorts.enums import DatePrecision, MeetingKind, OpeningCondition, Role
from cohorts.models import Cohort, Meeting, Round
from referentiel.enums import VersionState
from referentiel.models import Referentiel, Version
from tests.worlds import World

URL = "/regions/ici/cohortes/nouvelle/"


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def admin(ours, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    return client


def choices(ours, **changes):
    return {
        "name": "Cohorte 2026-2027",
        "version": ours.cohort.version_id,
        "calendar": "thirteen_steps",
        "starts_on": "2026-01-13",
        "condition": "all_signed",
        **changes,
    }


def preview(client, data):
    return client.get(f"{URL}?{urlencode(data)}")


def posted(client, data, **dates):
    """The choices and the proposed dates as the page sends them, some changed: `etape_4_day` for « etape-4-day »."""
    fields = {}
    for row in preview(client, data).context["dates"].rows:
        fields |= {bound.html_name: text(bound.value()) for bound in row.form}
    return {**data, **fields, **{f"etape-{name[6:].replace('_', '-', 1)}": value for name, value in dates.items()}}


def text(value):
    return "" if value is None else f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def page(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").replace("&#x27;", "’")


def test_it_proposes_the_dates_in_words_and_creates_nothing(ours, admin):
    before = Cohort.objects.count()
    shown = page(preview(admin, choices(ours)))
    assert "Mardi 13 janvier 2026" in shown
    assert "Visio lecture du chapitre 2" in shown
    assert "Visio lecture du chapitre 3" not in shown
    assert Cohort.objects.count() == before


def test_it_creates_the_cohort_its_steps_and_its_rounds(ours, admin):
    response = admin.post(URL, posted(admin, choices(ours)))
    cohort = Cohort.objects.get(name="Cohorte 2026-2027")
    assert response.url == reverse("cohort_setup", args=["ici", "cohorte-2026-2027"])
    assert (cohort.starts_on, cohort.condition) == (date(2026, 1, 13), OpeningCondition.ALL_SIGNED)
    assert cohort.meetings.count() == 7
    reading = cohort.meetings.get(kind=MeetingKind.READING, chapter__number=1)
    assert reading.starts_at == clock.at(date(2026, 6, 2), 10)
    rounds = list(cohort.rounds.order_by("chapter__number").values_list("opens_on", "closes_on"))
    assert rounds == [(date(2026, 6, 2), date(2026, 8, 4)), (date(2026, 9, 1), date(2026, 11, 3))]
    verbs = AuditEvent.objects.filter(cohort_id=cohort.pk).values_list("verb", flat=True)
    assert sorted(set(verbs)) == ["cohort.created", "meeting.added", "round.set"]


def test_dates_read_over_are_those_kept(ours, admin):
    changed = posted(
        admin,
        choices(ours),
        etape_1_day="2026-01-15",
        etape_3_precision="month",
        etape_3_day="2026-06-20",
        etape_3_as_written="Juin ?",
        etape_4_precision="unknown",
        etape_5_precision="date",
        etape_7_precision="date",
        etape_7_day="2026-12-10",
        etape_7_as_written="Décembre ?",
    )
    admin.post(URL, changed)
    cohort = Cohort.objects.get(name="Cohorte 2026-2027")
    steps = {m.position: m for m in cohort.meetings.all()}
    assert cohort.starts_on == date(2026, 1, 15)
    assert (steps[3].precision, steps[3].day, steps[3].as_written) == ("month", date(2026, 6, 1), "Juin ?")
    assert (steps[4].precision, steps[4].day) == (DatePrecision.UNKNOWN, None)
    assert (steps[5].precision, steps[5].starts_at) == (DatePrecision.DATE, None)
    assert (steps[7].day, steps[7].as_written) == (date(2026, 12, 10), "")
    first = cohort.rounds.get(chapter__number=1)
    assert (first.opens_on, first.closes_on) == (None, None)


def test_an_address_already_taken_or_reserved_is_given_another(ours, admin):
    for name, slug in (("Cohorte", "cohorte-2"), ("Nouvelle", "nouvelle-2"), ("!!!", "cohorte-3")):
        admin.post(URL, posted(admin, choices(ours, name=name)))
        assert Cohort.objects.get(name=name).slug == slug
    assert admin.get(URL).status_code == 200


BAD_CHOICES = [
    ({"name": ""}, ""),
    ({"name": "cohorte d’ICI"}, "s’appelle déjà"),
    ({"starts_on": "2022-01-10"}, "est passé depuis plus de deux ans : vérifiez l’année"),
    ({"starts_on": "2062-01-10"}, "est dans plus de cinq ans"),
    ({"starts_on": "31/02/2026"}, ""),
    ({"version": "0"}, ""),
    ({"calendar": "autre"}, ""),
    ({"condition": "autre"}, ""),
]


@pytest.mark.parametrize(("change", "words"), BAD_CHOICES)
def test_a_bad_choice_says_why_and_creates_nothing(ours, admin, change, words):
    before = Cohort.objects.count()
    for response in (preview(admin, choices(ours, **change)), admin.post(URL, choices(ours, **change))):
        assert response.status_code == 422
        assert "À corriger" in page(response)
        assert words in page(response)
    assert Cohort.objects.count() == before


def test_a_referentiel_without_chapter_is_explained(ours, admin):
    empty = Version.objects.create(
        referentiel=Referentiel.objects.create(code="VIDE", title="Vide"),
        number=1,
        state=VersionState.PUBLISHED,
        published_at=clock.now(),
        published_by="Équipe nationale",
        content_hash="0",
    )
    assert "n’a encore aucun chapitre" in page(preview(admin, choices(ours, version=empty.pk)))


def test_a_draft_is_not_offered(ours, admin):
    assert preview(admin, choices(ours, version=ours.draft_version.pk)).status_code == 422


BAD_DATES = [
    (
        {"etape_4_day": "2026-05-26"},
        "« Regroupement du chapitre 1 » (mardi 26 mai 2026) ne peut pas venir avant "
        "« Visio lecture du chapitre 1 » (mardi 2 juin 2026, 10 h)",
    ),
    ({"etape_5_day": "2026-08-03"}, "ne peut pas venir avant « Regroupement du chapitre 1 » (mardi 4 août 2026)"),
    ({"etape_7_day": "2026-10-01"}, "(octobre 2026) ne peut pas venir avant « Regroupement du chapitre 2 »"),
    ({"etape_3_hour": ""}, "Donnez l’heure, ou choisissez « jour »"),
    ({"etape_4_day": ""}, "Donnez le jour, ou choisissez « à confirmer »"),
    ({"etape_7_day": ""}, "Donnez un jour de ce mois"),
    ({"etape_4_day": "0206-08-04"}, "Vérifiez l’année : 206."),
    ({"etape_4_precision": "bientôt"}, ""),
]


@pytest.mark.parametrize(("change", "words"), BAD_DATES)
def test_a_bad_date_says_why_keeps_what_was_typed_and_creates_nothing(ours, admin, change, words):
    before = (Cohort.objects.count(), Meeting.objects.count(), Round.objects.count())
    response = admin.post(URL, posted(admin, choices(ours), etape_6_day="2026-11-19", **change))
    assert response.status_code == 422
    assert words in page(response)
    assert 'value="2026-11-19"' in page(response)
    assert "Cohorte 2026-2027" in page(response)
    assert (Cohort.objects.count(), Meeting.objects.count(), Round.objects.count()) == before


def test_going_back_keeps_the_choices(ours, admin):
    shown = page(preview(admin, {**choices(ours), "choix": "1"}))
    assert 'value="Cohorte 2026-2027"' in shown
    assert 'value="2026-01-13"' in shown


def test_name_taken_in_the_meantime_keeps_the_choices(ours, admin):
    data = posted(admin, choices(ours))
    admin.post(URL, data)
    response = admin.post(URL, data)
    assert response.status_code == 422
    assert "s’appelle déjà" in page(response)
    assert Cohort.objects.filter(name="Cohorte 2026-2027").count() == 1


def test_a_coordinator_of_another_region_finds_nothing(ours, client):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    before = Cohort.objects.count()
    assert client.get(URL).status_code == 404
    assert client.post(URL, choices(ours)).status_code == 404
    assert Cohort.objects.count() == before


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REFERENT, Role.NATIONAL_STAFF])
def test_other_roles_are_refused(ours, client, role):
    client.force_login(ours.user(role))
    before = Cohort.objects.count()
    assert client.post(URL, choices(ours)).status_code == 403
    assert Cohort.objects.count() == before


def test_home_offers_it_to_who_coordinates_alone(ours, client):
    for role, offered in ((Role.REGION_ADMIN, True), (Role.FACILITATOR, False)):
        client.force_login(ours.user(role))
        assert (URL in client.get("/").content.decode()) is offered
