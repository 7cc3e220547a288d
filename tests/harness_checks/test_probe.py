import pytest
from caprse.base.models import Heartbeat, OutboxMessage
from caprse.base import clock
from django.db import connection
from django.test import Client

@pytest.mark.parametrize("i",[1,2])
def test_commit(committed_db,i):
    assert not Heartbeat.objects.exists()
    Heartbeat.objects.create(name="x", at=clock.now())

def test_rolled(db, queries):
    assert not Heartbeat.objects.exists()
    with connection.cursor() as c:
        if connection.vendor=="postgresql":
            c.execute("select current_user"); assert c.fetchone()==("app",)
    with queries(1):
        Heartbeat.objects.create(name="x", at=clock.now())
    for i in range(20): Heartbeat.objects.create(name=str(i), at=clock.now())
    a=[h.name for h in Heartbeat.objects.all()]; b=[h.name for h in Heartbeat.objects.all()]
    assert a!=b

def test_site(page, site):
    page.goto("/static/css/base.css")
def test_worker(worker, eventually):
    assert eventually(lambda: Heartbeat.objects.first(), within=30)
