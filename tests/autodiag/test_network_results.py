"""The door to the results of the network: numbers computed by hand, for national staff, of what was transmitted."""

import pytest

from autodiag.access import distributions_for, standing_for
from caprse.base.access import Refused
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Cohort, Participation
from tests.network_data import answered, first_criterion, new_cohort, new_region, published
from tests.worlds import World

FIVE = ("0011", "0122", "12nu", "2111", "un20")
FOUR = ("0000", "1111", "2222", "nnnn")
SIX = ("1111", "1111", "1111", "1111", "1111", "2222")


@pytest.fixture
def national(db):
    return World("ours").actor(Role.NATIONAL_STAFF)


@pytest.fixture
def version(db):
    return published()


@pytest.fixture
def north(db):
    return new_region("nord")


@pytest.fixture
def south(db):
    return new_region("sud")


def results(actor, version, chapter=1):
    return distributions_for(actor, version.chapters.get(number=chapter))


def test_a_cohort_of_five_shows_every_answer(national, version, north):
    cohort = new_cohort(north, version, "cinq")
    answered(cohort, *FIVE)
    shown = results(national, version).cohorts[cohort.pk]
    assert shown.structures == 5
    assert first_criterion(shown, version, 1) == {0: 2, 1: 1, 2: 1, "unknown": 1}
    assert first_criterion(shown, version, 2) == {0: 1, 1: 2, 2: 1, "not_applicable": 1}
    assert first_criterion(shown, version, 3) == {1: 2, 2: 2, "not_applicable": 1}
    assert first_criterion(shown, version, 4) == {0: 1, 1: 2, 2: 1, "unknown": 1}


def test_a_cohort_of_four_shows_nothing(national, version, north):
    cohort = new_cohort(north, version, "quatre")
    answered(cohort, *FOUR)
    found = results(national, version)
    assert (found.cohorts, found.regions, found.network) == ({cohort.pk: None}, {north.pk: None}, None)


def test_a_draft_is_not_counted(national, version, north):
    cohort = new_cohort(north, version, "quatre-et-un")
    answered(cohort, *FOUR)
    answered(cohort, "1111", transmitted=False)
    assert results(national, version).cohorts[cohort.pk] is None
    answered(cohort, "2222")
    shown = results(national, version).cohorts[cohort.pk]
    assert first_criterion(shown, version) == {0: 1, 1: 1, 2: 2, "not_applicable": 1}


def test_regions_and_network_are_sums_less_what_stays_out(national, version, north, south):
    five, four, six = (
        new_cohort(north, version, "c5"),
        new_cohort(north, version, "c4"),
        new_cohort(south, version, "c6"),
    )
    answered(five, *FIVE)
    answered(four, *FOUR)
    answered(six, *SIX)
    found = results(national, version)
    region, network = found.regions[north.pk], found.network
    assert (region.structures, region.left_out) == (5, 1)
    assert first_criterion(region, version) == {0: 2, 1: 1, 2: 1, "unknown": 1}
    assert first_criterion(found.regions[south.pk], version) == {1: 5, 2: 1}
    assert (network.structures, network.left_out) == (11, 1)
    assert first_criterion(network, version) == {0: 2, 1: 6, 2: 2, "unknown": 1}


def test_the_remainder_enters_once_it_is_five(national, version, north, south):
    five, four, one = (
        new_cohort(north, version, "c5"),
        new_cohort(north, version, "c4"),
        new_cohort(south, version, "c1"),
    )
    answered(five, *FIVE)
    answered(four, *FOUR)
    answered(one, "2222")
    found = results(national, version)
    assert (found.regions[north.pk].structures, found.regions[north.pk].left_out) == (5, 1)
    assert found.regions[south.pk] is None
    assert (found.network.structures, found.network.left_out) == (10, 0)
    assert first_criterion(found.network, version) == {0: 3, 1: 2, 2: 3, "unknown": 1, "not_applicable": 1}


def test_one_structure_in_two_cohorts_counts_once_for_the_threshold(national, version, north):
    first, second = new_cohort(north, version, "a"), new_cohort(north, version, "b")
    shared, *_ = answered(first, "0000", "1111")
    answered(second, "0000", structures=[shared])
    answered(second, "1111", "2222")
    assert results(national, version).regions[north.pk] is None
    answered(second, "2222")
    shown = results(national, version).regions[north.pk]
    assert shown.structures == 5
    assert first_criterion(shown, version) == {0: 2, 1: 2, 2: 2}


