"""A GET never writes."""

import pytest
from django.db import transaction
from django.test import RequestFactory

from caprse.base import clock
from caprse.base.models import Heartbeat
from caprse.base.readonly import SAFE_METHODS, ReadOnlyGetMiddleware, WriteDuringRead

pytestmark = pytest.mark.django_db


def create(request):
    return Heartbeat.objects.create(name="x", at=clock.now())


def update(request):
    return Heartbeat.objects.update(at=clock.now())


def delete(request):
    return Heartbeat.objects.all().delete()


def answer(view, method):
    return ReadOnlyGetMiddleware(view)(RequestFactory().generic(method, "/"))


@pytest.mark.parametrize("method", SAFE_METHODS)
@pytest.mark.parametrize("view", [create, update, delete])
def test_a_page_meant_to_be_read_changes_no_row(view, method):
    Heartbeat.objects.create(name="before", at=clock.now())
    with pytest.raises(WriteDuringRead), transaction.atomic():
        answer(view, method)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["before"]


def test_a_form_writes():
    answer(create, "POST")
    assert Heartbeat.objects.get().name == "x"


def test_a_session_is_saved_while_reading(client):
    def remember(request):
        client.session.save()
        return Heartbeat.objects.count()

    assert answer(remember, "GET") == 0
    assert client.session.session_key
