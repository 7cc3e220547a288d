"""Entrusting a référentiel to a named person of the national head, and taking it back."""

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from caprse.base import clock, journal
from cohorts.enums import Role
from cohorts.models import EditorGrant, Membership
from cohorts.models.memberships import current
from referentiel.models import Referentiel

EDIT = "referentiel.change_referentiel"
LAST = "{} est la dernière personne à pouvoir rédiger ce référentiel : confiez-le d’abord à quelqu’un d’autre."


class NotEditable(Exception):
    """This person cannot be entrusted a référentiel; the message is French, for the reader."""


@transaction.atomic
def entrust(*, referentiel, user, expires_at=None, by=None):
    """Let a person of the national head edit a référentiel, until a moment or for good. Returns the grant.

    Doing it again changes its end. Raises `NotEditable` for anybody else, or when it would bring forward the end of
    the last person's right.
    """
    if not Membership.objects.filter(current(clock.today()), user=user, role=Role.NATIONAL_STAFF).exists():
        raise NotEditable(f"{user.full_name} ne fait pas partie de l’équipe nationale.")
    known = _locked(referentiel, user)
    if known and expires_at and (known.expires_at is None or expires_at < known.expires_at):
        _require_another(referentiel, user)
    grant = assign_perm(EDIT, user, referentiel)
    grant.expires_at, grant.granted_at, grant.granted_by = expires_at, clock.now(), by
    grant.save(update_fields=["expires_at", "granted_at", "granted_by"])
    _record("referentiel.entrusted", referentiel, user, by)
    return grant


@transaction.atomic
def take_back(*, referentiel, user, by=None):
    """End a person's right to edit a référentiel, at once. Raises `NotEditable` for the last who can edit it."""
    if _locked(referentiel, user):
        _require_another(referentiel, user)
        remove_perm(EDIT, user, referentiel)
        _record("referentiel.taken_back", referentiel, user, by)


def _locked(referentiel, user):
    """The person's grant or None; whoever changes the grants of this référentiel at the same time waits."""
    Referentiel.objects.select_for_update().get(pk=referentiel.pk)
    return EditorGrant.objects.filter(content_object=referentiel, user=user).first()


def _require_another(referentiel, user):
    """Somebody can always edit a référentiel: the right of the last person stays."""
    can = set(
        EditorGrant.objects.effective(clock.now()).filter(content_object=referentiel).values_list("user", flat=True)
    )
    if can == {user.pk}:
        raise NotEditable(LAST.format(user.full_name))


def _record(verb, referentiel, user, by):
    journal.record(verb, referentiel, by=by, details={"user": user.pk}, region_id=None)
