"""An anonymous practice says the kind of its structure: where it is the only one of its kind, that names it."""

import pytest

from autodiag.enums import PracticeScope
from autodiag.models import PracticeProposal
from autodiag.services.practices import warnings_about
from cohorts.models import Participation
from cohorts.models.organisations import SiaeStatus
from tests.worlds import TODAY, World
from tests.worlds_practices import proposed


@pytest.fixture
def ours(db):
    return World("ours")


def become(world, *kinds):
    organisation = world.organisation
    organisation.siae_statuses.all().delete()
    SiaeStatus.objects.bulk_create(
        SiaeStatus(region_id=organisation.region_id, organisation=organisation, kind=kind) for kind in kinds
    )


def warned(world, **said):
    practice = proposed(world, **said)
    found = warnings_about(PracticeProposal.objects.with_context().get(practice=practice))
    return [sentence.replace("\xa0", " ") for sentence in found if "de ce type" in sentence]


@pytest.mark.parametrize(
    ("scope", "where"),
    [
        (PracticeScope.COHORT, "dans la cohorte"),
        (PracticeScope.REGION, "dans la région"),
        (PracticeScope.NETWORK, "dans la région"),
    ],
)
def test_the_only_one_of_its_kind_is_told_to_who_moderates(ours, scope, where):
    become(ours, "ei", "etti")
    become(World("neighbour"), "ei")
    become(World("stranger"), "ei", "etti")
    (sentence,) = warned(ours, scope=scope)
    assert where in sentence
    assert "(EI)" in sentence
    assert "(ETTI)" in sentence


def test_signed_or_of_a_common_kind_or_of_none_nothing_is_said(ours):
    become(ours, "ei")
    assert warned(ours, signed=True) == []
    become(World("neighbour"), "ei", "etti")
    assert warned(ours, title="De la même sorte qu’une autre") == []
    become(ours)
    assert warned(ours, title="D’aucune sorte") == []


def test_one_that_left_the_cohort_hides_nobody_there_and_still_does_in_the_region(ours):
    neighbour = World("neighbour")
    become(ours, "ei")
    become(neighbour, "ei")
    Participation.objects.filter(pk=neighbour.participation.pk).update(left_on=TODAY)
    assert len(warned(ours)) == 1
    assert warned(ours, title="À la région", scope=PracticeScope.REGION) == []
