"""One convention a structure: each begins its own, and opens its own chapters alone."""

import re

from django.urls import reverse

from cohorts.enums import ClearanceKind
from cohorts.models import Clearance, Cohort, Participation
from conventions.models import Convention
from conventions.services import amending, sending
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.harness.ceremony import browser_of
from tests.harness.pages import text_of
from tests.worlds import NEIGHBOUR

URL = "/regions/ici/cohortes/{}/conventions-par-structure/"


def next_cohort(ours):
    """Our next cohort, with the structures of this one; the draft of a collective convention was taken back."""
    cohort = Cohort.objects.select_related("region", "version").get(slug="suivante")
    now = Participation.objects.current().filter(cohort__slug="cohorte", cohort__region__slug="ici")
    for path in now.order_by("pk"):
        Participation.objects.get_or_create(region=cohort.region, cohort=cohort, organisation_id=path.organisation_id)
    sending.cancel(convention=ours.draft_convention, reason="Une par structure", by=None)
    return cohort


def test_nobody_signs_twice_where_a_collective_one_stands(ours, admin):
    for _ in range(2):
        page = admin.post(URL.format("cohorte"), follow=True).content.decode()
        assert f"La convention n° {ours.convention.reference} engage déjà toute la cohorte" in page
        assert "Commencer les brouillons qui manquent" not in page
    assert not Convention.objects.filter(cohort=ours.convention.cohort_id, structure__isnull=False).exists()


def test_each_structure_of_a_cohort_gets_its_own_draft_once(ours, admin):
    mine = browser_of("legal_representative@ours.example.org")
    cohort = next_cohort(ours)
    for _ in range(2):
        admin.post(URL.format("suivante"))
    own = Convention.objects.filter(cohort=cohort, structure__isnull=False)
    current = Participation.objects.current().filter(cohort=cohort)
    assert own.count() == current.count() >= 3
    for convention in own:
        structures = convention.parties.filter(role="structure").values_list("organisation_id", flat=True)
        assert list(structures) == [convention.structure_id]
        assert convention.parties.filter(role="region").exists()
    assert len(set(own.values_list("reference", flat=True))) == own.count()
    assert NEIGHBOUR in admin.get(URL.format("suivante")).content.decode()
    for convention in own:
        assert mine.get(convention.get_absolute_url()).status_code == 404  # a draft is nobody's yet


def test_no_collective_one_is_begun_where_each_structure_has_its_own(ours, admin):
    cohort = next_cohort(ours)
    begun = {one.reference for one in amending.draft_for_structures(cohort=cohort, by=None)}
    for _ in range(2):
        response = admin.post(reverse("convention_draft", args=["ici", cohort.slug]), follow=True)
        (told,) = re.findall(r"ont chacune la leur, dont la convention n° ([\d-]+)", text_of(response))
        assert told in begun
        assert response.redirect_chain[-1][0] == URL.format("suivante")
    assert not Convention.objects.collective().standing().filter(cohort=cohort).exists()


def test_one_convention_a_structure_opens_the_chapters_of_that_structure_alone(ours, draw_anew):
    cohort = next_cohort(ours)
    Clearance.objects.filter(kind=ClearanceKind.CONVENTION).delete()
    begun = amending.draft_for_structures(cohort=cohort, by=None)
    mine = next(one for one in begun if one.structure_id == ours.organisation.pk)
    complete = do.complete(mine)
    go.completed(go.opened(complete))
    cleared = Clearance.objects.filter(kind=ClearanceKind.CONVENTION, participation__cohort=cohort)
    assert list(cleared.values_list("participation__organisation", flat=True)) == [ours.organisation.pk]
