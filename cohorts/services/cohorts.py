"""Cohorts, who takes part, and what lets a structure go on."""

from django.db import transaction
from django.db.models import Q

from caprse.base import clock, journal
from caprse.base.models import AuditEvent
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
def grant_clearance(*, participation, kind, since, until=None, reason="", by=None):
    """Let a structure's rounds open between two days, last one included; without `until`, from then on."""
    said = {"kind": kind, "since": since, "until": until, "reason": reason, "by": by}
    [clearance] = grant_clearances(participations=[participation], **said)
    return clearance


@transaction.atomic
def grant_clearances(*, participations, kind, since, until=None, reason="", by=None):
    """The same for several structures, in as many statements whatever their number."""
    made = Clearance.objects.bulk_create(
        Clearance(
            region_id=participation.region_id,
            participation=participation,
            kind=kind,
            since=since,
            until=until,
            reason=reason,
            granted_by=by,
        )
        for participation in participations
    )
    journal.record_all("clearance.granted", made, by=by, details={"kind": kind})
    return made


@transaction.atomic
def end_clearance(*, clearance, until, by):
    """End a clearance on a day, which is its last one; one that begins after that day is taken away. Returns it.

    One that somebody else has ended by then stays as it is.
    """
    if _end(list(_lasting_after(until).filter(pk=clearance.pk)), until, by):
        clearance.until = until
    return clearance


@transaction.atomic
def withdraw_clearances(*, participations, kind, until, by):
    """End, on a day included, the clearances of one kind that would last longer. Returns how many.

    One that begins after that day is taken away.
    """
    return _end(list(_lasting_after(until).filter(participation__in=participations, kind=kind)), until, by)


def _lasting_after(day):
    """Clearances that would last longer than a day, held until the end of the transaction."""
    return Clearance.objects.select_for_update().filter(Q(until=None) | Q(until__gt=day))


@transaction.atomic
def _end(clearances, until, by):
    """Returns how many; three statements whatever their number."""
    begun = [clearance.pk for clearance in clearances if clearance.since <= until]
    to_come = [clearance.pk for clearance in clearances if clearance.since > until]
    AuditEvent.objects.bulk_create(
        journal.event(
            "clearance.cancelled" if clearance.since > until else "clearance.ended",
            clearance,
            by=by,
            details={"kind": clearance.kind, "until": until.isoformat()},
        )
        for clearance in clearances
    )
    Clearance.objects.filter(pk__in=begun).update(until=until)
    Clearance.objects.filter(pk__in=to_come).delete()
    return len(clearances)
