"""What heads the documents of an organisation: its logo, redrawn, and its mandatory mentions."""

import hashlib

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When

from caprse.base import clock, files, journal
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.enums import OrganisationKind
from cohorts.models import Letterhead, Organisation

LOGO_NAME, LOGO_TYPE = "logo.png", "image/png"


def heads_of(organisation):
    """The letterheads a document of this organisation carries, those that say something, logos and owners read with them.

    Its own first, then its region's delegations, then the network's. One query.
    """
    kind, region = "organisation__kind", organisation.region_id
    delegations = Q(**{kind: OrganisationKind.REGION}, organisation__region=region) if region else Q(pk=None)
    places = [
        When(organisation=organisation, then=Value(0)),
        When(**{kind: OrganisationKind.NATIONAL}, then=Value(2)),
    ]
    rows = Letterhead.objects.filter(
        Q(organisation=organisation) | delegations | Q(**{kind: OrganisationKind.NATIONAL})
    ).exclude(logo=None, mentions="")
    rows = rows.annotate(place=Case(*places, default=Value(1), output_field=IntegerField()))
    return list(rows.select_related("organisation", "logo").order_by("place", "pk"))


def logo_bytes(letterhead):
    """The PNG of a letterhead's logo, checked against its fingerprint; None without a logo."""
    return files.read(letterhead.logo) if letterhead.logo_id else None


@transaction.atomic
def set_letterhead(*, organisation, revision, mentions, by, logo=None, logo_text="", remove_logo=False):
    """Write what heads an organisation's documents. Returns the letterhead.

    `logo`: a PNG that `caprse.base.logos.accept_logo` drew; None keeps the one in place, unless `remove_logo`.
    `revision` is 0 while there is none. The same thing sent twice is written once. Raises `StaleSave` when somebody
    saved in between.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    known = Letterhead.objects.select_related("logo").filter(organisation=organisation).first()
    stored = _stored(organisation, known, logo, remove_logo, by)
    said = {"logo": stored, "logo_text": logo_text if stored else "", "mentions": mentions}
    if known and all(getattr(known, name) == value for name, value in said.items()):
        return known
    signed = {"updated_at": clock.now(), "updated_by_id": by.user_id}
    if known:
        guarded_update(known, revision=revision, **said, **signed)
    else:
        if revision:
            raise StaleSave(Letterhead(organisation=organisation))
        known = Letterhead.objects.create(
            region_id=organisation.region_id, organisation=organisation, revision=1, **said, **signed
        )
    details = {"logo": stored.pk if stored else None, "revision": known.revision}
    journal.record("letterhead.set", known, by=by, details=details)
    return known


def _stored(organisation, known, logo, remove_logo, by):
    """The file of the logo from now on: the one brought, the one in place, or none."""
    before = known.logo if known else None
    if logo is None:
        return None if remove_logo else before
    if before and before.sha256 == hashlib.sha256(logo).hexdigest():
        return before
    anchors = {"region_id": organisation.region_id, "organisation_id": organisation.pk}
    return files.store(logo, name=LOGO_NAME, media_type=LOGO_TYPE, created_by_id=by.user_id, **anchors)
