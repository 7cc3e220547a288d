"""Notre pourquoi: written once, guarded by its revision, read by the structure's people alone."""

import pytest

from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from cohorts.models import Purpose
from cohorts.services.purpose import set_purpose
from tests.harness.threads import at_once
from tests.worlds import STRUCTURE_ROLES, World


@pytest.fixture
def ours(db):
    return World("ours")


def write(ours, text="Parce que", revision=1):
    return set_purpose(organisation=ours.organisation, revision=revision, text=text, by=ours.actor(Role.REFERENT))


def test_it_is_written_and_journalled_without_its_words(ours):
    kept = write(ours)
    assert (kept.text, kept.revision, kept.region_id) == ("Parce que", 2, ours.organisation.region_id)
    line = AuditEvent.objects.filter(verb="purpose.set", target_id=kept.pk).latest("pk")
    assert (line.details, line.organisation_id) == ({"revision": 2}, ours.organisation.pk)


def test_the_same_words_twice_write_nothing_more(ours):
    write(ours)
    before = AuditEvent.objects.count()
    assert write(ours, revision=1).revision == 2
    assert AuditEvent.objects.count() == before


def test_a_stale_save_is_refused(ours):
    write(ours)
    with pytest.raises(StaleSave) as refusal:
        write(ours, text="Trop tard", revision=1)
    assert refusal.value.current.text == "Parce que"
    Purpose.objects.all().delete()
    with pytest.raises(StaleSave):
        write(ours, text="Trop tard", revision=2)


def test_four_at_once_make_one(committed_db):
    ours = World("ours")
    Purpose.objects.filter(organisation=ours.organisation).delete()
    given = at_once(*[lambda: write(World("ours"), revision=0).pk] * 4)
    assert set(given) == {Purpose.objects.get(organisation=ours.organisation).pk}


def test_only_the_structure_s_people_reach_it(ours):
    mine = Purpose.objects.get(organisation=ours.organisation)
    for role in STRUCTURE_ROLES:
        assert list(Purpose.objects.visible_to(ours.actor(role))) == [mine]
    for role in (Role.FACILITATOR, Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.PARTNER):
        assert not Purpose.objects.visible_to(ours.actor(role)).exists()
    for key in ("neighbour", "stranger", "lapsed"):
        assert mine not in Purpose.objects.visible_to(World(key).actor(Role.REFERENT))
