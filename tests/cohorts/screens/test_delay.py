"""Giving a structure more time for a chapter."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from caprse.base import clock, outbox
from caprse.base.models import AuditEvent, OutboxMessage
from cohorts.enums import Role
from cohorts.models import RoundExtension
from cohorts.services.delays import ADJUSTED_MAIL, adjust_round
from tests.worlds import World
from tests.worlds_organising import page

GOOD = {"closes_on": "2025-12-20", "reason": "Déménagement en novembre", "seen": "2025-12-09"}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def team(ours, client):
    client.force_login(ours.user(Role.FACILITATOR))
    return client


def url(world, number=2):
    region = world.participation.cohort.region.slug
    return reverse("round_adjust", args=[region, world.participation.public_id, number])


def given(world):
    return list(RoundExtension.objects.filter(participation=world.participation).values_list("closes_on", "reason"))


def adjust(world, **changes):
    values = {"closes_on": date(2025, 12, 20), "reason": "Motif", **changes}
    by = world.user(Role.FACILITATOR)
    return adjust_round(round=world.round(2), participation=world.participation, by=by, **values)


def test_it_moves_the_day_of_this_structure_alone_and_tells_it_why(ours, team):
    outbox.send_waiting()
    mail.outbox.clear()
    assert "Toute la structure la lit sur la page de son parcours" in page(team.get(url(ours)))
    assert team.post(url(ours), GOOD).url == ours.participation.get_absolute_url()
    assert given(ours) == [(date(2025, 12, 20), "Déménagement en novembre")]
    outbox.send_waiting()
    (sent,) = [message for message in mail.outbox if "ferme le" in message.subject]
    assert sent.to == ["referent@ours.example.org"]
    assert "samedi 20 décembre 2025" in sent.body
    assert "Déménagement en novembre" in sent.body
    for role in (Role.REFERENT, Role.BOARD_MEMBER):
        team.force_login(ours.user(role))
        shown = page(team.get(ours.participation.get_absolute_url()))
        assert "Délai accordé jusqu’au samedi 20 décembre 2025 : Déménagement en novembre" in shown
        assert url(ours) not in shown
    team.force_login(World("lapsed").user(Role.REFERENT))
    assert "Déménagement" not in page(team.get(World("lapsed").participation.get_absolute_url()))


def test_it_is_changed_again_then_ended_and_each_is_journalled(ours, team):
    team.post(url(ours), GOOD)
    team.post(url(ours), {"closes_on": "2026-01-10", "reason": "Encore un peu", "seen": "2025-12-20"})
    assert given(ours) == [(date(2026, 1, 10), "Encore un peu")]
    team.post(url(ours), {"closes_on": "2025-12-09", "reason": "Tout est prêt", "seen": "2026-01-10"})
    assert given(ours) == [(date(2025, 12, 9), "Tout est prêt")]
    shown = page(team.get(ours.participation.get_absolute_url()))
    assert "Revenu à la date de la cohorte : Tout est prêt" in shown
    lines = AuditEvent.objects.filter(verb="round.adjusted", participation_id=ours.participation.pk).order_by("pk")
    assert [(line.details["before"], line.details["after"]) for line in lines] == [
        ("2025-12-09", "2025-12-20"),
        ("2025-12-20", "2026-01-10"),
        ("2026-01-10", "2025-12-09"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_on": "2025-12-08"}, "Choisissez le mardi 9 décembre 2025, dernier jour du chapitre dans la cohorte"),
        ({"closes_on": "2025-12-09"}, "ferme déjà le mardi 9 décembre 2025"),
        ({"closes_on": "2052-12-20"}, "Vérifiez l’année"),
        ({"closes_on": "9999-12-20"}, "Vérifiez l’année"),
        ({"closes_on": ""}, ""),
        ({"reason": "  "}, "Écrivez pourquoi cette date change"),
        ({"reason": "x" * 301}, "301"),
    ],
)
def test_a_bad_one_says_why_keeps_what_was_typed_and_moves_nothing(ours, team, changes, words):
    before = OutboxMessage.objects.filter(kind=ADJUSTED_MAIL).count()
    response = team.post(url(ours), {**GOOD, **changes})
    assert response.status_code == 422
    assert words in page(response)
    if "reason" not in changes:
        assert GOOD["reason"] in page(response)
    assert given(ours) == []
    assert OutboxMessage.objects.filter(kind=ADJUSTED_MAIL).count() == before


def test_a_day_that_is_past_is_refused_even_after_the_cohorts(ours, team, clock_at):
    clock_at(clock.at(date(2025, 12, 30), 9))
    response = team.post(url(ours), GOOD)
    assert response.status_code == 422
    assert "Ce jour est passé (samedi 20 décembre 2025)" in page(response)
    assert given(ours) == []


@pytest.mark.parametrize(
    ("number", "change", "words"),
    [
        (1, {}, "déjà transmis"),
        (2, {"closes_on": None}, "n’a pas de date de fin"),
    ],
)
def test_when_it_cannot_be_the_page_says_why_and_has_no_form(ours, team, number, change, words):
    if change:
        ours.cohort.rounds.filter(chapter__number=number).update(**change)
    shown = page(team.get(url(ours, number)))
    assert words in shown
    assert "<textarea" not in shown
    response = team.post(url(ours, number), {**GOOD, "seen": ""})
    assert response.status_code in (409, 422)
    assert words in page(response)
    assert given(ours) == []


def test_a_day_moved_in_between_is_shown_and_nothing_is_written(ours, team):
    adjust(ours, closes_on=date(2026, 1, 5), reason="De ma collègue")
    response = team.post(url(ours), GOOD)
    assert response.status_code == 409
    shown = page(response)
    assert "De ma collègue" in shown
    assert "Lundi 5 janvier 2026" in shown
    assert GOOD["reason"] in shown
    assert 'name="seen" value="2026-01-05"' in shown
    assert given(ours) == [(date(2026, 1, 5), "De ma collègue")]


def test_the_form_sent_twice_writes_once(ours, team):
    team.post(url(ours), GOOD)
    posted = OutboxMessage.objects.filter(kind=ADJUSTED_MAIL).count()
    response = team.post(url(ours), {**GOOD, "seen": "2025-12-20"})
    assert response.status_code == 422
    assert "rien n’a changé" in page(response)
    assert OutboxMessage.objects.filter(kind=ADJUSTED_MAIL).count() == posted


@pytest.mark.parametrize("role", [Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_a_structure_does_not_give_itself_more_time(ours, client, role):
    client.force_login(ours.user(role))
    assert client.get(url(ours)).status_code == 403
    assert client.post(url(ours), GOOD).status_code == 403
    assert given(ours) == []


def test_for_a_stranger_it_does_not_exist(ours, team):
    assert team.get(url(ours, 9)).status_code == 404
    assert team.put(url(ours)).status_code == 405
    team.force_login(World("stranger").user(Role.FACILITATOR))
    assert team.get(url(ours)).status_code == 404
    assert team.post(url(ours), GOOD).status_code == 404
    assert given(ours) == []
