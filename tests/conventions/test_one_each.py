"""One convention a structure: each begins its own, and opens its own chapters alone."""

from cohorts.enums import ClearanceKind
from cohorts.models import Clearance, Cohort, Participation
from conventions.models import Convention
from conventions.services import amending
from tests import worlds_conventions as do
from tests.conventions import following as go
from tests.harness.ceremony import browser_of
from tests.worlds import NEIGHBOUR


def test_each_structure_of_a_cohort_gets_its_own_draft_once(ours, admin):
    cohort = Cohort.objects.get(slug="cohorte", region__slug="ici")
    url = "/regions/ici/cohortes/cohorte/conventions-par-structure/"
    for _ in range(2):
        admin.post(url)
    own = Convention.objects.filter(cohort=cohort, structure__isnull=False)
    current = Participation.objects.current().filter(cohort=cohort)
    assert own.count() == current.count() == 3
    for convention in own:
        structures = convention.parties.filter(role="structure").values_list("organisation_id", flat=True)
        assert list(structures) == [convention.structure_id]
        assert convention.parties.filter(role="region").exists()
    assert len(set(own.values_list("reference", flat=True))) == 3
    assert NEIGHBOUR in admin.get(url).content.decode()
    mine = browser_of("legal_representative@ours.example.org")
    for convention in own:
        assert mine.get(convention.get_absolute_url()).status_code == 404  # a draft is nobody's yet


def test_one_convention_a_structure_opens_the_chapters_of_that_structure_alone(ours, admin, draw_anew):
    Clearance.objects.filter(kind=ClearanceKind.CONVENTION).delete()
    cohort = Cohort.objects.select_related("region", "version").get(slug="suivante")
    Participation.objects.create(region=cohort.region, cohort=cohort, organisation=ours.organisation)
    begun = amending.draft_for_structures(cohort=cohort, by=None)
    mine = next(one for one in begun if one.structure_id == ours.organisation.pk)
    complete = do.complete(mine)
    go.completed(go.opened(complete))
    cleared = Clearance.objects.filter(kind=ClearanceKind.CONVENTION, participation__cohort=cohort)
    assert list(cleared.values_list("participation__organisation", flat=True)) == [ours.organisation.pk]
