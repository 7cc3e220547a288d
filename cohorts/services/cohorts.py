"""Cohorts, who takes part, and what lets a structure go on."""

from django.db import transaction

from caprse.base import clock, journal
from cohorts.enums import OpeningCondition
from cohorts.models import Clearance, Cohort, CohortPartner, Participation


@transaction.atomic
def create_cohort(
    *,
    region,
    slug,
    name,
    kind,
    version,
    starts_on,
    ends_on=None,
    condition=OpeningCondition.ALL_SIGNED,
    by=None,
):
    """Create a cohort on a published version of a référentiel."""
    cohort = Cohort.objects.create(
        region=region,
        slug=slug,
        name=name,
        kind=kind,
        version=version,
        starts_on=starts_on,
        ends_on=ends_on,
        condition=condition,
    )
    journal.record("cohort.created", cohort, by=by, region_id=region.pk, cohort_id=cohort.pk)
    return cohort


@transaction.atomic
def add_structure(*, cohort, organisation, joined_on=None, by=None):
    """Bring a structure into a cohort."""
    participation = Participation.objects.create(
        region=cohort.region, cohort=cohort, organisation=organisation, joined_on=joined_on or clock.today()
    )
    journal.record("participation.added", participation, by=by)
    return participation


@transaction.atomic
def add_partner(*, cohort, organisation, by=None):
    """Let a partner see a cohort's calendar."""
    partner = CohortPartner.objects.create(region_id=cohort.region_id, cohort=cohort, organisation=organisation)
    journal.record(
        "cohort.partner_added",
        partner,
        by=by,
        region_id=cohort.region_id,
        cohort_id=cohort.pk,
        organisation_id=organisation.pk,
    )
    return partner


@transaction.atomic
def grant_clearance(*, participation, kind, since, reason="", by=None):
    """Let a structure's rounds open."""
    clearance = Clearance.objects.create(
        region_id=participation.region_id,
        participation=participation,
        kind=kind,
        since=since,
        reason=reason,
        granted_by=by,
    )
    journal.record("clearance.granted", clearance, by=by, details={"kind": kind})
    return clearance
