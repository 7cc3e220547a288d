"""A read compiled once gives the rows the ORM would give, for any values."""

from datetime import date

import pytest

from caprse.base import clock
from caprse.base.prepared import PreparedRead
from cohorts.enums import Role
from cohorts.models import Membership, Organisation, Round
from tests.worlds import World

pytestmark = pytest.mark.django_db


def by_kind(kind, ids):
    return Organisation.objects.filter(kind=kind, pk__in=ids).order_by("pk").values_list("pk", "legal_name", "kind")


@pytest.mark.parametrize("kind", ["structure", "region", "n'importe quoi"])
def test_texts_and_lists_are_bound_each_time(kind):
    read = PreparedRead(by_kind)
    ids = list(Organisation.objects.values_list("pk", flat=True))
    for some in (ids, ids[:1], ids[2:4], [0]):
        assert read(kind=kind, ids=some) == list(by_kind(kind, some))


def test_empty_list_finds_nothing_and_asks_nothing(queries):
    with queries(0):
        assert PreparedRead(by_kind)(kind="structure", ids=[]) == []


def test_dates_go_in_and_come_out_as_dates():
    def opened(day):
        return Round.objects.filter(opens_on__lte=day).order_by("pk").values_list("pk", "opens_on", "closes_on")

    read = PreparedRead(opened)
    for day in (date(2025, 1, 1), date(2025, 4, 8), date(2025, 10, 14)):
        assert read(day=day) == list(opened(day))


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, Role.NATIONAL_STAFF, Role.PARTNER])
def test_roles_held_are_those_the_orm_reads(role):
    user = World("ours").user(role)
    read = PreparedRead(lambda user_id, today: Membership.objects.held_by(user_id, today))
    assert read(user_id=user.pk, today=clock.today()) == list(Membership.objects.held_by(user.pk, clock.today()))


def test_compiled_once_for_each_shape(queries):
    read = PreparedRead(by_kind)
    for ids in ([1], [2], [3, 4]):
        with queries(1):
            read(kind="structure", ids=ids)
    assert len(read.compiled) == 2
