"""Entrusting a référentiel to a named person of the national head, and taking it back."""

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from caprse.base import clock, journal
from cohorts.enums import Role
from cohorts.models import EditorGrant, Membership
from cohorts.models.memberships import current

EDIT = "referentiel.change_referentiel"


class NotEditable(Exception):
    """This person cannot be entrusted a référentiel; the message is French, for the reader."""


@transaction.atomic
def entrust(*, referentiel, user, expires_at=None, by=None):
    """Let a person of the national head edit a référentiel, until a moment or for good. Returns the grant.

    Doing it again changes its end. Raises `NotEditable` for anybody else.
    """
    if not Membership.objects.filter(current(clock.today()), user=user, role=Role.NATIONAL_STAFF).exists():
        raise NotEditable(f"{user.full_name} ne fait pas partie de l’équipe nationale.")
    grant = assign_perm(EDIT, user, referentiel)
    grant.expires_at, grant.granted_at, grant.granted_by = expires_at, clock.now(), by
    grant.save(update_fields=["expires_at", "granted_at", "granted_by"])
    _record("referentiel.entrusted", referentiel, user, by)
    return grant


@transaction.atomic
def take_back(*, referentiel, user, by=None):
    """End a person's right to edit a référentiel, at once."""
    if EditorGrant.objects.filter(content_object=referentiel, user=user).exists():
        remove_perm(EDIT, user, referentiel)
        _record("referentiel.taken_back", referentiel, user, by)


def _record(verb, referentiel, user, by):
    journal.record(verb, referentiel, by=by, details={"user": user.pk}, region_id=None)
