"""The day of a review, told by the mail of the morning: once, to who keeps the plan, of structures whose tools are open."""

from datetime import timedelta

import pytest
from django.core import mail

from autodiag.models import PlanRhythm
from autodiag.reminders import plan_reviews as told
from autodiag.services.plan_reviews import note_review
from caprse.base import clock
from caprse.base.models import OutboxMessage
from caprse.reminders import remind
from cohorts.enums import Role
from cohorts.models import Adhesion
from tests.worlds import PRIVATE, TODAY, World


@pytest.fixture
def ours(db):
    OutboxMessage.objects.all().delete()
    world = World("ours")
    PlanRhythm.objects.exclude(participation=world.participation).update(next_on=TODAY + timedelta(days=90))
    PlanRhythm.objects.filter(participation=world.participation).update(next_on=TODAY)
    return world


def mails_of(run_queue):
    remind()
    run_queue()
    return [one for one in mail.outbox if "Relire votre plan" in one.body]


def test_the_referent_is_told_once_the_morning_of_the_day(ours, run_queue, clock_at):
    clock_at(clock.at(TODAY - timedelta(days=1), 9))
    assert mails_of(run_queue) == []
    clock_at(clock.at(TODAY, 9))
    (sent,) = mails_of(run_queue)
    assert sent.to == [ours.user(Role.REFERENT).email]
    assert f"/regions/ici/parcours/{ours.participation.public_id}/plan/relecture/" in sent.body
    assert PRIVATE not in sent.body
    for days in (1, 2, 3, 6):
        clock_at(clock.at(TODAY + timedelta(days=days), 9))
        assert mails_of(run_queue) == [sent]


def test_a_day_that_falls_on_a_week_end_is_told_on_monday(ours, run_queue, clock_at):
    saturday = TODAY + timedelta(days=5 - TODAY.weekday())
    PlanRhythm.objects.filter(participation=ours.participation).update(next_on=saturday)
    clock_at(clock.at(saturday, 9))
    assert mails_of(run_queue) == []
    clock_at(clock.at(saturday + timedelta(days=2), 9))
    assert len(mails_of(run_queue)) == 1


def test_nothing_leaves_of_a_plan_read_over_meanwhile(ours, run_queue, clock_at):
    clock_at(clock.at(TODAY, 9))
    remind()
    note_review(participation=ours.participation, by=ours.actor(Role.REFERENT), held_on=TODAY)
    run_queue()
    assert not [one for one in mail.outbox if "Relire votre plan" in one.body]


def test_a_plan_never_read_over_is_not_told_for_ever(ours):
    assert len(told.due(TODAY + timedelta(days=6))) == 1
    assert told.due(TODAY + timedelta(days=7)) == []


def test_a_structure_whose_adhesion_is_over_is_left_in_peace(ours):
    assert len(told.due(TODAY)) == 1
    Adhesion.objects.filter(organisation=ours.organisation).update(until=TODAY - timedelta(days=1))
    assert told.due(TODAY) == []


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_three_queries_whatever_the_plans(ours, queries, count):
    worlds = [ours, World("neighbour"), World("stranger")][:count]
    paths = [world.participation.pk for world in worlds]
    PlanRhythm.objects.filter(participation__in=paths).update(next_on=TODAY)
    with queries(3):
        assert len(told.due(TODAY)) == count
