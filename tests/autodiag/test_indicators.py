"""Figures by year: numbers as they are written in French, saves on their version, zero, unknown and nothing apart."""

from datetime import date
from decimal import Decimal

import pytest

from autodiag.figures import evolution, follow, in_french
from autodiag.forms.indicators import IndicatorForm
from autodiag.models import IndicatorChange, IndicatorValue
from autodiag.rules.indicators import can_hold_a_value, years_shown
from autodiag.services.answers import RoundClosed
from autodiag.services.indicators import ImpossibleYear, save_indicator_value
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from referentiel.models import Indicator
from tests.worlds import World

TODAY = date(2025, 11, 4)
NOTHING = {"value": None, "unknown": False, "source": "", "comment": ""}


@pytest.fixture
def ours(db):
    return World("ours")


def save(world, year=2022, revision=0, position=1, by=Role.REFERENT, **values):
    return save_indicator_value(
        autodiag=world.draft,
        indicator=world.indicator(position),
        year=year,
        revision=revision,
        by=world.actor(by),
        **{**NOTHING, **values},
    )


def form(**data):
    return IndicatorForm({"revision": "0", **data}, unit="heures", year=2024, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("12.5", "12.5"),
        ("0", "0"),
        ("-3", "-3"),
        ("\u22123,25", "-3.25"),
        ("-0", "0"),
        ("007", "7"),
        ("45 %", "45"),
        ("1 200 €", "1200"),
        ("35 heures", "35"),
        ("12,50000", "12.5"),
        ("99999999999999,9999", "99999999999999.9999"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, number):
    read = form(value=typed)
    assert read.is_valid(), read.errors
    assert read.cleaned_data["value"] == Decimal(number)
    assert not read.cleaned_data["value"].is_signed() or Decimal(number) < 0


@pytest.mark.parametrize(
    "typed",
    ["douze", "1e5", "NaN", "Infinity", "12 15", "1,2,3", "1.234,5", "=1+1", "12 kg", "🙂", "1_000", "٣", ",5", "-"],
)
def test_what_is_no_number_is_said(typed):
    read = form(value=typed)
    assert not read.is_valid()
    assert read.errors == {"value": ["Écrivez un nombre en chiffres, par exemple 12 ou 1 234,5."]}


@pytest.mark.parametrize("typed", ["9" * 15, "1,23456", "1" + "0" * 59])
def test_a_number_nobody_can_keep_is_said(typed):
    read = form(value=typed)
    assert not read.is_valid()
    assert "trop long" in read.errors["value"][0]


def test_a_number_and_unknown_exclude_each_other():
    assert "pas les deux" in form(value="0", unknown="on").errors["value"][0]
    assert form(unknown="on").is_valid()
    assert form().is_valid()


@pytest.mark.parametrize("year", [0, 1999, 2026, 9999])
def test_years_that_have_not_begun_or_are_of_another_time(year):
    verdict = can_hold_a_value(year, TODAY)
    assert not verdict
    assert verdict.reason == "Choisissez une année entre 2000 et 2025."
    assert can_hold_a_value(2025, TODAY)
    assert can_hold_a_value(2000, TODAY)


def test_the_last_three_years_those_written_and_the_one_asked_for():
    assert years_shown(TODAY, []) == [2023, 2024, 2025]
    assert years_shown(TODAY, [2019, 2024], asked=2021) == [2019, 2021, 2023, 2024, 2025]


def test_a_first_figure_makes_its_row_its_history_and_its_line_in_the_journal(ours):
    row = save(ours, value=Decimal("12.5"), source="Bilan")
    stored = IndicatorValue.objects.get(pk=row.pk)
    assert (stored.value, stored.revision, stored.region_id) == (Decimal("12.5"), 1, ours.participation.region_id)
    change = IndicatorChange.objects.get(indicator_value=row)
    assert (change.before, change.after) == ({"value": "", "source": ""}, {"value": "12.5", "source": "Bilan"})
    event = AuditEvent.objects.filter(verb="indicator.saved").latest("pk")
    assert event.details == {"revision": 1, "year": 2022, "fields": ["value", "source"]}


def test_zero_unknown_and_nothing_are_three_things(ours):
    zero, unknown = save(ours, value=Decimal(0)), save(ours, year=2021, unknown=True)
    nothing = save(ours, year=2020)
    assert nothing.pk is None
    assert (zero.value, zero.unknown) == (0, False)
    assert (unknown.value, unknown.unknown) == (None, True)
    followed = follow([ours.indicator()], list(IndicatorValue.objects.all()), today=TODAY, asked=2020)[0]
    words = {figure.year: figure.in_words for figure in followed.figures}
    assert (words[2022], words[2021], words[2020]) == ("0\u00a0%", "Nous ne savons pas", "Rien d’écrit")


def test_the_same_figure_saved_twice_writes_once(ours):
    save(ours, value=Decimal(3))
    again = save(ours, revision=1, value=Decimal("3.0000"))
    assert (again.revision, IndicatorChange.objects.filter(indicator_value=again).count()) == (1, 1)


def test_a_figure_can_be_emptied_and_its_history_stays(ours):
    save(ours, value=Decimal(3))
    row = save(ours, revision=1)
    assert (row.value, row.revision) == (None, 2)
    assert IndicatorChange.objects.filter(indicator_value=row).count() == 2


def test_of_two_first_saves_the_second_is_shown_the_first(ours):
    save(ours, value=Decimal(3), by=Role.CONTRIBUTOR)
    with pytest.raises(StaleSave) as stale:
        save(ours, value=Decimal(4))
    assert (stale.value.current.value, stale.value.current.revision) == (3, 1)
    assert ours.figure(2022).value == 3


def test_a_version_nobody_wrote_is_refused(ours):
    with pytest.raises(StaleSave):
        save(ours, revision=7, value=Decimal(4))
    assert ours.figure(2022) is None


def test_an_impossible_year_is_refused_by_the_service_too(ours):
    with pytest.raises(ImpossibleYear, match="entre 2000 et 2025"):
        save(ours, year=2026, value=Decimal(4))


def test_nothing_is_written_once_the_chapter_is_transmitted(ours):
    done = ours.submitted
    indicator = Indicator.objects.get(criterion__chapter=done.round.chapter, criterion__position=1)
    with pytest.raises(RoundClosed, match="transmis"), clock.stopped(clock.at(TODAY, 10)):
        save_indicator_value(
            autodiag=done, indicator=indicator, year=2024, revision=0, by=ours.actor(Role.REFERENT), **NOTHING
        )
    assert not IndicatorValue.objects.filter(autodiag=done).exists()


def figures(*values, unit="heures"):
    indicator = Indicator(pk=1, position=1, title="Heures", unit=unit)
    rows = [
        IndicatorValue(indicator=indicator, year=2023 + rank, value=None if value is None else Decimal(value))
        for rank, value in enumerate(values)
    ]
    return follow([indicator], rows, today=TODAY)[0]


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        (("12", None, "18"), "heures", "De 2023 à 2025 : de 12 à 18 heures, soit 6 de plus (+ 50 %)."),
        (("18", "12"), "heures", "De 2023 à 2024 : de 18 à 12 heures, soit 6 de moins (\u2212 33 %)."),
        (("58", "71"), "%", "De 2023 à 2024 : de 58 à 71 %, soit 13 points de plus."),
        (("58", "59"), "%", "De 2023 à 2024 : de 58 à 59 %, soit 1 point de plus."),
        (("0", "4"), "heures", "De 2023 à 2024 : de 0 à 4 heures, soit 4 de plus."),
        (("7", "7"), "", "De 2023 à 2024 : stable, 7."),
        (("7",), "", ""),
    ],
)
def test_before_and_after_are_said_in_words(values, unit, words):
    assert figures(*values, unit=unit).evolution.replace("\u00a0", " ") == words


def test_the_drawing_tells_what_the_table_says():
    drawn = figures("12", None, "18.5").drawing
    assert "2023\u00a0: 12\u00a0heures\u00a0; 2024\u00a0: Rien d’écrit\u00a0; 2025\u00a0: 18,5\u00a0heures." in drawn
    assert figures("12").drawing == ""
    assert figures("-1", "2").drawing == ""
    assert figures("0", "0").drawing


def test_large_numbers_read_in_french():
    assert in_french(Decimal("1234567.5000")) == "1\u202f234\u202f567,5"
    assert in_french(Decimal("100.0000")) == "100"
    assert evolution(figures("1").known[0], figures("1").known[0], "").endswith("stable, 1.")
