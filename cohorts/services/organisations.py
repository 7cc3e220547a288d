"""Regions, organisations and their cards."""

from django.db import transaction

from caprse.base import journal
from caprse.base.versioned import guarded_update
from cohorts.models import Adhesion, Approach, Organisation, Region, SiaeStatus


@transaction.atomic
def create_region(*, slug, name, by=None):
    """Open a region, the outer wall of everything that will belong to it."""
    region = Region.objects.create(slug=slug, name=name)
    journal.record("region.created", region, by=by, region_id=region.pk)
    return region


@transaction.atomic
def create_organisation(*, kind, legal_name, region=None, siae_kinds=(), by=None, **card):
    """Register an organisation with its card."""
    organisation = Organisation.objects.create(kind=kind, legal_name=legal_name, region=region, **card)
    SiaeStatus.objects.bulk_create(
        SiaeStatus(region_id=organisation.region_id, organisation=organisation, kind=kind) for kind in siae_kinds
    )
    journal.record("organisation.created", organisation, by=by, **_anchors(organisation))
    return organisation


@transaction.atomic
def update_card(*, organisation, revision, siae_kinds, by, **card):
    """Change an organisation's card. Raises `StaleSave` when somebody changed it since it was shown."""
    guarded_update(organisation, revision=revision, **card)
    organisation.siae_statuses.exclude(kind__in=siae_kinds).delete()
    SiaeStatus.objects.bulk_create(
        [SiaeStatus(region_id=organisation.region_id, organisation=organisation, kind=kind) for kind in siae_kinds],
        ignore_conflicts=True,
    )
    journal.record("organisation.updated", organisation, by=by, **_anchors(organisation))
    return organisation


@transaction.atomic
def add_approach(*, organisation, kind, label="", since=None, until=None, by=None):
    """Note an approach the organisation already has: since when, until when."""
    approach = Approach.objects.create(
        region_id=organisation.region_id, organisation=organisation, kind=kind, label=label, since=since, until=until
    )
    journal.record("organisation.approach_added", approach, by=by, **_anchors(organisation))
    return approach


@transaction.atomic
def remove_approach(*, approach, by):
    """Take an approach off the card."""
    journal.record("organisation.approach_removed", approach, by=by, **_anchors(approach.organisation))
    approach.delete()


@transaction.atomic
def record_adhesion(*, organisation, since, until=None, by=None):
    """Note that a structure is a member of the network between two days, last one included."""
    adhesion = Adhesion.objects.create(
        region_id=organisation.region_id, organisation=organisation, since=since, until=until
    )
    journal.record("adhesion.recorded", adhesion, by=by, **_anchors(organisation))
    return adhesion


def _anchors(organisation):
    return {"region_id": organisation.region_id, "organisation_id": organisation.pk}
