"""The harness holds what it promises: strict where production is lenient, and nothing left behind."""

import socket

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import engines

from caprse.base import clock, journal
from caprse.base.models import AuditEvent, Heartbeat
from tests.harness.strictness import UndefinedVariable


def render(source, **context):
    return engines["django"].from_string(source).render(context)


def test_an_undefined_variable_raises_with_its_name():
    with pytest.raises(UndefinedVariable, match=r"^person\.name is undefined"):
        render("{{ person.name|default:'nobody' }}", person={})


def test_a_condition_may_ask_for_an_undefined_variable():
    assert render("{% if person %}yes{% else %}no{% endif %}") == "no"


def test_the_network_is_cut():
    with pytest.raises(pytest.fail.Exception, match=r"the product called example\.org:443"):
        socket.create_connection(("example.org", 443))
    with pytest.raises(pytest.fail.Exception, match=r"the product called 192\.0\.2\.1:25"), socket.socket() as mail:
        mail.connect(("192.0.2.1", 25))


def test_the_cache_starts_empty():
    assert cache.get_or_set("attempts", 1) == 1
    assert cache.incr("attempts") == 2


def test_the_cache_starts_empty_again():
    assert cache.get("attempts") is None


def test_rows_without_an_order_come_in_a_random_one(db):
    Heartbeat.objects.bulk_create(Heartbeat(name=str(rank), at=clock.now()) for rank in range(30))
    orders = {tuple(Heartbeat.objects.values_list("pk", flat=True)) for _ in range(3)}
    assert len(orders) == 3
    assert Heartbeat.objects.filter(pk__in=Heartbeat.objects.values("pk")).count() == 30


def test_rows_with_an_order_keep_it(db):
    Heartbeat.objects.bulk_create(Heartbeat(name=str(rank), at=clock.now()) for rank in range(30))
    keys = list(Heartbeat.objects.order_by("pk").values_list("pk", flat=True))
    assert keys == sorted(keys)


def test_statements_are_counted_and_shown(db, queries):
    with queries(1):
        Heartbeat.objects.count()
    with pytest.raises(pytest.fail.Exception, match="base_heartbeat"), queries(max=1):
        Heartbeat.objects.update_or_create(name="x", defaults={"at": clock.now()})


def test_postgresql_is_used_by_a_role_without_its_rights(db):
    if connection.vendor == "sqlite":
        assert connection.settings_dict["NAME"].endswith("test.sqlite3")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("app", False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'app'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_committed_is_put_back_append_only_rows_too(committed_db, turn):
    assert not Heartbeat.objects.filter(name="committed").exists()
    beat = Heartbeat.objects.create(name="committed", at=clock.now())
    journal.record("test.committed", beat, by=None)
    assert AuditEvent.objects.filter(verb="test.committed").count() == 1