def test_versions_and_chapters_do_not_mix(national, version, north):
    other = published("AUTRE")
    cohort, elsewhere = new_cohort(north, version, "a"), new_cohort(north, other, "b")
    structures = answered(cohort, *FIVE)
    answered(cohort, *SIX[:5], structures=structures, chapter=2)
    answered(elsewhere, *FOUR)
    assert first_criterion(results(national, version).network, version) == {0: 2, 1: 1, 2: 1, "unknown": 1}
    assert first_criterion(results(national, version, 2).network, version, chapter=2) == {1: 5}
    assert results(national, other).network is None


def test_what_a_structure_that_left_had_transmitted_stays(national, version, north):
    cohort = new_cohort(north, version, "a")
    structures = answered(cohort, *FIVE)
    path = Participation.objects.get(organisation=structures[0])
    Participation.objects.filter(pk=path.pk).update(left_on=path.joined_on)
    assert results(national, version).cohorts[cohort.pk].structures == 5


@pytest.mark.parametrize("role", [role for role in Role if role != Role.NATIONAL_STAFF])
def test_nobody_else_gets_anything(db, version, north, role):
    cohort = new_cohort(north, version, "cinq")
    answered(cohort, *FIVE)
    actor = World("ours").actor(role)
    with pytest.raises(Refused):
        results(actor, version)
    with pytest.raises(Refused):
        standing_for(actor, [cohort])


def test_the_facilitator_of_the_cohort_itself_gets_nothing(db):
    ours = World("ours")
    with pytest.raises(Refused):
        distributions_for(ours.actor(Role.FACILITATOR), ours.submitted.round.chapter)


def test_chapters_transmitted_through_the_service_count(national):
    """Our cohort's three transmitted chapter 1 by the service; two more make five."""
    ours = World("ours")
    chapter = ours.submitted.round.chapter
    assert distributions_for(national, chapter).cohorts[ours.cohort.pk] is None
    answered(ours.cohort, "2222", "nuuu")
    shown = distributions_for(national, chapter).cohorts[ours.cohort.pk]
    assert shown.structures == 5
    assert first_criterion(shown, chapter.version) == {1: 3, 2: 1, "not_applicable": 1}
    assert first_criterion(shown, chapter.version, 3) == {2: 1, "unknown": 4}


@pytest.mark.parametrize("count", [5, 15])
def test_three_queries_whatever_the_number_of_structures(national, version, north, south, queries, count):
    for region in (north, south):
        answered(new_cohort(region, version, "a"), *["0121"] * count)
    chapter = version.chapters.get(number=1)
    with queries(3):
        found = distributions_for(national, chapter)
    assert found.network.structures == 2 * count


def test_how_many_take_part_is_said_and_how_many_transmitted_only_from_five(national, version, north, south):
    first, second, far = (
        new_cohort(north, version, "a"),
        new_cohort(north, version, "b"),
        new_cohort(south, version, "c"),
    )
    structures = answered(first, *FIVE)
    answered(second, "0000", structures=structures[:1])
    answered(far, "0000", "1111", transmitted=False)
    rows = Cohort.objects.filter(version=version).prefetch_related("version__chapters")
    standing = standing_for(national, list(rows))
    engaged = {scope[1:]: number for scope, number in standing.engaged.items()}
    assert engaged == {
        (None, None): 7,
        (north.pk, None): 5,
        (north.pk, first.pk): 5,
        (north.pk, second.pk): 1,
        (south.pk, None): 2,
        (south.pk, far.pk): 2,
    }
    chapter = standing.chapters[version.chapters.get(number=1).pk]
    assert chapter.cohorts[first.pk].structures == 5
    assert chapter.cohorts[second.pk] is None
    assert chapter.regions[north.pk].structures == 5
    assert chapter.regions[south.pk] is None
    assert standing.chapters[version.chapters.get(number=2).pk].network is None


def test_an_actor_without_role_gets_nothing(db, version):
    with pytest.raises(Refused):
        results(Actor(user_id=0, full_name="", held=()), version)
